"""What is said of a remedy to the customer: whole and unqualified; no limit, no exception."""

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from makegood.language import choice, money, sentences
from makegood.rules import goodwill
from makegood.rules.goodwill import Ground, Line, Loss
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

_A = frozenset({"A", "An", "The"})
_EIN = frozenset({"Ein", "Eine", "Einen"})
_GROUNDS: dict[Ground, Lazy] = {
    Ground.FAILURE: gettext_lazy("a P%(count)s failure"),
    Ground.OF_NO_USE: gettext_lazy("%(count)s%% of the %(price)s paid, as it was of no use"),
    Ground.WAS_USED: gettext_lazy("%(count)s%% of the %(price)s paid, as it was used all the same"),
    Ground.MINUTES: gettext_lazy("%(count)s minutes of the customer's time"),
    Ground.CONTACTS: gettext_lazy("%(count)s times that the customer had to reach us"),
    Ground.AGAIN: gettext_lazy("it is not the first time"),
}
_SOURCES: dict[str, Lazy] = {
    goodwill.OURS: gettext_lazy("our own table"),
    goodwill.AGAIN: gettext_lazy("Financial Ombudsman Service on distress and inconvenience"),
}
_LIKE: dict[Loss, Lazy] = {
    Loss.MONEY: gettext_lazy("They lost money: give money back, at once."),
    Loss.GOODS: gettext_lazy("They lost a thing: exchange it first; money comes on top."),
    Loss.SERVICE: gettext_lazy("They lost a service: perform it again first; money comes on top."),
    Loss.ATTENTION: gettext_lazy(
        "They were left alone: a personal call first; money comes on top."
    ),
}


def in_words(terms: Terms) -> str:
    """What is given: "£25.00", or the thing."""
    return terms.thing or money.in_words(terms.amount_minor, terms.currency)


def sentence(terms: Terms, *, when: str) -> str:
    """What the customer is promised when it is granted."""
    return str(_GIVEN[terms.kind]) % {"what": _within(in_words(terms)), "when": when}


def _within(what: str) -> str:
    """A thing's name as it stands within a sentence: "A box of tea" begins small there.

    "The Guardian" is a name, as the capital after its article tells; in German each noun has one.
    """
    article, _space, rest = what.partition(" ")
    is_german = choice.current().startswith("de")
    begins = article in _EIN if is_german else article in _A and rest[:1].islower()
    return what[:1].lower() + what[1:] if begins else what


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


def ground(line: Line, currency: str) -> str:
    """What one part of goodwill is for."""
    if line.ground is Ground.BROKEN:
        return ngettext("a broken promise", "%(count)s broken promises", line.count) % {
            "count": line.count
        }
    return str(_GROUNDS[line.ground]) % {
        "count": line.count,
        "price": money.in_words(line.price_minor, currency),
    }


def source_of(source: str) -> str:
    """Where the figure of one part is from; the names of those who found it out stay."""
    return str(_SOURCES.get(source, source))


def like(loss: Loss) -> str:
    """What would be like the loss, and where that is from."""
    return f"{_LIKE[loss]} ({goodwill.LIKE})"


def because_of_a_fee(what: str) -> str:
    """Why a fee is taken off."""
    return _("The fee came from our own failure: %(what)s.") % {"what": what}
