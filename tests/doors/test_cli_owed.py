"""`makegood owed` answers each failure on a line of JSON, and refuses bad input in one sentence."""

import json

import pytest
import typer
from typer.testing import CliRunner

from makegood.config.cli import LATER
from makegood.doors.cli.owed import owed

APP = typer.Typer()
APP.command()(owed)
REPAIR = {"failure": "delayed_repair", "reported_on": "2025-05-12", "fixed_on": "2025-05-16"}
OWN = """\
id = "ours-only"
title = "Ours"
currency = "JPY"
zone = "Asia/Tokyo"
verified_on = 2026-11-01
sources = ["us"]
[facts.lateness]
type = "count"
help = "days late"
[[versions]]
status = "in force"
rates = { day = "400" }
[[rules]]
id = "late"
when = []
because = "{lateness} days late"
lines = [{ amount = "day", times = "lateness" }]
"""


def run(*arguments, given=""):
    text = given if isinstance(given, str) else json.dumps(given)
    return CliRunner().invoke(APP, arguments, input=text)


def answers(*arguments, given=""):
    result = run(*arguments, given=given)
    assert result.exit_code == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


def refusal(*arguments, given=""):
    result = run(*arguments, given=given)
    assert result.exit_code == 2
    assert "Traceback" not in result.output
    return result.stderr.strip()


def test_it_answers_with_the_fields_of_the_contract():
    assert answers(given={"id": "a1"} | REPAIR) == [
        {
            "id": "a1",
            "scheme": "ofcom-automatic-compensation",
            "version": "2025-04-01",
            "amount": "19.96",
            "currency": "GBP",
            "pay_by": "2025-06-15",
            "because": "Reported on Mon 12 May 2025 and to be fixed by the end of Wed 14 May 2025, "
            "it was fixed on Fri 16 May 2025: 2 x £9.98 = £19.96 "
            "(Ofcom automatic compensation, version 2025-04-01).",
            "unsure": [],
        }
    ]


def test_a_second_payment_stands_beside_the_first_and_the_sum_is_of_both():
    late = {"scheme": "ofgem-suppliers", "failure": "missed_appointment"}
    [found] = answers(given=late | {"failed_on": "2025-01-06", "paid_on": "2025-01-21"})
    assert (found["amount"], found["pay_by"]) == ("80.00", "2025-02-03")
    assert [(p["amount"], p["pay_by"]) for p in found["payments"]] == [
        ("40.00", "2025-01-20"),
        ("40.00", "2025-02-03"),
    ]


def test_what_a_person_must_decide_has_no_amount():
    storm = {"customer": "domestic", "off_minutes": 3000, "weather": "severe"}
    [found] = answers(
        "--scheme", "electricity-distributors", given=storm | {"cut_on": "2026-02-02"}
    )
    assert found["amount"] is None
    assert found["unsure"]


def test_clocks_and_things_are_shown():
    [clocks] = answers(given={"scheme": "cfpb-portal", "sent_on": "2026-01-30"})
    assert clocks["clocks"][0] == {"what": "first reply", "by": "2026-02-14"}
    assert (clocks["amount"], clocks["pay_by"]) == ("0.00", None)
    post = {"failure": "delayed", "product": "first_class", "due_on": "2026-05-18"}
    [stamps] = answers(given=post | {"scheme": "royal-mail", "arrived_on": "2026-05-21"})
    assert stamps["in_kind"] == "6 First Class stamps"


def test_a_document_may_be_a_list_or_a_file(tmp_path):
    path = tmp_path / "facts.json"
    path.write_text(json.dumps([REPAIR, REPAIR]))
    assert len(answers(str(path))) == 2


