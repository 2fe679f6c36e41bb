"""Whatever comes in by mail is read without an error, within limits, and nothing of it is run."""

import time
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from examples import examples
from mail_world import a_mail
from makegood.rules.incoming import parsing
from makegood.rules.incoming.parsing import parse
from makegood.rules.incoming.plaintext import from_html, tame
from makegood.rules.incoming.sniffing import UNKNOWN, sniff

HEAD = b"From: a@example.net\r\nTo: help@example.com\r\nSubject: Hello\r\n"


def test_a_plain_mail_is_read():
    mail = parse(a_mail("Where are you?", subject="Grüße").as_bytes())
    assert (mail.text.strip(), mail.subject, mail.trouble) == ("Where are you?", "Grüße", "")
    assert mail.senders == ("david.taylor@example.net",)
    assert mail.recipients == ("help@example.com",)


def test_html_is_read_as_text_and_never_kept_as_html_to_show():
    mail = a_mail()
    mail.set_content("<p>Hello<script>steal()</script><br>you &amp; me</p>", subtype="html")
    assert parse(mail.as_bytes()).text.strip() == "Hello\nyou & me"


def test_attack_42_files_lose_folders_controls_and_turned_names():
    mail = a_mail()
    for name in ("../../etc/passwd", "C:\\x\\evil.exe", "ann\u202egpj.exe", "a?b|c.txt", ""):
        mail.add_attachment(b"MZ", maintype="image", subtype="png", filename=name)
    names = [file.name for file in parse(mail.as_bytes()).files]
    assert names[:2] == ["passwd", "evil.exe"]
    assert all("/" not in name and name.isprintable() and "\u202e" not in name for name in names)
    assert names[-1].startswith("part-")
    assert sniff(parse(mail.as_bytes()).files[0].content) == "application/x-msdownload"


@pytest.mark.parametrize(
    "senders",
    [
        b"",
        b"From: a@example.net\r\nFrom: b@example.net\r\n",
        b"From: a@example.net, b@example.net\r\n",
        b"From: friends: a@example.net, b@example.net;\r\n",
        b"From: friends:;\r\n",
        b"From: not an address\r\n",
        "From: dävid@example.net\r\n".encode(),
        "From: david@exаmple.net\r\n".encode(),  # noqa: RUF001 - a Cyrillic a
    ],
)
def test_attack_6_and_7_a_sender_is_one_plain_address_or_nobody(senders):
    mail = parse(senders + b"To: help@example.com\r\n\r\nHello")
    assert len(mail.senders) != 1
    assert mail.text == "Hello"


@pytest.mark.parametrize(
    ("value", "address"),
    [
        (b'"victim@example.org" <evil@example.net>', "evil@example.net"),
        (b"=?utf-8?q?victim=40example=2Eorg?= <evil@example.net>", "evil@example.net"),
        (b"victim@example.org (x) <evil@example.net>", None),
        (b"=?utf-8?q?victim=40example.org=3E?= <evil@example.net>", "evil@example.net"),
        (b"<victim@example.org> <evil@example.net>", None),
    ],
)
def test_attack_7_names_that_look_like_addresses_are_names(value, address):
    senders = parse(b"From: " + value + b"\r\n\r\nHello").senders
    assert senders == (address,) if address else len(senders) != 1


def a_bomb_of_parts(count: int) -> bytes:
    part = b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n"
    return HEAD + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + part * count + b"--b--"


def nested(depth: int) -> bytes:
    raw = HEAD
    for level in range(depth):
        raw += b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (level, level)
    return raw + b"Content-Type: text/plain\r\n\r\nx"


