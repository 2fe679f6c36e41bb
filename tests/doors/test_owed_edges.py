"""Cases at the edges of every scheme, reckoned by hand, asked of `makegood owed` as users do."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from makegood.doors.cli.owed import owed as command

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
        if "pay_by" in expected:
            assert answer["pay_by"] == expected["pay_by"], name


def test_what_is_not_sure_is_said_and_what_is_not_known_is_not_guessed(asked):
    unsure = {name for name, (expected, _answer) in asked.items() if expected.get("unsure")}
    assert {name for name in unsure if not asked[name][1]["unsure"]} == set()
    assert all(asked[name][0]["amount"] is not None for name in asked.keys() - unsure)


def test_each_scheme_of_money_has_edges(asked):
    schemes = [answer["scheme"] for _expected, answer in asked.values()]
    assert min(schemes.count(scheme) for scheme in set(schemes)) >= 2
    assert len(set(schemes)) >= 10
    assert sum(Decimal(answer["amount"] or 0) for _expected, answer in asked.values()) > 0
