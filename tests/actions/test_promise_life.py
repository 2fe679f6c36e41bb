"""Many lives of many promises: any order of actions and moments, and every law after each step.

The rules of the machine are the actions and the passing of time; time likes to jump to edges,
where the faults are. The database is real, and each life is rolled back at its end.
"""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from makegood.actions import cases, contacts, escalation, intake, promises, staff
from makegood.actions.cases import CaseError
from makegood.actions.contacts import Touch
from makegood.actions.intake import News
from makegood.clockwork import ticks
from makegood.queries import verify
from makegood.records.models import (
    Case,
    Direction,
    Escalation,
    Handover,
    Promise,
    PromiseRevision,
    Staff,
    TimelineEntry,
)
from makegood.rules.promises import Channel, PromiseError, Speaker
from world import MONDAY, a_bin, a_customer, a_failure, a_person, a_team, a_word

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
WAITS = st.sampled_from([1, 30, 300, 3_000, 30_000]).map(lambda minutes: minutes * MINUTE)


class Lives(RuleBasedStateMachine):
    """A desk with three customers, and whatever may happen to them."""

    made = Bundle("made")

    def __init__(self):
        super().__init__()
        self._life = transaction.atomic()
        self._life.__enter__()
        self.now = MONDAY
        self.seen: dict[int, tuple] = {}
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

    def report(self, number):
        self.news_count += 1
        bin_ = self.bins[number]
        failure = a_failure(
            customer=bin_.customer, asset=bin_, failed_at=self.now, known_at=self.now
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

    @rule(number=st.sampled_from([0, 1, 2]))
    def news_comes_in(self, number):
        self.report(number)

    @rule(target=made, which=st.integers(0, 2), wait=WAITS, by=st.sampled_from(["person", "bot"]))
    def somebody_promises(self, which, wait, by):
        open_cases = list(Case.objects.filter(closed_at=None).order_by("pk"))
        if not open_cases:
            return 0
        speaker = {} if by == "person" else {"speaker": Speaker.BOT}
        case = open_cases[which % len(open_cases)]
        word = a_word(now=self.now, due_at=self.now + wait, **speaker)
        return promises.make_promise(case.pk, word, now=self.now).pk

    @rule(promise=made, late=st.booleans())
    def it_is_done(self, promise, late):
        with suppress(PromiseError, Promise.DoesNotExist):
            promises.keep_promise(
                promise_id=promise,
                at=self.now if late else self.now - MINUTE,
                evidence="Done.",
                by=self.somebody(),
                now=self.now,
            )

    @rule(promise=made)
    def the_customer_lets_it_go(self, promise):
        with suppress(PromiseError, Promise.DoesNotExist):
            promises.release_promise(
                promise_id=promise,
                at=self.now,
                evidence="Said so.",
                by=self.somebody(),
                now=self.now,
            )

    @rule(promise=made, wait=WAITS)
    def the_customer_agrees_to_another(self, promise, wait):
        with suppress(PromiseError, Promise.DoesNotExist):
            promises.replace_promise(
                promise_id=promise,
                word=a_word(now=self.now, due_at=self.now + wait),
                evidence="Agreed.",
                by=self.somebody(),
                now=self.now,
            )

    @rule(promise=made, wait=WAITS)
    def a_new_date_is_decided(self, promise, wait):
        with suppress(PromiseError, Promise.DoesNotExist):
            promises.decide_revision(
                promise_id=promise,
                due_at=self.now + wait,
                cause="Part late.",
                by=self.somebody(),
                now=self.now,
            )

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
        offer = Handover.objects.filter(case=case, accepted_at=None, declined_at=None).first()
        if offer is not None:
            cases.answer_handover(
                handover_id=offer.pk, accepts=accepts, by=offer.to_staff, now=self.now
            )

    @rule(which=st.integers(0, 1))
    def somebody_is_away(self, which):
        staff.be_absent(
            self.people[which],
            starts_at=self.now,
            ends_at=self.now + 600 * MINUTE,
            cover=self.people[1 - which],
        )

    @rule(which=st.integers(0, 1))
    def somebody_leaves(self, which):
        person = Staff.objects.get(pk=self.people[which].pk)
        if person.is_active:
            staff.leave(person, now=self.now)
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

    @rule(wait=WAITS)
    def time_passes(self, wait):
        self.now += wait

    @rule(
        edge=st.sampled_from(["due_at", "judge_at", "escalate_at"]),
        microseconds=st.sampled_from([-1, 0, 1]),
    )
    def time_jumps_to_an_edge(self, edge, microseconds):
        ahead = Promise.objects.still_open().filter(**{f"{edge}__gte": self.now}).order_by(edge)
        if promise := ahead.first():
            moment = getattr(promise, edge) + timedelta(microseconds=microseconds)
            self.now = max(self.now, moment)

    @rule()
    def the_clock_ticks(self):
        ticks.tick(now=self.now, batch=3)
        waiting = Promise.objects.still_open().filter(judge_at__lt=self.now)
        assert not waiting.exists(), "nothing overdue is left after a tick"

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
    def nobody_hears_of_a_rung_before_its_time(self):
        early = Escalation.objects.filter(told_at__gt=self.now)
        assert not early.exists()


QUICK = settings(
    max_examples=25,
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
