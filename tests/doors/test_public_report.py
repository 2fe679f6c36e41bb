"""The public form: anybody reports, nobody learns of others, and programs stay outside."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from busy_day import NOW, BusyDay, a_busy_day, outsider
from customer_client import text
from makegood.actions import knocks, public_reports
from makegood.doors.web.customer import public_key
from makegood.doors.web.customer.report_views import PER_HOUR
from makegood.records.models import (
    Case,
    Contact,
    Customer,
    Knock,
    KnownFailure,
    Letter,
    Report,
    Service,
    Staff,
)
from makegood.rules.severity import Function
from standing_clock import StandingClock

pytestmark = pytest.mark.django_db
MINUTE_AGO = NOW - timedelta(minutes=1)
A_BIN = {
    "what": "function:hygiene",
    "harm": "lost",
    "postcode": "EX4 4QJ",
    "address": "12 Elm Road",
    "words": "The food bin was not collected.\nAgain.",
    "name": "Ann Bell",
    "reach": "ann@example.net",
    "website": "",
}


@pytest.fixture
def day(monkeypatch) -> BusyDay:
    monkeypatch.setattr("makegood.doors.moment.datetime", StandingClock)
    day = a_busy_day()
    Service.objects.all().delete()  # so that things are reported by what they are for
    return day


def send(client: Client | None = None, *, at=MINUTE_AGO, **more: str):
    fields = {"key": public_key.fresh_key(now=at)} | A_BIN | more
    return (client or Client()).post("/report", fields)


def filed() -> "list[Case]":
    return list(Case.objects.filter(reports__source="public form").order_by("pk"))


def several(count: int = 3, **more: str) -> None:
    for number in range(count):
        send(known="other", reach=f"somebody{number}@example.net", **more)


@pytest.mark.usefixtures("day")
def test_a_report_ends_with_an_owner_a_promise_and_a_page_of_its_own():
    answer = send()

    assert answer.status_code == 302
    assert re.fullmatch(r"/c/[\w-]{43}\?thanks=reported", answer.headers["Location"])
    page = text(Client().get(answer.headers["Location"]))
    (case,) = filed()
    assert case.title == "The food bin was not collected."
    assert f"Thank you for telling us. {case.owner.name} has it." in page
    assert f"{case.owner.name} owns this until it is resolved" in page
    assert "You will hear from" in page
    assert not answer.cookies


@pytest.mark.usefixtures("day")
def test_what_came_in_is_kept_as_it_came_and_its_sender_is_not_taken_for_somebody_known():
    send()

    report = Report.objects.get(source="public form")
    assert report.raw["words"] == "The food bin was not collected.\nAgain."
    customer = report.case.customer
    assert (customer.name, customer.email, customer.is_verified) == (
        "Ann Bell",
        "ann@example.net",
        False,
    )
    assert Contact.objects.get(case=report.case).note == report.raw["words"]
    assert report.case.asset.place == "12 Elm Road, EX4 4QJ"


@pytest.mark.usefixtures("day")
def test_the_same_form_twice_is_one_case():
    key = public_key.fresh_key(now=MINUTE_AGO)
    for _ in range(3):
        answer = Client().post("/report", A_BIN | {"key": key})
        assert answer.status_code == 302

    assert len(filed()) == Report.objects.filter(source="public form").count() == 1
    assert Customer.objects.filter(name="Ann Bell").count() == 1
    assert filed()[0].promises.count() == 1


@pytest.mark.usefixtures("day")
def test_all_that_is_missing_is_said_at_once_and_all_that_was_typed_stays():
    answer = send(postcode="", reach="somewhere", what="nothing", words="Keep <me>.")

    assert answer.status_code == 422
    page = text(answer)
    for sentence in (
        "Please choose what is broken.",
        "Please give the postcode or the town",
        "Please give an e-mail address or a phone number",
    ):
        assert sentence in page
    assert "Keep &lt;me&gt;." in answer.content.decode()
    assert 'href="#what"' in answer.content.decode()
    assert not filed()


@pytest.mark.usefixtures("day")
@pytest.mark.parametrize(
    "field", ["what", "harm", "postcode", "address", "words", "name", "reach", "key"]
)
@pytest.mark.parametrize(
    "given", ["x" * 100_000, "\x00", "\ud800".encode("utf-8", "replace"), "🤷" * 300]
)
def test_no_input_is_an_error_of_ours(field, given):
    assert send(**{field: given}).status_code in {200, 302, 409, 422}


@pytest.mark.usefixtures("day")
def test_a_program_that_fills_in_every_field_or_is_too_quick_is_refused_with_a_sentence():
    trapped = send(website="https://spam.example")
    quick = send(at=NOW)
    forged = send(key="forged")
    old = send(at=NOW - timedelta(hours=25))

    assert (trapped.status_code, quick.status_code) == (422, 409)
    assert "it is there for programs" in text(trapped)
    assert "That was very quick." in text(quick)
    for page in (forged, old):
        assert page.status_code == 409
        assert "open for a long time" in text(page)
        assert "The food bin was not collected." in page.content.decode()
    assert not filed()


@pytest.mark.usefixtures("day")
def test_after_a_while_the_same_quick_form_goes_through():
    refused = send(at=NOW).content.decode()
    key = re.findall(r'name="key" value="([^"]+)"', refused)[0]

    assert public_key.number_of(key, now=NOW + timedelta(seconds=4))


@pytest.mark.usefixtures("day")
def test_attack_50_one_address_cannot_flood_the_desk_and_no_address_is_kept():
    client = Client(REMOTE_ADDR="203.0.113.7")
    for _ in range(PER_HOUR):
        assert send(client, known="other").status_code == 302

    refused = send(client, known="other")

    assert refused.status_code == 429
    assert "Nothing that you wrote is lost" in text(refused)
    assert "The food bin was not collected." in refused.content.decode()
    assert send(Client(REMOTE_ADDR="203.0.113.8"), known="other").status_code == 302
    assert "203.0.113" not in str(list(Knock.objects.values()))


@pytest.mark.usefixtures("day")
def test_attack_11_a_bomb_of_forms_in_a_victims_name_sends_the_victim_a_few_at_most():
    evil, victim = "Buy at evil.example", "victim@example.org"
    for number in range(20):
        client = Client(REMOTE_ADDR=f"203.0.113.{number}")
        reach = victim.title() if number % 2 else f"victim+{number}@example.org"
        send(client, reach=reach, name=evil, words=evil, address=evil, known="other")

    letters = Letter.objects.filter(mailbox=victim)
    assert len(filed()) == 20
    assert 0 < letters.count() <= 4
    assert not any("evil" in letter.words + letter.subject for letter in letters)


@pytest.mark.usefixtures("day")
def test_attack_45_what_a_visitor_writes_into_proxy_headers_is_not_believed(settings, rf):
    plain = rf.post("/report", headers={"x-forwarded-for": "198.51.100.1"})
    other = rf.post("/report", headers={"x-forwarded-for": "198.51.100.2"})
    assert public_key.visitor_of(plain, now=NOW) == public_key.visitor_of(other, now=NOW)

    settings.BEHIND_PROXY = True
    forged = [
        rf.post("/report", headers={"x-forwarded-for": f"{lie}, 198.51.100.9"})
        for lie in ("1.1.1.1", "2.2.2.2")
    ]
    assert len({public_key.visitor_of(one, now=NOW) for one in forged}) == 1
    assert public_key.visitor_of(forged[0], now=NOW) != public_key.visitor_of(plain, now=NOW)


def test_a_household_with_ipv6_counts_as_one(rf):
    ours = [rf.post("/", REMOTE_ADDR=f"2001:db8:1:2::{host}") for host in (1, 2)]
    theirs = rf.post("/", REMOTE_ADDR="2001:db8:1:3::1")
    broken = rf.post("/", REMOTE_ADDR="not an address")

    assert len({public_key.visitor_of(one, now=NOW) for one in ours}) == 1
    assert len({public_key.visitor_of(one, now=NOW) for one in (ours[0], theirs, broken)}) == 3


def test_knocks_of_yesterday_are_forgotten():
    knocks.knock("report", b"x" * 32, at_most=1, now=NOW)
    with pytest.raises(knocks.TooManyKnocksError):
        knocks.knock("report", b"x" * 32, at_most=1, now=NOW + timedelta(minutes=10))

    knocks.knock("report", b"x" * 32, at_most=1, now=NOW + timedelta(hours=26))

    assert Knock.objects.count() == 1


@pytest.mark.parametrize(
    ("customer", "stranger"),
    [("david@example.net", "nobody@example.net"), ("07700 900123", "07700 900999")],
)
def test_attack_23_nobody_learns_here_who_is_a_customer(day, customer, stranger):
    david = day.bin.customer
    Customer.objects.filter(pk=david.pk).update(email="david@example.net")
    send(known="other", postcode="N1 1AA")
    pages = []
    for who in (customer, stranger):
        with CaptureQueriesContext(connection) as captured:
            answer = send(reach=who, postcode="N1 1AA", name="David Taylor", known="other")
        page = text(Client().get(answer.headers["Location"]))
        pages.append((re.sub(r"••• \d+", "", page), len(captured)))
        assert filed()[-1].customer_id != david.pk

    assert len(set(pages)) == 1
    assert day.bin.reports.count() == 2
    assert not Contact.objects.filter(case=day.bin, channel="web").exists()


@pytest.mark.usefixtures("day")
def test_attack_18_nobody_gets_into_somebodys_case_by_reporting_the_same():
    answer = send(name="David Taylor", reach="07700 900123", postcode="N1 1AA")

    page = text(Client().get(answer.headers["Location"]))
    assert "Food bin not collected on Friday" not in page
    assert "crew" not in page


@pytest.mark.usefixtures("day")
def test_a_failure_that_several_reported_is_known_and_joined_with_one_tap():
    several()

    known = send()

    assert known.status_code == 200
    page = text(known)
    assert "3 other reports came from your district." in page
    assert "Next news By " in page
    hidden = dict(re.findall(r'name="(\w+)"\s+value="([^"]*)"', known.content.decode()))
    joined = Client().post("/report", hidden | {"known": "join", "words": A_BIN["words"]})
    assert joined.status_code == 302
    first, *_rest, mine = filed()
    assert mine.owner == first.owner
    assert mine.known_failure == first.known_failure
    assert mine.pk != first.pk
    assert mine.customer.name == "Ann Bell"


@pytest.mark.usefixtures("day")
def test_who_joins_is_promised_the_others_news_at_the_others_time(monkeypatch):
    several()
    later = NOW + timedelta(hours=2)
    monkeypatch.setattr(StandingClock, "now", classmethod(lambda cls, tz=None: later))  # noqa: ARG005 - its shape

    send(known="join", at=later - timedelta(minutes=1))

    first, *_rest, mine = filed()
    dues = {promise.due_at for promise in mine.promises.still_open()}
    assert first.promises.get().due_at in dues


@pytest.mark.usefixtures("day")
def test_two_reports_elsewhere_or_of_something_else_are_not_spoken_of():
    several(2)
    assert send(reach="x@example.net").status_code == 302  # the third itself
    assert send(postcode="EX5 1AA").status_code == 302
    assert send(what="function:travel").status_code == 302
    assert send(postcode="Exeter").status_code == 302


@pytest.mark.usefixtures("day")
def test_a_known_failure_says_a_number_and_nothing_that_anybody_wrote():
    several(words="SECRET WORDS", name="SECRET NAME", address="SECRET STREET")

    page = send(words="Mine.", name="Me").content.decode()

    assert "SECRET" not in page
    assert "somebody" not in page


def test_dead_alarms_in_a_district_are_told_to_nobody_unless_staff_decide_so(day):
    several(5, what="function:security")
    assert send(what="function:security").status_code == 302

    public_reports.say_publicly(filed()[0].pk, is_public=True, by=day.laura, now=NOW)
    assert send(what="function:security").status_code == 200

    public_reports.say_publicly(filed()[0].pk, is_public=False, by=day.laura, now=NOW)
    assert send(what="function:security").status_code == 302


@pytest.mark.usefixtures("day")
def test_a_forged_join_of_what_is_not_spoken_of_is_an_ordinary_case():
    send(known="other")

    send(known="join", reach="eve@example.net")

    assert filed()[-1].promises.count() == 1


@pytest.mark.usefixtures("day")
def test_what_was_decided_of_a_failure_ends_with_it():
    failure = KnownFailure.objects.create(what="function:hygiene", area="EX4", is_public=True)

    send()

    failure.refresh_from_db()
    assert failure.is_public is None


def test_services_are_offered_by_the_companys_own_names_and_go_to_their_team(day):  # noqa: ARG001 - the desk lives
    otto = outsider()
    Service.objects.create(name="Food waste round", function=Function.HYGIENE, team=otto.team)
    Service.objects.create(
        name="Ended round", function=Function.HYGIENE, team=otto.team, retired_at=NOW
    )
    form = Client().get("/report").content.decode()
    assert "Food waste round" in form
    assert "Ended round" not in form
    key = re.findall(r'value="(service:\d+)"', form)[0]

    send(what=key)

    (case,) = filed()
    assert case.owner.team == otto.team
    assert case.asset.service.name == "Food waste round"


@pytest.mark.usefixtures("day")
def test_without_anybody_who_can_own_it_nothing_is_promised_and_the_words_stay():
    team = outsider().team
    service = Service.objects.create(name="Empty", function=Function.HYGIENE, team=team)
    Staff.objects.filter(team=team).update(is_active=False)

    answer = send(what=f"service:{service.pk}")

    assert answer.status_code == 503
    assert "Please phone us" in text(answer)
    assert "The food bin was not collected." in answer.content.decode()
    assert not filed()


@pytest.mark.usefixtures("day")
def test_the_form_is_small_sets_no_cookie_and_cannot_be_framed():
    answer = Client().get("/report")

    assert len(answer.content) < 30_000
    scripts = re.findall(rb"<script[^>]*>[^<]*", answer.content)
    assert scripts == [b'<script src="/static/typed.js" defer>']
    assert not answer.cookies
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_staff_recognise_who_came_by_the_form(day):
    send()
    (case,) = filed()

    for _ in range(2):
        public_reports.recognise(case.pk, by=day.laura, now=NOW)

    case.customer.refresh_from_db()
    assert case.customer.is_verified
    assert case.timeline.filter(kind="customer_recognised").count() == 1


def test_a_forged_number_of_a_form_opens_nothing():
    with pytest.raises(public_key.PublicKeyError):
        public_key.number_of(uuid4().hex, now=NOW)
