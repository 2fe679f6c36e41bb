"""All benchmarks, one after the other: `make bench`, or `python -m bench [--full]`.

Each runs in a process of its own; those of the clock keep their figures in build/bench.json.
"""

import argparse
import subprocess
import sys
from pathlib import Path

from bench import ground

FIRST = ("firing", "latency", "backlog", "growth")
HELPERS = {"__init__", "__main__", "bare", "filling", "ground"}


def main() -> None:
    """Run them all; a failing one fails the whole."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="with ten million open promises")
    full = parser.parse_args().full
    print(ground.machine(), flush=True)
    for name in (*FIRST, *_others()):
        options = ["--full"] if full and name == "growth" else []
        subprocess.run([sys.executable, "-m", f"bench.{name}", *options], check=True)
    print(f"\nThe figures are in {ground.RESULTS.relative_to(ground.RESULTS.parents[1])}.")


def _others() -> list[str]:
    """Whatever else lies in this folder is a benchmark too."""
    found = {path.stem for path in Path(__file__).parent.glob("*.py")}
    return sorted(found - HELPERS - set(FIRST))


if __name__ == "__main__":
    main()
