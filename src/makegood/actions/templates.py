"""Texts that are said again and again: made, filled from live facts, stopped, and let speak again.

Anybody at the front may stop a false one for an area, in one act and at once (R10); what was made
of it and has not left is held from that moment, because the gate asks again as it leaves.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from makegood.actions import gate
from makegood.language import choice, money, true_words
from makegood.language.true_words import Due, Listener
from makegood.records.models import Staff, Template, TemplateStop, TruthSource
from makegood.rules import places, roles
from makegood.rules.capture.kinds import Kind
from makegood.rules.gate.facts import Facts, Money
from makegood.rules.gate.slots import OF_FACTS, fill, slots_of, speaks_ahead
from makegood.rules.roles import Right
from makegood.rules.timewords.moment import Frame


class TemplateError(Exception):
    """A template that cannot be made, stopped or lifted as asked; the message says why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NewTemplate:
    """What a template shall be. `about` is the kind of promise whose time it says."""

    name: str
    text: str
    language: str = "en"
    truth_source: TruthSource = TruthSource.NONE
    about: Kind | None = None
    area: str = ""


@transaction.atomic
def make(wanted: NewTemplate, *, owner: Staff, now: datetime) -> Template:
    """Make a template; one that speaks of what is to come needs a source of truth.

    :raises SlotError: if it has a slot that nothing fills.
    :raises TemplateError: if it has no words, or no source of truth and needs one.
    """
    if not wanted.name.strip() or not wanted.text.strip():
        raise TemplateError("A template has a name and words.")
    slots = slots_of(wanted.text)
    ahead = speaks_ahead(wanted.text, frame=Frame(now=now, zone=ZoneInfo("UTC")))
    if ahead and wanted.truth_source == TruthSource.NONE:
        raise TemplateError(
            "This says what is to come or how things stand: name the promise or the remedy that "
            "makes it true."
        )
    return _created(
        name=wanted.name,
        language=wanted.language,
        text=wanted.text,
        slots=list(slots),
        speaks_ahead=ahead,
        truth_source=wanted.truth_source,
        about=wanted.about.value if wanted.about else "",
        area=wanted.area,
        owner=owner,
        made_at=now,
    )


def _created(**columns: Any) -> Template:  # noqa: ANN401 - named as the columns are
    try:
        with transaction.atomic():
            return Template.objects.create(**columns)
    except IntegrityError as twice:
        if "template_once_by_name_language_and_area" not in str(twice):
            raise
        raise TemplateError("There is a template of that name already.") from twice


def words_for(template_id: int, case_id: int, *, now: datetime) -> str:
    """The words of a template for a case, filled from live facts.

    Where no fact fills it, it says so truthfully, with when the customer hears next; empty if not
    even that is known.
    """
    template = Template.objects.get(pk=template_id)
    known = gate.known_of(case_id, now=now)
    case, facts = known.case, known.facts
    to = Listener(owner=case.owner, zone=ZoneInfo(case.zone), now=now)
    with choice.speaking(template.language):
        values = {
            "customer": case.customer,
            "owner": case.owner,
            "reference": case.reference,
            **_values(template, facts, to=to),
        }
    if all(slot in values for slot in template.slots):
        return fill(template.text, values)
    with choice.speaking(case.language):
        return true_words.no_date_yet(facts.next_word)


@transaction.atomic
def stop(template_id: int, *, area: str, why: str, by: Staff, now: datetime) -> TemplateStop:
    """Stop a template for an area, or everywhere, at once: whoever sees that it is false may.

    :param area: as somebody typed it: a postcode, a district or a town; empty is everywhere.
    :raises TemplateError: if no reason is given, the area is none, or it is stopped there already.
    """
    if not why.strip():
        raise TemplateError("Say why it is false, for whoever owns it.")
    if area.strip() and not places.area_of(area):
        raise TemplateError("That is no area: give a postcode, its district or a town.")
    area = places.area_of(area)
    try:
        with transaction.atomic():
            return TemplateStop.objects.create(
                template_id=template_id, area=area, why=why, stopped_by=by, stopped_at=now
            )
    except IntegrityError as twice:
        if "template_stop_once_per_area" not in str(twice):
            raise
        raise TemplateError("It is stopped there already.") from twice


@transaction.atomic
def lift(stop_id: int, *, by: Staff, now: datetime) -> TemplateStop:
    """Let a template speak again where it was stopped: its owner's, or a keeper's, to decide.

    :raises TemplateError: if it is somebody else's, or was lifted already.
    """
    found = TemplateStop.objects.select_for_update(of=("self",)).select_related("template")
    stopped = found.get(pk=stop_id)
    if stopped.template.owner_id != by.pk and not roles.has(by.role, Right.KEEP_KNOWLEDGE):
        raise TemplateError("Only whoever owns it, or keeps our knowledge, lets it speak again.")
    if stopped.lifted_at is not None:
        raise TemplateError("It speaks again already.")
    stopped.lifted_by, stopped.lifted_at = by, now
    stopped.save(update_fields=["lifted_by", "lifted_at"])
    return stopped


def _values(template: Template, facts: Facts, *, to: Listener) -> dict[str, str]:
    """What the facts put into the slots that only they may fill."""
    if not OF_FACTS & set(template.slots):
        return {}
    values = {}
    about = Kind(template.about) if template.about else None
    windows = sorted(
        (w for w in facts.windows if not w.is_offer and (about is None or about in w.kinds)),
        key=lambda window: window.due,
    )
    if windows:
        first = windows[0]
        due = Due(due_at=first.due, earliest_at=first.earliest, whole_day=first.is_day)
        values["when"] = true_words.when(due, to=to)
    sums = [known for known in facts.sums if known.how_far in {Money.GRANTED, Money.SENT}]
    if len(sums) == 1:
        values["amount"] = money.in_words(sums[0].minor, sums[0].currency)
    return values
