"""The table of packs in the documentation is the one that the packs make."""

import json
import re
from pathlib import Path

import pytest

from makegood.doors.cli.owed_words import describe, example_of
from makegood.queries.schemes.answering import Shelf, answers
from makegood.queries.schemes.reading import parse_pack, shipped_packs

DOCS = Path(__file__).resolve().parents[2] / "docs" / "schemes.md"


def table() -> str:
    """One row for each pack; run `python tests/queries/test_schemes_docs.py` to write it."""
    head = ["| scheme | for | rests on | versions | verified |", "| --- | --- | --- | --- | --- |"]
    rows = [
        f"| `{pack.id}` {pack.title} | {pack.jurisdiction} | {pack.legal_basis} "
        f"| {'; '.join(f'{v.name} ({v.status.value})' for v in pack.versions)} "
        f"| {pack.verified_on} |"
        for pack in shipped_packs().values()
    ]
    return "\n".join([*head, *rows])


def test_the_table_of_packs_is_current():
    shown = DOCS.read_text().split("<!-- packs -->\n")[1].split("\n<!-- end -->")[0]
    assert shown == table()


def test_the_pack_that_the_documentation_writes_is_right():
    pieces = re.findall(r"```toml\n(.*?)```", DOCS.read_text(), re.DOTALL)
    head = 'id = "ours-x"\ntitle = "Ours"\ncurrency = "GBP"\nzone = "UTC"\n'
    kind = '[facts.kind]\ntype = "choice"\nchoices = ["late"]\nhelp = "which"\n'
    late = '[facts.late_minutes]\ntype = "minutes"\nhelp = "how late"\n'
    steps = '[derive]\npay_by = { date = "5 working days after visit_on" }\n'
    steps += 'answer_by = { date = "2 weeks after visit_on" }\n'
    steps += (
        'hours = { periods = { of = "late_minutes", beyond = 60, each = 60, count = "begun" } }\n'
    )
    source = "verified_on = 2026-11-01\nsources = []\n"
    text = "\n".join([head, source, kind, late, *pieces[:2], steps, *pieces[2:]])
    assert parse_pack(text, name="docs/schemes.md").id == "ours-x"


@pytest.mark.parametrize("name", sorted(shipped_packs()))
def test_each_description_holds_every_fact_and_an_example_that_is_answered(name):
    pack = shipped_packs()[name]
    words = describe(pack)
    assert all(fact in words for fact in pack.facts)
    example = json.loads(example_of(pack))
    assert answers(example, Shelf(packs=shipped_packs()))[0].scheme == name


if __name__ == "__main__":
    before, rest = DOCS.read_text().split("<!-- packs -->\n")
    after = rest.split("<!-- end -->")[1]
    DOCS.write_text(f"{before}<!-- packs -->\n{table()}\n<!-- end -->{after}")
