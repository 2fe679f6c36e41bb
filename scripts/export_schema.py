"""Write the table of files and columns into docs/export.md."""

import os
from pathlib import Path

import django

PAGE = Path(__file__).resolve().parents[1] / "docs" / "export.md"
MARK = "<!-- below: scripts/export_schema.py -->\n"


def main() -> None:
    """Replace what follows the mark."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "makegood.config.settings")
    django.setup()
    from makegood.records.export_tables import LEFT_OUT, export_tables  # noqa: PLC0415 - after setup

    lines = ["", "| file | columns |", "| --- | --- |"]
    lines += [
        f"| `{table.name}` | {', '.join(column.name for column in table.columns)} |"
        for table in export_tables()
    ]
    lines += ["", "## What stays behind", "", "| table | why |", "| --- | --- |"]
    lines += [f"| `{name}` | {why} |" for name, why in LEFT_OUT.items()]
    head = PAGE.read_text().split(MARK)[0]
    PAGE.write_text(head + MARK + "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
