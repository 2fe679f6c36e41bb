"""The effect of gestures as a table of the wall, in words; it stands apart from every metric."""

from django.utils.translation import gettext as _

from makegood.doors.web.staff.wall_words import Table
from makegood.language import figures
from makegood.queries.metrics.gestures import Effect, Group
from makegood.rules.metrics.figures import FEW


def table(effect: Effect) -> Table:
    """Two lines: with a gesture, and without one."""
    costs = ", ".join(figures.amount(minor, currency) for currency, minor in effect.costs)
    return Table(
        name="gestures",
        heads=(
            _("Cases that were put right"),
            _("Cases"),
            _("Said that it is right"),
            _("Opened again within 30 days"),
            _("Cost"),
        ),
        rows=(
            (_("with a gesture"), *_cells(effect.with_one), costs),
            (_("without one"), *_cells(effect.without), ""),
        ),
    )


def note(effect: Effect) -> str:
    """What to beware of."""
    few = 0 < effect.with_one.cases < FEW
    return _("There are few, so this says little.") if few else ""


def _cells(group: Group) -> tuple[str, str, str]:
    return (str(group.cases), _of(group.right, group.cases), _of(group.again, group.cases))


def _of(part: int, whole: int) -> str:
    if not whole:
        return ""
    shares = {"n": figures.number(part), "share": figures.share(part / whole)}
    return _("%(n)s (%(share)s)") % shares
