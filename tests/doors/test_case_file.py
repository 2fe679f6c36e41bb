"""The file of a case from the desk and the command line: whole, checkable, and nobody else's."""

import copy
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.platypus import Paragraph
from typer.testing import CliRunner

from asking import HOUR, a_call, a_case_put_right
from busy_day import NOW
from letter_world import a_letter, quiet
from mail_world import HOST, MAILBOX, a_mail, came, reply_to
from makegood.actions import cases, contacts
from makegood.actions.contacts import Touch
from makegood.clockwork import letters_out
from makegood.doors.cli.case_file import case_file as write_file
from makegood.doors.cli.verify import verify
from makegood.doors.papers import case_pdf, fonts, tables
from makegood.language import choice
from makegood.queries.case_file import get_case_file
from makegood.records.models import Customer, Direction, Letter, TimelineText
from makegood.rules import case_file
from makegood.rules.promises import Channel
from makegood.rules.roles import Role
from money_world import a_remedy
from world import a_customer, a_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(day):
    ms = a_customer("Łucja Ortiz", email="lucja@example.org", phone="+44 20 7946 0100")
    case = a_case_put_right(now=NOW - 2 * HOUR, customer=ms, owner=day.laura)
    touch = Touch(
        channel=Channel.PHONE, direction=Direction.INBOUND, at=NOW - 2 * HOUR, staff=day.laura,
        note="Where <b>is</b> it? & “why”?", hold_minutes=25, talk_minutes=5, estimated=True,
        money_minor=250, currency="GBP",
    )  # fmt: skip
    contacts.record_contact(case.pk, touch, now=NOW - HOUR)
    a_remedy(case=case, by=day.laura, now=NOW - HOUR)
    return case


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def with_text(document: dict, kind: str, text: str) -> dict:
    """The file of a case with a text in one kind of cell."""
    changed = copy.deepcopy(document)
    no = {"words": "No.", "honest_no": "No.", "instead": "", "promise": None}
    changed["wants"] = [dict(no)]
    paths = {
        "head": (changed["case"], "wanted"),
        "gift": (changed["made_good"][0] | {"kind": "gift"}, "what"),
        "why": (changed["made_good"][0], "because"),
        "promise": (changed["promises"][0], "words"),
        "want": (changed["wants"][0], "words"),
        "answer": (changed["wants"][0], "instead"),
        "entry": (changed["timeline"][0], "words"),
        "then": (changed["timeline"][0], "promised_then"),
        "title": (changed["case"], "what_was_wrong"),
    }
    row, name = paths[kind]
    row[name] = list(range(len(text))) if kind == "then" else text
    if kind == "gift":
        changed["made_good"] = [row]
    return changed


def cells_of(table) -> list:
    """The rows of a table, with the paragraphs of each cell."""
    return [[cell for cell in row if cell] for row in table._cellvalues]


