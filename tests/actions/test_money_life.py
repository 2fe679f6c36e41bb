"""Many lives of remedies: any order of giving, asking, waiving and paying, and no law is broken.

The machine keeps its own books in plain Python and compares them with the database after each
step, so that a fault which the laws and `verify` share would be found as well. Sums like to lie
at the edge of what somebody may still give; time likes to jump to where a clock runs out.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from makegood.actions import approvals, authorities, fees, payments, remedies
from makegood.actions.approvals import Answer
from makegood.actions.fees import Charge
from makegood.actions.payments import Arrival
from makegood.clockwork import ticks
from makegood.queries import verify
from makegood.records.models import (
    ApprovalRequest,
    Case,
    Fee,
    LedgerEntry,
    LedgerTransaction,
    Payment,
    Promise,
    Remedy,
    Staff,
)
from makegood.rules.authority import Limits
from makegood.rules.promises import PromiseError
from makegood.rules.remedies import Activity, OneselfError, RemedyError
from money_world import a_wish, may_give
from world import MONDAY, a_case, a_customer, a_person

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
DAYS = 30
PERIOD = timedelta(days=DAYS)
WAITS = st.sampled_from([1, 40, 700, 3_000, 30_000]).map(lambda minutes: minutes * MINUTE)
WHO = st.integers(0, 4)
WHICH = st.sampled_from([0, 0, 1, 2, 3])
EDGES = st.sampled_from([-1, 0, 1])
SMALL = 600


def _limits(per_case: int, per_period: int) -> Limits:
    return Limits(
        per_case_minor=per_case, per_period_minor=per_period, period_days=DAYS, small_minor=SMALL
    )


LIMITS = (
    _limits(2_000, 5_000),
    _limits(2_000, 3_000),
    _limits(6_000, 9_000),
    _limits(20_000, 30_000),
    _limits(50_000, 50_000),
)


@dataclass
class Given:
    """What was given, as the machine wrote it down. `giver` is None where silence approved it."""

    at: datetime
    customer: int
    giver: int | None
    amount: int
    activity: Activity
    is_back: bool = False


class Desk(RuleBasedStateMachine):
    """Five people with limits, two customers of whom one is a brother, three cases, some fees."""

    def __init__(self):
        super().__init__()
        self._life = transaction.atomic()
        self._life.__enter__()
        self.now = MONDAY
        self.given: dict[int, Given] = {}
        self.acts = 0

    def teardown(self):
        transaction.set_rollback(True)
        self._life.__exit__(None, None, None)

    @initialize()
    def open_a_desk(self):
        ann, bob = a_customer("Ann"), a_customer("Bob")
        self.cases = [a_case(customer=of) for of in (ann, ann, bob)]
        team = self.cases[0].team
        laura, mike = a_person("Laura"), a_person("Mike")
        self.people = [laura, mike, team.lead, team.head, team.executive]
        for person, held in zip(self.people, LIMITS, strict=True):
            for activity in Activity:
                may_give(person, activity=activity, held=held)
        authorities.declare_conflict(staff=mike, customer=bob, now=MONDAY)
        self.own = {(mike.pk, bob.pk)}
        for number, of in enumerate((ann, bob)):
            charge = Charge(
                what="restocking fee",
                amount_minor=900,
                currency="GBP",
                charged_at=MONDAY,
                source="billing",
                external_id=str(number),
            )
            fees.record_fee(of, charge, now=MONDAY)

    # ---- the machine's own books -----------------------------------------------------------------

    def _used(self, activity, **of) -> int:
        fits = [
            one.amount
            for one in self.given.values()
            if one.activity == activity and not one.is_back and one.at > self.now - PERIOD
            and all(getattr(one, name) == value for name, value in of.items())
        ]  # fmt: skip
        return sum(fits)

    def _room(self, who: Staff, customer: int, activity=Activity.GOODWILL) -> int:
        held = LIMITS[self.people.index(who)]
        to_them = held.per_case_minor - self._used(activity, customer=customer)
        in_all = held.per_period_minor - self._used(activity, giver=who.pk)
        return max(0, min(to_them, in_all))

    def _write(self, remedy: Remedy, *, giver: Staff | None) -> None:
        case = remedy.case
        activity = remedy.terms().activity
        assert (remedy.granted_by_id, case.customer_id) not in self.own
        if giver is not None:
            assert (giver.pk, case.customer_id) not in self.own, "nobody gives to their own"
            assert remedy.amount_minor <= self._room(giver, case.customer_id, activity)
        else:
            by_silence = [
                one.amount
                for one in self.given.values()
                if one.customer == case.customer_id and one.giver is None
                and one.at > self.now - PERIOD
            ]  # fmt: skip
            assert sum(by_silence) + remedy.amount_minor <= SMALL, "silence is not split"
        self.given[remedy.pk] = Given(
            at=remedy.granted_at,
            customer=case.customer_id,
            giver=giver.pk if giver else None,
            amount=remedy.amount_minor,
            activity=activity,
        )

    # ---- giving ----------------------------------------------------------------------------------

    @rule(
        who=WHO,
        which=st.integers(0, 2),
        edge=EDGES,
        small=st.booleans(),
        kind=st.sampled_from(["credit", "refund", "gift"]),
    )
    def somebody_gives(self, who, which, edge, small, kind):
        """Mostly just what they may, one more, or one less."""
        by, case = self.people[who], self.cases[which]
        room = self._room(by, case.customer_id)
        minor = max(1, (min(room, SMALL) if small else room) + edge)
        thing = {"thing": "a bunch of flowers"} if kind == "gift" else {}
        wish = a_wish(minor, kind=kind, **thing)
        self._give(wish, case, by, fits=minor <= room)

    def _give(self, wish, case, by, *, fits) -> None:
        if (by.pk, case.customer_id) in self.own:
            with pytest.raises(OneselfError):
                approvals.give_or_ask(case.pk, wish, by=by, now=self.now)
            return
        try:
            found = approvals.give_or_ask(case.pk, wish, by=by, now=self.now)
        except RemedyError:
            assert not fits, "what is within authority is given"
            return
        again = approvals.give_or_ask(case.pk, wish, by=by, now=self.now)
        assert (type(again), again.pk) == (type(found), found.pk), "the same form gives once"
        assert isinstance(found, Remedy) is fits
        if fits:
            self._write(found, giver=by)

    @rule(who=WHO, which=st.integers(0, 1), case=st.integers(0, 2), over=st.booleans())
    def somebody_waives_a_fee(self, who, which, case, over):
        by, case = self.people[who], self.cases[case]
        fee = Fee.objects.order_by("pk")[which]
        wish = a_wish(fee.amount_minor + over, kind="waiver", fee=fee.pk)
        is_taken = Remedy.objects.filter(fee=fee).exclude(outcome="released").exists()
        is_own = (by.pk, case.customer_id) in self.own
        is_possible = not over and not is_taken and fee.customer_id == case.customer_id
        try:
            remedy = remedies.grant(case.pk, wish, by=by, now=self.now)
        except RemedyError:
            room = self._room(by, case.customer_id, Activity.WAIVER)
            assert is_own or not is_possible or wish.terms.amount_minor > room
            return
        assert is_possible, "a fee is waived once, for who was charged, and no more than it was"
        self._write(remedy, giver=by)

    @rule(who=WHO, which=WHICH, approve=st.booleans())
    def somebody_decides(self, who, which, approve):
        waiting = list(ApprovalRequest.objects.filter(decided_at=None).order_by("pk"))
        if not waiting:
            return
        request, by = waiting[which % len(waiting)], self.people[who]
        answer = Answer(approve=approve, why="It is too much.", instead="We send a new one.")
        try:
            remedy = approvals.decide(request.pk, answer, by=by, now=self.now)
        except RemedyError:
            return
        assert by.pk != request.requested_by_id, "nobody approves their own wish"
        assert (remedy is not None) is approve
        if remedy is not None:
            self._write(remedy, giver=by)

    @rule(who=WHO, which=st.integers(0, 2))
    def somebody_holds_it_back(self, who, which):
        by, case = self.people[who], self.cases[which]
        before = Remedy.objects.count()
        with suppress(RemedyError):
            remedies.withhold(
                case.pk, a_wish(100).terms, why="Later.", asked=True, by=by, now=self.now
            )
        assert Remedy.objects.count() == before

    @rule(who=WHO, which=WHICH)
    def the_customer_does_not_wish_it(self, who, which):
        waiting = list(Remedy.objects.filter(outcome=None).order_by("pk"))
        if not waiting:
            return
        remedy = waiting[which % len(waiting)]
        with suppress(RemedyError, PromiseError), transaction.atomic():
            payments.release(remedy.pk, evidence="Said so.", by=self.people[who], now=self.now)
            self.given[remedy.pk].is_back = True

    # ---- paying ----------------------------------------------------------------------------------

    @rule(outcome=st.sampled_from(["sent", "sent", "delayed", "refused", "crash"]))
    def payments_are_handed_over(self, outcome):
        """A crash leaves them claimed: they are tried again with the same key."""
        for claimed in payments.claim_due(now=self.now, limit=2):
            if outcome == "sent":
                payments.record_sent(claimed.id, reference="b-1", now=self.now)
            elif outcome == "delayed":
                payments.record_delay(claimed.id, error="No answer.", now=self.now)
            elif outcome == "refused":
                payments.record_failed(claimed.id, error="No such account.", now=self.now)

    @rule(which=WHICH, twice=st.booleans(), wrong=st.sampled_from([0, 0, 1]))
    def one_arrives(self, which, twice, wrong):
        under_way = list(Payment.objects.order_by("-pk")[:4])
        if not under_way:
            return
        payment = under_way[which % len(under_way)]
        news = Arrival(
            key=payment.key,
            at=self.now,
            evidence="The bank says so.",
            amount_minor=payment.amount_minor + wrong,
            currency="GBP",
        )
        for _ in range(1 + twice):
            with suppress(RemedyError, PromiseError), transaction.atomic():
                payments.record_arrival(news, now=self.now)
                assert not wrong or payment.state == "arrived", "another sum is not recorded"

    @rule(which=WHICH)
    def a_failed_one_is_tried_again(self, which):
        open_ = list(Remedy.objects.filter(outcome=None).order_by("pk"))
        if open_:
            remedy = open_[which % len(open_)]
            with suppress(RemedyError):
                payments.pay_again(remedy.pk, by=self.people[0], now=self.now)

    # ---- time ------------------------------------------------------------------------------------

    @rule(wait=WAITS)
    def time_passes(self, wait):
        self.now += wait
        self._tick()

    @rule(edge=EDGES, of=st.sampled_from(["request", "promise"]))
    def time_jumps_to_an_edge(self, edge, of):
        waiting = (
            ApprovalRequest.objects.filter(decided_at=None)
            if of == "request"
            else Promise.objects.still_open()
        )
        moment = waiting.filter(due_at__gte=self.now).order_by("due_at").first()
        if moment is not None:
            self.now = max(self.now, moment.due_at + timedelta(microseconds=edge))
            self._tick()

    def _tick(self) -> None:
        ticks.tick(now=self.now)
        for remedy in Remedy.objects.exclude(pk__in=self.given).select_related("case", "approval"):
            assert remedy.approval is not None, "the clock only answers for silence"
            assert remedy.approval.by_default
            self._write(remedy, giver=None)

    # ---- what is true after each step ------------------------------------------------------------

    @invariant()
    def every_law_holds(self):
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        assert verify.run() == []

    @invariant()
    def nothing_that_was_granted_is_lost_or_changed(self):
        kept = dict(Remedy.objects.values_list("pk", "amount_minor"))
        assert kept == {pk: one.amount for pk, one in self.given.items()}
        back = set(Remedy.objects.filter(outcome="released").values_list("pk", flat=True))
        assert back == {pk for pk, one in self.given.items() if one.is_back}

    @invariant()
    def nothing_is_paid_twice(self):
        alive = Payment.objects.exclude(state="failed").values_list("remedy", flat=True)
        assert len(alive) == len(set(alive)), "one payment at a time"
        arrived = LedgerTransaction.objects.filter(kind="arrived").count()
        assert arrived == Remedy.objects.filter(outcome="arrived").count()

    @invariant()
    def the_ledger_owes_each_customer_what_has_not_come(self):
        for case in Case.objects.all():
            booked = LedgerEntry.objects.filter(case=case, account="owed")
            owed = -(booked.aggregate(sum=Sum("amount_minor"))["sum"] or 0)
            waiting = [one.amount_minor for one in Remedy.objects.filter(case=case, outcome=None)]
            assert owed == sum(waiting)


QUICK = settings(
    max_examples=5,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],  # shrinking over a database takes minutes
)


def test_no_order_of_giving_and_paying_breaks_a_law():
    run_state_machine_as_test(Desk, settings=QUICK)


@pytest.mark.long
def test_no_order_of_giving_and_paying_breaks_a_law_in_many_more_lives():
    run_state_machine_as_test(
        Desk, settings=settings(QUICK, max_examples=400, stateful_step_count=50)
    )
