"""The desk's acts: each does one thing, and a refusal says why, with the words kept."""

import uuid
from datetime import timedelta

import pytest
from django.template.loader import get_template
from django.test import Client

from busy_day import NOW, BusyDay, a_busy_day, at, open_promise
from makegood.actions.cases import CaseError
from makegood.doors.web import refusals
from makegood.records.models import (
    Asset,
    CaseLink,
    Contact,
    Customer,
    Escalation,
    Handover,
    Message,
    Promise,
    PromiseRevision,
    Report,
)
from makegood.rules.promises import Outcome, Precision, PromiseError
from standing_clock import StandingClock
from world import a_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def day(monkeypatch) -> BusyDay:
    monkeypatch.setattr("makegood.doors.moment.datetime", StandingClock)
    return a_busy_day()


@pytest.fixture
def laura(day) -> Client:
    client = Client()
    client.force_login(day.laura)
    return client


def _text(answer) -> str:
    return " ".join(answer.content.decode().split())


def _subclasses(kind: type) -> set[type]:
    return {kind} | {deeper for child in kind.__subclasses__() for deeper in _subclasses(child)}


def test_every_refusal_of_the_rules_has_its_status():
    for kind in _subclasses(PromiseError) | _subclasses(CaseError):
        status, words = refusals.explain(kind("Because."))
        assert status in {409, 422}, kind
        assert words


def test_a_promise_is_made_for_a_time_on_the_customers_clock(day, laura):
    answer = laura.post(
        f"/cases/{day.bill.reference}/promises",
        {
            "words": "You have the refund by then.",
            "due_on": "2026-06-02",
            "due_time": "12:00",
            "kind": "redress",
            "channel": "phone",
        },
    )

    assert answer.status_code == 302
    made = Promise.objects.get(words="You have the refund by then.")
    assert made.due_at == at(11) + timedelta(days=1)  # noon in Madrid
    assert (made.speaker_name, made.said_by_id) == ("Laura Bennett", day.laura.pk)


def test_a_promise_for_a_day_lasts_until_the_days_end_and_may_open_later(day, laura):
    laura.post(
        f"/cases/{day.bin.reference}/promises",
        {
            "words": "Some day that week.",
            "due_on": "2026-06-12",
            "from_on": "2026-06-08",
            "kind": "visit",
            "channel": "email",
        },
    )

    made = Promise.objects.get(words="Some day that week.")
    assert made.precision == Precision.DATE
    assert made.due_at.isoformat().startswith("2026-06-12T22:59:59")
    assert made.earliest_at is not None
    assert made.earliest_at.isoformat() == "2026-06-07T23:00:00+00:00"


@pytest.mark.parametrize(
    ("fields", "status", "says"),
    [
        ({"due_on": "2026-05-30"}, 422, "The time must lie ahead"),
        ({"due_on": ""}, 422, "This field is required"),
        ({"due_on": "1066-10-14"}, 422, "between 2000 and 2099"),
        ({"due_on": "2027-03-28", "due_time": "01:30"}, 422, "does not come"),
        ({"from_on": "2026-06-20"}, 422, "a window must open before it closes"),
        ({"from_time": "10:00"}, 422, "Give the day as well"),
        ({"said_at": "2026-06-01T18:00"}, 422, "must not lie ahead"),
        ({"words": ""}, 422, "This field is required"),
        ({"words": "nul \x00"}, 422, "Null characters are not allowed"),
        ({"kind": "owned"}, 422, "not one of the available choices"),
    ],
)
def test_a_promise_that_cannot_be_is_refused_with_its_words_kept(day, laura, fields, status, says):
    sent = {
        "words": "These words stay.",
        "due_on": "2026-06-10",
        "kind": "other",
        "channel": "phone",
        **fields,
    }
    before = Promise.objects.count()

    answer = laura.post(f"/cases/{day.bin.reference}/promises", sent)

    assert answer.status_code == status
    assert says in _text(answer)
    if fields.get("words") is None:
        assert "These words stay." in _text(answer)
    assert Promise.objects.count() == before


