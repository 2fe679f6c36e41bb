"""Every command says what it takes, on a machine that has no database yet."""

import os
import subprocess
import sys

import pytest

from makegood.config.cli import LATER

pytestmark = pytest.mark.processes


@pytest.mark.parametrize("command", LATER, ids=lambda command: command.name)
def test_every_command_is_where_it_is_looked_for(command):
    assert command.load().__doc__


@pytest.mark.parametrize("words", ["person", "person erase"])
def test_a_command_explains_itself_without_a_database(words, tmp_path):
    plain = {name: text for name, text in os.environ.items() if not name.startswith("MAKEGOOD_")}
    told = {"PYTHONPATH": os.pathsep.join(sys.path), "MAKEGOOD_DATA": str(tmp_path / "none")}

    said = subprocess.run(
        [sys.executable, "-m", "makegood", *words.split(), "--help"],
        env=plain | told,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (said.returncode, said.stderr) == (0, "")
    assert "Usage" in said.stdout
    assert not (tmp_path / "none").exists()
