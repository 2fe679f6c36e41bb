"""The facts of cases for the metrics, as known at one moment: a dozen plain statements."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from makegood.queries import plain
from makegood.queries.metrics import statements
from makegood.rules.attempts import Attempt
from makegood.rules.metrics.facts import (
    Case,
    Closing,
    Doubted,
    Given,
    Late,
    Learned,
    Owing,
    Passed,
    Reviewed,
    Round,
    Touch,
    Unanswered,
    Wanted,
    Withheld,
    Word,
)
from makegood.rules.metrics.of_words import repeats
from makegood.rules.promises import Outcome


class _Case(NamedTuple):
    id: int
    team_id: int
    zone: str
    failed_at: datetime
    known_at: datetime
    cause: str
    severity: int
    reported: list[datetime]
    handovers: int
    again: list[datetime]
    learned_at: datetime | None
    changed_at: datetime | None


class _Word(NamedTuple):
    case: int
    id: int
    kind: str
    who: str
    is_automatic: bool
    said_at: datetime
    first_due_at: datetime
    due_at: datetime
    earliest_at: datetime | None
    outcome: str | None
    settled_at: datetime | None
    known_at: datetime | None
    moved_alone: bool
    dated_at: datetime | None
    is_past: bool
    crew: int | None
    supplier: str | None
    template: str | None


class _Touch(NamedTuple):
    case: int
    at: datetime
    is_outbound: bool
    is_automatic: bool
    is_receipt: bool
    is_answer: bool
    minutes: int
    is_estimated: bool
    lost_minor: int
    currency: str
    tells: int | None
    staff_minutes: int
    told_again: bool
    is_aloud: bool


class _Moment(NamedTuple):
    case: int
    at: datetime


class _Ending(NamedTuple):
    case: int
    kind: str
    at: datetime
    recorded_at: datetime
    by_yes: bool
    by_parting: bool
    reviewed_at: datetime | None
    is_upheld: bool | None


class _Handover(NamedTuple):
    case: int
    at: datetime
    to_the_top: bool


class _Remedy(NamedTuple):
    case: int
    at: datetime
    amount_minor: int
    currency: str
    needed_approval: bool
    is_released: bool | None
    arrived_at: datetime | None
    makes_good_money: bool
    was_asked: bool
    was_waited_for: bool
    is_extra: bool
    pay_by: datetime | None


class _Held(NamedTuple):
    case: int
    at: datetime
    was_asked: bool


class _Round(NamedTuple):
    case: int
    at: datetime
    is_answered: bool | None


class _Want(NamedTuple):
    case: int
    at: datetime
    became: str


class _Rang(NamedTuple):
    case: int
    promise: int
    at: datetime
    left_message: bool


class _Owing(NamedTuple):
    case: int
    pay_by: datetime
    missing_minor: int
    currency: str


class _Late(NamedTuple):
    case: int
    at: datetime
    source: str
    outcome: str
    cost_minor: int
    own_minor: int
    currency: str


class _Doubt(NamedTuple):
    case: int
    at: datetime
    is_error: bool | None
    fixed_at: datetime | None
    is_again: bool


class _Pass(NamedTuple):
    case: int
    at: datetime
    is_automatic: bool
    warned_of: list[str]


_PARTS: Mapping[str, tuple[str, type[Any]]] = {
    "words": (statements.WORDS, _Word),
    "touches": (statements.TOUCHES, _Touch),
    "apologies": (statements.APOLOGIES, _Moment),
    "endings": (statements.ENDINGS, _Ending),
    "handovers": (statements.HANDOVERS, _Handover),
    "escalations": (statements.ESCALATIONS, _Moment),
    "remedies": (statements.REMEDIES, _Remedy),
    "withheld": (statements.WITHHELD, _Held),
    "asked": (statements.ASKED, _Moment),
    "rounds": (statements.ROUNDS, _Round),
    "wants": (statements.WANTS, _Want),
    "unanswered": (statements.UNANSWERED, _Rang),
    "owings": (statements.OWINGS, _Owing),
    "passes": (statements.PASSES, _Pass),
    "late": (statements.LATE, _Late),
    "doubts": (statements.DOUBTS, _Doubt),
}


def read_facts(cases: Sequence[int], *, as_of: datetime) -> list[Case]:
    """What was known of these cases at a moment; those that were not known then are left out."""
    given = {"cases": list(cases), "as_of": as_of}
    parts = {
        name: _by_case(plain.rows(statement, row, **given))
        for name, (statement, row) in _PARTS.items()
    }
    return [
        _case(row, {name: found.get(row.id, []) for name, found in parts.items()}, as_of=as_of)
        for row in plain.rows(statements.CASES, _Case, **given)
    ]


def _by_case(rows: Sequence[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.case].append(row)
    return found


def _case(row: _Case, parts: Mapping[str, list[Any]], *, as_of: datetime) -> Case:
    words = tuple(_word(word) for word in parts["words"])
    asked = _moments(parts["asked"])
    told, handed = parts["escalations"], parts["handovers"]
    to_the_top = [each.at for each in (*told, *handed) if getattr(each, "to_the_top", True)]
    top = min(to_the_top, default=None)
    return Case(
        id=row.id,
        team=row.team_id,
        zone=ZoneInfo(row.zone),
        failed_at=row.failed_at,
        known_at=row.known_at,
        as_of=as_of,
        cause=row.cause,
        severity=row.severity,
        reports=len(row.reported),
        reported=tuple(row.reported),
        handovers=row.handovers,
        handed=_moments(handed),
        again=tuple(row.again),
        words=words,
        false_statements=repeats(words),
        touches=tuple(Touch(**_fields(touch)) for touch in parts["touches"]),
        apologies=_moments(parts["apologies"]),
        closings=_closings(parts["endings"], handed=_moments(handed), asked=asked),
        remedies=tuple(
            Given(**_fields(given) | {"is_released": bool(given.is_released)})
            for given in parts["remedies"]
        ),
        withheld=tuple(Withheld(**_fields(held)) for held in parts["withheld"]),
        asked=asked,
        rounds=tuple(Round(**_fields(one)) for one in parts["rounds"]),
        wants=tuple(Wanted(**_fields(want)) for want in parts["wants"]),
        unanswered=tuple(_unanswered(rang) for rang in parts["unanswered"]),
        owings=tuple(Owing(**_fields(owing)) for owing in parts["owings"]),
        late=tuple(Late(**_fields(late)) for late in parts["late"]),
        doubts=tuple(
            Doubted(**_fields(one) | {"is_error": bool(one.is_error)}) for one in parts["doubts"]
        ),
        learned=Learned(at=row.learned_at, changed_at=row.changed_at) if row.learned_at else None,
        passes=tuple(
            Passed(**_fields(passed) | {"warned_of": tuple(passed.warned_of)})
            for passed in parts["passes"]
        ),
        executive_at=top,
        executive_by_rule=bool(told) and top == told[0].at,
    )


def _fields(row: Any) -> dict[str, Any]:  # noqa: ANN401 - any of the rows above
    fields: dict[str, Any] = row._asdict()
    del fields["case"]
    return fields


def _unanswered(rang: _Rang) -> Unanswered:
    attempt = Attempt(at=rang.at, left_message=rang.left_message)
    return Unanswered(promise=rang.promise, attempt=attempt)


def _moments(rows: Sequence[Any]) -> tuple[datetime, ...]:
    return tuple(row.at for row in rows)


def _word(row: _Word) -> Word:
    through = [f"crew:{row.crew}"] if row.crew else []
    through += [f"supplier:{row.supplier}"] if row.supplier else []
    by_template = row.template and row.who != f"template:{row.template}"
    through += [f"template:{row.template}"] if by_template else []
    return Word(
        id=row.id,
        kind=row.kind,
        who=row.who,
        is_automatic=row.is_automatic,
        said_at=row.said_at,
        first_due_at=row.first_due_at,
        due_at=row.due_at,
        earliest_at=row.earliest_at,
        outcome=Outcome(row.outcome) if row.outcome else None,
        settled_at=row.settled_at,
        known_at=row.known_at,
        moved_alone=row.moved_alone,
        dated_at=row.dated_at,
        is_past=row.is_past,
        through=tuple(through),
    )


def _closings(
    endings: Sequence[_Ending], *, handed: Sequence[datetime], asked: Sequence[datetime]
) -> tuple[Closing, ...]:
    """Each closing with the opening that followed it, in the order of the timeline."""
    closings: list[Closing] = []
    for ending in endings:
        if ending.kind == "case_closed":
            closings.append(
                Closing(
                    at=ending.at,
                    by_yes=ending.by_yes,
                    by_parting=ending.by_parting,
                    was_asked=any(at <= ending.recorded_at for at in asked),
                    owners=1 + sum(at <= ending.recorded_at for at in handed),
                    review=_review(ending),
                )
            )
        elif closings:
            mistake = ending.kind == "closing_taken_back"
            closings[-1] = replace(closings[-1], reopened_at=ending.at, is_mistake=mistake)
    return tuple(closings)


def _review(ending: _Ending) -> Reviewed | None:
    if ending.reviewed_at is None:
        return None
    return Reviewed(at=ending.reviewed_at, is_upheld=bool(ending.is_upheld))
