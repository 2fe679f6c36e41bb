"""Many lives of many promises: any order of actions and moments, and every law after each step.

The rules of the machine are the actions and the passing of time; time likes to jump to edges,
where the faults are. Each rule also says what must come of it. The database is real, and each life
is rolled back at its end.
"""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models import Count, F, Q
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from makegood.actions import cases, contacts, escalation, intake, promises, reopening, staff
from makegood.actions.cases import CaseError
from makegood.actions.contacts import Touch
from makegood.actions.intake import News
from makegood.clockwork import ticks
from makegood.queries import verify
from makegood.records.models import (
    Case,
    Direction,
    Duty,
    Escalation,
    Handover,
    Message,
    Promise,
    PromiseKind,
    PromiseRevision,
    Staff,
    TimelineEntry,
)
from makegood.rules.promises import AlreadySettledError, Channel, PromiseError, Speaker
from world import MONDAY, a_bin, a_customer, a_failure, a_person, a_team, a_word

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
WAITS = st.sampled_from([1, 30, 300, 3_000, 30_000]).map(lambda minutes: minutes * MINUTE)
WHICH = st.sampled_from([0, 0, 0, 1, 2, 3])
TITLES = st.sampled_from(["Food bin not collected, please.", "URGENT!!! A DISGRACE, I WILL SUE!"])


