"""A report by phone: it opens a case once, joins a known one, and says what it lacks."""

import re
import uuid

import pytest

from makegood.records.models import Asset, Customer, Message, Report

pytestmark = pytest.mark.django_db


def _text(answer) -> str:
    return " ".join(answer.content.decode().split())


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


def test_short_searches_for_a_caller_ask_for_more(laura):
    assert "Give at least two letters" in _text(laura.get("/reports/new/callers?q=a"))


def test_an_apology_is_proposed_with_the_report_and_recorded_by_one_press(day, laura):
    taken = laura.post("/reports/new", _report(), follow=True)
    assert "<q>That was our mistake, and I am sorry.</q>" in _text(taken)
    case = Customer.objects.get(name="Nina New").cases.get()

    said = laura.post(
        f"/cases/{case.reference}/apologies",
        {"words": "That was our mistake, and I am sorry.", "channel": "phone", "back": "make"},
    )

    assert said.headers["Location"] == f"/cases/{case.reference}?act=make#acts"
    assert Message.objects.get(case=case).said_by == day.laura
    assert "I said so" not in _text(laura.get(f"/reports/{case.reports.get().pk}"))


def test_what_is_wrong_has_the_focus_also_where_it_was_folded_away(laura):
    answer = laura.post("/reports/new", _report(hold_minutes="-1")).content.decode()

    (focused,) = re.findall(r"<input[^>]*autofocus[^>]*>", answer)
    assert 'name="hold_minutes"' in focused
    assert '<details class="mg-more" open>' in answer


def _severity_while_typing(laura, **typed: str) -> str:
    part = laura.get("/reports/new/same", {"harm": "lost", **typed}).content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", part).split())


def test_severity_appears_by_itself_once_it_is_known_what_is_broken(laura):
    assert "P" not in _severity_while_typing(laura, function="")
    assert "P2 shelter lost" in _severity_while_typing(laura, function="shelter")
    assert "P3 shelter delayed" in _severity_while_typing(laura, function="shelter", harm="delayed")
    exposed = _severity_while_typing(laura, function="shelter", vulnerable="on")
    assert "P1 shelter lost, vulnerable exposed" in exposed
    assert "P" not in _severity_while_typing(laura, function="nonsense", harm="none")


@pytest.mark.parametrize("harm", ["lost", "cosmetic"])
def test_the_severity_that_appears_is_the_one_that_the_case_has_then(day, laura, harm):
    """The second report of the same thing raises the case, and the form says so before."""
    customer, asset = str(day.bin.customer_id), str(day.bin.asset_id)
    said = _severity_while_typing(laura, customer=customer, asset=asset, harm=harm)

    laura.post("/reports/new", _report(customer=customer, asset=asset, name="", harm=harm))

    day.bin.refresh_from_db()
    page = _text(laura.get(f"/cases/{day.bin.reference}"))
    assert f"P{day.bin.severity} " in said
    assert said.partition(f"P{day.bin.severity} ")[2] in page


def test_the_severity_of_a_vulnerable_customer_s_thing_is_theirs(day, laura):
    Customer.objects.filter(pk=day.bill.customer_id).update(vulnerable=True)
    customer = str(day.bill.customer_id)
    said = _severity_while_typing(laura, customer=customer, function="comfort", harm="lost")

    laura.post("/reports/new", _report(customer=customer, function="comfort", name=""))

    assert f"P{Customer.objects.get(pk=customer).cases.order_by('-pk')[0].severity} " in said
