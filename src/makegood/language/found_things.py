"""What is said of a found thing: what it is, and by when they have it. They need do nothing."""

from django.utils.translation import gettext as _

from makegood.language import choice, money
from makegood.rules.found_things import Found


def title(found: Found, *, language: str) -> str:
    """What the customer's case is called."""
    with choice.speaking(language):
        return _("We found something of yours: %(what)s") % {"what": _named(found)}


def sentence(found: Found, *, when: str, language: str) -> str:
    """What the customer is promised."""
    with choice.speaking(language):
        said = _("We found something of yours: %(what)s. You have it by %(when)s.")
        return said % {"what": _named(found), "when": when}


def _named(found: Found) -> str:
    what = found.what.strip(" .")
    if not found.amount_minor:
        return what
    amount = money.in_words(found.amount_minor, found.currency)
    return _("%(amount)s (%(what)s)") % {"amount": amount, "what": what}
