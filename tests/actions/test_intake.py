"""News comes in: once, into one case, whose severity is of what is broken."""

from dataclasses import replace
from datetime import timedelta

import pytest

from makegood.actions import cases, contacts, intake, promises
from makegood.actions.contacts import Touch
from makegood.actions.intake import News, NoOwnerError
from makegood.records.models import (
    Asset,
    Case,
    Contact,
    Direction,
    Promise,
    Report,
    Service,
    Staff,
    TimelineEntry,
    TimelineText,
)
from makegood.rules.promises import Channel
from makegood.rules.severity import Exposure, Function, Harm, Severity
from world import MONDAY, a_bin, a_case, a_customer, a_failure, a_person, a_team

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def some_news(external_id: str = "1", **more) -> News:
    failure = more.pop("failure", None) or a_failure()
    return News(
        **{
            "source": "form",
            "external_id": external_id,
            "channel": Channel.WEB,
            "raw": {"text": "It is broken."},
            "failure": failure,
        }
        | more
    )


def receive(news: News, *, now=MONDAY, owner: Staff | None = None) -> intake.Received:
    return intake.receive_report(news, owner=owner, now=now)


def test_news_opens_a_case_with_an_owner_a_promise_and_the_words_as_they_came():
    owner = a_person()
    received = receive(some_news(note="My bin is full.", talk_minutes=6, hold_minutes=9))

    assert (received.opened, received.seen_before) == (True, False)
    assert received.case.owner.team == owner.team
    assert received.case.promises.still_open().count() == 1
    assert received.report.raw == {"text": "It is broken."}
    contact = Contact.objects.get()
    assert (contact.hold_minutes, contact.talk_minutes, contact.note) == (9, 6, "My bin is full.")
    kinds = TimelineEntry.objects.order_by("seq").values_list("kind", flat=True)
    assert list(kinds) == ["case_opened", "promise_made", "report_received"]
    assert TimelineText.objects.filter(words="My bin is full.").count() == 1


def test_a_signal_of_a_device_is_no_contact():
    a_person()
    receive(some_news(channel=Channel.SIGNAL))

    assert not Contact.objects.exists()


def test_news_is_known_when_it_reached_the_company_unless_it_says_when():
    a_person()
    first = receive(
        some_news("1", failure=a_failure(known_at=MONDAY + HOUR)), now=MONDAY + 2 * HOUR
    )
    second = receive(some_news("2", happened_at=MONDAY), now=MONDAY + 2 * HOUR)

    assert (first.report.happened_at, first.report.recorded_at) == (
        MONDAY + HOUR,
        MONDAY + 2 * HOUR,
    )
    assert second.report.happened_at == MONDAY


@pytest.mark.parametrize("other", [{"source": "mail"}, {"external_id": "2"}])
def test_the_same_source_and_id_is_the_same_news(other):
    a_person()
    news = some_news()
    first = receive(news)
    again = receive(replace(news, raw={"text": "Changed on the way."}))
    fresh = receive(replace(news, **other))

    assert (again.report, again.case, again.seen_before) == (first.report, first.case, True)
    assert Report.objects.get(pk=first.report.pk).raw == {"text": "It is broken."}
    assert (fresh.seen_before, fresh.opened, fresh.case) == (False, False, first.case)
    assert Case.objects.get().reports.count() == 2


def test_news_of_another_asset_of_another_function_or_of_another_customer_is_another_case():
    a_person()
    bin_ = a_bin()
    same = {"customer": bin_.customer, "asset": bin_}
    first = receive(some_news("1", failure=a_failure(**same)))
    others = [
        a_failure(customer=bin_.customer, asset=a_bin(bin_.customer)),
        a_failure(customer=bin_.customer),
        a_failure(customer=bin_.customer, function=Function.MONEY),
        a_failure(),
    ]
    found = [receive(some_news(f"o{i}", failure=other)) for i, other in enumerate(others)]
    again = receive(some_news("2", failure=a_failure(**same)))

    assert all(received.opened for received in found)
    assert again.case == first.case
    assert Case.objects.count() == 5


def test_news_after_the_case_was_closed_opens_another():
    case = a_case()
    touch = Touch(channel=Channel.PHONE, direction=Direction.INBOUND, at=MONDAY)
    answer = contacts.record_contact(case.pk, touch, now=MONDAY)
    cases.close_case(case_id=case.pk, answer=answer, now=MONDAY)

    received = receive(some_news(failure=a_failure(customer=case.customer)))

    assert received.opened
    assert received.case != case


