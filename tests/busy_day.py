"""One afternoon at the desk, with everything on it: broken, at risk, today, later, cover, offers.

It is Monday 1 June 2026, 13:38 in London. Laura Bennett looks at her desk.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from makegood.actions import cases, changes, contacts, intake, links, promises, staff
from makegood.actions.changes import Editor
from makegood.actions.contacts import Touch
from makegood.actions.intake import News
from makegood.actions.services import SERVICES
from makegood.clockwork import ticks
from makegood.records.models import Asset, Case, Direction, Promise, PromiseKind, Staff
from makegood.rules.promises import Channel, Precision, end_of_day
from makegood.rules.severity import Function, Harm
from told_once import told_once
from world import a_customer, a_failure, a_person, a_team, a_word

NOW = datetime(2026, 6, 1, 12, 38, tzinfo=UTC)
PASSWORD = "a long pass phrase for Laura"  # noqa: S105 - of a person in a test
LONDON = ZoneInfo("Europe/London")
LONG = "Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh, Maximiliane Theodora"


@dataclass(frozen=True, kw_only=True, slots=True)
class BusyDay:
    """What tests want to look at."""

    laura: Staff
    alarm: Case
    bill: Case
    bin: Case
    covered: Case
    offered: Case
    lengthy: Case
    alarm_token: str
    bin_token: str


def at(hour: int, minute: int = 0) -> datetime:
    """A moment of that Monday, on London's clocks."""
    return datetime(2026, 6, 1, hour - 1, minute, tzinfo=UTC)


def a_busy_day() -> BusyDay:
    """The day from nine o'clock until `NOW`, as everything that happened left it."""
    return told_once(_the_day)


def _the_day() -> BusyDay:
    laura = _laura()
    bin_case = _the_bin(laura)
    covered = _the_covered_part(laura)
    lengthy = _the_long_name(laura)
    bill = _the_bill(laura)
    offered = _the_offer(laura)
    alarm = _the_alarm(laura)
    for moment in (at(13, 17), at(13, 30), NOW):
        ticks.tick(now=moment)
    _the_service(laura)
    return BusyDay(
        laura=laura,
        alarm=alarm,
        bill=bill,
        bin=bin_case,
        covered=covered,
        offered=offered,
        lengthy=lengthy,
        alarm_token=links.mint_link(alarm.pk, now=NOW),
        bin_token=links.mint_link(bin_case.pk, now=NOW),
    )


def _laura() -> Staff:
    laura = a_person("Laura Bennett", zone="Europe/London", phone="020 7946 0100")
    laura.set_password(PASSWORD)
    laura.save(update_fields=["password"])
    return laura


def _the_service(laura: Staff) -> None:
    facts = {
        "name": "Food waste round",
        "function": Function.HYGIENE.value,
        "criticality": "ordinary",
        "team": laura.team_id,
        "retired": False,
    }
    changes.keep(SERVICES, None, facts, editor=Editor(by=laura, now=NOW))


def _the_bin(laura: Staff) -> Case:
    """Story 003 in small: two reports, one broken word that was apologised for, a true range."""
    david = a_customer(
        "David Taylor", phone="07700 900123", address="12 Elm Road", postcode="N1 1AA"
    )
    bin_ = Asset.objects.create(
        customer=david, name="food bin", place="12 Elm Road", function=Function.HYGIENE.value
    )
    failed = datetime(2026, 5, 29, 6, 0, tzinfo=UTC)
    failure = a_failure(
        customer=david,
        asset=bin_,
        title="Food bin not collected on Friday",
        failed_at=failed,
        known_at=at(9),
        wanted="Tell me when to put it out, so that the foxes do not get it.",
    )
    for number, minute in enumerate((0, 20)):
        news = News(
            source="form",
            external_id=f"bin-{number}",
            channel=Channel.PHONE,
            raw={"text": "not collected"},
            failure=failure,
            hold_minutes=9,
            talk_minutes=4,
            estimated=number == 0,
            note="Food bin is still standing there.",
            happened_at=at(9, minute),
        )
        received = intake.receive_report(news, owner=laura, now=at(9, minute))
    case = received.case
    promises.make_promise(
        case.pk,
        a_word(
            now=at(9, 22),
            kind=PromiseKind.OTHER,
            words="The crew will come by this morning.",
            due_at=at(12),
        ),
        now=at(9, 22),
    )
    ticks.tick(now=at(12, 30))
    apology = case.messages.get()
    contacts.record_said(
        message_id=apology.pk,
        words="I am sorry. We said this morning, and nobody came. That was our mistake.",
        channel=Channel.PHONE,
        at=at(12, 40),
        by=laura,
        now=at(12, 40),
    )
    friday = datetime(2026, 6, 5, tzinfo=UTC)
    promises.make_promise(
        case.pk,
        a_word(
            now=at(12, 41),
            words="Collected with Friday's round at the latest. We text you by seven that day.",
            kind=PromiseKind.VISIT,
            earliest_at=datetime(2026, 6, 3, 6, 0, tzinfo=UTC),
            due_at=end_of_day(friday.date(), LONDON),
            precision=Precision.DATE,
        ),
        now=at(12, 41),
    )
    call = a_word(now=at(13, 30), words="I ring you before I go home.", due_at=at(17))
    promises.make_promise(case.pk, call, now=at(13, 30))
    return case