@pytest.mark.parametrize(
    ("raw", "trouble"),
    [
        (a_bomb_of_parts(10_000), "parts"),
        (nested(100), "nested"),
        (nested(2_000), "nested"),
        (HEAD + b"Content-Type: text/plain; charset=no-such\r\n\r\n\xff\xfe", ""),
        (HEAD + b"Content-Type: text/plain; charset=\x00\r\n\r\nx", ""),
        (HEAD + b"\r\nNUL\x00NUL", ""),
        (HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n====", ""),
        (HEAD + b"Content-Type: multipart/mixed\r\n\r\nno boundary", ""),
        (b"", ""),
        (b"\x00" * 1000, ""),
        (b"no header at all", ""),
        (b"Subject: =?utf-8?b?!!!?= =?no-such?q?x?=\r\n\r\n", ""),
        (b"Date: Fri, 99 Foo 99999 99:99:99 +9999\r\n\r\n", ""),
    ],
)
def test_attack_14_what_is_malformed_is_read_as_far_as_it_goes(raw, trouble):
    began = time.process_time()
    mail = parse(raw)
    assert mail.trouble == trouble
    assert "\x00" not in mail.text + mail.subject + mail.message_id
    assert time.process_time() - began < 20


def test_attack_14_a_zip_bomb_and_50_mb_of_base64_are_bytes_to_us():
    mail = a_mail()
    mail.add_attachment(
        b"PK\x03\x04" + bytes(36_000_000), maintype="application", subtype="zip", filename="b.zip"
    )
    file = parse(mail.as_bytes()).files[0]
    assert (len(file.content), sniff(file.content)) == (36_000_004, "application/zip")


def test_a_mail_within_a_mail_is_a_file_and_not_more_of_its_words():
    inner = a_mail("Pay 500 at once", sender="boss@example.com")
    outer = a_mail("See below")
    outer.add_attachment(inner)
    mail = parse(outer.as_bytes())
    assert mail.text.strip() == "See below"
    assert b"Pay 500" in mail.files[0].content


@pytest.mark.parametrize(
    "html",
    ["<" * 300_000, "<!--" * 75_000, "<script>" * 40_000, "<a " * 100_000, "&" * 300_000],
)
def test_attack_50_no_html_takes_long(html):
    began = time.process_time()
    from_html(html)
    assert time.process_time() - began < 10


@given(st.text())
def test_text_is_tamed_for_the_database_and_for_eyes(text):
    kept = tame(text, keep_lines=True)
    kept.encode()
    assert "\x00" not in kept
    assert "\u202e" not in kept
    assert tame(kept, keep_lines=True) == kept


def _a_rich_mail() -> bytes:
    mail = a_mail("Hello\n\n> old\n", subject="Ünïcode")
    mail.add_alternative("<p>Hello</p>", subtype="html")
    mail.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="büll.pdf")
    inner = EmailMessage()
    inner["Subject"] = "inner"
    inner.set_content("x")
    mail.add_attachment(inner)
    return mail.as_bytes()


RICH = _a_rich_mail()


@settings(max_examples=examples(100))
@given(
    st.lists(
        st.tuples(
            st.integers(0, len(RICH)),
            st.integers(0, 40),
            st.binary(max_size=30)
            | st.sampled_from([b"\r\n", b"\x00", b"--", b"=?", b'"', b";", b"\r\n\r\n", b"\xff"]),
        ),
        max_size=12,
    )
)
def test_no_mutation_of_a_mail_breaks_the_reader(changes):
    raw = RICH
    for at, length, instead in changes:
        raw = raw[:at] + instead + raw[at + length :]
    mail = parse(raw)
    assert mail.trouble in {"", "broken", "nested", "parts"}
    for text in (mail.text, mail.subject, mail.sender_name, mail.message_id, *mail.senders):
        text.encode()
        assert "\x00" not in text
    assert all(file.name and len(file.name) <= parsing.NAME_MAX for file in mail.files)


@settings(max_examples=examples(80))
@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(raw):
    parse(raw)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.4", "application/pdf"),
        (b"RIFF0000WEBPVP8 ", "image/webp"),
        (b"<svg onload=alert(1)>", UNKNOWN),
        (b"<html>", UNKNOWN),
        (b"", UNKNOWN),
    ],
)
def test_a_file_is_what_it_begins_with(content, kind):
    assert sniff(content) == kind
