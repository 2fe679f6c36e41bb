"""The weekly digest: last week's eight tiles, what broke, what was learned, and what to mend first.

Mail and desk are made of the same page.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from makegood.language import figures, moments
from makegood.language.metrics import ABOUT
from makegood.queries import plain
from makegood.queries.metrics.parts import Cause, read_causes
from makegood.queries.metrics.series import Period, Series, read_series
from makegood.rules import digest
from makegood.rules.digest import Trouble
from makegood.rules.metrics.definitions import TILES

MOST = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One tile: what it was last week, and in the week before where something was counted."""

    name: str
    value: str
    unit: str
    before: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DigestPage:
    """The page, all of it plain text."""

    subject: str
    tiles: tuple[Line, ...]
    broke: tuple[str, ...]
    learned: tuple[str, ...]
    fix: str
    link: str

    @property
    def has_dashes(self) -> bool:
        """Whether there was nothing to count for one of the tiles."""
        return any(line.value == figures.NOTHING for line in self.tiles)


class _Broken(NamedTuple):
    reference: str
    title: str
    n: int


class _Learned(NamedTuple):
    named: int
    gaps: int
    shipped: int
    again: int


_BROKEN = """
    SELECT c.reference, c.title, count(*) AS n
      FROM records_dailycount d, unnest(d.cases, d.values) AS s (number, value)
      JOIN records_case c ON c.id = s.number
     WHERE d.metric = 'M01' AND d.key = '' AND d.day >= %(first)s AND d.day < %(end)s
       AND s.value = 0
     GROUP BY c.id ORDER BY n DESC, c.severity, c.id LIMIT %(most)s
"""
_LEARNED = """
    SELECT (SELECT count(*) FROM records_lesson
             WHERE named_at >= %(first)s AND named_at < %(end)s) AS named,
           (SELECT count(*) FROM records_lesson
             WHERE gap_closed_at >= %(first)s AND gap_closed_at < %(end)s) AS gaps,
           (SELECT count(*) FROM records_improvement
             WHERE shipped_at >= %(first)s AND shipped_at < %(end)s) AS shipped,
           (SELECT count(*) FROM records_repeat
             WHERE raised_at >= %(first)s AND raised_at < %(end)s) AS again
"""


def get_digest(monday: date) -> DigestPage:
    """The digest of the week before a Monday, in the language that is being spoken."""
    period = Period(weeks=1, today=monday - timedelta(days=1))
    found = read_series(period, TILES)
    return DigestPage(
        subject=_("Makegood: the week from %(day)s") % {"day": moments.date_in_words(period.first)},
        tiles=tuple(_tile(code, found.get((code, ""), Series())) for code in TILES),
        broke=_broke(period),
        learned=_learned(period),
        fix=_fix(read_causes(period)),
        link=settings.BASE_URL.rstrip("/") + reverse("desk:wall"),
    )


def in_text(page: DigestPage) -> str:
    """The digest as plain text."""
    tiles = "\n".join(map(_in_text, page.tiles))
    broke = "\n".join(f"- {line}" for line in page.broke)
    learned = "\n".join(f"- {line}" for line in page.learned)
    dashes = _("A dash: there is nothing to count yet.")
    parts = (
        f"{_('The one thing to mend first')}:\n{page.fix}",
        f"{tiles}\n\n{dashes}" if page.has_dashes else tiles,
        f"{_('What broke')}:\n{broke}",
        f"{_('What was learned')}:\n{learned}",
        page.link,
    )
    return "\n\n".join(parts) + "\n"


def _in_text(line: Line) -> str:
    before = f"({line.before})" if line.before else ""
    return " ".join(part for part in (f"{line.name}:", line.value, line.unit, before) if part)


def _tile(code: str, series: Series) -> Line:
    before = ""
    if series.earlier.known:
        before = _("%(value)s in the week before") % {
            "value": figures.of_tally(series.earlier, code)
        }
    return Line(
        name=str(ABOUT[code].name),
        value=figures.of_tally(series.now, code),
        unit=figures.unit_of(code) if series.now.known else "",
        before=before,
    )


def _broke(period: Period) -> tuple[str, ...]:
    rows = plain.rows(_BROKEN, _Broken, first=period.first, end=period.end, most=MOST)
    if not rows:
        return (_("No promise broke."),)
    return tuple(
        ngettext("%(title)s (%(ref)s): one promise", "%(title)s (%(ref)s): %(n)s promises", row.n)
        % {"title": row.title, "ref": row.reference, "n": row.n}
        for row in rows
    )


def _learned(period: Period) -> tuple[str, ...]:
    row = plain.rows(_LEARNED, _Learned, first=period.first, end=period.end)[0]
    return (
        _("Causes named: %(n)s") % {"n": row.named},
        _("Gaps closed: %(n)s") % {"n": row.gaps},
        _("Changes in force: %(n)s") % {"n": row.shipped},
        _("What came again: %(n)s") % {"n": row.again},
    )


def _fix(causes: Sequence[Cause]) -> str:
    """What took most of the customers' time and of the cost together, with the reason."""
    spent: Counter[str] = Counter()
    for cause in causes:
        spent.update(dict(cause.costs))
    currency = max(spent, key=lambda one: spent[one], default="")
    chosen = digest.choose([_trouble(cause, currency) for cause in causes])
    if chosen is None:
        return _("Nothing took customers' time or our money last week.")
    return _("%(name)s: %(minutes)s of the customers' time, and %(cost)s of the cost.") % {
        "name": chosen.trouble.name,
        "minutes": figures.share(chosen.of_minutes),
        "cost": figures.share(chosen.of_cost),
    }


def _trouble(cause: Cause, currency: str) -> Trouble:
    return Trouble(
        key=cause.name,
        name=cause.name,
        cases=cause.cases,
        minutes=cause.minutes,
        cost_minor=dict(cause.costs).get(currency, 0),
    )
