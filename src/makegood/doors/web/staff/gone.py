"""Acts that can no longer be done, because somebody or the clock was faster: they get no form."""

from collections.abc import Callable, Mapping

from makegood.doors.web.staff.act import Act
from makegood.queries.case_page import CasePage
from makegood.queries.case_promises import Card
from makegood.rules.promises import Standing


def is_gone(act: Act, page: CasePage) -> bool:
    """Whether the case as it stands leaves no room for this act."""
    check = _CHECKS.get(act.name)
    return check is not None and check(act, page)


def _card(act: Act, page: CasePage) -> Card | None:
    """The open promise that the act is about."""
    return next((card for card in page.open if card.id == act.target), None)


def _is_settled(act: Act, page: CasePage) -> bool:
    return _card(act, page) is None


def _is_settled_or_late(act: Act, page: CasePage) -> bool:
    card = _card(act, page)
    return card is None or card.standing == Standing.OVERDUE


def _is_told(act: Act, page: CasePage) -> bool:
    card = _card(act, page)
    return card is None or card.untold is None


def _is_said(act: Act, page: CasePage) -> bool:
    return act.target not in {owed.id for owed in page.owed}


def _is_closed(_act: Act, page: CasePage) -> bool:
    return page.closed is not None


def _is_asked_or_closed(_act: Act, page: CasePage) -> bool:
    return page.handover is not None or page.closed is not None


def _is_open(_act: Act, page: CasePage) -> bool:
    return not page.can_reopen


_CHECKS: Mapping[str, Callable[[Act, CasePage], bool]] = {
    "keep": _is_settled,
    "rang": _is_settled,
    "move": _is_settled_or_late,
    "release": _is_settled_or_late,
    "replace": _is_settled_or_late,
    "tell": _is_told,
    "apologise": _is_said,
    "make": _is_closed,
    "close": _is_closed,
    "handover": _is_asked_or_closed,
    "reopen": _is_open,
}
