"""Cases at the edges of every scheme, reckoned by hand, asked of `makegood owed` as users do."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from makegood.doors.cli.owed import owed as command
from makegood.queries.schemes.reading import shipped_packs

EDGES = Path(__file__).parent.parent / "scheme_edges.jsonl"


@pytest.fixture(scope="module")
def asked(tmp_path_factory) -> dict[str, tuple[dict, dict]]:
    """What is expected and what is answered, by the name of the case."""
    rows = [json.loads(line) for line in EDGES.read_text(encoding="utf-8").splitlines()]
    expected = {row["id"]: row.pop("expected") for row in rows}
    file = tmp_path_factory.mktemp("edges") / "failures.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    app = typer.Typer()
    app.command()(command)
    said = CliRunner().invoke(app, ["--jsonl", str(file)])
    assert said.exit_code == 0, said.output
    answers = [json.loads(line) for line in said.output.splitlines()]
    assert len(expected) == len(rows) == len(answers)
    return {answer["id"]: (expected[answer["id"]], answer) for answer in answers}


def test_every_sum_comes_out(asked):
    wrong = [
        f"{name}: {answer['amount']}, not {expected['amount']}: {answer['because']}"
        for name, (expected, answer) in asked.items()
        if answer["amount"] != expected["amount"]
    ]
    assert wrong == []


def test_every_last_day_comes_out(asked):
    for name, (expected, answer) in asked.items():
        clocks = {clock["what"]: clock["by"] for clock in answer.get("clocks", [])}
        assert clocks.items() >= expected.get("clocks", {}).items(), name
        for key in ("pay_by", "in_kind"):
            if key in expected:
                assert answer[key] == expected[key], name


def test_what_is_not_sure_is_said_and_what_is_not_known_is_not_guessed(asked):
    unsure = {name for name, (expected, _answer) in asked.items() if expected.get("unsure")}
    assert {name for name in unsure if not asked[name][1]["unsure"]} == set()
    assert all(asked[name][0]["amount"] is not None for name in asked.keys() - unsure)


def test_every_scheme_has_edges(asked):
    schemes = [answer["scheme"] for _expected, answer in asked.values()]
    assert set(schemes) == set(shipped_packs())


def ask(**facts) -> tuple[str, str]:
    """What the command says, and what it refuses."""
    app = typer.Typer()
    app.command()(command)
    said = CliRunner().invoke(app, [], input=json.dumps(facts))
    return said.stdout, said.stderr


TRAIN = {"scheme": "delay-repay-15", "ticket": "single", "price": "48.00"}


@pytest.mark.parametrize(
    "more",
    [
        {"arrival_delay_minutes": "0:35"},
        {"arrival_delay_minutes": "+0:35"},
        {"arrival_delay_minutes": "35 min"},
        {"arrival_delay_minutes": "0 h 35 min"},
        {"arrival_delay_minutes": 35, "price": "£48.00"},
        {"arrival_delay_minutes": 35, "price": "48.00 GBP"},
        {"arrival_delay_minutes": 35, "ticket": "Single"},
    ],
)
def test_facts_are_read_as_people_write_them(more):
    answer, wrong = ask(**TRAIN | more)
    assert wrong == ""
    assert json.loads(answer)["amount"] == "24.00"


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"scheme": "ofcom"}, "did you mean ofcom-automatic-compensation?"),
        ({"scheme": "DR15"}, "did you mean delay-repay-15?"),
        ({"scheme": "ofwat"}, "did you mean ofwat-gss-england or ofwat-gss-wales?"),
        (TRAIN | {"delay": 35}, "did you mean arrival_delay_minutes"),
        (TRAIN | {"ticket_price": "48.00"}, "did you mean ticket or price or journey_price?"),
        (TRAIN | {"ticket": "seasonal"}, "did you mean season?"),
        (TRAIN | {"price": "€48.00"}, 'must be an amount such as "48.00"'),
        (TRAIN | {"xyz": 1}, "known are ticket, price"),
    ],
)
def test_a_wrong_name_is_answered_with_those_near_it(facts, says):
    answer, wrong = ask(**facts)
    assert answer == ""
    assert says in wrong
    assert wrong.count("\n") == 1
