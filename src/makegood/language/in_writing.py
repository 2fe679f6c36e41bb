"""What was said aloud, sent in writing: the letter shows the promise itself, with its time."""

from django.utils.translation import gettext as _

from makegood.language import choice


def spoken(*, speaker: str, language: str) -> str:
    """Who gave the word, and that it stands below."""
    with choice.speaking(language):
        return _(
            "So that you have it in writing: what %(speaker)s told you stands below, with its "
            "time. It is our word."
        ) % {"speaker": speaker}
