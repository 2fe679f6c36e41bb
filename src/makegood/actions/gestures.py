"""Giving a gesture: one small thing that nobody had promised, once all was put right (R44).

It is no remedy: it has no promise, takes nobody's authority, and stands in no figure of what was
made good. The database judges it again, holding the case and the team while it counts.
"""

from datetime import datetime

from django.db import IntegrityError, transaction

from makegood.actions import timeline
from makegood.records import gesture_facts
from makegood.records.models import Case, Gesture, GestureItem, Staff
from makegood.rules import gestures
from makegood.rules.gestures import (
    GestureError,
    GivenAlreadyError,
    NotCorrectedError,
    NotInCatalogueError,
    OnesOwnError,
    OtherGestureError,
    OverBudgetError,
    StillOwedError,
)

_REFUSED: dict[str, type[GestureError]] = {
    "gesture_within_budget": OverBudgetError,
    "gesture_not_for_ones_own": OnesOwnError,
    "gesture_once_per_case": GivenAlreadyError,
    "gesture_is_of_the_catalogue": NotInCatalogueError,
    "gesture_never_instead_of_a_remedy": StillOwedError,
    "gesture_after_correction_apology_and_date": NotCorrectedError,
}


@transaction.atomic
def give(case_id: int, item_id: int, *, key: str, by: Staff, now: datetime) -> Gesture:
    """Give something of the catalogue, in one act. `key` is the form's: sent twice, given once.

    :raises OtherGestureError: if this act was sent before with another gesture.
    :raises GestureError: if it comes too soon, twice, or is beyond the team's budget.
    """
    case = Case.objects.select_for_update(no_key=True).get(pk=case_id)
    if (before := Gesture.objects.filter(key=key).first()) is not None:
        if (before.case_id, before.item_id) != (case.pk, item_id):
            raise OtherGestureError
        return before
    gestures.check(gesture_facts.lack_of(case.pk, now=now))
    item = GestureItem.objects.filter(pk=item_id, retired_at=None).first()
    if item is None:
        raise NotInCatalogueError
    given = _create(case, item, key=key, by=by, now=now)
    facts = {
        "gesture": given.pk,
        "by": by.pk,
        "what": item.name,
        "amount_minor": item.cost_minor,
        "currency": item.currency,
    }
    timeline.append(case_id=case.pk, kind="gesture_given", at=now, now=now, facts=facts)
    return given


def _create(case: Case, item: GestureItem, *, key: str, by: Staff, now: datetime) -> Gesture:
    try:
        with transaction.atomic():
            return Gesture.objects.create(
                case=case,
                team_id=case.team_id,
                item=item,
                what=item.name,
                cost_minor=item.cost_minor,
                currency=item.currency,
                given_at=now,
                given_by=by,
                key=key,
            )
    except IntegrityError as wrong:
        name = getattr(getattr(wrong.__cause__, "diag", None), "constraint_name", "") or ""
        if name not in _REFUSED:
            raise
        raise _REFUSED[name] from wrong