def test_the_same_promise_sent_twice_is_made_once(day, laura):
    sent = {"words": "Once.", "due_on": "2026-06-10", "kind": "other", "channel": "phone"}
    laura.post(f"/cases/{day.bin.reference}/promises", sent)

    again = laura.post(f"/cases/{day.bin.reference}/promises", sent)

    assert again.status_code == 409
    assert "promised for that time already" in _text(again)
    assert Promise.objects.filter(words="Once.").count() == 1


def test_keeping_needs_evidence_and_is_done_once(day, laura):
    call = open_promise(day.bill, "I'll call")
    address = f"/promises/{call.pk}/keep"
    assert laura.post(address, {"evidence": " "}).status_code == 422

    kept = laura.post(address, {"evidence": "Rang her.", "at": "2026-06-01T13:30", "back": "word"})
    assert kept.headers["Location"] == "/"
    call.refresh_from_db()
    assert (call.outcome, call.settled_at, call.evidence) == (Outcome.KEPT, at(13, 30), "Rang her.")

    again = laura.post(address, {"evidence": "Rang her twice."})
    assert again.status_code == 409
    assert "was kept already" in _text(again)
    assert "Rang her twice." in _text(again)


def test_keeping_in_the_very_minute_of_the_word_is_no_time_travel(day, laura):
    call = open_promise(day.bin, "I ring you")
    minute = call.said_at + timedelta(hours=1)  # on London's clocks

    answer = laura.post(
        f"/promises/{call.pk}/keep", {"evidence": "Done.", "at": f"{minute:%Y-%m-%dT%H:%M}"}
    )

    assert answer.status_code == 302


def test_a_date_moves_only_with_the_proof_of_telling(day, laura):
    call = open_promise(day.bill, "I'll call")
    sent = {"due_on": "2026-06-01", "due_time": "18:00", "cause": "The bank is slow."}

    assert laura.post(f"/promises/{call.pk}/move", sent).status_code == 302
    assert laura.post(f"/promises/{call.pk}/move", sent).status_code == 409
    call.refresh_from_db()
    assert call.due_at == at(14)

    revision = PromiseRevision.objects.get()
    address = f"/revisions/{revision.pk}/told"
    assert laura.post(address, {"channel": "phone", "evidence": ""}).status_code == 422
    told = laura.post(
        address, {"channel": "phone", "evidence": "Agreed.", "at": "2026-06-01T13:38"}
    )
    assert told.status_code == 302
    call.refresh_from_db()
    assert call.due_at == at(17)


def test_releasing_and_replacing_need_the_customers_consent(day, laura):
    call = open_promise(day.bill, "I'll call")
    replaced = laura.post(
        f"/promises/{call.pk}/replace",
        {
            "words": "I write to you instead.",
            "due_on": "2026-06-01",
            "due_time": "18:00",
            "kind": "other",
            "channel": "phone",
            "agreed": "She prefers a letter.",
        },
    )
    assert replaced.status_code == 302
    call.refresh_from_db()
    assert call.outcome == Outcome.REPLACED

    new = Promise.objects.get(words="I write to you instead.")
    assert laura.post(f"/promises/{new.pk}/release", {"evidence": ""}).status_code == 422
    assert laura.post(f"/promises/{new.pk}/release", {"evidence": "She said."}).status_code == 302
    new.refresh_from_db()
    assert new.outcome == Outcome.RELEASED


