"""House rules that no linter knows: how long, how named, how explained, and what is never said."""

import ast
import re
import statistics
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[1]
LONGEST_FILE = 400
LONGEST_FUNCTION = 50
MEDIAN_FUNCTION = 8

STORY_004 = "tests/stories/test_004_the_alarm.py"
# What is longer, and why. An entry goes when its code gets shorter; none is added without a reason.
LONG_FUNCTIONS = {
    "src/makegood/doors/cli/replay.py: replay",  # a command's options, each on its line
    "src/makegood/queries/customer_page.py: get_customer_page",  # a page's parts, each on its line
    # Stories are told in one go.
    "tests/busy_day.py: _the_bin",
    f"{STORY_004}: test_the_vice_president_calls_comes_and_asks_and_only_then_is_it_closed",
}
LONG_FILES: set[str] = set()  # none at present, and none comes back
UNEXPLAINED = {
    "src/makegood/doors/cli/replay.py",  # as the other late imports of the commands
    "src/makegood/doors/web/staff/report_views.py",  # Django's types of form fields
    "src/makegood/queries/replay/files.py",  # a number that wants a name
}

# Paths of somebody's machine, and hosts of package registries; spelled so as not to find itself.
PRIVATE = re.compile(
    r"(?<![\w.])/(?:root|home|Users|work|mnt)/\w|[A-Z]:\\Users\\"
    r"|pypi\.or[g]|pythonhoste[d]|registry\.npmj[s]|artifactor[y]|jfro[g]|index-ur[l][ =]+http"
)
OPEN_POINT = re.compile(r"\b(?:TOD[O]|FIXM[E]|XX[X]|HAC[K])\b")
EXCEPTION = re.compile(r"#\s*(?:noq[a]|type:\s*ignor[e]|pragma:)(?P<rest>[^\n]*)")
REASON = re.compile(r"\s+-\s+\w|\s+#\s+\w")


