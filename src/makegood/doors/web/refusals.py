"""Refusals of rules and actions, as a status and one sentence for the person at the form."""

from http import HTTPStatus

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from makegood.actions.callbacks import NoSuchCallError, NumberMissingError
from makegood.actions.cases import (
    CaseClosedError,
    CaseError,
    HandoverError,
    StillPromisedError,
)
from makegood.actions.choices import ChoiceError
from makegood.actions.contacts import (
    AlreadySaidError,
    HeardOnPageError,
    ToldByUsError,
    WordsMissingError,
)
from makegood.actions.digests import NoDigestError
from makegood.actions.erasing import ErasingError, OtherNameError
from makegood.actions.escalation import AlreadyAcknowledgedError
from makegood.actions.exports import ExportGoneError
from makegood.actions.gate import StoppedError
from makegood.actions.imports import BringingInError
from makegood.actions.incident_remedies import (
    BeyondSumError,
    GivenThereError,
    GivenToAllError,
    NobodyHitError,
    NotOverError,
    StillOpeningError,
)
from makegood.actions.incidents import (
    IncidentError,
    IncidentOverError,
    KnownIncidentError,
    NotTheSameError,
    StillGoingOutError,
    StillJoiningError,
)
from makegood.actions.intake import NoOwnerError
from makegood.actions.letter_gate import LetterStoppedError
from makegood.actions.letters import LetterError
from makegood.actions.links import NoLinkWantedError
from makegood.actions.mail_settling import MailSettledError
from makegood.actions.rounds import AlreadyReportedError, RoundReportError
from makegood.actions.saved_views import (
    NameMissingError,
    NameTakenError,
    NotYourViewError,
    SavedViewError,
    TooManyViewsError,
)
from makegood.actions.signals import SignalSettledError
from makegood.actions.templates import TemplateError
from makegood.language import sentences
from makegood.rules.articles import ArticleError, DatesError, NoReasonToChangeError
from makegood.rules.askings import AskingError
from makegood.rules.claims import ClaimError, NothingAskedError, ReasonMissingError
from makegood.rules.doubts import DoubtError, NothingSaidError
from makegood.rules.explanations import ExplanationError, ExplanationMissingError
from makegood.rules.figures import FigureError
from makegood.rules.found_things import FoundError
from makegood.rules.gate.slots import SlotError
from makegood.rules.gestures import GestureError, NotInCatalogueError
from makegood.rules.learning import (
    CauseMissingError,
    GapMissingError,
    LearningError,
    NothingDoneError,
)
from makegood.rules.phones import PhoneError
from makegood.rules.promises import (
    AlreadySettledError,
    EvidenceMissingError,
    NotYetDueError,
    NotYetHappenedError,
    PromiseError,
    ToldTooLateError,
    WindowError,
)
from makegood.rules.remedies import BadRemedyError, DeclineError, RemedyError
from makegood.rules.undoing import UndoError
from makegood.rules.visits import VisitError
from makegood.rules.wants import CannotForWillNotError, NoAlternativeError, NoReasonError

CONFLICT = HTTPStatus.CONFLICT
UNPROCESSABLE = HTTPStatus.UNPROCESSABLE_ENTITY


class RepeatedError(Exception):
    """The same form was sent twice; the first time has done it."""


