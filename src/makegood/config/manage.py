"""Django's management commands: `python -m makegood.config.manage makemigrations`."""

import os
import sys
import warnings

from django.core.management import execute_from_command_line


def main() -> None:
    """Run one management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "makegood.config.settings")
    # Writing migrations needs no database; Django warns when none answers.
    warnings.filterwarnings("ignore", message="Got an error checking a consistent migration")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