def test_a_handover_is_offered_once_and_accepted_by_the_one_who_was_asked(day, laura):
    priya = a_person("Priya Shah")
    address = f"/cases/{day.bin.reference}/handovers"
    assert laura.post(address, {"to": priya.pk, "why": "Holiday."}).status_code == 302

    again = laura.post(address, {"to": priya.pk, "why": "Holiday."})
    assert again.status_code == 409
    assert "already asked" in _text(again)
    assert laura.post(address, {"to": day.laura.pk, "why": "Me."}).status_code == 422

    offer = Handover.objects.get(case=day.bin)
    other = Client()
    other.force_login(priya)
    assert other.post(f"/handovers/{offer.pk}/answer", {"answer": "accept"}).status_code == 302
    day.bin.refresh_from_db()
    assert day.bin.owner_id == priya.pk


def test_a_contact_counts_minutes_and_money_once(day, laura):
    sent = {
        "direction": "inbound",
        "channel": "phone",
        "note": "Asked again.",
        "hold_minutes": "7",
        "talk_minutes": "3",
        "estimated": "on",
        "money": "1.20",
        "currency": "gbp",
    }
    keyed = sent | {"sent_key": "0b9f1c9e-3c1b-4d0e-9f5e-2f3f5b6c7d8e"}
    assert laura.post(f"/cases/{day.bin.reference}/contacts", keyed).status_code == 302
    again = laura.post(f"/cases/{day.bin.reference}/contacts", keyed, follow=True)
    assert "This was sent twice. It counts once." in _text(again)

    contact = Contact.objects.get(note="Asked again.")
    assert (contact.hold_minutes, contact.money_minor, contact.currency) == (7, 120, "GBP")
    assert contact.estimated
    bad = laura.post(f"/cases/{day.bin.reference}/contacts", {**sent, "money": "12.345"})
    assert bad.status_code == 422
    assert "no amount of GBP" in _text(bad)


def test_an_apology_is_said_once_in_words(day, laura):
    owed = Message.objects.get(case=day.alarm)
    address = f"/messages/{owed.pk}/said"
    assert laura.post(address, {"words": "", "channel": "phone"}).status_code == 422
    assert laura.post(address, {"words": "I am sorry.", "channel": "phone"}).status_code == 302

    again = laura.post(address, {"words": "I am sorry again.", "channel": "phone"})
    assert again.status_code == 409
    assert "I am sorry again." in _text(again)
    owed.refresh_from_db()
    assert (owed.words, owed.said_at) == ("I am sorry.", NOW)


def test_a_case_closes_by_the_customers_answer_and_not_while_something_is_promised(day, laura):
    sent = {"channel": "phone", "note": "All is well."}
    early = laura.post(f"/cases/{day.bin.reference}/close", sent)
    assert early.status_code == 409
    assert "Something is still promised" in _text(early)
    assert not Contact.objects.filter(note="All is well.").exists()

    closed = laura.post(f"/cases/{day.lengthy.reference}/close", sent)
    assert closed.status_code == 302
    day.lengthy.refresh_from_db()
    assert day.lengthy.closed_at == NOW
    assert laura.post(f"/cases/{day.lengthy.reference}/close", sent).status_code == 409


def test_a_case_opens_again_when_the_customer_says_so(day, laura):
    address = f"/cases/{day.lengthy.reference}/reopen"
    sent = {"channel": "phone", "note": "It leaks again."}
    assert laura.post(address, sent).status_code == 409
    laura.post(
        f"/cases/{day.lengthy.reference}/close", {"channel": "phone", "note": "All is well."}
    )
    assert "Open it again" in _text(laura.get(f"/cases/{day.lengthy.reference}"))

    assert laura.post(address, {"channel": "phone", "note": ""}).status_code == 422
    assert laura.post(address, sent).status_code == 302

    day.lengthy.refresh_from_db()
    assert day.lengthy.closed_at is None
    assert "Opened again" in _text(laura.get(f"/cases/{day.lengthy.reference}"))


