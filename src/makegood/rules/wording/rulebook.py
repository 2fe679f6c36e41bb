"""All rules of wording, in one table."""

from typing import Final

from makegood.rules.wording.about_fault import FAULT
from makegood.rules.wording.about_help import HELP
from makegood.rules.wording.rule import Rule

RULES: Final[tuple[Rule, ...]] = FAULT + HELP
