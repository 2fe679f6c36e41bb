"""Run the command line with `python -m makegood`."""

from makegood.config.cli import main

main()
