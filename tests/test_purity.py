"""The rules need what calculates, and nothing that touches the world.

That is the standard library, numpy, and of dateutil the recurrences of RFC 5545.
"""

import ast
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

SOURCE = Path(__file__).resolve().parents[1] / "src"
LIBRARIES = Path(np.__file__).resolve().parents[1]
RULES = sorted((SOURCE / "makegood" / "rules").rglob("*.py"))
# fmt: off
WORLDLY = {
    "asyncio", "builtins", "http", "io", "logging", "multiprocessing", "os", "pathlib",
    "random", "secrets", "shutil", "socket", "sqlite3", "subprocess", "sys", "tempfile",
    "threading", "time", "urllib", "uuid",
}
# fmt: on
# Takes addresses apart, and asks nobody.
OF_WORDS = {"urllib.parse": {"urllib"}}

IMPORT_EACH_ALONE = """
import json, os, sys, traceback

CALCULATES = {"numpy", "dateutil", "six"}

class NumbersAndRules:
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        is_rule = name == "makegood" or (name + ".").startswith("makegood.rules.")
        known = top in sys.stdlib_module_names or top.startswith("_") or top in CALCULATES
        if not known and not is_rule:
            raise ImportError(f"a rule reaches for {name}")

def what_goes_wrong(module):
    reading, writing = os.pipe()
    if os.fork() == 0:
        try:
            __import__(module)
        except BaseException:
            os.write(writing, traceback.format_exc().encode())
            os._exit(1)
        os._exit(0)
    os.close(writing)
    with open(reading) as said:
        problem = said.read()
    _, status = os.wait()
    return problem or f"it ended with {status}" if status else ""

source, libraries, *modules = sys.argv[1:]
sys.path[:0] = [source, libraries]
sys.meta_path.insert(0, NumbersAndRules())
import numpy, dateutil.rrule  # once for all, as they take longer than most rules
print(json.dumps({module: what_goes_wrong(module) for module in modules}))
"""


def name_of(path: Path) -> str:
    """The module's name, as imports spell it."""
    return ".".join(path.relative_to(SOURCE).with_suffix("").parts)


@pytest.fixture(scope="module")
def problems() -> dict[str, str]:
    """What goes wrong when a rule is the first to be imported, each in a process of its own."""
    modules = [name_of(path) for path in RULES]
    ran = subprocess.run(
        [sys.executable, "-I", "-S", "-c", IMPORT_EACH_ALONE, SOURCE, LIBRARIES, *modules],
        capture_output=True,
        check=False,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    found: dict[str, str] = json.loads(ran.stdout)
    return found


@pytest.mark.parametrize("path", RULES, ids=name_of)
def test_a_rule_is_imported_without_any_library_but_those_that_calculate(
    path: Path, problems: dict[str, str]
) -> None:
    assert problems[name_of(path)] == ""


@pytest.mark.parametrize("path", RULES, ids=name_of)
def test_a_rule_imports_no_part_of_the_standard_library_that_touches_the_world(path: Path) -> None:
    used = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            used |= {alias.name.partition(".")[0] for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            used |= {node.module, node.module.partition(".")[0]} - OF_WORDS.get(node.module, set())
    assert used & WORLDLY == set()
