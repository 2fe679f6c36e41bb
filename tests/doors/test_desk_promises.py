"""What the desk does to promises: one thing each, and a refusal says why, with the words kept."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from busy_day import at, open_promise
from makegood.actions.cases import CaseError
from makegood.doors.web import refusals
from makegood.records.models import Promise, PromiseRevision
from makegood.rules.promises import Outcome, Precision, PromiseError
from standing_clock import StandingClock

pytestmark = pytest.mark.django_db


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
            "words": "You have the corrected bill by then.",
            "due_on": "2026-06-02",
            "due_time": "12:00",
            "kind": "repair",
            "channel": "phone",
        },
    )

    assert answer.status_code == 302
    made = Promise.objects.get(words="You have the corrected bill by then.")
    assert made.due_at == at(11) + timedelta(days=1)  # noon in Madrid
    assert (made.speaker_name, made.said_by_id) == ("Laura Bennett", day.laura.pk)


@pytest.mark.parametrize(
    ("case", "kind"),
    [("alarm", "repair"), ("lengthy", "delivery"), ("bill", "repair"), ("bin", "callback")],
)
def test_a_new_promise_begins_as_the_deed_that_the_case_needs_next(day, laura, case, kind):
    page = laura.get(f"/cases/{getattr(day, case).reference}?act=make").content.decode()

    # The bin's collection is promised already, so that a call is what comes next.
    assert re.findall(r'<option value="(\w+)" selected', page)[0] == kind


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
        ({"due_on": ""}, 422, "Say by when: here, or in the words."),
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


def _rings(client: Client, promise: Promise, at: str, *, message: bool):
    sent = {"at": at} | ({"left_message": "on"} if message else {})
    return client.post(f"/promises/{promise.pk}/rang", sent, follow=True)


def test_a_call_that_nobody_answers_is_tried_twice_and_then_can_be_kept(day, laura, monkeypatch):
    monkeypatch.setattr(StandingClock, "now", classmethod(lambda cls, tz=None: at(13, 55)))  # noqa: ARG005 - its shape
    call = open_promise(day.bill, "I'll call")
    here = f"/cases/{day.bill.reference}?act=keep&on={call.pk}"

    first = _rings(laura, call, "2026-06-01T13:31", message=False)
    assert "Leave a message, and try once more from 13:46." in _text(first)
    assert "Laura Bennett rang, and nobody answered." in _text(first)
    assert "nobody answered; a message" not in laura.get(here).content.decode()
    second = _rings(laura, call, "2026-06-01T13:50", message=True)

    assert "You rang twice and left a message: record it as kept." in _text(second)
    proposed = "Rang at 13:31, 13:50, nobody answered; a message was left."
    assert proposed in laura.get(here).content.decode()
    call.refresh_from_db()
    assert call.outcome is None


@pytest.mark.parametrize(
    ("rung", "status", "says"),
    [
        ("2026-06-01T14:30", 422, "must not lie ahead"),
        ("2026-06-01T09:00", 422, "nor before the promise was given"),
    ],
)
def test_a_try_that_cannot_have_been_is_refused(day, laura, rung, status, says):
    call = open_promise(day.bill, "I'll call")

    refused = laura.post(f"/promises/{call.pk}/rang", {"at": rung})

    assert refused.status_code == status
    assert says in _text(refused)


def test_only_a_call_that_is_still_promised_can_be_tried(day, laura):
    visit, call = open_promise(day.bin, "Collected"), open_promise(day.bill, "I'll call")
    assert laura.post(f"/promises/{visit.pk}/rang", {}).status_code == 409
    assert (
        f"act=rang&amp;on={visit.pk}"
        not in laura.get(f"/cases/{day.bin.reference}").content.decode()
    )
    laura.post(f"/promises/{call.pk}/keep", {"evidence": "Rang her."})

    late = laura.post(f"/promises/{call.pk}/rang", {})

    assert late.status_code == 409
    assert "This can no longer be done." in _text(late)
