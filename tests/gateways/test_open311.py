"""Reading another Open311 server: pages, keys, and answers that are none."""

import json
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