# An error without words of its own here speaks for itself.
_SAID: dict[type[Exception], tuple[HTTPStatus, Lazy | None]] = {
    AlreadySettledError: (CONFLICT, None),
    NotYetDueError: (CONFLICT, None),
    ToldTooLateError: (
        CONFLICT,
        _(
            "Its time has passed, so it was broken: nothing that is agreed now can undo that. "
            "Apologise, and make a new promise."
        ),
    ),
    WindowError: (
        UNPROCESSABLE,
        _("The time must lie ahead, and a window must open before it closes."),
    ),
    NotYetHappenedError: (
        UNPROCESSABLE,
        _("That moment does not fit: it must not lie ahead, nor before the promise was given."),
    ),
    EvidenceMissingError: (UNPROCESSABLE, None),
    PromiseError: (CONFLICT, None),
    BadRemedyError: (UNPROCESSABLE, None),
    DeclineError: (UNPROCESSABLE, None),
    RemedyError: (CONFLICT, None),
    NotInCatalogueError: (UNPROCESSABLE, None),
    GestureError: (CONFLICT, None),
    FoundError: (UNPROCESSABLE, None),
    CaseClosedError: (CONFLICT, None),
    HandoverError: (CONFLICT, None),
    StillPromisedError: (CONFLICT, None),
    CaseError: (CONFLICT, None),
    AlreadySaidError: (CONFLICT, None),
    ExplanationMissingError: (UNPROCESSABLE, None),
    ExplanationError: (CONFLICT, None),
    HeardOnPageError: (UNPROCESSABLE, None),
    ToldByUsError: (UNPROCESSABLE, None),
    LetterError: (CONFLICT, None),
    LetterStoppedError: (UNPROCESSABLE, None),
    MailSettledError: (CONFLICT, None),
    WordsMissingError: (UNPROCESSABLE, None),
    AlreadyAcknowledgedError: (CONFLICT, None),
    NoOwnerError: (CONFLICT, None),
    RepeatedError: (CONFLICT, None),
    VisitError: (CONFLICT, None),
    AlreadyReportedError: (CONFLICT, None),
    RoundReportError: (UNPROCESSABLE, None),
    NumberMissingError: (UNPROCESSABLE, None),
    PhoneError: (UNPROCESSABLE, None),
    NameMissingError: (UNPROCESSABLE, _("Give the view a name of at most 60 characters.")),
    NameTakenError: (
        CONFLICT,
        _("You have a view of that name already: choose another, or delete that one first."),
    ),
    TooManyViewsError: (
        CONFLICT,
        _("You have 50 views already: delete one that you no longer use first."),
    ),
    NotYourViewError: (
        CONFLICT,
        _("A shared view is changed by whoever made it: save one of your own instead."),
    ),
    SavedViewError: (CONFLICT, None),
    ChoiceError: (CONFLICT, None),
    NoSuchCallError: (CONFLICT, _("This is no promise of a call.")),
    NoLinkWantedError: (CONFLICT, None),
    StoppedError: (UNPROCESSABLE, None),
    TemplateError: (CONFLICT, None),
    KnownIncidentError: (CONFLICT, None),
    GivenThereError: (CONFLICT, None),
    GivenToAllError: (CONFLICT, None),
    NobodyHitError: (CONFLICT, None),
    StillOpeningError: (CONFLICT, None),
    BeyondSumError: (CONFLICT, None),
    IncidentOverError: (CONFLICT, None),
    NotOverError: (CONFLICT, None),
    NotTheSameError: (CONFLICT, None),
    StillGoingOutError: (CONFLICT, None),
    StillJoiningError: (CONFLICT, None),
    IncidentError: (UNPROCESSABLE, None),
    SlotError: (UNPROCESSABLE, None),
    CannotForWillNotError: (UNPROCESSABLE, None),
    NoAlternativeError: (UNPROCESSABLE, None),
    NoReasonError: (UNPROCESSABLE, None),
    AskingError: (CONFLICT, None),
    ReasonMissingError: (UNPROCESSABLE, None),
    NothingAskedError: (UNPROCESSABLE, None),
    ClaimError: (CONFLICT, None),
    NoReasonToChangeError: (UNPROCESSABLE, None),
    DatesError: (UNPROCESSABLE, None),
    ArticleError: (CONFLICT, None),
    NothingSaidError: (UNPROCESSABLE, None),
    DoubtError: (CONFLICT, None),
    SignalSettledError: (CONFLICT, None),
    CauseMissingError: (UNPROCESSABLE, None),
    GapMissingError: (UNPROCESSABLE, None),
    NothingDoneError: (UNPROCESSABLE, None),
    LearningError: (CONFLICT, None),
    NoDigestError: (CONFLICT, None),
    FigureError: (UNPROCESSABLE, None),
    UndoError: (CONFLICT, None),
    OtherNameError: (UNPROCESSABLE, None),
    ErasingError: (CONFLICT, None),
    ExportGoneError: (HTTPStatus.GONE, None),
    BringingInError: (CONFLICT, None),
}
TYPES = tuple(_SAID)


def explain(refusal: Exception) -> tuple[int, str]:
    """The status and the sentence for a refusal."""
    if isinstance(refusal, StoppedError):
        return UNPROCESSABLE, _of_the_gate(refusal)
    status, words = next(_SAID[kind] for kind in type(refusal).__mro__ if kind in _SAID)
    return status, str(words or sentences.said(str(refusal)))


def _of_the_gate(stopped: StoppedError) -> str:
    """Why these words may not be said, and what would be true."""
    why = sentences.said(str(stopped))
    if not stopped.verdict.instead:
        return why
    return gettext("%(why)s This would be true: %(instead)s") % {
        "why": why,
        "instead": stopped.verdict.instead,
    }
