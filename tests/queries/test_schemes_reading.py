"""A company's own pack: each mistake is named with its line and with what would be right."""

from importlib import resources

import pytest

from makegood.queries.schemes.answering import Shelf, answers
from makegood.queries.schemes.lines import line_of
from makegood.queries.schemes.reading import (
    PackFileError,
    calendar_of,
    parse_pack,
    read_pack,
    shipped_packs,
)
from makegood.rules.schemes.facts import FactError, UnknownSchemeError
from makegood.rules.schemes.owing import owed

PACK = """\
id = "our-visits"
title = "Our visits"
currency = "GBP"
zone = "Europe/London"
calendar = "GB-ENG"
rounding = "half up"
verified_on = 2026-11-01
sources = ["our own promise"]

[facts.kind]
type = "choice"
choices = ["missed", "late"]
needed = true
help = "what went wrong"

[facts.visit_on]
type = "date"
help = "the day of the visit"

[facts.late_minutes]
type = "minutes"
help = "how late"

[[versions]]
from = 2026-01-01
status = "in force"
rates = { missed = "30.00", hour = "5.00", most = "20.00" }

[derive]
pay_by = { date = "5 working days after visit_on" }
hours = { periods = { of = "late_minutes", beyond = 0, each = 60, count = "begun" } }

[[rules]]
id = "missed"
when = ["kind is missed"]
event = "visit_on"
because = "Nobody came on {visit_on}"
lines = [{ amount = "missed" }]
pay_by = "pay_by"

[[rules]]
id = "late"
when = ["kind is late"]
event = "visit_on"
because = "The visit was {late_minutes} late"
lines = [{ amount = "hour", times = "hours" }]
at_most = "most"
"""


def mistakes(old: str, new: str) -> list[str]:
    text = PACK.replace(old, new)
    assert text != PACK, "the pack has no such words"
    with pytest.raises(PackFileError) as refused:
        parse_pack(text, name="ours.toml")
    return [str(mistake) for mistake in refused.value.mistakes]


def ask(text: str, **facts):
    pack = parse_pack(text, name="ours.toml")
    return owed(pack, facts, calendar=calendar_of(pack.calendar, zone=pack.zone))


def test_a_pack_that_is_right_answers():
    found = ask(PACK, kind="late", visit_on="2026-05-11", late_minutes=61)
    assert found.amount == 1000
    assert found.because == (
        "The visit was 1 h 01 min late: 2 x £5.00 = £10.00 (Our visits, version 2026-01-01)."
    )


def test_a_cap_is_said():
    found = ask(PACK, kind="late", visit_on="2026-05-11", late_minutes=1000)
    assert found.amount == 2000
    assert "17 x £5.00 = £85.00, at most £20.00" in found.because


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('title = "Our visits"\n', "", "line 1: title is missing"),
        ('title = "Our visits"', "title = 3", "line 2: title must be text"),
        ('id = "our-visits"', 'id = "Our visits"', "line 1: id must be small letters"),
        ('"GBP"', '"pounds"', "line 3: pounds is no currency"),
        ("Europe/London", "London", 'line 4: There is no time zone "London"'),
        ("GB-ENG", "GB-XYZ", 'line 5: There are no holidays for "GB-XYZ"'),
        ("half up", "nearest", "line 6: rounding must be one of half up"),
        ("verified_on = 2026-11-01", 'verified_on = "2026"', "line 7: verified_on must be a date"),
        ("sources =", "source =", "line 8: source is not known here; did you mean sources?"),
        ('type = "choice"', 'type = "list"', "line 11: type must be one of date"),
        ("needed = true", "neded = true", "line 13: neded is not known here"),
        ('help = "the day of the visit"\n', "", "line 16: help is missing"),
        ("from = 2026-01-01", 'from = "2026"', "line 25: from must be a date without quotes"),
        ('"in force"', '"live"', "line 26: status must be one of in force"),
        ('"30.00"', "30.00", 'line 27: 30.0 must stand in quotes, such as "10.34" for £10.34'),
        ('"30.00"', '"30.001"', "line 27: A rate must be an amount such as £10.34"),
        ("working days after visit_on", "working days after visit", 'line 30: "visit" is not'),
        ("5 working days after", "5 workdays after", 'line 30: "5 workdays" is no length'),
        ('count = "begun"', 'count = "some"', 'line 31: count is "some"; write one of full'),
        ("kind is missed", "kind is lost", 'line 35: "lost" cannot be kind; write one of missed'),
        ("kind is missed", "kind = missed", 'line 35: "kind = missed" is no condition'),
        ("kind is missed", "sort is missed", 'line 35: "sort" is not known here'),
        ("kind is missed", "kind > missed", "line 35: kind is a choice, which is not more"),
        ("kind is missed", "missed > 3.00", "line 35: missed depends on a rate"),
        ("on {visit_on}", "on {visits_on}", 'line 37: "visits_on" is not known here; did you mean'),
        ('{ amount = "missed" }', '{ amount = "kind" }', "line 38: kind is a choice; an amount"),
        ('at_most = "most"', 'at_most = "pay_by"', "line 47: pay_by is a date; an"),
        ('at_most = "most"', 'atmost = "most"', "line 47: atmost is not known in a rule"),
        ('id = "late"', 'id = "missed"', "line 42: two rules are called missed"),
        ("[facts.late_minutes]", "[facts.evidence]", "line 20: evidence has a meaning of its own"),
        ("[facts.late_minutes]", "[facts.missed]", "line 24: missed is named twice"),
    ],
)  # fmt: skip
def test_each_mistake_has_its_line_and_says_what_is_right(old, new, expected):
    found = mistakes(old, new)
    assert any(mistake.startswith(expected) for mistake in found), found


