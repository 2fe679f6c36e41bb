"""A date that is about to be promised, held against the next round and against history.

With scripts that is said beside the words as one types. Whoever has not read it there gets the
form back once, with the reason and all that was typed; sent once more, the date counts.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from makegood.doors.access import StaffRequest
from makegood.doors.web.staff.act import Act
from makegood.doors.web.staff.desk import zone_of
from makegood.doors.web.staff.fields import DeskForm, DueFields
from makegood.language.moments import by_in_words
from makegood.queries import outlooks
from makegood.records.models import Case, Promise, PromiseKind
from makegood.rules.promises import Precision

_DEEDS = frozenset({PromiseKind.DELIVERY, PromiseKind.REPAIR})


@dataclass(frozen=True, kw_only=True, slots=True)
class DateDoubt:
    """What is to be said against a date: `key` is the date, as the form carries it."""

    key: str
    date: str
    why: str
    better: str

    def in_words(self) -> str:
        """What the form says as it comes back."""
        said = _(
            "%(why)s Better: %(better)s. What you typed is kept: change the date, or send it once "
            "more if you mean it."
        )
        return said % {"why": self.why, "better": self.better}


def find(request: StaffRequest, case: Case, form: DeskForm, *, kind: str) -> DateDoubt | None:
    """What is to be said against the date that a form promises, if it is one of the deed."""
    form.is_valid()  # the words may still be missing: only the date is asked for here
    due_at: datetime | None = form.cleaned_data.get("due_at")
    if kind not in _DEEDS or due_at is None or due_at <= request.now:
        return None
    whole_day = form.cleaned_data.get("precision") == Precision.DATE
    why, better = outlooks.doubt_of_date(
        case, due_at, whole_day=whole_day, now=request.now, zone=zone_of(request)
    )
    if not why:
        return None
    zone = ZoneInfo(case.customer.zone)
    date = by_in_words(due_at, now=request.now, zone=zone, whole_day=whole_day)
    return DateDoubt(key=due_at.isoformat(), date=date, why=why, better=better)


def unheard(request: StaffRequest, case: Case, act: Act) -> DateDoubt | None:
    """As `find`, for an act that is being sent; None if its form carries the doubt already."""
    if not isinstance(act.form, DueFields):
        return None
    found = find(request, case, act.form, kind=_kind(act))
    return None if found is None or found.key in request.POST.getlist("doubted") else found


def _kind(act: Act) -> str:
    """Of which kind the promise is; one that moves stays what it is."""
    if "kind" in act.form.cleaned_data:
        return str(act.form.cleaned_data["kind"])
    moved = Promise.objects.filter(pk=act.target).values_list("kind", flat=True).first()
    return moved or ""
