"""What stands beside a metric on its page: of whom it is, why, and what makes it look better."""

from datetime import timedelta

import pytest
from django.test import Client

from asking import a_case_put_right, ask
from makegood.actions import callbacks, contacts, promises, remedies, wants
from makegood.actions.contacts import Touch
from makegood.clockwork import counting
from makegood.records.models import Case, Contact, Direction, PromiseKind, Report
from makegood.rules.attempts import Attempt
from makegood.rules.promises import Channel
from makegood.rules.roles import Role
from money_world import a_remedy, limits, may_give, some_terms
from standing_clock import StandingClock
from world import MONDAY, a_case, a_customer, a_person, a_word

pytestmark = pytest.mark.django_db

NOW = StandingClock.now()
THEN = NOW - timedelta(days=2)
HOUR = timedelta(hours=1)
ASSUMED = "margin=100&years=1&hour=60&low=0&high=10"


@pytest.fixture(autouse=True)
def _standing(monkeypatch):
    monkeypatch.setattr("makegood.doors.moment.datetime", StandingClock)


@pytest.fixture
def alice() -> Client:
    client = Client()
    client.force_login(a_person("Alice", role=Role.SUPERVISOR.value))
    return client


def parts(alice: Client, code: str, *, more: str = "") -> dict[str, tuple[str, ...]]:
    """The parts of a metric, as they are now; and they are the same when read as known then."""
    rows = alice.get(f"/wall/{code}?weeks=4{more}").context["parts"].rows
    return {row[0]: row[1:] for row in rows}


def a_call_in_vain(*, reached_after: bool, by: Channel = Channel.PHONE) -> None:
    name = f"Rang {reached_after} {by}"
    case = a_case(now=THEN, customer=a_customer(name), failed_at=THEN, known_at=THEN)
    word = a_word(now=THEN, kind=PromiseKind.CALLBACK, due_at=THEN + HOUR)
    call = promises.make_promise(case.pk, word, now=THEN)
    for minute in (5, 25):
        at = THEN + timedelta(minutes=minute)
        attempt = Attempt(at=at, left_message=True)
        callbacks.record_unanswered(call.pk, attempt, by=case.owner, now=at)
    done = THEN + timedelta(minutes=40)
    if reached_after:
        talk = Touch(
            channel=by, direction=Direction.OUTBOUND, at=done, staff=case.owner, talk_minutes=12
        )  # fmt: skip
        contacts.record_contact(case.pk, talk, now=done)
    promises.keep_promise(promise_id=call.pk, at=done, evidence="Rang.", by=case.owner, now=done)


def test_of_the_calls_that_were_made_those_that_reached_somebody_are_named(alice):
    a_call_in_vain(reached_after=False)
    a_call_in_vain(reached_after=True)
    counting.count_new(now=NOW)

    assert parts(alice, "M32") == {"callbacks in which somebody was reached": ("2", "50%")}
    assert alice.get("/wall/M32").context["tiles"][0].value == "100%"


@pytest.mark.parametrize(
    ("by", "share"), [(Channel.IN_PERSON, "100%"), (Channel.LETTER, "0%"), (Channel.EMAIL, "0%")]
)
def test_who_was_only_written_to_after_calls_in_vain_was_not_reached(alice, by, share):
    a_call_in_vain(reached_after=True, by=by)
    counting.count_new(now=NOW)

    assert parts(alice, "M32") == {"callbacks in which somebody was reached": ("1", share)}


def test_the_time_of_staff_stands_beside_the_cost_and_costs_what_is_assumed(alice):
    a_call_in_vain(reached_after=True)
    a_remedy(2_500, case=a_case(now=THEN), now=THEN)
    counting.count_new(now=NOW)

    (worth,) = alice.get(f"/wall?{ASSUMED}").context["worth"]

    assert parts(alice, "M16") == {"the time that staff spoke with customers": ("1", "12 min")}
    assert worth.cost == "£37.00", "25 given, and twelve minutes of 60 an hour"


def test_the_time_of_staff_is_paid_once_and_in_one_currency(alice):
    a_call_in_vain(reached_after=True)
    for currency, minor in (("EUR", 1_000), ("GBP", 2_500)):
        by = a_person(f"Gives {currency}")
        may_give(by, currency=currency)
        case = a_case(now=THEN, customer=a_customer(f"Paid in {currency}"))
        a_remedy(minor, case=case, by=by, currency=currency, now=THEN)
    counting.count_new(now=NOW)

    worth = alice.get(f"/wall?{ASSUMED}").context["worth"]

    assert [one.cost for one in worth] == ["€10.00", "£37.00"]


def test_the_time_of_staff_counts_where_nothing_was_given(alice):
    a_call_in_vain(reached_after=True)
    counting.count_new(now=NOW)

    (worth,) = alice.get(f"/wall?{ASSUMED}").context["worth"]

    assert worth.cost == "£12.00"