def test_good_lines_are_answered_and_bad_ones_are_told_by_number():
    good = json.dumps(REPAIR | {"id": 1})
    lines = [good, "{", "", "[]", json.dumps(REPAIR | {"fixed_on": "soon"}), good]
    result = run("--jsonl", given="\n".join(lines))
    assert result.exit_code == 2
    assert len(result.stdout.splitlines()) == 2
    told = result.stderr.splitlines()
    assert [line.split(":")[0] for line in told] == ["line 2", "line 4", "line 5"]
    assert "The fact fixed_on is 'soon'; it must be a date such as 2026-05-11." in told[2]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("", "There are no facts"),
        ("nope", "It is not JSON"),
        ("[" * 100_000, "nested too deeply"),
        ("7", "The facts must be an object"),
        ('{"id": 1, "id": 2}', "A fact is given twice"),
        ("9" * 5000, "It is not JSON"),
        ('{"scheme": "eu262"}', "did you mean eu261?"),
        ('{"scheme": ["eu261"]}', "There is no scheme"),
        ('{"scheme": "eu261", "failur": "delay"}', "did you mean failure?"),
        ('{"scheme": "delay-repay-15", "price": NaN}', "must be an amount"),
        ('{"scheme": "delay-repay-15", "price": 1e999999}', "must be an amount"),
        ('{"scheme": "delay-repay-15", "price": -1}', "must be an amount"),
        ('{"scheme": "delay-repay-15", "price": "12.345"}', "must be an amount"),
        ('{"scheme": "delay-repay-15", "price": true}', "must be an amount"),
        ('{"scheme": "royal-mail", "late_minutes": -5}', "must be from 0"),
        ('{"scheme": "cfpb-portal", "sent_on": "9999-12-31"}', "too far away"),
        ('{"scheme": "fca-disp", "kind": "ordinary", "received_on": "1990-01-01"}', "cannot be"),
        ('{"scheme": "cfpb-portal", "sent_on": 20260101}', "must be a date"),
        ('{"price": "5.00", "ticket": "single"}', "No scheme can answer"),
        ('{"scheme": "cfpb-portal", "sent_on": ' + "[" * 900 + "]" * 900 + "}", "must be a date"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(given, expected):
    text = refusal(given=given)
    assert expected in text
    assert len(text.splitlines()) == 1


def test_a_day_before_the_one_that_it_follows_is_refused():
    text = refusal(given=REPAIR | {"fixed_on": "2025-05-11"})
    assert "fixed_on is 2025-05-11, before reported_on" in text


def test_a_file_that_is_not_there_is_named(tmp_path):
    assert "none.json: No such file" in refusal(str(tmp_path / "none.json"))


def test_the_schemes_are_listed_and_described():
    listed = run("--list").stdout
    assert "eu261" in listed
    assert "delay-repay-30" in listed
    described = run("--describe", "ofcom-automatic-compensation").stdout
    assert "reported_on" in described
    assert "customer_equipment" in described
    assert "There is no scheme" in refusal("--describe", "nothing")


def test_a_pack_of_your_own_is_checked_and_used(tmp_path):
    path = tmp_path / "ours.toml"
    path.write_text(OWN)
    assert (
        "is right: ours-only has 1 facts, 1 versions, 1 rules" in run("--check", str(path)).stdout
    )
    [found] = answers("--pack", str(path), "--scheme", "ours-only", given={"lateness": 3})
    assert (found["amount"], found["currency"], found["pay_by"]) == ("1200", "JPY", None)


def test_each_mistake_of_a_pack_is_told_with_its_line(tmp_path):
    path = tmp_path / "ours.toml"
    path.write_text(OWN.replace('"count"', '"days"').replace('"late"', "3"))
    told = refusal("--check", str(path)).splitlines()
    assert [line.split(", ")[1].split(":")[0] for line in told] == ["line 8", "line 14"]


def test_a_choice_that_no_rule_covers_is_told(tmp_path):
    path = tmp_path / "ours.toml"
    path.write_text(
        OWN.replace(
            "[[rules]]",
            '[facts.failure]\ntype = "choice"\nhelp = "what"\n'
            'choices = ["late", "broken"]\nneeded = true\n[[rules]]',
        ).replace("when = []", 'when = ["failure is late"]')
    )
    told = run("--check", str(path)).stdout.splitlines()
    assert told[1].startswith("Note: no rule covers failure broken; ")


def test_a_pack_with_a_mistake_cannot_be_used(tmp_path):
    path = tmp_path / "ours.toml"
    path.write_text(OWN.replace("JPY", "yen"))
    assert "line 3: yen is no currency" in refusal("--pack", str(path), given={})


def test_it_is_a_command_that_needs_no_database():
    [command] = [item for item in LATER if item.name == "owed"]
    assert command.load() is owed
    assert not command.database_when([])
