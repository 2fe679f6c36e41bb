"""What is said of a reason that we do not know yet, or that is not ours to tell."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from makegood.language import choice
from makegood.language.moments import in_words


def not_yet(due_at: datetime, *, owner: str, zone: ZoneInfo, language: str) -> str:
    """We do not know, and by when they hear."""
    with choice.speaking(language):
        return _(
            "We do not know yet why this happened. You will hear from %(owner)s about it by "
            "%(moment)s."
        ) % {"owner": owner, "moment": in_words(due_at, zone=zone)}


def confidential(*, language: str) -> str:
    """We know, and it concerns others as well."""
    with choice.speaking(language):
        return _(
            "We know why this happened, and it was our mistake. It concerns other people as well, "
            "so we keep it to ourselves."
        )