def test_who_may_give_nothing_assumes_in_the_currency_of_the_company(alice):
    a_call_in_vain(reached_after=True)
    for name in ("Elsa", "Emil"):
        may_give(a_person(name), currency="EUR")
    counting.count_new(now=NOW)

    (worth,) = alice.get(f"/wall?{ASSUMED}").context["worth"]

    assert worth.cost == "€12.00"


def test_the_reasons_why_something_was_not_given_at_once_have_their_shares(alice):
    laura = a_person()
    may_give(laura)
    for number, asked in enumerate((True, True, False)):
        case = a_case(now=THEN, customer=a_customer(f"No {number}"))
        remedies.withhold(case.pk, some_terms(), why="Policy.", asked=asked, by=laura, now=THEN)
    a_remedy(case=a_case(now=THEN, customer=a_customer("Given")), now=THEN)
    counting.count_new(now=NOW)

    assert parts(alice, "M20") == {
        "why: they asked, and were told no": ("2", "50%"),
        "why: not offered": ("1", "25%"),
    }


def test_what_was_given_once_they_wanted_it_counts_as_could_but_did_not(alice):
    case = a_case_put_right()
    ask(case, now=MONDAY + HOUR)
    touch = Touch(
        channel=Channel.PHONE, direction=Direction.INBOUND, at=MONDAY + HOUR, note="More."
    )
    wants.take(case.pk, "Something for my trouble.", touch=touch, now=MONDAY + HOUR)
    a_remedy(case=case, now=MONDAY + 2 * HOUR)
    a_remedy(case=case, now=MONDAY + 3 * HOUR)
    counting.count_new(now=NOW)

    until = f"&until={(MONDAY + timedelta(days=1)).date()}"

    assert parts(alice, "M20", more=until) == {"why: given only once they had asked": ("2", "100%")}
    wanted = parts(alice, "M18", more=until)
    assert wanted["wanted something more"] == ("1", "")
    assert wanted["answered when they were asked"] == ("1", "100%")
    assert wanted["wanted more: not answered yet"] == ("1", "100%")


def test_what_became_of_wants_is_a_share_of_the_wants_however_few_were_asked(alice):
    case = a_case_put_right()
    ask(case, now=MONDAY + HOUR)
    for number in range(3):
        at = MONDAY + timedelta(hours=1, minutes=number)
        touch = Touch(channel=Channel.PHONE, direction=Direction.INBOUND, at=at, note="More.")
        wants.take(case.pk, f"Something more, {number}.", touch=touch, now=at)
    counting.count_new(now=NOW)

    wanted = parts(alice, "M18", more=f"&until={(MONDAY + timedelta(days=1)).date()}")

    assert wanted["wanted something more"] == ("3", "")
    assert wanted["wanted more: not answered yet"] == ("3", "100%")


def test_what_the_front_line_gave_stands_beside_what_it_may_give(alice):
    laura, gone = a_person(), a_person("Gone")
    may_give(laura, held=limits(5_000, 30_000), now=NOW - timedelta(days=90))
    may_give(gone, held=limits(5_000, 90_000), now=NOW - timedelta(days=90))
    gone.is_active = False
    gone.save(update_fields=["is_active"])
    a_remedy(2_500, case=a_case(now=THEN), now=THEN)
    counting.count_new(now=NOW)

    (used,) = parts(alice, "M21").values()

    # £300 in 30 days are £280 in the 28 that are shown.
    assert used == ("1", "£25.00 of £280.00")


def test_who_has_an_authority_of_their_own_has_not_that_of_their_role_besides(alice):
    laura = a_person()
    may_give(role=laura.role, held=limits(5_000, 300_000), now=NOW - timedelta(days=90))
    may_give(laura, held=limits(5_000, 30_000), now=NOW - timedelta(days=90))
    counting.count_new(now=NOW)

    (used,) = parts(alice, "M21").values()

    assert used == ("0", "£0.00 of £280.00")


def test_how_much_time_one_case_took_stands_beside_the_sum_and_what_a_week_comes_to(alice):
    for number, minutes in enumerate((10, 20, 60)):
        case = a_case(now=THEN, customer=a_customer(f"Waits {number}"))
        Contact.objects.filter(case=case).delete()
        touch = Touch(
            channel=Channel.PHONE, direction=Direction.INBOUND, at=THEN, hold_minutes=minutes
        )
        contacts.record_contact(case.pk, touch, now=THEN)
    counting.count_new(now=NOW)

    (tile,) = alice.get("/wall/M08?weeks=4").context["tiles"]

    assert tile.value == "1 h 30 min"
    assert "half of them within 20 min" in tile.note
    assert "nine of ten within 1 h" in tile.note
    assert "a week" in tile.note


def test_the_parts_were_the_same_when_they_were_known(alice):
    a_call_in_vain(reached_after=True)
    came = {"happened_at": THEN, "recorded_at": THEN, "case": Case.objects.get()}
    Report.objects.create(source="web", external_id="1", channel="web", raw={}, **came)
    counting.count_new(now=NOW)
    then = f"&then={(NOW - timedelta(days=1)).date()}"

    for code in ("M32", "M16", "M25"):
        now = parts(alice, code)
        assert now, code
        assert parts(alice, code, more=then) == now
