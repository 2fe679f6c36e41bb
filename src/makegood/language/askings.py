"""The question to the customer whether it is right now, as it is said; and how an end is told."""

from django.utils.translation import gettext as _

from makegood.language import choice
from makegood.rules import askings


def question(*, title: str, number: int, language: str) -> str:
    """The question in the customer's language; the second one says what silence will mean."""
    with choice.speaking(language):
        asked = _("%(what)s: is it right now, or do you want something more?") % {"what": title}
        if number == askings.FIRST:
            how = _("You can just tell me, or answer on your page.")
            return f"{asked} {how}"
        more = _(
            "If I hear nothing from you, I take it that all is well. You can tell me at any time."
        )
        return f"{asked} {more}"


def question_by_letter(*, number: int, owner: str, language: str) -> str:
    """The same in a letter, which quotes nothing that was reported."""
    with choice.speaking(language):
        asked = _("Is it right now, or do you want something more?")
        if number == askings.FIRST:
            how = _("Say so on your page, or answer this letter; %(owner)s reads it.")
        else:
            how = _(
                "If %(owner)s hears nothing from you, we take it that all is well. "
                "You can say so on your page or answer this letter at any time."
            )
        return f"{asked}\n\n{how}" % {"owner": owner}
