"""Signals of devices: a case before the customer notices, one for a flood, and nothing lost."""

from datetime import timedelta

import pytest

from asking import a_visit, keep
from incident_world import broadband, declare, subscribers
from makegood.actions import signals, spreading
from makegood.actions.signals import Given, SignalSettledError
from makegood.records.models import (
    Asking,
    Asset,
    Case,
    Promise,
    Report,
    Signal,
    SignalEnd,
    Staff,
    TimelineEntry,
)
from raw_sql import refused_by, sql
from signal_world import a_panel, a_signal, a_source
from world import MONDAY, a_case, a_person, a_team

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def take(number: int = 1, link: str = "lost", *, now=MONDAY, team=None, **more) -> Signal:
    source = more.pop("source", None) or signals.SignalSource.objects.get()
    given = Given(source=source.pk, document=a_signal(number, link, **more), team=team)
    return signals.receive(given, now=now).signal


def told(case: Case) -> list[str]:
    return list(
        TimelineEntry.objects.filter(case=case, kind__startswith="signal")
        .order_by("pk")
        .values_list("kind", flat=True)
    )


@pytest.fixture
def _panels():
    a_person()
    a_source()


@pytest.mark.usefixtures("_panels")
class TestOfOneDevice:
    """From the first failure to the customer's own word."""

    def test_a_lost_link_opens_its_case_with_an_owner_and_a_promise(self):
        panel = a_panel()

        signal = take(time="2026-06-01T08:58:00Z")

        case = Case.objects.get()
        assert (signal.end, signal.case_id) == (SignalEnd.OPENED, case.pk)
        assert (case.asset_id, case.title) == (panel.pk, "Your alarm has no link to us")
        assert case.failed_at == MONDAY - 2 * MINUTE
        assert case.owner is not None
        assert Promise.objects.get(case=case).kind == "news"
        assert case.contacts.count() == 0  # the customer has not had to call

    @pytest.mark.parametrize("came_back", [True, False])
    def test_who_is_asked_whether_it_is_right_is_asked_no_longer_when_it_fails_again(
        self, came_back
    ):
        a_panel()
        case = take().case
        if came_back:
            take(2, "restored", now=MONDAY + MINUTE)
        keep(a_visit(case), now=MONDAY + 2 * MINUTE)
        asking = Asking.objects.get(case=case)

        take(3, "lost", now=MONDAY + 5 * MINUTE)

        asking.refresh_from_db()
        assert (asking.ended_by, asking.ended_at) == ("not_fixed", MONDAY + 5 * MINUTE)
        assert case.promises.still_open().exists()

    def test_what_failed_before_it_was_put_right_and_is_heard_late_ends_no_question(self):
        a_panel()
        case = take().case
        keep(a_visit(case), now=MONDAY + 5 * MINUTE)

        take(2, "lost", now=MONDAY + 6 * MINUTE, time="2026-06-01T09:01:00Z")

        assert Asking.objects.get(case=case).ended_at is None

    def test_the_same_signal_twice_counts_once(self):
        a_panel()
        first = take()
        again = signals.receive(
            Given(source=first.source_id, document=a_signal()), now=MONDAY + MINUTE
        )
        assert again.seen_before
        assert again.signal.pk == first.pk
        assert (Signal.objects.count(), Report.objects.count()) == (1, 1)

    def test_a_flood_of_one_device_is_one_case_and_one_report(self):
        a_panel()
        for number in range(60):
            take(number, now=MONDAY + number * MINUTE)
        case = Case.objects.get()
        assert case.reports.count() == 1
        assert case.signals.filter(end=SignalEnd.COUNTED).count() == 59
        assert case.severity == Signal.objects.earliest("pk").case.severity
        assert not Signal.objects.exclude(raw={}).exists()

    def test_back_again_is_recorded_and_closes_nothing(self):
        a_panel()
        case = take().case
        signal = take(2, "restored", now=MONDAY + 30 * MINUTE)

        case.refresh_from_db()
        assert (signal.end, told(case)) == (SignalEnd.BACK, ["signal_back"])
        assert case.closed_at is None
        assert case.promises.still_open().exists()

    def test_what_comes_and_goes_is_told_once(self):
        a_panel()
        for number in range(40):
            take(number, ("lost", "restored")[number % 2], now=MONDAY + number * MINUTE)
        case = Case.objects.get()
        assert told(case) == ["signal_back", "signal_unsteady"]
        assert case.reports.count() == 1

    def test_what_had_ended_before_it_was_heard_of_opens_nothing(self):
        a_panel()
        take(2, "restored", now=MONDAY, time="2026-06-01T08:59:00Z")
        late = take(1, now=MONDAY, time="2026-06-01T08:50:00Z")
        assert late.end == SignalEnd.NOTED
        assert Case.objects.count() == 0

    def test_it_joins_the_case_that_the_customer_has_reported(self):
        panel = a_panel()
        case = a_case(customer=panel.customer, asset=panel)
        signal = take()
        assert (signal.end, signal.case_id) == (SignalEnd.JOINED, case.pk)
        assert Case.objects.count() == 1

    def test_a_fast_clock_of_a_device_is_not_believed(self):
        a_panel()
        signal = take(time="2031-01-01T00:00:00Z")
        assert signal.happened_at == MONDAY
        assert signal.case.failed_at == MONDAY


