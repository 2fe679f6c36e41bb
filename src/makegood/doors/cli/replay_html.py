"""A replay's report as one self-contained page: no script, no request to anywhere."""

from datetime import datetime
from pathlib import Path
from typing import Final

from django.template import Context, Engine

from makegood.doors.cli.replay_page import page_of
from makegood.queries.replay.replaying import Replay

_TEMPLATES: Final = Path(__file__).resolve().parent / "templates"


def as_page(replay: Replay, *, now: datetime) -> str:
    """The whole page as HTML. Whatever comes from the log is escaped by the template."""
    engine = Engine(dirs=[str(_TEMPLATES)], autoescape=True)
    page = page_of(replay.report, now=now)
    # Numbers come as words: the template needs no locale, and so no settings.
    html: str = engine.get_template("replay.html").render(Context({"page": page}, use_l10n=False))
    return html