@cache
def tracked() -> tuple[Path, ...]:
    """What belongs to the project: what git knows, or everything where there is no git."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    names = listed.stdout.decode().split("\0") if listed.returncode == 0 else []
    found = [ROOT / name for name in names if name] or list(ROOT.glob("[!.]*/**/*"))
    return tuple(path for path in found if path.is_file() and "vendor" not in path.parts)


def python_files(*folders: str) -> Iterator[Path]:
    """Python files that people write: not those that makemigrations does."""
    for path in tracked():
        top = path.relative_to(ROOT).parts[0]
        if path.suffix == ".py" and top in folders and "migrations" not in path.parts:
            yield path


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


@cache
def functions(path: Path) -> tuple[tuple[str, int], ...]:
    """Each function, by file and name, with its length in lines."""
    return tuple(
        (f"{at(path)}: {node.name}", (node.end_lineno or 0) - node.lineno + 1)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


def size(path: Path) -> int:
    return len(path.read_text().splitlines())


def unexplained(path: Path) -> list[str]:
    """The lines that switch a check off without a reason."""
    return [
        line.strip()
        for line in path.read_text().splitlines()
        if (exception := EXCEPTION.search(line)) and not REASON.search(exception["rest"])
    ]


def at(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def models() -> list[type]:
    return list(apps.get_app_config("records").get_models())


@cache
def words_of_tests() -> str:
    return "\n".join(path.read_text() for path in python_files("tests") if path != Path(__file__))


def test_every_module_opens_with_a_docstring():
    mute = [
        at(path)
        for path in python_files("src", "tests", "bench")
        if parsed(path).body and not ast.get_docstring(parsed(path))
    ]
    assert mute == []


def test_every_news_of_a_change_reaches_the_changelog():
    of_towncrier = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["towncrier"]
    known = {kind["directory"] for kind in of_towncrier["type"]}
    lost = [
        path.name
        for path in (ROOT / "changelog.d").glob("*.md")
        if path.name.split(".")[1] not in known
    ]
    assert lost == []


def test_no_file_outgrows_its_reader():
    long = [
        at(path)
        for path in python_files("src", "tests", "bench")
        if size(path) > LONGEST_FILE and at(path) not in LONG_FILES
    ]
    assert long == []


def test_no_function_outgrows_its_reader():
    long = [
        f"{name} has {length} lines"
        for path in python_files("src", "tests", "bench")
        for name, length in functions(path)
        if length > LONGEST_FUNCTION and name not in LONG_FUNCTIONS
    ]
    assert long == []


def test_most_functions_are_short():
    lengths = [length for path in python_files("src") for _, length in functions(path)]
    assert statistics.median(lengths) <= MEDIAN_FUNCTION


def test_the_lists_of_exceptions_only_shrink():
    lengths = {
        name: length for path in python_files("src", "tests") for name, length in functions(path)
    }
    assert {name for name in LONG_FUNCTIONS if lengths.get(name, 0) > 50} == LONG_FUNCTIONS
    assert {name for name in LONG_FILES if size(ROOT / name) > LONGEST_FILE} == LONG_FILES
    assert {name for name in UNEXPLAINED if any(unexplained(ROOT / name))} == UNEXPLAINED


def test_every_module_of_rules_has_its_tests():
    untested = [
        at(path)
        for path in python_files("src")
        if path.parent.name == "rules"
        and path.name != "__init__.py"
        and not (ROOT / "tests" / "rules" / f"test_{path.name}").is_file()
    ]
    assert untested == []


def test_every_constraint_of_a_record_is_named_in_a_test():
    names = {constraint.name for model in models() for constraint in model._meta.constraints}
    assert sorted(name for name in names if name not in words_of_tests()) == []


def test_every_law_in_sql_is_named_in_a_test():
    laws = "\n".join(path.read_text() for path in tracked() if path.suffix == ".sql")
    named = re.findall(
        r"(?:ADD CONSTRAINT|CREATE TRIGGER|CREATE CONSTRAINT TRIGGER|refuse\(')\s*(\w+)", laws
    ) + re.findall(r"only_grows\('(\w+)'", laws)
    assert named
    assert sorted(name for name in set(named) if name not in words_of_tests()) == []


def test_every_record_says_which_personal_data_it_holds():
    silent = [
        model.__name__ for model in models() if "personal data" not in (model.__doc__ or "").lower()
    ]
    assert silent == []


def test_every_noun_stands_in_the_glossary():
    glossary = (ROOT / "docs" / "glossary.md").read_text()
    rules = [path.stem for path in python_files("src") if path.parent.name == "rules"]
    nouns = [model.__name__ for model in models()] + [name for name in rules if name != "__init__"]
    assert [noun for noun in nouns if f"`{noun}`" not in glossary] == []


def test_no_noun_stands_in_the_glossary_twice():
    nouns = re.findall(
        r"^- \*\*(.+?)\*\*", (ROOT / "docs" / "glossary.md").read_text(), re.MULTILINE
    )
    assert sorted(nouns) == sorted(set(nouns))


def test_every_page_of_the_documentation_can_be_found():
    pages = {path.name for path in (ROOT / "docs").glob("*.md")} - {"README.md"}
    index = (ROOT / "docs" / "README.md").read_text()
    assert pages - set(re.findall(r"\]\(([\w-]+\.md)\)", index)) == set()


def test_every_link_between_documents_leads_somewhere():
    broken = [
        f"{at(path)}: {link}"
        for path in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md"))
        for link in re.findall(r"\]\((?!\w+:)([^)#\s]+)", path.read_text())
        if not (path.parent / link).exists()
    ]
    assert broken == []


def test_every_refusal_has_a_name_that_says_so_and_words():
    wrong = [
        f"{at(path)}: {node.name}"
        for path in python_files("src")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ClassDef)
        and any(ast.unparse(base).endswith(("Error", "Exception")) for base in node.bases)
        and not (node.name.endswith("Error") and ast.get_docstring(node))
    ]
    assert wrong == []


def test_nothing_is_left_open_in_the_code():
    found = [
        f"{at(path)}:{number}"
        for path in python_files("src", "tests", "bench")
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if OPEN_POINT.search(line)
    ]
    assert found == []


def test_every_exception_to_a_check_says_why():
    found = [
        f"{at(path)}: {line}"
        for path in python_files("src", "tests", "bench")
        if at(path) not in UNEXPLAINED
        for line in unexplained(path)
    ]
    assert found == []


def test_every_lint_that_is_off_says_why():
    settings = (ROOT / "pyproject.toml").read_text()
    lint = settings[settings.index("[tool.ruff.lint]") : settings.index("[tool.ruff.lint.flake8")]
    silent = [
        line for line in lint.splitlines() if re.search(r'"[A-Z]+\d*"', line) and "#" not in line
    ]
    assert silent == ['select = ["ALL"]']


def test_nothing_tells_of_the_machine_that_it_was_written_on():
    found = [
        f"{at(path)}: {match.group()}"
        for path in tracked()
        if (match := PRIVATE.search(path.read_bytes().decode("utf-8", "ignore")))
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    ["x = 1  # noq" + "a: S101", "x = 1  # type: ignor" + "e[misc]", "import x  # noq" + "a"],
)
def test_an_exception_without_a_reason_is_recognised(line):
    exception = EXCEPTION.search(line)
    assert exception
    assert not REASON.search(exception["rest"])
    assert REASON.search(exception["rest"] + " - the file is theirs")
