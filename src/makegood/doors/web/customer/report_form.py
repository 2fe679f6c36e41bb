"""The public form as it is filled in: read as people write, refused field by field in sentences."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import QueryDict
from django.utils.translation import gettext as _

from makegood.actions.public_reports import Claim
from makegood.doors.web.customer.typed import WORDS_MAX
from makegood.language import choice
from makegood.queries.public_form import Offered
from makegood.rules import phones
from makegood.rules.phones import PhoneError
from makegood.rules.severity import Harm

FIELDS = ("what", "harm", "postcode", "address", "words", "name", "reach", "website")
SHORT = 200
TOWN_MAX = 20
TRAP = "website"


@dataclass(frozen=True, kw_only=True, slots=True)
class Filled:
    """What stands in the form, and what is wrong with it, by field."""

    typed: dict[str, str]
    wrong: dict[str, str]
    what: Offered | None = None

    @property
    def first_wrong(self) -> str:
        """The first field, in the order of the page, that has to be mended."""
        return next((name for name in FIELDS if name in self.wrong), "")


def read(data: QueryDict, offered: Sequence[Offered]) -> Filled:
    """Read and check everything at once, so that nobody mends one field after the other."""
    typed = {name: _clean(data.get(name, "")) for name in FIELDS}
    what = next((one for one in offered if one.key == typed["what"]), None)
    return Filled(typed=typed, wrong=_wrong(typed, what), what=what)


def claim_of(filled: Filled, *, form: UUID, joins: bool) -> Claim | None:
    """The claim that a form without faults makes; None if it has any."""
    if filled.wrong or filled.what is None:
        return None
    typed, what = filled.typed, filled.what
    is_email = "@" in typed["reach"]
    return Claim(
        form=form,
        name=typed["name"],
        email=typed["reach"] if is_email else "",
        phone="" if is_email else phones.read_number(typed["reach"]),
        thing=what.name,
        what=what.key,
        function=what.function,
        harm=Harm(typed["harm"]),
        words=typed["words"],
        address=typed["address"],
        postcode=typed["postcode"],
        service=what.service,
        language=choice.current(),
        joins=joins,
    )


def _clean(text: str) -> str:
    return text.replace("\x00", "").replace("\r\n", "\n").strip()


def _wrong(typed: dict[str, str], what: Offered | None) -> dict[str, str]:
    found = {
        "what": "" if what else _("Please choose what is broken."),
        "harm": "" if typed["harm"] in set(Harm) else _("Please choose how bad it is."),
        "postcode": _too_long(typed["postcode"], TOWN_MAX) or _missing_place(typed["postcode"]),
        "address": _too_long(typed["address"], SHORT),
        "words": _too_long(typed["words"], WORDS_MAX) or _missing_words(typed["words"]),
        "name": _too_long(typed["name"], SHORT) or _missing_name(typed["name"]),
        "reach": _wrong_reach(typed["reach"]),
        TRAP: _("Please leave this field empty; it is there for programs.") if typed[TRAP] else "",
    }
    return {name: why for name, why in found.items() if why}


def _too_long(text: str, most: int) -> str:
    if len(text) <= most:
        return ""
    return _("That is %(length)d characters; we can take %(most)d here.") % {
        "length": len(text),
        "most": most,
    }


def _missing_place(text: str) -> str:
    return "" if text else _("Please give the postcode or the town where it is broken.")


def _missing_words(text: str) -> str:
    return "" if text else _("Please write a few words about what happened.")


def _missing_name(text: str) -> str:
    return "" if text else _("Please tell us your name.")


def _wrong_reach(text: str) -> str:
    try:
        if "@" in text:
            validate_email(text)
        else:
            phones.read_number(text)
    except (ValidationError, PhoneError):
        return _("Please give an e-mail address or a phone number by which we reach you.")
    return ""
