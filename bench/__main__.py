"""All benchmarks, one after the other: `make bench`, or `python -m bench [--full]`.

Each runs in a process of its own; those of the clock keep their figures in build/bench.json.
"""

import argparse
import subprocess
import sys

from bench import ground

BENCHMARKS = (
    "firing",
    "latency",
    "backlog",
    "growth",
    "desk",
    "replay",
    "ranges",
    "owed",
    "words",
    "say",
    "incident",
    "wall",
)


def main() -> None:
    """Run them all, and say at the end which failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="with ten million open promises")
    full = parser.parse_args().full
    print(ground.machine(), flush=True)
    failed = [name for name in BENCHMARKS if not _runs(name, full=full)]
    print(f"\nThe clock's figures are in {ground.RESULTS.relative_to(ground.RESULTS.parents[1])}.")
    if failed:
        sys.exit(f"bench: these failed: {', '.join(failed)}")


def _runs(name: str, *, full: bool) -> bool:
    options = ["--full"] if full and name == "growth" else []
    command = [sys.executable, "-m", f"bench.{name}", *options]
    return subprocess.run(command, check=False).returncode == 0


if __name__ == "__main__":
    main()
