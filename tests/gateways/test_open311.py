"""Reading another Open311 server: pages, keys, and answers that are none."""

import json
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from makegood.gateways import open311
from makegood.gateways.open311 import Open311Error, Server
from makegood.gateways.outside import Answer, Call, OutsideError

SERVER = Server(
    url="https://city.example/v2/", jurisdiction="city", key="k&y", services=("1", "pot hole")
)


def a_row(number: int) -> dict[str, object]:
    return {
        "service_request_id": number, "status": "open", "requested_datetime": "2026-06-01T09:00:00Z"
    }  # fmt: skip


class City:
    """A server that gives a page of rows after the other, and keeps what it was asked."""

    def __init__(self, *pages: object, knows_pages: bool = True) -> None:
        self.asked: list[dict[str, list[str]]] = []
        self._pages, self._knows_pages = pages, knows_pages

    def __call__(self, call: Call) -> Answer:
        asked = parse_qs(urlsplit(call.url).query)
        self.asked.append(asked)
        place = int(asked["page"][0]) - 1 if self._knows_pages else 0
        rows = self._pages[place] if place < len(self._pages) else []
        return Answer(status=200, body=json.dumps(rows).encode())


def read(look, *windows: dict[str, str]) -> list[str]:
    pages = open311.pages(
        SERVER, windows or ({"updated_after": "2026-06-01T00:00:00Z"},), look=look
    )
    return [one.id for page in pages for one in page.requests]


def test_pages_are_read_until_nothing_new_comes():
    city = City([a_row(1), a_row(2)], [a_row(3)])
    assert read(city) == ["1", "2", "3"]
    assert [asked["page"] for asked in city.asked] == [["1"], ["2"], ["3"]]


def test_a_server_that_knows_no_pages_is_read_once_more_and_no_further():
    city = City([a_row(1)], knows_pages=False)
    assert read(city) == ["1", "1"]


def test_it_is_asked_with_its_jurisdiction_its_key_and_its_services():
    city = City()
    read(city, {"start_date": "2026-06-01T00:00:00Z"}, {"service_request_id": "7,8"})

    first, by_number = city.asked
    assert first["jurisdiction_id"] == ["city"]
    assert first["api_key"] == ["k&y"]
    assert first["service_code"] == ["1,pot hole"]
    assert by_number["service_request_id"] == ["7,8"]
    assert "service_code" not in by_number  # numbers leave no other filter


def test_a_server_with_ever_new_rows_comes_to_an_end():
    def endless(call: Call) -> Answer:
        page = int(parse_qs(urlsplit(call.url).query)["page"][0])
        return Answer(status=200, body=json.dumps([a_row(page)]).encode())

    with pytest.raises(Open311Error, match="more than 50 pages"):
        read(endless)


def test_a_slow_server_is_left_after_a_while_and_what_came_counts(monkeypatch):
    clock = iter(range(0, 100_000, 200))
    monkeypatch.setattr(open311.time, "monotonic", lambda: next(clock))
    pages = open311.pages(SERVER, [{}], look=City([a_row(1)], [a_row(2)]))
    assert [one.id for one in next(pages).requests] == ["1"]
    with pytest.raises(Open311Error, match="longer than 300 seconds"):
        next(pages)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (Answer(status=302, body=b"[]"), "a redirection is not followed"),
        (Answer(status=500, body=b"[]"), "answered 500"),
        (Answer(status=403, body=b"[]"), "answered 403"),
        (Answer(status=200, body=b"x" * (open311.MOST_BYTES + 1)), "more than 5 MB"),
        (Answer(status=200, body=b"<html>"), "no list of service requests"),
        (Answer(status=200, body=b'{"errors": []}'), "no list of service requests"),
        (Answer(status=200, body=b"[" * 100_000), "no list of service requests"),
        (Answer(status=200, body=b"\xff\xfe"), "no list of service requests"),
        (Answer(status=200, body=b"[" + b"9" * 5_000 + b"]"), "no list of service requests"),
    ],
)
def test_an_answer_that_is_none_says_what_is_wrong(answer, says):
    with pytest.raises(Open311Error, match=says):
        read(lambda _call: answer)


def test_a_server_that_is_down_says_so():
    def down(_call: Call) -> Answer:
        raise OutsideError("city.example was not reached: refused")

    with pytest.raises(Open311Error, match="was not reached"):
        read(down)


class OnlyXml:
    """A server that has no JSON, as the standard allows."""

    def __init__(self, *, refuses_with: int = 404) -> None:
        self.forms: list[str] = []
        self._refusal = Answer(status=refuses_with, body=b"Nothing here.")

    def __call__(self, call: Call) -> Answer:
        form = urlsplit(call.url).path.rpartition(".")[2]
        self.forms.append(form)
        if form == "json":
            return self._refusal
        page = parse_qs(urlsplit(call.url).query)["page"][0]
        row = "".join(f"<{name}>{said}</{name}>" for name, said in a_row(7).items())
        rows = f"<request>{row}</request>" if page == "1" else ""
        return Answer(status=200, body=f"<service_requests>{rows}</service_requests>".encode())


@pytest.mark.parametrize("status", [400, 404, 406, 500])
def test_a_server_without_json_is_asked_for_xml_from_then_on(status):
    city = OnlyXml(refuses_with=status)
    assert read(city, {"start_date": "1"}, {"start_date": "2"}) == ["7", "7"]
    assert city.forms == ["json", *["xml"] * 4]


def test_a_server_that_answers_a_page_of_html_for_json_is_asked_for_xml():
    city = OnlyXml(refuses_with=200)
    assert read(city) == ["7"]


def test_xml_that_comes_for_json_is_read_as_what_it_is():
    both = OnlyXml()
    city = lambda call: both(replace(call, url=call.url.replace(".json", ".xml")))  # noqa: E731 - one line, used once
    assert read(city) == ["7"]


@pytest.mark.parametrize("status", [401, 403, 429, 503])
def test_a_server_that_lets_nobody_in_is_not_asked_twice(status):
    city = OnlyXml(refuses_with=status)
    with pytest.raises(Open311Error, match=f"answered {status}"):
        read(city)
    assert city.forms == ["json"]


def test_letters_of_another_charset_cost_only_themselves_in_json_too():
    rows = json.dumps([a_row(1) | {"description": "x"}]).replace('"x"', '"Königs"')
    found = open311.pages(
        SERVER, [{}], look=lambda _call: Answer(status=200, body=rows.encode("iso-8859-1"))
    )
    assert next(found).requests[0].words == "K\ufffdnigs"
