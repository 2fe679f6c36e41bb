"""The apology for a broken promise as a letter says it where nobody has said it in time.

It quotes nothing that was typed: it names what was promised by its kind, and by its time.
"""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.language import choice, moments

_DID_NOT: Mapping[str, Lazy] = {
    "news": gettext_lazy("You were to hear from us by %(when)s, and you did not."),
    "callback": gettext_lazy("We were to call you by %(when)s, and we did not."),
    "visit": gettext_lazy("We were to come to you by %(when)s, and we did not."),
    "delivery": gettext_lazy("Your delivery was to come by %(when)s, and it did not."),
    "repair": gettext_lazy("We were to repair it for you by %(when)s, and we did not."),
}


def by_letter(
    kind: str, due_at: datetime, *, whole_day: bool, owner: str, zone: ZoneInfo, language: str
) -> str:
    """What was not done, that it was ours, that we are sorry, and who sees to it now."""
    with choice.speaking(language):
        moment = (
            _("the end of %(day)s") % {"day": moments.day_in_words(due_at, zone=zone)}
            if whole_day
            else moments.in_words(due_at, zone=zone)
        )
        did_not = _DID_NOT.get(
            kind, gettext_lazy("We were to do something for you by %(when)s, and we did not.")
        )
        sorry = _(
            "That is our mistake, and we are sorry. %(owner)s sees to it until it is right. You "
            "need do nothing."
        ) % {"owner": owner}
        return f"{str(did_not) % {'when': moment}}\n\n{sorry}"


def with_the_round(round_name: str, *, language: str) -> str:
    """The words of the promise that the next round bounds; when, stands beside them."""
    with choice.speaking(language):
        return _("We come to you with our next round at the latest: %(round)s.") % {
            "round": round_name
        }