def test_a_case_closes_by_an_answer_that_was_recorded_before(day, laura):
    laura.post(
        f"/cases/{day.lengthy.reference}/contacts",
        {"direction": "inbound", "channel": "phone", "note": "It is right now."},
    )
    contact = Contact.objects.get(note="It is right now.")

    foreign = Contact.objects.filter(case=day.bin)[0]
    address = f"/cases/{day.lengthy.reference}/close"
    assert laura.post(address, {"contact": foreign.pk, "channel": "phone"}).status_code == 422
    assert laura.post(address, {"contact": contact.pk, "channel": "phone"}).status_code == 302
    day.lengthy.refresh_from_db()
    assert day.lengthy.closed_by_contact_id == contact.pk


def test_a_link_is_shown_once_and_can_be_taken_back(day, laura, settings):
    made = laura.post(f"/cases/{day.bill.reference}/links")
    assert made.headers["Cache-Control"] == "private, no-store"
    address = next(word for word in made.content.decode().split('"') if "/c/" in word)
    assert address.startswith(settings.BASE_URL)
    path = address.removeprefix(settings.BASE_URL)
    assert Client().get(path).status_code == 200
    assert path not in laura.get(f"/cases/{day.bill.reference}").content.decode()

    laura.post(f"/cases/{day.bill.reference}/links/revoke")
    assert Client().get(path).status_code == 404
    assert CaseLink.objects.get(case=day.bill).revoked_at == NOW


def test_an_acknowledgement_counts_once(day, laura):
    told = Escalation.objects.filter(case=day.bill).get()

    assert laura.post(f"/escalations/{told.pk}/acknowledge").status_code == 302
    again = laura.post(f"/escalations/{told.pk}/acknowledge")

    assert again.status_code == 409
    assert "acknowledged already" in _text(again)


def _report(**more: str) -> dict[str, str]:
    return {
        "key": str(uuid.uuid4()),
        "name": "Nina New",
        "phone": "07700 900555",
        "lives_in": "Europe/Lisbon",
        "asset_name": "boiler",
        "function": "shelter",
        "harm": "lost",
        "title": "No hot water",
        "wanted": "Warm water tonight.",
        "talk_minutes": "4",
        **more,
    }


def test_a_report_of_somebody_new_opens_a_case_once(day, laura):
    sent = _report()

    first = laura.post("/reports/new", sent)
    again = laura.post("/reports/new", sent)

    assert first.status_code == again.status_code == 302
    assert first.headers["Location"] == again.headers["Location"]
    nina = Customer.objects.get(name="Nina New")
    case = nina.cases.get()
    assert (nina.zone, case.owner_id, case.severity) == ("Europe/Lisbon", day.laura.pk, 2)
    assert Asset.objects.get(customer=nina).name == "boiler"
    page = _text(laura.get(first.headers["Location"]))
    assert "My name is Laura Bennett. I own this until it is resolved." in page
    assert "You will hear from Laura Bennett" in page


def test_a_report_of_a_known_failure_joins_its_case(day, laura):
    sent = _report(customer=str(day.bin.customer_id), asset=str(day.bin.asset_id), name="")

    answer = laura.post("/reports/new", sent)

    report = Report.objects.order_by("-pk")[0]
    assert report.case_id == day.bin.pk
    assert "It joined the open case" in _text(laura.get(answer.headers["Location"]))


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"name": ""}, "Give the caller's name"),
        ({"function": ""}, "Say what they depend on it for"),
        ({"title": ""}, "This field is required"),
        ({"lives_in": "Mars/Olympus"}, "No such zone"),
        ({"lives_in": "../etc"}, "No such zone"),
        ({"since": "2027-01-01T00:00"}, "That lies ahead"),
        ({"hold_minutes": "-1"}, "greater than or equal to 0"),
        ({"key": "mine"}, "Enter a valid UUID"),
    ],
)
def test_a_report_that_lacks_something_says_what_and_keeps_the_rest(day, laura, fields, says):  # noqa: ARG001 - the day is there
    answer = laura.post("/reports/new", _report(**fields))

    assert answer.status_code == 422
    body = answer.content.decode().replace("&#x27;", "'")
    assert says in " ".join(body.split())
    assert "Warm water tonight." in body
    assert not Customer.objects.filter(name="Nina New").exists()


