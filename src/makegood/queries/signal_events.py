"""What a device or a partner said of a case after it opened, told in sentences for its timeline."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from makegood.records.models import TimelineEntry

Teller = Callable[[TimelineEntry, dict[str, Any], Any], str]


def _plain(sentence: Lazy) -> Teller:
    return lambda _row, _facts, _known: str(sentence)


TELLERS: Mapping[str, tuple[str, Teller]] = {
    "signal_back": (
        "bell",
        _plain(_("The device says that it works again. Whether it is right, the customer says.")),
    ),
    "signal_unsteady": (
        "bell",
        _plain(_("The device comes and goes; further signals within the hour are only counted.")),
    ),
    "partner_says_done": (
        "flag",
        _plain(_("The partner has closed it. Whether it is right, the customer says.")),
    ),
    "partner_opened_again": ("bell", _plain(_("The partner has opened it again."))),
}