class TestTheFile:
    """All of the case, in both times, with its costs."""

    def test_it_holds_everything_and_checks_itself(self, case):
        document = get_case_file(case.pk, now=NOW)

        assert case_file.faults(document) == []
        assert document["effort"] == {
            "contacts": 1, "contacts_by_the_customer": 1, "minutes": 30, "minutes_on_hold": 25,
            "minutes_talking": 5, "minutes_otherwise": 0, "minutes_are": "partly estimated",
            "money": ["£2.50"], "came_back": [], "still_open": ["£2.50"],
        }  # fmt: skip
        assert [row["what"] for row in document["made_good"]] == ["£25.00"]
        assert len(document["timeline"]) == case.timeline.count()
        assert json.loads(case_file.text(document)) == document

    def test_each_entry_says_when_it_happened_and_when_it_was_written_down(self, case):
        document = get_case_file(case.pk, now=NOW)
        called = next(row for row in document["timeline"] if row["kind"] == "contact")

        assert called["happened_at"] == (NOW - 2 * HOUR).isoformat()
        assert called["recorded_at"] == (NOW - HOUR).isoformat()

    def test_it_says_what_was_promised_at_each_moment(self, case):
        document = get_case_file(case.pk, now=NOW)
        then = {row["seq"]: row["promised_then"] for row in document["timeline"]}
        still_open = [row["id"] for row in document["promises"] if row["outcome"] is None]

        assert then[1] == []
        assert sorted(then[max(then)]) == sorted(still_open)

    def test_letters_are_in_it_in_full_as_they_left_and_without_their_link(self, case):
        a_letter(case, words="We are on it.", now=NOW)
        letters_out.send_waiting(quiet(), now=NOW)

        [letter] = get_case_file(case.pk, now=NOW)["letters"]

        assert (letter["to"], letter["delivery"]) == ("lucja@example.org", "sent")
        assert letter["as_it_went_out"].startswith("Hello Łucja Ortiz,\n\nWe are on it.")
        assert "/c/" not in letter["as_it_went_out"]
        assert letter["handed_at"] == letter["sent_at"] == NOW.isoformat()
        assert letter["written_by"] == "Laura Bennett"
        assert not letter["only_words_kept"]

    def test_a_letter_of_which_only_the_words_were_kept_says_so(self, case, monkeypatch):
        printed: list[str] = []
        monkeypatch.setattr(fonts.Letters, "fit", lambda _self, text: printed.append(text) or text)
        a_letter(case, words="We are on it.", now=NOW)
        letters_out.send_waiting(quiet(), now=NOW)
        Letter.objects.filter(case=case).update(as_sent="")

        document = get_case_file(case.pk, now=NOW)
        case_pdf.render(document)

        assert [letter["only_words_kept"] for letter in document["letters"]] == [True]
        assert any("Only its words were kept" in text for text in printed)

    def test_mails_are_in_it_with_the_names_of_what_was_enclosed(self, case, settings):
        settings.MAIL_TRUSTED_HOST, settings.MAIL_REPLY = HOST, MAILBOX
        answered = a_letter(case, now=NOW)
        mail = a_mail("Here is the photo.", sender="lucja@example.org", to=reply_to(answered))
        mail.add_attachment(b"\xff\xd8\xff\xe0", "image", "jpeg", filename="boiler.jpg")
        came(mail, now=NOW)

        [row] = get_case_file(case.pk, now=NOW)["mails"]

        assert (row["words"], row["from"]) == ("Here is the photo.", "lucja@example.org")
        assert [one["name"] for one in row["attachments"]] == ["boiler.jpg"]
        assert row["answers_letter"] == answered.pk

    def test_nobody_else_is_in_it(self, case):
        text = case_file.text(get_case_file(case.pk, now=NOW))

        others = Customer.objects.exclude(pk=case.customer_id)
        assert others.exists()
        for other in others:
            for private in (other.name, other.email, other.phone):
                assert not private or private not in text

    def test_staff_are_called_by_their_role_where_the_policy_says_so(self, case):
        by_name = get_case_file(case.pk, now=NOW)
        by_role = get_case_file(case.pk, now=NOW, by_role=True)

        assert by_name["case"]["owner"] == "Laura Bennett"
        assert by_role["case"]["owner"].split()[0] in {"Agent", "Owner"}
        sentences = " ".join(row["sentence"] for row in by_role["timeline"])
        assert "Laura" not in sentences
        assert case_file.faults(by_role) == []

    def test_erased_words_leave_a_file_that_verifies(self, case):
        TimelineText.objects.filter(case=case).delete()

        assert case_file.faults(get_case_file(case.pk, now=NOW)) == []

    def test_a_long_case_asks_no_more_questions_of_the_database(self, case):
        a_letter(case, now=NOW)
        with CaptureQueriesContext(connection) as before:
            get_case_file(case.pk, now=NOW)
        for number in range(30):
            a_call(case, f"Call {number}", now=NOW)
        for _ in range(3):
            a_letter(case, now=NOW)
        with CaptureQueriesContext(connection) as after:
            get_case_file(case.pk, now=NOW)

        assert len(after) == len(before)


