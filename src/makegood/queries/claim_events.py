"""How a late promise was honoured, what was doubted and what was learned, for a case's timeline."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from django.utils.translation import gettext as _

from makegood.queries import learning_events
from makegood.records.models import TimelineEntry
from makegood.rules import money

_Facts = dict[str, Any]


class _Knows(Protocol):
    def name(self, person: int | None) -> str: ...


_Teller = Callable[[TimelineEntry, _Facts, Any], str]


def _heard(_row: TimelineEntry, facts: _Facts, known: _Knows) -> str:
    if facts["source"] == "mistake":
        return _("%(name)s found that we should not have promised this. It is honoured.") % {
            "name": known.name(facts["by"])
        }
    if facts["by"] is None:
        return _("The customer told us on their page what they were promised. We believe them.")
    return _("%(name)s recorded what the customer was promised. We believe them.") % {
        "name": known.name(facts["by"])
    }


def _step(_row: TimelineEntry, facts: _Facts, known: _Knows) -> str:
    name = {"name": known.name(facts["by"])}
    if facts["rung"] == "offer":
        return _("%(name)s asked what would make it right, with an offer.") % name
    if not facts["taken"]:
        return _("%(name)s decided that it cannot be done as promised.") % name
    if not facts["cost_minor"] and facts["rung"] == "value":
        return _("%(name)s gave something of value for the word that was not kept.") % name
    if not facts["cost_minor"]:
        return _("%(name)s decided that it is done as promised.") % name
    cost = name | {"amount": money.in_words(facts["cost_minor"], facts["currency"])}
    if facts["rung"] == "value":
        return _("%(name)s gave something of value for the word: %(amount)s.") % cost
    return _("%(name)s decided that it is done as promised. It costs us %(amount)s.") % cost


def _answered(_row: TimelineEntry, facts: _Facts, _known: _Knows) -> str:
    if facts["taken"]:
        return _("The customer said what makes it right, and they get it.")
    return _("The customer did not want the offer.")


def _passed_up(_row: TimelineEntry, facts: _Facts, known: _Knows) -> str:
    said = {"name": known.name(facts["by"]), "to": known.name(facts["to"])}
    if not facts["cost_minor"]:
        return _("%(name)s asked %(to)s to decide on what the customer was promised.") % said
    return _(
        "%(name)s asked %(to)s to decide on what the customer was promised. It costs us %(amount)s."
    ) % (said | {"amount": money.in_words(facts["cost_minor"], facts["currency"])})


def _settled(_row: TimelineEntry, facts: _Facts, _known: _Knows) -> str:
    return {
        "honoured": lambda: _("What the customer was promised is honoured."),
        "substituted": lambda: _("The customer gets something else that makes it right."),
        "value": lambda: _("The customer got something of value instead."),
        "let_go": lambda: _("The customer no longer wants what they were promised."),
    }[facts["outcome"]]()


def _doubted(_row: TimelineEntry, facts: _Facts, known: _Knows) -> str:
    return _("An article says otherwise: %(name)s is asked which is right.") % {
        "name": known.name(facts["to"])
    }


def _passed_on(_row: TimelineEntry, facts: _Facts, known: _Knows) -> str:
    return _("Nobody has said yet which is right: %(name)s is asked now.") % {
        "name": known.name(facts["to"])
    }


def _verdict(_row: TimelineEntry, facts: _Facts, known: _Knows) -> str:
    name = {"name": known.name(facts["by"])}
    if facts["verdict"] == "article_wrong":
        return _("%(name)s found that the article was wrong. What was said stands.") % name
    if facts["verdict"] == "statement_wrong":
        return _("%(name)s found that what was said was wrong. The customer keeps it.") % name
    return _("%(name)s found that both are right.") % name


def _learned(_row: TimelineEntry, facts: _Facts, known: _Knows) -> str:
    return _("%(name)s wrote down what was learned from it.") % {"name": known.name(facts["by"])}


TELLERS: Mapping[str, tuple[str, _Teller]] = {
    "claim_heard": ("word", _heard),
    "claim_step": ("gift", _step),
    "claim_answered": ("chat", _answered),
    "claim_passed_up": ("bell", _passed_up),
    "claim_settled": ("kept", _settled),
    "doubt_raised": ("at_risk", _doubted),
    "doubt_passed_on": ("bell", _passed_on),
    "doubt_answered": ("flag", _verdict),
    "gap_closed": ("kept", _learned),
    **learning_events.TELLERS,
}
