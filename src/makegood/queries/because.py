"""Why a case is as severe as it is, in the reader's language.

The reason is kept as `rules.severity` says it, in English; here its parts are recognised.
"""

import re

from django.utils.functional import Promise as Lazy
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from makegood.rules.severity import Function, Harm

_FUNCTIONS: dict[str, Lazy] = {
    Function.SAFETY: pgettext_lazy("severity", "safety"),
    Function.SECURITY: pgettext_lazy("severity", "security"),
    Function.HEALTH: pgettext_lazy("severity", "health"),
    Function.SHELTER: pgettext_lazy("severity", "shelter"),
    Function.CONNECTION: pgettext_lazy("severity", "connection"),
    Function.MONEY: pgettext_lazy("severity", "money"),
    Function.HYGIENE: pgettext_lazy("severity", "hygiene"),
    Function.TRAVEL: pgettext_lazy("severity", "travel"),
    Function.GOODS: pgettext_lazy("severity", "goods"),
    Function.COMFORT: pgettext_lazy("severity", "comfort"),
    Function.INFORMATION: pgettext_lazy("severity", "information"),
}
_HARMS: dict[str, Lazy] = {
    Harm.LOST: pgettext_lazy("severity", "lost"),
    Harm.DEGRADED: pgettext_lazy("severity", "degraded"),
    Harm.DELAYED: pgettext_lazy("severity", "delayed"),
    Harm.COSMETIC: pgettext_lazy("severity", "cosmetic"),
}
_WHOLE: dict[str, Lazy] = {
    "vulnerable exposed": pgettext_lazy("severity", "vulnerable exposed"),
    "many exposed": pgettext_lazy("severity", "many exposed"),
    "critical to this customer": pgettext_lazy("severity", "critical to this customer"),
}
_REPEATED = re.compile(r"reported (\d+) times")


def in_words(because: str) -> str:
    """The reason, part by part; a part that is not known stays as it was written."""
    return ", ".join(_part(part) for part in because.split(", "))


def _part(part: str) -> str:
    if part in _WHOLE:
        return str(_WHOLE[part])
    if found := _REPEATED.fullmatch(part):
        times = int(found[1])
        return ngettext("reported %(count)d time", "reported %(count)d times", times) % {
            "count": times
        }
    function, _space, harm = part.partition(" ")
    if function in _FUNCTIONS and harm in _HARMS:
        said = {"function": _FUNCTIONS[function], "harm": _HARMS[harm]}
        return pgettext("severity", "%(function)s %(harm)s") % said
    return part
