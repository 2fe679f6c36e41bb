"""Why the gate objects, said so that catalogues know it: see `rules.gate.objections`."""

from django.utils.functional import Promise as Lazy
from django.utils.translation import pgettext_lazy

from makegood.language import sentences
from makegood.rules.gate.objections import Rule

# Word for word the reasons of the rules; a test compares them.
SAID: dict[Rule, Lazy] = {
    Rule.NO_PROMISE: pgettext_lazy("sentence", "Nothing that is promised or planned says this."),
    Rule.LATER: pgettext_lazy("sentence", "This is later than what is promised."),
    Rule.EARLIER: pgettext_lazy("sentence", "This is earlier than what is promised."),
    Rule.VAGUER: pgettext_lazy("sentence", "This is vaguer than what is promised."),
    Rule.NARROWER: pgettext_lazy("sentence", "This names another window than what is promised."),
    Rule.OVERTAKEN: pgettext_lazy(
        "sentence", "This date does not stand any more: say the one that does, if there is one."
    ),
    Rule.BROKEN_AGAIN: pgettext_lazy(
        "sentence", "This was promised before and broken; it cannot be said again."
    ),
    Rule.UNREAD_TIME: pgettext_lazy(
        "sentence",
        "This time cannot be compared with what is promised; write it in figures.",
    ),
    Rule.OTHER_TIME: pgettext_lazy(
        "sentence", "The words say another time than the one that is recorded for them."
    ),
    Rule.NO_PAST: pgettext_lazy("sentence", "Nothing on record happened then."),
    Rule.NO_SUM: pgettext_lazy("sentence", "Nothing that is granted or owed has this amount."),
    Rule.VAGUE_SUM: pgettext_lazy(
        "sentence", "This amount is vaguer than what is granted or owed."
    ),
    Rule.NOT_ARRIVED: pgettext_lazy("sentence", "This money has not reached the customer yet."),
    Rule.NO_STATE: pgettext_lazy("sentence", "Nothing on record says that it stands so."),
    Rule.NO_ENTITLEMENT: pgettext_lazy(
        "sentence", "Nothing that is granted or owed gives this to the customer."
    ),
    Rule.APOLOGY_AGAIN: pgettext_lazy(
        "sentence", "We apologised already: now it takes a new fact, date or remedy."
    ),
    Rule.NEVER_AGAIN: pgettext_lazy(
        "sentence", "Nothing on record was changed that would keep it from happening again."
    ),
    Rule.NOT_OWNER: pgettext_lazy("sentence", "Somebody else owns this case."),
    Rule.TAKES_BACK: pgettext_lazy(
        "sentence", "This takes back what was promised: decide first how it is honoured."
    ),
    Rule.TEMPLATE_STOPPED: pgettext_lazy(
        "sentence", "This template was stopped, because what it says is not true."
    ),
    Rule.MIXED_LETTERS: pgettext_lazy(
        "sentence", "A word mixes letters of two alphabets and cannot be read for certain."
    ),
    Rule.TOO_LONG: pgettext_lazy("sentence", "The message is too long to be checked whole."),
    Rule.TOO_MANY: pgettext_lazy(
        "sentence",
        "This names more dates, amounts and states than can be checked: say it in several"
        " sentences or messages.",
    ),
    Rule.EMPTY: pgettext_lazy("sentence", "There are no words to say."),
}


def of_rule(name: str) -> str:
    """The reason of a rule of the gate by its name; the name where it is of an older gate."""
    said = {rule.value: sentence for rule, sentence in SAID.items()}
    return str(said.get(name, name))


def reason(english: str) -> str:
    """A reason of the gate or of a rule of wording, in the language spoken now."""
    return sentences.said(english)
