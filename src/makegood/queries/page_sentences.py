"""What happened around a customer's page, as sentences of the desk's history."""

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, tuple[str, Lazy]] = {
    "advice_given": ("chat", _("%(who)s said what to do until it is right.")),
    "advice_taken_back": ("chat", _("%(who)s took back what was to be done until then.")),
    "choice_offered": ("calendar", _("%(who)s offered the customer another time.")),
    "choice_withdrawn": ("calendar", _("%(who)s offers another time no longer.")),
    "call_unanswered": ("phone", _("%(who)s rang, and nobody answered.")),
    "call_with_message": ("phone", _("%(who)s rang, nobody answered; a message was left.")),
    "link_asked": ("link", _("A fresh link was asked for, by somebody with an old one.")),
    "link_sent": ("link", _("%(who)s sent a fresh link to the address on record.")),
    "customer_recognised": ("owner", _("%(who)s made sure who the customer is.")),
    "failure_made_public": ("report", _("%(who)s lets those who report the same know of it.")),
    "failure_kept_private": ("report", _("%(who)s lets nobody know of it who reports the same.")),
}
"""By kind of entry: an icon, and a sentence in which somebody may be named."""
