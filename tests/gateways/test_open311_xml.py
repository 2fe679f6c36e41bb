"""Service requests as XML: rows and their fields, whatever else a document holds or declares."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.doors.open311 import answers
from makegood.gateways import open311_xml
from makegood.gateways.open311_xml import XmlError

ROW = "<request><service_request_id>17</service_request_id><status>open</status></request>"
NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def rows(document: str, charset: str = "utf-8") -> list[dict[str, str]]:
    return open311_xml.read(document.encode(charset))


@pytest.mark.parametrize(
    "document",
    [
        f"<service_requests>{ROW}</service_requests>",
        f"<?xml version='1.0' encoding='utf-8'?>\n<service_requests>\n  {ROW}\n</service_requests>",
        f"\ufeff<requests>{ROW}</requests>",
        (
            "<o:service_requests xmlns:o='urn:o'><o:service_request>"
            "<o:service_request_id>17</o:service_request_id><o:status>open</o:status>"
            "</o:service_request></o:service_requests>"
        ),
    ],
)
def test_rows_are_read_however_the_list_is_dressed(document):
    assert rows(document) == [{"service_request_id": "17", "status": "open"}]


def test_a_list_of_none_is_empty():
    assert rows("<service_requests/>") == []


def test_fields_are_text_with_its_marks_and_what_lies_deeper_is_not_read():
    found = rows(
        "<service_requests><request>"
        "<description>3 &lt; 4 &amp; <![CDATA[<b>]]> <i>not</i></description>"
        "<media><url>x</url></media><status>  open </status><status>closed</status></request>"
        "<note>no row</note></service_requests>"
    )
    assert found == [{"description": "3 < 4 & <b>", "media": "", "status": "open"}]


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "iso-8859-1", "windows-1252"])
def test_it_is_read_in_the_charset_that_it_says(charset):
    document = (
        f"<?xml version='1.0' encoding='{charset}'?><service_requests><request>"
        "<address>Königstraße</address></request></service_requests>"
    )
    assert rows(document, charset) == [{"address": "Königstraße"}]


def test_letters_of_another_charset_than_it_says_cost_only_themselves():
    document = (
        f"<service_requests><request><address>Königs</address></request>{ROW}</service_requests>"
    )
    first, second = rows(document, "iso-8859-1")
    assert first == {"address": "K\ufffdnigs"}
    assert second["service_request_id"] == "17"


BOMB = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 20))


@pytest.mark.parametrize(
    "document",
    [
        f"<!DOCTYPE x [<!ENTITY l0 'lol'>{BOMB}]><service_requests>&l19;</service_requests>",
        (
            "<!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/passwd'>]><service_requests><request>"
            "<description>&f;</description></request></service_requests>"
        ),
        "<!DOCTYPE x SYSTEM 'http://169.254.169.254/'><service_requests/>",
        f"<service_requests>{ROW}&unknown;</service_requests>",
        f"<service_requests>{ROW}",
        f"<service_requests>{ROW}</service_requests><again/>",
        "<errors><error><code>400</code></error></errors>",
        "<html><body>Sign in</body></html>",
        "<?xml version='1.0' encoding='utf-7'?><service_requests/>",
        "<?xml version='1.0' encoding='no-such'?><service_requests/>",
        "",
    ],
)
@pytest.mark.parametrize("charset", ["utf-8", "utf-16"])
def test_what_declares_something_or_is_no_list_is_refused(document, charset):
    with pytest.raises(XmlError, match="no list of service requests"):
        rows(document, charset)


def test_a_million_levels_are_only_counted():
    deep = "<a>" * 1_000_000 + "</a>" * 1_000_000
    assert rows(f"<service_requests>{deep}{ROW}</service_requests>")[0]["status"] == "open"


@given(st.binary(max_size=300))
def test_whatever_comes_is_rows_or_refused(junk):
    for body in (junk, b"<service_requests><request><status>" + junk):
        try:
            found = open311_xml.read(body)
        except XmlError:
            continue
        assert all(isinstance(words, str) for row in found for words in row.values())


@given(st.lists(st.dictionaries(st.sampled_from(["description", "address"]), st.text(max_size=40))))
def test_what_our_own_server_writes_comes_back(content):
    body = answers.answer(content, name="service_requests", form="xml").content
    told = [{name: _as_read(words) for name, words in row.items()} for row in content]
    assert open311_xml.read(body) == told


def _as_read(words: str) -> str:
    return NO_XML.sub("", words).replace("\r\n", "\n").replace("\r", "\n").strip()


def test_xml_is_told_from_json_by_how_it_begins():
    assert open311_xml.is_xml("\ufeff <a/>".encode("utf-16"))
    assert open311_xml.is_xml(b"\xef\xbb\xbf\n<a/>")
    assert not open311_xml.is_xml(b'[{"a": "<b>"}]')
    assert not open311_xml.is_xml(b"")
