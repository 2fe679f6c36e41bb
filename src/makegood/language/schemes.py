"""What a scheme owes and why, in the language that is spoken now: its words around its values.

The words of the packs stand in the catalogue as the packs have them, with their gaps; the values
come beside them, so that days, amounts and numbers are written as the reader writes them.
"""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from babel.dates import format_skeleton
from babel.numbers import format_decimal, format_percent
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from makegood.language import choice, money, sentences
from makegood.rules.calendars import CalendarRunsOutError
from makegood.rules.schemes.facts import (
    MUST_BE,
    Fact,
    FactError,
    FactOrderError,
    Kind,
    MissingFactError,
    UnknownFactError,
    UnknownSchemeError,
)
from makegood.rules.schemes.phrases import Gap, Phrase, Term
from makegood.rules.schemes.words import HOUR, in_english, plain, value_words

CONTEXT = "scheme"
_DECIMALS = 3


def said(gap: Gap) -> str:
    """A phrase or a value in the language spoken now."""
    if choice.is_english():
        return in_english(gap)
    return _value(gap) if isinstance(gap, Term) else _phrase(gap)


def because(gap: Gap, *, title: str, version: str | None) -> str:
    """Why something is owed, as a sentence that names its scheme."""
    words = said(gap)
    whole = {"because": words[:1].upper() + words[1:], "title": title_of(title)}
    if not version:
        return _("%(because)s (%(title)s, no version applies).") % whole
    return _("%(because)s (%(title)s, version %(version)s).") % (whole | {"version": version})


def title_of(title: str) -> str:
    """The title of a scheme, or where it holds."""
    return pgettext(CONTEXT, title)


def asked_for(fact: Fact) -> str:
    """What a scheme asks for by a fact."""
    return pgettext(CONTEXT, fact.help)


def must_be(fact: Fact) -> str:
    """What is written for a fact: the names of choices as they are typed, and what they mean."""
    if fact.kind is not Kind.CHOICE:
        return pgettext(CONTEXT, MUST_BE[fact.type])
    return _("one of %(choices)s") % {"choices": ", ".join(map(_choice, fact.choices))}


def _choice(name: str) -> str:
    words = pgettext(CONTEXT, plain(name))
    return name if words == plain(name) else f"{name} ({words})"


def wrong_fact(refused: FactError, fact: Fact) -> str:
    """Why a fact cannot be what was written for it, and what can be."""
    if choice.is_english():
        return str(refused)
    values = {"fact": fact.name, "given": refused.given, "must_be": must_be(fact)}
    return _("“%(fact)s” cannot be %(given)s; write %(must_be)s.") % values


def why_not(refused: Exception, facts: Mapping[str, Fact]) -> str:
    """Why nothing can be worked out, said from what the refusal knows and not from its English."""
    return _("It cannot be worked out from this case: %(why)s") % {"why": _reason(refused, facts)}


def _reason(refused: Exception, facts: Mapping[str, Fact]) -> str:
    if isinstance(refused, CalendarRunsOutError):
        return _("its dates lie outside the holidays that the calendar knows.")
    if isinstance(refused, UnknownSchemeError):
        return _("no scheme of this name is known any more.")
    if isinstance(refused, FactError) and refused.fact:
        return _about_a_fact(refused, facts.get(refused.fact))
    return sentences.said(str(refused))


def _about_a_fact(refused: FactError, fact: Fact | None) -> str:
    values = {"fact": refused.fact, "given": refused.given}
    if isinstance(refused, MissingFactError):
        values["what"] = asked_for(fact) if fact else refused.fact
        return _("the scheme needs “%(fact)s” (%(what)s), and nothing here says it.") % values
    if isinstance(refused, UnknownFactError):
        return _("the scheme knows no “%(fact)s”; correct it in the settings of schemes.") % values
    if isinstance(refused, FactOrderError):
        return _("“%(fact)s” lies before “%(given)s”.") % values
    return _("“%(fact)s” cannot be %(given)s.") % values


def _phrase(words: Phrase) -> str:
    translated = pgettext(CONTEXT, words.text) if words.text else ""
    return translated.format(**{name: said(gap) for name, gap in words.gaps})


def _value(term: Term) -> str:
    value, kind = term.value, term.kind
    if value is None:
        return _("(not given)")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return format_skeleton("yMMMEd", value, locale=choice.locale())
    if isinstance(value, str):
        return pgettext(CONTEXT, plain(value)) if kind is Kind.CHOICE else value
    return _number(value, term)


def _number(value: int | Fraction, term: Term) -> str:
    if term.kind is Kind.MONEY:
        return money.in_words(int(value), term.currency)
    if term.minutes and value >= HOUR:
        return value_words(term)  # hours and minutes have the same signs everywhere
    number = float(round(Fraction(value), _DECIMALS))
    if term.kind is Kind.SHARE:
        return format_percent(number, locale=choice.locale(), decimal_quantization=False)
    words = format_decimal(number, locale=choice.locale(), decimal_quantization=False)
    return f"{words} min" if term.minutes else words