def test_a_signal_within_an_incident_joins_the_case_that_the_incident_opened():
    [customer] = subscribers("EX4 4QJ")
    line = Asset.objects.get()
    modem = Asset.objects.create(
        customer=customer, name="Modem", function=line.function, service=broadband(),
        external_id="P-1",
    )  # fmt: skip
    incident = declare()
    while spreading.open_cases(incident.pk, now=MONDAY, limit=10):
        pass

    signal = take(source=a_source())

    assert (signal.end, signal.asset_id) == (SignalEnd.JOINED, modem.pk)
    assert signal.case == Case.objects.get(customer=customer)
    assert signal.case.incident_id == incident.pk


@pytest.mark.usefixtures("_panels")
class TestOfWhatIsSetAside:
    """Nothing is lost: what cannot be placed waits for a person, with the reason."""

    def test_an_unknown_device_is_set_aside_and_placed_once_it_is_registered(self):
        ada = a_person("Ada")
        aside = take(time="2026-06-01T08:00:00Z")
        a_panel()

        placed = signals.try_again(aside.pk, by=ada, now=MONDAY + MINUTE)

        assert (aside.end, aside.raw["id"]) == (SignalEnd.ASIDE, "s-1")
        assert "register it" in aside.why
        assert (placed.end, placed.settled_by) == (SignalEnd.OPENED, ada)
        assert Case.objects.get().failed_at == MONDAY - 60 * MINUTE

    def test_what_cannot_be_read_is_kept_as_it_came(self):
        source = signals.SignalSource.objects.get()
        odd = {"alarm": "?"}
        first = signals.receive(Given(source=source.pk, document=odd), now=MONDAY)
        again = signals.receive(Given(source=source.pk, document=odd), now=MONDAY)
        assert (first.signal.end, first.signal.raw) == (SignalEnd.ASIDE, odd)
        assert "It names no state" in first.signal.why
        assert again.seen_before

    def test_an_id_of_several_or_of_a_retired_asset_is_nobodys(self):
        a_panel(retired_at=MONDAY)
        retired = take(1)
        a_panel("P-2")
        a_panel("P-2")
        double = take(2, panel="P-2")
        assert (retired.end, double.end) == (SignalEnd.ASIDE, SignalEnd.ASIDE)
        assert "one id is for one asset" in double.why
        assert Case.objects.count() == 0

    def test_the_token_of_another_team_reaches_no_device(self):
        a_panel(service=broadband())
        other = a_team("Other")
        assert take(1, team=other.pk).end == SignalEnd.ASIDE
        assert take(2, team=broadband().team_id).end == SignalEnd.OPENED

    def test_where_nobody_works_it_waits_too(self):
        a_panel()
        Staff.objects.update(is_active=False)
        signal = take()
        assert (signal.end, Case.objects.count()) == (SignalEnd.ASIDE, 0)

    def test_it_is_let_go_by_somebody_with_a_reason_and_once(self):
        ada = a_person("Ada")
        aside = take()
        signals.let_go(aside.pk, why="A test bench.", by=ada, now=MONDAY)
        with pytest.raises(SignalSettledError):
            signals.try_again(aside.pk, by=ada, now=MONDAY)
        assert Signal.objects.get().why == "A test bench."


@pytest.mark.usefixtures("_panels")
@pytest.mark.parametrize(
    ("law", "change"),
    [
        ("signal_end_is_known", "\"end\" = 'vanished'"),
        ("signal_of_a_case_names_it", "\"end\" = 'opened'"),
        ("signal_is_set_aside_with_a_reason", "why = ''"),
        ("signal_is_let_go_by_somebody", "\"end\" = 'let_go'"),
    ],
)
def test_a_signal_makes_sense(law, change):
    take()
    with refused_by(law):
        sql(f"UPDATE records_signal SET {change}")


@pytest.mark.usefixtures("_panels")
def test_a_signal_is_there_once():
    take()
    with refused_by("signal_once"):
        sql("""
            INSERT INTO records_signal (source_id, external_id, device, kind, state, meaning,
                                        happened_at, recorded_at, raw, "end", why)
            SELECT source_id, external_id, device, kind, state, meaning, happened_at, recorded_at,
                   raw, "end", why FROM records_signal
        """)
