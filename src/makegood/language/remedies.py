"""What is said of a remedy to the customer: whole and unqualified; no limit, no exception."""

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from makegood.language import choice, money, sentences
from makegood.rules.remedies import RemedyKind, Terms

_GIVEN: dict[RemedyKind, Lazy] = {
    RemedyKind.CREDIT: gettext_lazy(
        "I have put %(what)s on your account. It is there by %(when)s."
    ),
    RemedyKind.REFUND: gettext_lazy("I have sent you %(what)s back. You have it by %(when)s."),
    RemedyKind.WAIVER: gettext_lazy("I have taken %(what)s off your bill. It is gone by %(when)s."),
    RemedyKind.REPLACEMENT: gettext_lazy("I am sending you %(what)s. You have it by %(when)s."),
    RemedyKind.GIFT: gettext_lazy("I am sending you %(what)s. You have it by %(when)s."),
    RemedyKind.IN_KIND: gettext_lazy("We do this for you: %(what)s. It is done by %(when)s."),
}


def in_words(terms: Terms) -> str:
    """What is given: "£25.00", or the thing."""
    return terms.thing or money.in_words(terms.amount_minor, terms.currency)


def sentence(terms: Terms, *, when: str) -> str:
    """What the customer is promised when it is granted."""
    return str(_GIVEN[terms.kind]) % {"what": in_words(terms), "when": when}


def sentence_when_late(terms: Terms, *, when: str) -> str:
    """What the customer is promised when it has not arrived in time."""
    return _("%(what)s should have reached you by now. You have it by %(when)s.") % {
        "what": in_words(terms),
        "when": when,
    }


def because(english: str) -> str:
    """Why something is given, as the rules of goodwill put it together, in today's language."""
    inner = english.removeprefix("For ")
    if choice.current().startswith("en") or inner == english:
        return sentences.said(english)
    parts = [sentences.said(part) for part in inner.removesuffix(".").split(", and for ")]
    return pgettext("because", "For: %(reasons)s.") % {"reasons": "; ".join(parts)}


def because_of_a_fee(what: str) -> str:
    """Why a fee is taken off."""
    return _("The fee came from our own failure: %(what)s.") % {"what": what}