def test_all_mistakes_are_told_at_once_in_the_order_of_their_lines():
    text = PACK.replace("half up", "x").replace('"in force"', '"y"').replace("kind is late", "z")
    with pytest.raises(PackFileError) as refused:
        parse_pack(text, name="ours.toml")
    lines = [mistake.line for mistake in refused.value.mistakes]
    assert {6, 26, 43} <= set(lines)
    assert lines == sorted(lines)


def test_what_is_no_toml_is_refused_with_its_line():
    assert mistakes('title = "Our visits"', "title = Our visits")[0].startswith("line 2: it is not")


def test_a_text_that_is_nested_without_end_is_refused():
    with pytest.raises(PackFileError, match="nested too deeply"):
        parse_pack("a = " + "[" * 100_000, name="ours.toml")


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(PackFileError, match="cannot be read"):
        read_pack(tmp_path / "none.toml")


def test_bytes_that_are_no_text_are_refused(tmp_path):
    (tmp_path / "ours.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(PackFileError, match="not UTF-8"):
        read_pack(tmp_path / "ours.toml")


def test_a_rate_that_was_not_verified_is_refused_not_guessed():
    later = PACK.replace(
        "[derive]",
        '[[versions]]\nfrom = 2027-01-01\nstatus = "in force"\nrates = { hour = "6.00" }\n[derive]',
    )
    found = ask(later, kind="missed", visit_on="2027-01-04")
    assert found.amount is None
    assert found.unsure == ("No verified figure for missed is held for 2027-01-01.",)


def test_a_suspended_version_leaves_it_to_a_person():
    found = ask(PACK.replace('"in force"', '"suspended"'), kind="missed", visit_on="2026-05-11")
    assert found.amount is None
    assert found.unsure[0].startswith("A person must decide")


def test_a_change_that_is_pending_can_be_watched_and_is_not_applied():
    pending = '[[versions]]\nname = "2027 rates"\nstatus = "pending"\nwatch_from = 2026-05-01\n\n'
    text = PACK.replace("[derive]", f"{pending}[derive]")
    found = ask(text, kind="missed", visit_on="2026-05-11")
    assert found.amount == 3000
    assert "2027 rates" in found.unsure[0]
    assert ask(text, kind="missed", visit_on="2026-04-30").unsure == ()


def test_every_shipped_pack_says_where_its_figures_come_from():
    for pack in shipped_packs().values():
        assert pack.sources
        assert pack.verified_on.year >= 2026


def test_a_failure_without_a_scheme_is_answered_by_all_that_know_its_facts():
    facts = {"failure": "missed_appointment", "failed_on": "2025-08-01"}
    found = answers(facts, Shelf(packs=shipped_packs()))
    assert [item.scheme for item in found] == [
        "ofgem-suppliers", "ofwat-gss-england", "ofwat-gss-wales",
    ]  # fmt: skip


def test_a_flight_is_answered_only_by_the_law_that_reaches_it():
    facts = {"failure": "delay", "departs_from": "UK", "arrives_in": "elsewhere",
             "carrier": "other", "distance_km": 5570, "arrival_delay_minutes": 270,
             "flight_on": "2026-05-11"}  # fmt: skip
    found = answers(facts, Shelf(packs=shipped_packs()))
    assert [(item.scheme, item.amount) for item in found] == [("uk261", 52000)]


def test_facts_that_no_scheme_knows_are_refused_by_the_nearest():
    with pytest.raises(FactError, match="nearest is delay-repay-15: The fact price is missing"):
        answers({"ticket": "single", "arrival_delay_minutes": 20}, Shelf(packs=shipped_packs()))


def test_a_scheme_that_is_not_there_is_refused_with_the_nearest():
    with pytest.raises(UnknownSchemeError, match="did you mean eu261"):
        answers({"scheme": "eu-261"}, Shelf(packs=shipped_packs()))


def test_another_calendar_moves_the_days():
    facts = {"scheme": "acma-complaints", "received_on": "2026-06-05", "urgent": True}
    national = answers(facts, Shelf(packs=shipped_packs()))[0]
    state = answers(facts, Shelf(packs=shipped_packs(), calendar="AU-NSW"))[0]
    assert state.clocks[0].by > national.clocks[0].by


def test_a_path_that_the_text_does_not_have_gives_its_nearest_line():
    assert line_of(("facts", "kind", "nothing"), PACK) == 10
    assert line_of(("nothing",), PACK) == 1
    assert line_of(("rules", 1, "when", 0), PACK) == 43


SHIPPED = resources.files("makegood.queries.schemes") / "packs"


@pytest.mark.parametrize(
    ("scheme", "right", "wrong"),
    [
        ("our-promise", 'type = "date"', 'type = "dates"'),
        ("our-promise", "needed = true", "neded = true"),
        ("our-promise", "most = 100\n", 'most = "x"\n'),
        ("our-promise", "from = 2026-01-01", 'from = "2026-01-01"'),
        ("our-promise", 'callback = "10.00"', "callback = 10"),
        ("our-promise", "after failed_on", "after faild_on"),
        ("our-promise", "failure is late_callback", "failure is late_callbak"),
        ("our-promise", 'value = "pickup"', 'value = "pikup"'),
        ("our-promise", '{ value = "part" }', '{ when = ["times > 1"], value = "part" }'),
        ("our-promise", "[derive]", "[deriv]"),
        ("eu261", "from_airport to to_airport", "from_airport"),
        ("eu261", 'country = "to_airport"', 'country = "arrives_in"'),
        ("eu261", '"km <= 1500"], value = 1', '"km <= 1500"], value = "one"'),
        ("eu261", "departs_minutes_earlier < 120", "departs_minutes_erlier < 120"),
        ("eu261", '"brought-forward", "delayed"]', '"brought-forward", "delyed"]'),
        ("ofcom-automatic-compensation", "from = 2021-04-01", "from = 2018-04-01"),
        ("ofcom-automatic-compensation", 'until = "fixed_on"', 'until = "fixed"'),
        ("right-to-repair", 'month_day = "reported_on"', 'month_day = "defect"'),
        ("delay-repay-15", '["100%", "paid_for_this_leg"]', '["100%"]'),
        ("delay-repay-15", '["week", "month", "year"]', '"week"'),
    ],
)
def test_one_mistake_is_told_once_and_on_its_line_without_what_follows(scheme, right, wrong):
    text = (SHIPPED / f"{scheme}.toml").read_text(encoding="utf-8")
    above, below = text.split(right, 1)

    with pytest.raises(PackFileError) as refused:
        parse_pack(above + wrong + below, name="ours.toml")

    assert [mistake.line for mistake in refused.value.mistakes] == [above.count("\n") + 1]


@pytest.mark.parametrize("broken", ["pay_by working days after pay_by", "1 week after other"])
def test_steps_that_name_themselves_or_each_other_are_told(broken):
    text = (SHIPPED / "our-promise.toml").read_text(encoding="utf-8")
    step = '[derive]\npay_by = { date = "5 working days after failed_on" }'
    wrong = (
        f'[derive]\npay_by = {{ date = "{broken}" }}\nother = {{ date = "1 week after pay_by" }}'
    )

    with pytest.raises(PackFileError) as refused:
        parse_pack(text.replace(step, wrong), name="ours.toml")

    assert refused.value.mistakes[0].line == text[: text.index(step)].count("\n") + 2


def test_a_rule_that_asks_a_rate_by_way_of_a_step_is_refused():
    text = (SHIPPED / "our-promise.toml").read_text(encoding="utf-8")
    step = 'big = { pick = [{ when = ["bill_error > most"], value = true }, { value = false }] }'
    text = text.replace("[derive]", f"[derive]\n{step}")
    text = text.replace('["failure is wrong_bill"]', '["failure is wrong_bill", "big is yes"]')

    with pytest.raises(PackFileError, match="big depends on a rate, and the rule chooses"):
        parse_pack(text, name="ours.toml")


def test_a_step_that_asks_a_rate_takes_that_of_the_version():
    text = (SHIPPED / "our-promise.toml").read_text(encoding="utf-8")
    step = 'share = { pick = [{ when = ["bill_error > most"], value = "5%" }, { value = "10%" }] }'
    text = text.replace("[derive]", f"[derive]\n{step}").replace('"10%" }]\npay', '"share" }]\npay')
    older = 'to = 2026-05-10\nstatus = "superseded"\nrates = { most = "1.00" }\n'
    newer = '\n[[versions]]\nfrom = 2026-05-11\nstatus = "in force"\n'
    text = text.replace('status = "in force"\n', older + newer, 1)
    pack = parse_pack(text, name="ours.toml")
    calendar = calendar_of(pack.calendar, zone=pack.zone)

    for day, amount in (("2026-05-10", 1050), ("2026-05-11", 1100)):
        facts = {"failure": "wrong_bill", "failed_on": day, "bill_error": "10.00"}
        assert owed(pack, facts, calendar=calendar).amount == amount
