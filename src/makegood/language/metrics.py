"""What is said of each metric: its name, what is counted, and what to beware of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from makegood.rules.metrics.control import Rule
from makegood.rules.metrics.definitions import Figure


@dataclass(frozen=True, kw_only=True, slots=True)
class About:
    """One metric in words; `beware` is its guard against looking better than it is."""

    name: str | Lazy
    counts: str | Lazy
    beware: str | Lazy


def _about(name: str | Lazy, counts: str | Lazy, beware: str | Lazy) -> About:
    return About(name=name, counts=counts, beware=beware)


ABOUT: Final[Mapping[str, About]] = {
    "M01": _about(
        _("Promises kept"),
        _(
            "Of the promises that were due, those that were kept, or changed beforehand "
            "with the customer's consent. What was put off without asking is broken."
        ),
        _("Vague promises would keep this high: see how many can be dated."),
    ),
    "M02": _about(
        _("Promises with a date"),
        _("Of all promises recorded here, those with a time by which they are due."),
        _("Every promise recorded here has one; what is said elsewhere is not seen."),
    ),
    "M03": _about(
        _("Broken in silence"),
        _(
            "Of the broken promises, those about which the customer heard nothing before "
            "they fell due."
        ),
        _("The worst of all: it should be none."),
    ),
    "M04": _about(
        _("False statements"),
        _(
            "Messages that said again what had been promised and broken, and that broke "
            "again, of a thousand messages."
        ),
        _("What the gate stopped was never said and does not count."),
    ),
    "M05": _about(
        _("Settled by the first owner"),
        _("Of the cases that were closed, those that had one owner and did not come back."),
        _("Holding on to cases would raise it: see the hand-overs and the time to correction."),
    ),
    "M06": _about(
        _("Contacts per failure"),
        _("How often customers had to turn to us about one failure."),
        _("Merged cases keep all their contacts; the answer to our own question does not count."),
    ),
    "M07": _about(
        _("Put right unasked"),
        _("Of the failures, those that were put right without anybody having to turn to us."),
        _("Contacts that nobody records would raise it."),
    ),
    "M08": _about(
        _("Customers' time"),
        _("The time that failures took from customers: waiting, talking, writing."),
        _("Part of it is estimated; it is never turned into money by itself."),
    ),
    "M09": _about(
        _("Customers' money at risk"),
        _("What failures cost customers and has not come back to them yet."),
        _("It has to reach nothing."),
    ),
    "M10": _about(
        _("Time to acknowledgement"),
        _(
            "From when we knew of a failure to the first apology for it; automatic receipts"
            " do not count."
        ),
        _("Cases without an apology are counted beside it."),
    ),
    "M11": _about(
        _("Time to apology"),
        _("From the failure, or from when a broken promise was due, to the first apology."),
        _("Cases without an apology are counted beside it."),
    ),
    "M12": _about(
        _("Time to a true date"),
        _(
            "From when we knew of a failure to the first date for putting it right that proved "
            "true: it came inside it."
        ),
        _("Wide windows would make it short: see how wide they were."),
    ),
    "M13": _about(
        _("Longest silence"),
        _("The longest time without a word while a case was open; nine of ten cases had less."),
        _("Cases count once they have closed; receipts are no word."),
    ),
    "M14": _about(
        _("Hand-overs per case"),
        _("How often a case got another owner."),
        _("What hurts is to tell it again: see how often customers had to."),
    ),
    "M15": _about(
        _("Time to correction"),
        _("From the failure to the last thing done that had been promised."),
        _("Cases count once they have closed."),
    ),
    "M16": _about(
        _("Cost of making good"),
        _(
            "What was given to customers and what honouring mistaken promises cost; beside it, "
            "what the customers who stay are worth."
        ),
        _(
            "The time of staff stands beside it: what an hour of it costs is an assumption, as "
            "is what a customer is worth."
        ),
    ),
    "M17": _about(
        _("Mistaken promises honoured"),
        _(
            "Of the promises that came to light late, or should not have been given, those "
            "that were honoured all the same."
        ),
        _("A drop may mean that fewer are found: see how many."),
    ),
    "M18": _about(
        _("Satisfied afterwards"),
        _("Of everybody who was asked whether it is right now, those who said yes."),
        _("Everybody is asked, not only the pleased; silence is no yes."),
    ),
    "M19": _about(
        _("Came back"),
        _(
            "Of the cases that were closed, those opened again within 30 days, or whose "
            "thing failed again within 90."
        ),
        _("Merging hides none of them."),
    ),
    "M20": _about(
        _("Could, but did not"),
        _(
            "Of the remedies that somebody could have given at once, those withheld, or "
            "given only after a refusal or once the customer had asked."
        ),
        _("Something to talk about; never a reason for punishment."),
    ),
    "M21": _about(
        _("Granted without asking"),
        _("Of the remedies granted, those that needed nobody's approval."),
        _("What they gave stands beside what they may give; it is nothing to be used up."),
    ),
    "M22": _about(
        _("Offered before being asked"),
        _("Of all remedies, those given before the customer had asked for anything."),
        _("Asked is what is recorded as wanted, or as promised; see that it is recorded."),
    ),
    "M23": _about(
        _("Owed and not paid"),
        _("What a scheme owed to customers and was not paid by its last day."),
        _("It should be nothing."),
    ),
    "M24": _about(
        _("Apologies per failure"),
        _("How often we apologised for one failure."),
        _("Once is right; the gate stops a second one without anything new."),
    ),
    "M25": _about(
        _("Reports per case"),
        _("How many reports came in about one failure."),
        _("See how many had come in before one of us did anything."),
    ),
    "M26": _about(
        _("Executives called by rule"),
        _("Of the cases that reached the top, those brought there by a rule."),
        _("The rest is luck."),
    ),
    "M27": _about(
        _("Closed without asking"),
        _(
            "Of the cases that were closed, those whose customer was never asked whether it"
            " is right."
        ),
        _("It should be none."),
    ),
    "M28": _about(
        _("Could not be satisfied"),
        _("Of the cases that were closed, those that ended without a yes, after the whole ladder."),
        _("See how often somebody outside, such as an ombudsman, upheld the complaint."),
    ),
    "M29": _about(
        _("Contradictions in our knowledge"),
        _("From a doubt that proved to be an error of ours until it was put right."),
        _("Fewer may mean that nobody looks: see how many doubts were raised."),
    ),
    "M30": _about(
        _("What we learnt"),
        _("Of the cases whose cause is known, those whose cause led to a change that shipped."),
        _("Causes that nobody names would raise it; see what waits to be named."),
    ),
    "M31": _about(
        _("Messages without a warning"),
        _("Of the messages that passed the gate, those in which no wording was found wanting."),
        _("Never a ranking of people."),
    ),
    "M32": _about(
        _("Callbacks kept"),
        _("Of the callbacks promised, those made in time."),
        _("A call that nobody answers can be made in time: see how many were reached."),
    ),
}

MISSING: Final[Mapping[str, Lazy]] = {
    "M07": _("not over yet"),
    "M10": _("without an apology"),
    "M11": _("without an apology"),
    "M12": _("without a true date"),
    "M17": _("not decided yet"),
    "M18": _("not answered yet"),
    "M29": _("not put right yet"),
}
"""What is the matter with the samples of a metric that have no figure; the others all have one."""

COMES_TO: Final[Mapping[Figure, Lazy]] = {
    Figure.SHARE: _("Share"),
    Figure.PER_THOUSAND: _("In 1,000 messages"),
    Figure.MEAN: _("On average"),
    Figure.MEDIAN: _("Half of them within"),
    Figure.P90: _("Nine of ten within"),
    Figure.MINUTES: _("Altogether"),
    Figure.MONEY: _("Altogether"),
}
"""What the samples of a step come to, by the kind of the figure."""

PARTS: Final[Mapping[str, Lazy]] = {
    "automatic": _("said by machines"),
    "person": _("said by people"),
    "estimated": _("estimated"),
    "behind": _("put right after the date that was promised first"),
    "provisional": _("dates for a date that were kept"),
    "told_again": _("contacts in which they had to tell again what is on record"),
    "width": _("how wide the first true date was"),
    "severity:1": _("with severity P1"),
    "severity:2": _("with severity P2"),
    "severity:3": _("with severity P3"),
    "severity:4": _("with severity P4"),
    "over:1": _("past the limit of silence of P1"),
    "over:2": _("past the limit of silence of P2"),
    "over:3": _("past the limit of silence of P3"),
    "over:4": _("past the limit of silence of P4"),
    "answered": _("answered when they were asked"),
    "wants": _("wanted something more"),
    "wants:promised": _("wanted more: promised"),
    "wants:declined": _("wanted more: an honest no"),
    "wants:let_go": _("wanted more: let go of it"),
    "wants:waiting": _("wanted more: not answered yet"),
    "why:kept_back": _("why: not offered"),
    "why:refused": _("why: they asked, and were told no"),
    "why:relented": _("why: refused, and given within a day"),
    "why:waited": _("why: given only once they had asked"),
    "first": _("reports before one of us did anything"),
    "upheld": _("decided by somebody outside, who upheld the complaint at least in part"),
    "reached": _("callbacks in which somebody was reached"),
    "stafftime": _("the time that staff spoke with customers"),
    "raised": _("doubts raised"),
    "again": _("of an article that was doubted before"),
    "after": _("cases that came after the change"),
    "ended:substituted": _("made right by something else"),
    "ended:value": _("made up for by something of value"),
    "ended:let_go": _("let go by the customer"),
    "source:customer": _("found: the customer told us"),
    "source:note": _("found: in a note"),
    "source:paper": _("found: on a signed paper"),
    "source:photo": _("found: on a photo"),
    "source:mistake": _("found: by ourselves"),
}
"""What the parts of a metric are called; sums of money have their currency behind a colon."""

CHANGES: Final[Mapping[Rule, Lazy]] = {
    Rule.BEYOND: _("outside the limits"),
    Rule.TWO_OF_THREE: _("two of three near the same limit"),
    Rule.FOUR_OF_FIVE: _("four of five away from the mean, on the same side"),
    Rule.RUN: _("eight in a row on the same side of the mean"),
}
