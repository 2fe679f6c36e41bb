"""Dates on pages, in the language that is spoken; Django's own filter cannot order their parts."""

from datetime import date

from django import template

from makegood.language import moments
from makegood.queries.settings import wording

register = template.Library()


@register.filter
def short_date(on: date) -> str:
    """A date as "6 Jun 2026", or "6. Juni 2026" to who reads German."""
    return moments.short_date(on)


@register.filter
def short_day(on: date) -> str:
    """The same with its day of the week."""
    return wording.day(on)