def _the_alarm(laura: Staff) -> Case:
    """Story 004 in small: a dead link, a call that never came, and the word that followed."""
    clarke = a_customer("Charlotte S. Clarke", phone="07700 900456", vulnerable=False)
    panel = Asset.objects.create(
        customer=clarke,
        name="alarm panel",
        place="3 Harbour Walk",
        function=Function.SECURITY.value,
    )
    failure = a_failure(
        customer=clarke,
        asset=panel,
        title="Alarm link down since this morning",
        function=Function.SECURITY,
        failed_at=at(8, 10),
        known_at=at(12, 55),
        wanted="An alarm that works tonight.",
    )
    case = cases.open_case(failure, owner=laura, now=at(12, 55))
    word = a_word(
        now=at(12, 58), words="A technician will ring you with a time.", due_at=at(13, 15)
    )
    promises.make_promise(case.pk, word, now=at(12, 58))
    contacts.record_contact(
        case.pk,
        Touch(
            channel=Channel.PHONE,
            direction=Direction.INBOUND,
            at=at(12, 55),
            note="The panel says: failure to communicate.",
            staff=laura,
            hold_minutes=6,
            talk_minutes=8,
        ),
        now=at(12, 58),
    )
    return case


def _the_bill(laura: Staff) -> Case:
    ortiz = a_customer("Maria Ortiz", phone="07700 900789", zone="Europe/Madrid")
    failure = a_failure(
        customer=ortiz,
        title="Charged twice for May",
        function=Function.MONEY,
        harm=Harm.DEGRADED,
        failed_at=at(9),
        known_at=at(11),
    )
    case = cases.open_case(failure, owner=laura, now=at(11))
    word = a_word(now=at(12, 30), words="I'll call you by two.", due_at=at(14))
    promises.make_promise(case.pk, word, now=at(12, 30))
    return case


def _the_covered_part(laura: Staff) -> Case:
    tom = a_person("Tom Reed")
    staff.be_absent(tom, starts_at=at(8), ends_at=at(17) + timedelta(days=2), cover=laura)
    novak = a_customer("Eva Novak")
    failure = a_failure(
        customer=novak,
        title="Wrong part for the washing machine",
        function=Function.GOODS,
        failed_at=at(9),
        known_at=at(9),
    )
    case = cases.open_case(failure, owner=tom, now=at(9))
    word = a_word(
        now=at(9, 5),
        words="The right part and the engineer come tomorrow morning.",
        speaker_name="Tom Reed",
        said_by=tom.pk,
        kind=PromiseKind.VISIT,
        earliest_at=at(8) + timedelta(days=1),
        due_at=at(12) + timedelta(days=1),
    )
    promises.make_promise(case.pk, word, now=at(9, 5))
    return case


def _the_offer(laura: Staff) -> Case:
    priya = a_person("Priya Shah")
    failure = a_failure(
        customer=a_customer("Jean Dupont", zone="Europe/Paris"),
        title="Refund of the deposit is late",
        function=Function.MONEY,
        harm=Harm.DELAYED,
        failed_at=at(9),
        known_at=at(10),
    )
    case = cases.open_case(failure, owner=priya, now=at(10))
    cases.offer_handover(
        case_id=case.pk, to=laura, why="You know the deposit office.", by=priya, now=at(13)
    )
    return case


def _the_long_name(laura: Staff) -> Case:
    failure = a_failure(
        customer=a_customer(LONG),
        title=(
            "The replacement of the replacement dishwasher was delivered to the wrong address, "
            "signed for by nobody whom the customer knows, and then collected again"
        ),
        function=Function.GOODS,
        harm=Harm.DELAYED,
        failed_at=at(9),
        known_at=at(9, 30),
    )
    return cases.open_case(failure, owner=laura, now=at(9, 30))


def open_promise(case: Case, words: str) -> Promise:
    """The open promise of a case whose words begin so."""
    return case.promises.still_open().get(words__startswith=words)


def many_promises(case: Case, count: int) -> None:
    """Further promises on a case, to see that pages ask no more for them."""
    for number in range(count):
        word = a_word(now=NOW, words=f"Promise {number}.", due_at=at(16) + timedelta(hours=number))
        promises.make_promise(case.pk, word, now=NOW)


def outsider() -> Staff:
    """Somebody of another team."""
    return a_person("Otto Outsider", team=a_team("billing"))