def test_each_repeat_raises_the_severity_of_the_case_and_of_its_open_promises():
    a_person()
    bin_ = a_bin()
    failure = a_failure(customer=bin_.customer, asset=bin_, function=Function.COMFORT)
    levels = [receive(some_news(str(n), failure=failure)).case.severity for n in range(4)]

    assert levels == [4, 3, 2, 2]
    assert set(Promise.objects.values_list("severity", flat=True)) == {2}
    assert Case.objects.get().severity_because == "comfort lost, reported 3 times"
    raised = TimelineEntry.objects.filter(kind="severity_raised")
    assert raised.count() == 2


def test_a_repeat_from_a_vulnerable_customer_still_counts_who_is_exposed():
    a_person()
    customer = a_customer(vulnerable=True)
    failure = a_failure(customer=customer, function=Function.COMFORT)
    first = receive(some_news("1", failure=failure)).case.severity
    second = receive(some_news("2", failure=failure)).case.severity

    assert (first, second) == (Severity.P3, Severity.P2)


def test_a_repeat_that_tells_of_worse_is_taken_as_the_worse():
    a_person()
    customer = a_customer()
    mild = a_failure(customer=customer, function=Function.SECURITY, harm=Harm.COSMETIC)
    lost = replace(mild, harm=Harm.LOST, exposure=Exposure.MANY)
    levels = [
        receive(some_news(str(n), failure=failure)).case.severity
        for n, failure in enumerate([mild, lost, mild])
    ]

    assert levels == [Severity.P3, Severity.P1, Severity.P1]


def test_an_angry_report_is_as_severe_as_a_polite_one():
    a_person()
    found = [
        receive(
            some_news(
                words,
                raw={"text": words},
                note=words,
                hold_minutes=minutes,
                failure=a_failure(title=words),
            )
        ).case.severity
        for words, minutes in [("If you please.", 0), ("URGENT! THE LAST TIME! DANGER!", 99)]
    ]

    assert found == [Severity.P3, Severity.P3]


def test_a_failure_of_something_critical_to_the_customer_is_more_severe():
    a_person()
    customer = a_customer()
    line = Asset.objects.create(
        customer=customer, name="line", function=Function.CONNECTION.value, criticality="critical"
    )
    failure = a_failure(customer=customer, asset=line, function=Function.CONNECTION)

    assert receive(some_news(failure=failure)).case.severity == Severity.P1


def test_the_owner_is_whoever_is_on_duty_and_owns_the_least():
    team = a_team()
    for rung in (team.lead, team.head, team.executive):
        Staff.objects.filter(pk=rung.pk).update(is_active=False)
    busy, free, away = (a_person(name, team=team) for name in ("Busy", "Free", "Away"))
    a_case(owner=busy)
    away.duties.create(kind="absence", starts_at=MONDAY - HOUR, ends_at=MONDAY + HOUR)

    assert intake.choose_owner(team.pk, now=MONDAY) == free
    night = MONDAY + 14 * HOUR
    assert intake.choose_owner(team.pk, now=night) == free, "at night, whoever owns the least"


def test_the_owner_is_found_even_when_the_calendar_has_run_out():
    person = a_person()

    assert intake.choose_owner(person.team_id, now=MONDAY.replace(year=2040)).team == person.team


def test_news_without_anybody_to_own_it_is_refused_and_nothing_is_written():
    with pytest.raises(NoOwnerError, match="nobody can own"):
        receive(some_news())
    team = a_team()
    Staff.objects.update(is_active=False)
    with pytest.raises(NoOwnerError, match="give it an active member"):
        intake.choose_owner(team.pk, now=MONDAY)

    assert not Report.objects.exists()


def test_promises_are_still_watched_after_a_case_got_more_severe():
    a_person()
    failure = a_failure(customer=a_customer())
    case = receive(some_news("1", failure=failure)).case
    receive(some_news("2", failure=failure))

    again = receive(some_news("3", failure=failure)).case

    news = promises.promise_news(again, now=MONDAY)
    assert (case.severity, news.severity) == (Severity.P3, Severity.P2)


def test_the_team_of_the_service_answers_when_nobody_is_named():
    a_person()
    alarms = a_team("alarms")
    service = Service.objects.create(name="Round", function="hygiene", team=alarms)
    asset = Asset.objects.create(
        customer=a_customer(), name="bin", function="hygiene", service=service
    )
    failure = a_failure(customer=asset.customer, asset=asset)

    received = receive(some_news(failure=failure))

    assert received.case.team == alarms
