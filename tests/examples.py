"""How many examples a property is tried with: some at each run, many in `make test-long`."""

import os

IS_DEEP = os.environ.get("MAKEGOOD_TEST_EXAMPLES") == "many"
MANY_TIMES = 20


def examples(number: int) -> int:
    """So many at each run; each run draws others."""
    return number * MANY_TIMES if IS_DEEP else number