class TestPaper:
    """The same facts to print."""

    def test_it_is_a_pdf_and_markup_in_words_stays_words(self, case):
        document = get_case_file(case.pk, now=NOW)
        pdf = case_pdf.render(document)

        assert pdf.startswith(b"%PDF-")
        assert pdf == case_pdf.render(document), "the same file is the same paper"
        assert len(pdf) < 300_000

    def test_attack_43_words_open_no_file_and_no_address(self, case, monkeypatch):
        def opened(*_args, **_more):
            raise AssertionError("the paper opened something")

        case.customer.name = '<img src="http://127.0.0.1:9/x"/>'
        case.customer.save(update_fields=["name"])
        note = '<img src="file:///etc/hostname"/><a href="http://127.0.0.1:9/">x</a> <include/>'
        a_call(case, note + '<img src="data:image/png;base64,AAAA"/>', now=NOW)
        document = get_case_file(case.pk, now=NOW)
        fonts.letters()  # those of the machine are opened once
        monkeypatch.setattr("reportlab.lib.utils.open_for_read", opened)
        monkeypatch.setattr("reportlab.lib.utils.ImageReader.__init__", opened)

        pdf = case_pdf.render(document)

        assert b"/URI" not in pdf
        assert b"/Subtype /Image" not in pdf

    def test_a_very_long_word_and_strange_letters_do_not_stop_it(self, case):
        note = "x" * 9_000 + "\U0001f600 \x07 ąę 你好 \n\n" * 50
        a_call(case, note, now=NOW)

        assert case_pdf.render(get_case_file(case.pk, now=NOW)).startswith(b"%PDF-")

    def test_no_text_in_any_cell_is_too_tall_for_a_page(self, case):
        document = get_case_file(case.pk, now=NOW)
        lines = st.lists(st.text(max_size=8), max_size=260).map("\n".join)
        repeated = st.sampled_from(("x", "W ", "你", "&", "\n", "\n\n ", "1, "))
        long = st.builds(str.__mul__, repeated, st.integers(0, 3_500))
        kinds = ("head", "gift", "why", "promise", "want", "answer", "entry", "then", "title")

        @settings(max_examples=10, deadline=None)
        @given(text=st.one_of(lines, long), kind=st.sampled_from(kinds))
        def prints(text, kind):
            assert case_pdf.render(with_text(document, kind, text)).startswith(b"%PDF-")

        for kind in kinds:
            for text in ("a\n" * 60, "W" * 3_000):
                assert case_pdf.render(with_text(document, kind, text)).startswith(b"%PDF-")
        prints()

    def test_what_is_printed_in_pieces_is_printed_whole_and_in_order(self):
        lines = [f"line{number}." for number in range(400)]
        cells = [Paragraph("<br/>".join(lines)), Paragraph("beside")]

        table = tables.table([cells], head=[], widths=[200, 60])

        printed = [[cell.getPlainText() for cell in row] for row in cells_of(table)]
        assert len(printed) > 10
        assert "".join(row[0] for row in printed).replace(" ", "") == "".join(lines)
        assert [row[1:] for row in printed] == [["beside"], *([[]] * (len(printed) - 1))]

    def test_a_letter_is_printed_whole_over_pages(self, case, monkeypatch):
        printed: list[str] = []
        monkeypatch.setattr(fonts.Letters, "fit", lambda _self, text: printed.append(text) or text)
        a_letter(case, words="We are on it. " * 600, now=NOW)

        pdf = case_pdf.render(get_case_file(case.pk, now=NOW))

        assert pdf.startswith(b"%PDF-")
        assert any(text.count("We are on it.") == 600 for text in printed)

    def test_letters_that_the_font_lacks_are_written_plainly(self):
        font = fonts.Letters(plain="x", bold="x", has=frozenset(map(ord, "abce 1")))

        assert font.fit("ęa\x07 你") == "ea ?"

    def test_in_german_too(self, case, monkeypatch):
        printed: list[str] = []
        monkeypatch.setattr(fonts.Letters, "fit", lambda _self, text: printed.append(text) or text)

        with choice.speaking("de"):
            assert case_pdf.render(get_case_file(case.pk, now=NOW)).startswith(b"%PDF-")

        cost = next(text for text in printed if "Minuten" in text)
        assert cost.startswith("1 Kontakt, 30 Minuten (teils geschätzt), ")