class Lives(RuleBasedStateMachine):
    """A desk with three customers, and whatever may happen to them."""

    def __init__(self):
        super().__init__()
        self._life = transaction.atomic()
        self._life.__enter__()
        self.now = MONDAY
        self.seen: dict[int, tuple] = {}
        self.told: set[int] = set()
        self.entries = 0

    def teardown(self):
        transaction.set_rollback(True)
        self._life.__exit__(None, None, None)

    @initialize()
    def open_a_desk(self):
        self.people = [a_person(name, team=a_team()) for name in ("Laura", "Mike")]
        self.bins = [a_bin(a_customer(name)) for name in ("Ann", "Bob", "Charlie")]
        self.news_count = 0
        for number in range(2):
            self.report(number)

    def report(self, number, title="Food bin not collected"):
        self.news_count += 1
        bin_ = self.bins[number]
        failure = a_failure(
            customer=bin_.customer,
            asset=bin_,
            title=title,
            failed_at=self.now,
            known_at=self.now,
        )
        news = News(
            source="form",
            external_id=str(self.news_count),
            channel=Channel.WEB,
            raw={},
            failure=failure,
            talk_minutes=7,
        )
        return intake.receive_report(news, owner=self.somebody(), now=self.now)

    def somebody(self) -> Staff:
        return Staff.objects.filter(is_active=True).order_by("-pk").first()

    def is_away(self, person) -> bool:
        spans = Duty.objects.filter(staff=person, kind="absence")
        return spans.filter(starts_at__lte=self.now, ends_at__gt=self.now).exists()

    @rule(number=st.sampled_from([0, 1, 2]), title=TITLES)
    def news_comes_in(self, number, title):
        self.report(number, title)

    @rule(
        which=st.integers(0, 2),
        wait=WAITS,
        late=st.sampled_from([0, 0, 40, 4_000]).map(lambda minutes: minutes * MINUTE),
        by=st.sampled_from(["person", "bot"]),
    )
    def somebody_promises(self, which, wait, late, by):
        """Perhaps it is written down late, even after its time."""
        open_cases = list(Case.objects.filter(closed_at=None).order_by("pk"))
        if not open_cases:
            return
        speaker = {} if by == "person" else {"speaker": Speaker.BOT}
        case = open_cases[which % len(open_cases)]
        said_at = self.now - late
        word = a_word(now=said_at, due_at=said_at + wait, **speaker)
        hoped = list(case.promises.still_open().filter(kind=PromiseKind.NEWS))
        promises.make_promise(case.pk, word, now=self.now)
        for news in hoped:
            heard = news.said_at <= said_at <= news.due_at
            news.refresh_from_db()
            assert (news.outcome == "kept") is heard, "news is what is heard in time, and only that"

    def an_open_promise(self, which) -> Promise | None:
        """Mostly one of those that fall due next, where the edges are."""
        waiting = Promise.objects.still_open().order_by("due_at", "pk")
        return waiting[which % len(waiting)] if waiting else None

    @rule(which=WHICH, ago=st.sampled_from([0, 1, 30]), edge=st.booleans())
    def it_is_done(self, which, ago, edge):
        """Now, some time ago, or at the very due time; it may be told late."""
        if (before := self.an_open_promise(which)) is None:
            return
        at = before.due_at if edge else self.now - ago * MINUTE
        with suppress(PromiseError):
            after = promises.keep_promise(
                promise_id=before.pk, at=at, evidence="Done.", by=self.somebody(), now=self.now
            )
            in_time = at <= before.due_at
            assert after.outcome == ("kept" if in_time else "broken")
            assert after.settled_at == (at if in_time else before.due_at)

    @rule(which=WHICH)
    def the_customer_lets_it_go(self, which):
        if (before := self.an_open_promise(which)) is None:
            return
        with suppress(PromiseError):
            promises.release_promise(
                promise_id=before.pk,
                at=self.now,
                evidence="Said so.",
                by=self.somebody(),
                now=self.now,
            )
            assert self.now <= before.due_at, "afterwards it was broken"

    @rule(which=WHICH, wait=WAITS)
    def the_customer_agrees_to_another(self, which, wait):
        if (before := self.an_open_promise(which)) is None:
            return
        with suppress(PromiseError):
            promises.replace_promise(
                promise_id=before.pk,
                word=a_word(now=self.now, due_at=self.now + wait),
                evidence="Agreed.",
                by=self.somebody(),
                now=self.now,
            )
            assert self.now <= before.due_at, "afterwards it was broken"

    @rule(which=WHICH, wait=WAITS)
    def a_new_date_is_decided(self, which, wait):
        if (before := self.an_open_promise(which)) is None:
            return
        with suppress(PromiseError):
            promises.decide_revision(
                promise_id=before.pk,
                due_at=self.now + wait,
                cause="Part late.",
                by=self.somebody(),
                now=self.now,
            )
            unmoved = Promise.objects.get(pk=before.pk).due_at == before.due_at
            assert unmoved, "nobody was told of it"

    @rule()
    def somebody_tries_to_settle_again(self):
        settled = Promise.objects.exclude(outcome=None).order_by("-pk").first()
        if settled is not None:
            how = {"evidence": "Again.", "by": self.somebody(), "now": self.now}
            for settle in (promises.keep_promise, promises.release_promise):
                with pytest.raises(AlreadySettledError):
                    settle(promise_id=settled.pk, at=self.now, **how)

    @rule()
    def the_customer_is_told_of_a_new_date(self):
        revision = PromiseRevision.objects.filter(told_at=None).order_by("-pk").first()
        if revision is None:
            return
        with suppress(PromiseError):
            promises.record_told(
                revision_id=revision.pk,
                at=self.now,
                channel=Channel.SMS,
                evidence="Delivered.",
                now=self.now,
            )

    @rule()
    def somebody_acknowledges(self):
        heard = Escalation.objects.filter(acknowledged_at=None).order_by("pk").first()
        if heard is not None:
            escalation.acknowledge(escalation_id=heard.pk, by=heard.staff, now=self.now)

    @rule(accepts=st.booleans())
    def a_case_is_handed_over(self, accepts):
        case = Case.objects.filter(closed_at=None).order_by("pk").first()
        if case is None:
            return
        to = next(
            person for person in [*self.people, a_person("Eve")] if person.pk != case.owner_id
        )
        with suppress(CaseError):
            cases.offer_handover(case_id=case.pk, to=to, why="Shift.", by=case.owner, now=self.now)
        assert Case.objects.get(pk=case.pk).owner_id == case.owner_id, "nobody has accepted yet"
        offer = Handover.objects.filter(case=case, accepted_at=None, declined_at=None).first()
        if offer is not None:
            cases.answer_handover(
                handover_id=offer.pk, accepts=accepts, by=offer.to_staff, now=self.now
            )

    @rule(which=st.integers(0, 2))
    def somebody_is_away(self, which):
        """Laura or Mike, who cover for each other, or the lead, for whom nobody does."""
        away = [*self.people, a_team().lead][which]
        cover = self.people[1 - which] if which < 2 else None
        ends_at = self.now + 600 * MINUTE
        staff.be_absent(away, starts_at=self.now, ends_at=ends_at, cover=cover)

    @rule(which=st.integers(0, 1))
    def somebody_leaves(self, which):
        person = Staff.objects.get(pk=self.people[which].pk)
        if person.is_active:
            owned = list(person.cases.filter(closed_at=None))
            staff.leave(person, now=self.now)
            for case in Case.objects.filter(pk__in=[case.pk for case in owned]):
                assert not self.is_away(case.owner)
            self.people[which] = a_person(f"Successor {person.pk}")

    @rule()
    def the_customer_says_it_is_right(self):
        case = Case.objects.filter(closed_at=None).order_by("pk").first()
        if case is None:
            return
        touch = Touch(channel=Channel.PHONE, direction=Direction.INBOUND, at=self.now)
        answer = contacts.record_contact(case.pk, touch, now=self.now)
        with suppress(CaseError):
            cases.close_case(case_id=case.pk, answer=answer, now=self.now)

    @rule()
    def the_customer_says_it_is_not_right(self):
        case = Case.objects.exclude(closed_at=None).order_by("pk").first()
        if case is None:
            return
        touch = Touch(channel=Channel.WEB, direction=Direction.INBOUND, at=self.now)
        answer = contacts.record_contact(case.pk, touch, now=self.now)
        reopening.reopen_case(case_id=case.pk, answer=answer, now=self.now)

    @rule(wait=WAITS)
    def time_passes(self, wait):
        self.now += wait

    @rule(
        edge=st.sampled_from(["due_at", "judge_at", "escalate_at"]),
        microseconds=st.sampled_from([-1, 0, 1]),
        tick=st.booleans(),
    )
    def time_jumps_to_an_edge(self, edge, microseconds, tick):
        ahead = Promise.objects.still_open().filter(**{f"{edge}__gte": self.now}).order_by(edge)
        if promise := ahead.first():
            moment = getattr(promise, edge) + timedelta(microseconds=microseconds)
            self.now = max(self.now, moment)
        if tick:
            self.the_clock_ticks()

    @rule()
    def the_clock_ticks(self):
        due = Promise.objects.still_open().filter(due_at__lt=self.now - F("grace"))
        lapsed = set(due.values_list("pk", flat=True))
        others = set(Promise.objects.still_open().values_list("pk", flat=True)) - lapsed
        ticks.tick(now=self.now, batch=3)
        after = dict(Promise.objects.filter(pk__in=lapsed | others).values_list("pk", "outcome"))
        assert {after[pk] for pk in lapsed} <= {"broken"}, "nothing overdue is left after a tick"
        assert {after[pk] for pk in others} <= {None}, "nothing breaks before its grace has passed"

    @invariant()
    def every_law_holds(self):
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        assert verify.run() == []

    @invariant()
    def what_is_settled_stays_settled(self):
        rows = Promise.objects.exclude(outcome=None).values_list(
            "pk", "outcome", "settled_at", "words", "first_due_at"
        )
        now_settled = {row[0]: row for row in rows}
        assert {pk: now_settled.get(pk) for pk in self.seen} == self.seen
        self.seen = now_settled

    @invariant()
    def the_timeline_grows(self):
        count = TimelineEntry.objects.count()
        assert count >= self.entries
        self.entries = count

    @invariant()
    def every_break_is_owned_up_to_once(self):
        broken = set(Promise.objects.filter(outcome="broken").values_list("pk", flat=True))
        apologies = list(Message.objects.values_list("promise", flat=True))
        tellings = list(Escalation.objects.filter(reason="break").values_list("broken", flat=True))
        assert sorted(apologies) == sorted(tellings) == sorted(broken)
        soon = F("said_at") + timedelta(days=5)  # a working day, over a weekend, and to spare
        news = Promise.objects.filter(kind=PromiseKind.NEWS)
        assert not news.filter(first_due_at__gt=soon).exists()
        # Later than that only by another date that was told.
        moved = PromiseRevision.objects.exclude(told_at=None).values("promise")
        assert not news.filter(due_at__gt=soon).exclude(pk__in=moved).exists()

    @invariant()
    def severity_is_of_what_is_broken_and_never_of_its_words(self):
        for case in Case.objects.annotate(count=Count("reports")):
            assert case.severity == max(2, 4 - case.count)
        open_ones = Promise.objects.still_open()
        assert not open_ones.exclude(severity=F("case__severity")).exists()

    @invariant()
    def whoever_is_told_is_there_and_can_still_do_something(self):
        fresh = Escalation.objects.exclude(pk__in=self.told).select_related("promise", "staff")
        for told in fresh:
            self.told.add(told.pk)
            assert told.told_at == self.now
            assert told.staff.is_active
            assert not self.is_away(told.staff)
            assert told.promise.outcome is None or told.promise.case.closed_at
            if told.role == "owner" and told.staff_id != told.promise.case.owner_id:
                assert told.skipped, "nobody is passed over silently"
            if told.reason == "warning":
                assert told.promise.said_at < self.now < told.promise.due_at
            if told.reason == "break":
                assert told.role != "owner"

    @invariant()
    def each_rung_speaks_once(self):
        unmoved = Promise.objects.exclude(revisions__told_at__isnull=False)
        warnings = Count("escalations", filter=Q(escalations__reason="warning"))
        counted = unmoved.annotate(warnings=warnings)
        assert not counted.exclude(warnings=F("rungs_spoken")).exists()

    @invariant()
    def what_was_told_of_is_told_of_again_until_it_is_put_right(self):
        waiting = Promise.objects.still_open().filter(escalations__isnull=False)
        counted = waiting.annotate(
            again=Count("escalations", filter=Q(escalations__speak_again_at__isnull=False))
        )
        assert set(counted.values_list("again", flat=True)) <= {1}


QUICK = settings(
    max_examples=8,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],  # shrinking over a database takes minutes
)


def test_no_order_of_events_breaks_a_law():
    run_state_machine_as_test(Lives, settings=QUICK)


@pytest.mark.long
def test_no_order_of_events_breaks_a_law_in_many_more_lives():
    run_state_machine_as_test(
        Lives, settings=settings(QUICK, max_examples=600, stateful_step_count=60)
    )
