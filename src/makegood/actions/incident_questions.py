"""The question whether it is right, in the letter that tells everybody that an incident is over.

It is owed to each case as any question is, counts when that letter is there, and what follows when
nobody answers is for `silence`. So a hundred thousand cases do not wait for a person each.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from makegood.actions import askings
from makegood.actions.circulars import Said
from makegood.actions.spread_rows import Rows
from makegood.language import askings as language
from makegood.records import bulk
from makegood.records.hit import HitCase
from makegood.records.models import Asking, Incident, IncidentTruth, MessageKind
from makegood.records.rows import NewAsking, NewDuty
from makegood.rules.askings import FIRST
from makegood.rules.timeline import Head


@dataclass(kw_only=True, slots=True)
class Questions:
    """The questions of a batch of cases; what is alike is said once."""

    incident: Incident
    now: datetime
    left_out: set[int]
    asked: Counter[int]
    _ids: Iterator[tuple[int, int]]
    _words: dict[tuple[str, str, bool], str] = field(default_factory=dict)

    @classmethod
    def prepare(cls, truth: IncidentTruth, cases: Sequence[HitCase], *, now: datetime) -> Self:
        """Leave out for whom something is still to do: they are asked when that is done."""
        known = [one.case for one in cases]
        ids = (bulk.next_ids(row.TABLE, len(known)) for row in (NewDuty, NewAsking))
        return cls(
            incident=truth.incident,
            now=now,
            left_out=askings.not_to_be_asked(known),
            asked=Counter(Asking.objects.filter(case__in=known).values_list("case", flat=True)),
            _ids=zip(*ids, strict=True),
        )

    def ask(self, one: HitCase, *, rows: Rows, head: Head) -> tuple[Head, Said | None]:
        """Owe the question on a locked case: where its timeline ends now, what its letter says."""
        if one.case in self.left_out:
            return head, None
        duty, asking = next(self._ids)
        serial = self.asked[one.case] + 1
        rows.duties.append(
            NewDuty(
                id=duty,
                case_id=one.case,
                promise_id=None,
                kind=MessageKind.QUESTION.value,
                about=f"case:{one.case}:question:{serial}",
                queued_at=self.now,
                channel="",
                words="",
            )
        )
        rows.askings.append(
            NewAsking(
                id=asking,
                case_id=one.case,
                number=FIRST,
                message_id=duty,
                opened_at=self.now,
                ended_by="",
            )
        )
        facts = {"asking": asking, "number": FIRST}
        head = rows.link(
            head, case=one.case, kind="question_owed", at=self.now, now=self.now, facts=facts
        )
        return head, Said(words=self._said(one), duty=duty, promise=None)

    def _said(self, one: HitCase) -> str:
        key = one.owner_name, one.language, bool(one.email)
        if key not in self._words:
            self._words[key] = (
                language.question_by_letter(
                    number=FIRST, owner=one.owner_name, language=one.language
                )
                if one.email
                else language.question(
                    title=self.incident.title, number=FIRST, language=one.language
                )
            )
        return self._words[key]


def questions_of(
    truth: IncidentTruth, cases: Sequence[HitCase], *, now: datetime
) -> Questions | None:
    """What the cases of a batch are asked as they hear that it is over; nothing before that.

    After the end only what everybody is given is told, so the last truth without that is the end.
    """
    incident = truth.incident
    if incident.over_at is None or incident.merged_into_id is not None:
        return None
    ended = incident.truths.filter(remedy=None).order_by("-number").first()
    return Questions.prepare(truth, cases, now=now) if ended == truth else None