@pytest.mark.usefixtures("day")
def test_text_of_people_is_shown_as_text_everywhere(laura):
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
    laura.post(
        "/reports/new", _report(name=evil, title=evil, wanted=evil, note=evil, asset_name=evil)
    )
    case = Customer.objects.get(name=evil).cases.get()
    reference = case.reference
    post = laura.post
    post(
        f"/cases/{reference}/promises",
        {"words": evil, "due_on": "2026-06-10", "kind": "other", "channel": "phone"},
    )
    call = Promise.objects.get(words=evil)
    post(f"/promises/{call.pk}/move", {"due_on": "2026-06-11", "cause": evil})
    revision = PromiseRevision.objects.get()
    post(f"/revisions/{revision.pk}/told", {"channel": "phone", "evidence": evil})
    post(f"/cases/{reference}/contacts", {"direction": "inbound", "channel": "phone", "note": evil})
    post(f"/cases/{reference}/handovers", {"to": a_person("Priya Shah").pk, "why": evil})
    post(f"/promises/{call.pk}/keep", {"evidence": evil})
    made = post(f"/cases/{reference}/links").content.decode()
    link = next(word for word in made.split('"') if "/c/" in word)
    path = "/c/" + link.rpartition("/c/")[2]

    pages = ["/", "/cases", f"/cases/{reference}?act=close", "/reports/new?q=%3Cscript%3E"]
    bodies = [laura.get(page).content.decode() for page in pages]
    bodies += [Client().get(path).content.decode(), made]
    bodies.append(laura.post(f"/promises/{call.pk}/keep", {"evidence": evil}).content.decode())

    for body in bodies:
        assert "<script>alert" not in body
        assert "<img src=x" not in body
    assert any("&lt;script&gt;alert(1)" in body for body in bodies)


@pytest.mark.usefixtures("day")
def test_a_search_takes_any_text(laura):
    for sought in ("%00", "%25", "'", "_", "%F0%9F%99%82", "a" * 500, "\\"):
        assert laura.get(f"/cases?q={sought}&page=x").status_code == 200
        assert laura.get(f"/reports/new?q={sought}").status_code == 200
    for page in ("-1", "0", "999999999999", "1.5"):
        assert laura.get(f"/cases?page={page}").status_code == 200


def test_acts_of_another_case_do_not_open_here(day, laura):
    call = open_promise(day.bill, "I'll call")

    here = laura.get(f"/cases/{day.bin.reference}?act=keep&on={call.pk}")

    assert here.status_code == 200
    assert "Record that it was kept" not in _text(here)


def test_a_promise_past_its_time_offers_no_new_date(day, laura, monkeypatch):
    call = open_promise(day.bill, "I'll call")
    monkeypatch.setattr(StandingClock, "now", classmethod(lambda cls, tz=None: at(14, 5)))  # noqa: ARG005 - its shape

    page = _text(laura.get(f"/cases/{day.bill.reference}"))
    assert "Past its time" in page
    assert f"?act=move&amp;on={call.pk}" not in page
    late = laura.post(
        f"/promises/{call.pk}/move", {"due_on": "2026-06-02", "due_time": "10:00", "cause": "Late."}
    )
    assert late.status_code == 409
    assert "nothing that is agreed now can undo that" in _text(late)


@pytest.mark.usefixtures("day")
def test_error_pages_help(laura):
    assert "There is nothing here" in _text(laura.get("/nowhere"))
    assert "belongs to somebody else" in _text(
        laura.post(f"/escalations/{Escalation.objects.filter(reason='break')[0].pk}/acknowledge")
    )


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500"])
def test_error_pages_need_nothing_that_may_be_broken(name):
    page = get_template(f"{name}.html").render()

    assert "Go to My word" in page


def test_short_searches_for_a_caller_ask_for_more(laura):
    assert "Give at least two letters" in _text(laura.get("/reports/new/callers?q=a"))