class TestDoors:
    """Whoever may export takes it; nobody else."""

    def test_the_case_page_offers_both(self, case, day):
        page = signed_in(day.laura).get(f"/cases/{case.reference}").content.decode()
        assert f"/cases/{case.reference}/file.pdf" in page

        agent = a_person("Agnes Agent", role=Role.AGENT.value)
        page = signed_in(agent).get(f"/cases/{case.reference}").content.decode()
        assert "file.pdf" not in page

    @pytest.mark.parametrize(("name", "kind"), [("file.json", "json"), ("file.pdf", "pdf")])
    def test_each_is_a_file_to_keep_and_changes_nothing(self, case, day, name, kind):
        entries = case.timeline.count()
        answer = signed_in(day.laura).get(f"/cases/{case.reference}/{name}")

        assert answer.status_code == 200
        assert answer["Content-Type"] == f"application/{kind}"
        assert answer["Content-Disposition"].startswith("attachment;")
        assert answer["Cache-Control"] == "private, no-store"
        assert case.timeline.count() == entries

    def test_who_may_not_export_or_is_not_signed_in_gets_nothing(self, case):
        agent = a_person("Agnes Agent", role=Role.AGENT.value)
        for name in ("file.json", "file.pdf"):
            address = f"/cases/{case.reference}/{name}"
            assert signed_in(agent).get(address).status_code == 403
            assert Client().get(address).status_code == 302

    def test_there_is_no_file_of_no_case(self, day):
        assert signed_in(day.laura).get("/cases/2222-2222/file.json").status_code == 404

    def test_the_policy_of_the_company_counts(self, case, day, settings):
        settings.CASE_FILE_NAMES = False
        answer = signed_in(day.laura).get(f"/cases/{case.reference}/file.json")

        assert answer.json()["staff_are_called_by"] == "role"


class TestCommands:
    """`makegood case-file REF` writes what `makegood verify --file` checks."""

    def run(self, function, *arguments):
        import typer  # noqa: PLC0415 - only here

        app = typer.Typer()
        app.command()(function)
        return CliRunner().invoke(app, list(arguments))

    def test_what_was_written_verifies_until_it_is_touched(self, case, tmp_path):
        written = self.run(write_file, case.reference.lower(), "--out", str(tmp_path))
        file = tmp_path / f"{case.reference}.json"

        assert written.exit_code == 0, written.output
        assert (tmp_path / f"{case.reference}.pdf").read_bytes().startswith(b"%PDF-")
        checked = self.run(verify, "--file", str(file))
        assert (checked.exit_code, "is as it was exported" in checked.output) == (0, True)

        file.write_text(file.read_text().replace("£25.00", "£250.00"))
        checked = self.run(verify, "--file", str(file))
        assert checked.exit_code == 1
        assert "the seal does not fit" in checked.output

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            (["2222-2222"], "There is no case 2222-2222"),
            (["REF", "--out", "/nowhere/at/all"], "give a folder that can be written to"),
        ],
    )
    def test_bad_input_is_one_sentence(self, case, arguments, sentence):
        given = [case.reference if word == "REF" else word for word in arguments]
        answer = self.run(write_file, *given)

        assert answer.exit_code == 2
        assert sentence in answer.output

    def test_whoever_was_given_the_file_checks_it_without_a_desk(self, tmp_path: Path):
        """Like an ombudsman, who has the program and no database."""
        (tmp_path / "x.json").write_text("{}")
        command = [sys.executable, "-m", "makegood", "verify", "--file", str(tmp_path / "x.json")]
        bare = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)}

        told = subprocess.run(command, env=bare, capture_output=True, text=True, check=False)

        assert (told.returncode, "AppRegistry" in told.stderr) == (2, False)
        assert "x.json: " in told.stderr

    def test_what_is_no_file_is_said_to_be_none(self, tmp_path: Path):
        (tmp_path / "x.json").write_text("{}")
        assert self.run(verify, "--file", str(tmp_path / "x.json")).exit_code == 2
        assert self.run(verify, "--file", str(tmp_path / "y.json")).exit_code == 2


def test_a_closed_case_says_who_heard_the_answer(day):
    case = a_case_put_right(now=NOW - HOUR, owner=day.laura)
    yes = a_call(case, "It is right now.", now=NOW, is_answer=True)
    cases.close_case(case_id=case.pk, answer=yes, now=NOW)

    ending = get_case_file(case.pk, now=NOW)["ending"]
    assert (ending["by"], ending["heard_by"], ending["words"]) == (
        "answer", "Laura Bennett", "It is right now.",
    )  # fmt: skip
