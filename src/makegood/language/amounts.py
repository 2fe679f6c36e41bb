"""Amounts of time as people set them: "3 working days", "90 minutes"."""

from django.utils.functional import Promise as Lazy
from django.utils.translation import npgettext_lazy

from makegood.rules.amounts import AmountError, Unit, parse_amount

_UNITS: dict[Unit, Lazy] = {
    Unit.MINUTES: npgettext_lazy("amount", "%(count)d minute", "%(count)d minutes", "count"),
    Unit.HOURS: npgettext_lazy("amount", "%(count)d hour", "%(count)d hours", "count"),
    Unit.DAYS: npgettext_lazy("amount", "%(count)d day", "%(count)d days", "count"),
    Unit.WEEKS: npgettext_lazy("amount", "%(count)d week", "%(count)d weeks", "count"),
    Unit.WORKING_MINUTES: npgettext_lazy(
        "amount", "%(count)d working minute", "%(count)d working minutes", "count"
    ),
    Unit.WORKING_HOURS: npgettext_lazy(
        "amount", "%(count)d working hour", "%(count)d working hours", "count"
    ),
    Unit.WORKING_DAYS: npgettext_lazy(
        "amount", "%(count)d working day", "%(count)d working days", "count"
    ),
}


def in_words(written: str) -> str:
    """An amount that was set in English, in the language spoken now; as it is if it is none."""
    try:
        amount = parse_amount(written)
    except AmountError:
        return written
    return str(_UNITS[amount.unit] % {"count": amount.quantity})
