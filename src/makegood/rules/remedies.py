"""What a remedy is: its kind, where it comes from, and which authority it needs.

Like for like: money that was lost comes back as money, a flawed good is exchanged, a service that
failed is performed again (Roschk and Gelbrich 2014). What a scheme owes is a floor, not a favour.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from makegood.rules import money
from makegood.rules.amounts import Amount, parse_amount


class RemedyKind(StrEnum):
    """In which form something is made good."""

    CREDIT = "credit"
    REFUND = "refund"
    WAIVER = "waiver"
    REPLACEMENT = "replacement"
    GIFT = "gift"
    IN_KIND = "in_kind"


class Source(StrEnum):
    """Why it is given: a law's or a regulator's scheme, the company's own, or goodwill.

    Found money is the customer's already: nobody decides on it, and it counts as nobody's gift.
    """

    SCHEME = "scheme"
    OWN = "own"
    GOODWILL = "goodwill"
    FOUND = "found"


class Activity(StrEnum):
    """What an authority is for: to decide freely, to pay what a rule owes, to waive a fee."""

    GOODWILL = "goodwill"
    SCHEME = "scheme"
    WAIVER = "waiver"


class RemedyOutcome(StrEnum):
    """How a remedy ended: it has reached the customer, or they wished not to have it."""

    ARRIVED = "arrived"
    RELEASED = "released"


MONEY_KINDS: Final = frozenset({RemedyKind.CREDIT, RemedyKind.REFUND, RemedyKind.WAIVER})
THING_KINDS: Final = frozenset({RemedyKind.REPLACEMENT, RemedyKind.GIFT, RemedyKind.IN_KIND})
MENDING: Final = frozenset({RemedyKind.REPLACEMENT, RemedyKind.IN_KIND})
"""What is the correction itself: the right thing, or the service done again. All else makes up."""
OF_A_SCHEME: Final = frozenset({Source.SCHEME, Source.OWN})


PAY_WITHIN: Final = {
    RemedyKind.CREDIT: parse_amount("1 working day"),
    RemedyKind.WAIVER: parse_amount("1 working day"),
    RemedyKind.REFUND: parse_amount("3 working days"),
    RemedyKind.REPLACEMENT: parse_amount("3 working days"),
    RemedyKind.IN_KIND: parse_amount("3 working days"),
    RemedyKind.GIFT: parse_amount("5 working days"),
}
"""When it is there. Money at once does more than money in a month, whatever a law allows."""

AGAIN_WITHIN: Final[Amount] = parse_amount("2 working days")
"""When it is there after the first date was broken."""


class RemedyError(Exception):
    """Base of every refusal about a remedy; the docstring of each subclass is its message."""

    def __str__(self) -> str:
        return " ".join(str(argument) for argument in self.args) or (self.__doc__ or "")


class BadRemedyError(RemedyError):
    """A remedy of money has an amount; one of a thing names the thing; a waiver names its fee."""


class BeyondAuthorityError(RemedyError):
    """This is more than you may give alone: ask for approval, which has a clock."""


class CannotRefuseError(RemedyError):
    """You may give this yourself, so "we cannot" is untrue: give it, or write down why not."""


class OneselfError(RemedyError):
    """Nobody grants or approves a remedy for themselves or their own: ask a colleague."""


class KeyReusedError(RemedyError):
    """This act was sent before with other terms; nothing was granted a second time."""


class DecidedError(RemedyError):
    """This request was decided already."""


class FourEyesError(RemedyError):
    """Somebody else than who asked decides on a request."""


class NobodyToApproveError(RemedyError):
    """Nobody on the ladder may approve this much; raise somebody's authority first."""


class AlreadyHereError(RemedyError):
    """This remedy has reached the customer or was released already."""


class DeclineError(RemedyError):
    """A request is declined with the reason and with what is offered instead."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """What is given: `amount_minor` is money, or for a thing what it costs the company.

    :raises BadRemedyError: if amount, thing or scheme do not fit the kind and the source.
    """

    kind: RemedyKind
    source: Source
    amount_minor: int
    currency: str
    because: str
    thing: str = ""
    scheme: str = ""
    version: str = ""

    def __post_init__(self) -> None:
        is_thing = self.kind in THING_KINDS
        if self.amount_minor < 0 or (self.amount_minor == 0 and not is_thing):
            raise BadRemedyError("A remedy of money needs an amount above zero.")
        if is_thing != bool(self.thing.strip()):
            raise BadRemedyError(
                "Say what the customer receives."
                if is_thing
                else "A remedy of money is no thing: leave the thing empty."
            )
        if not self.because.strip():
            raise BadRemedyError("Say why this is given.")
        if (self.source in OF_A_SCHEME) != bool(self.scheme):
            raise BadRemedyError("What a scheme owes names the scheme; goodwill names none.")
        if len(self.currency) != len("GBP") or not self.currency.isupper():
            raise BadRemedyError(f"{self.currency} is no currency; give three letters such as GBP.")

    @property
    def activity(self) -> Activity:
        """Which authority it needs."""
        return activity_of(self.kind, self.source)

    def in_words(self) -> str:
        """What is given, as people say it: "£25.00", or the thing."""
        return self.thing or money.in_words(self.amount_minor, self.currency)


def telling_of(remedy: int) -> str:
    """What the message is about by which a customer hears of a remedy."""
    return f"remedy:{remedy}:granted"


def activity_of(kind: RemedyKind, source: Source) -> Activity:
    """Which authority a remedy needs."""
    if kind is RemedyKind.WAIVER:
        return Activity.WAIVER
    return Activity.GOODWILL if source is Source.GOODWILL else Activity.SCHEME
