"""The acts of late promises, each with its form and what it says it will do."""

from uuid import uuid4
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from makegood.doors.access import StaffRequest
from makegood.doors.web.staff import claim_forms as forms
from makegood.doors.web.staff.act import Act
from makegood.doors.web.staff.desk import zone_of
from makegood.doors.web.staff.due_words import frame_at
from makegood.queries import case_claims, remedies
from makegood.records.models import Case, Claim, Promise


def claim(request: StaffRequest, case: Case, data: QueryDict | None = None) -> Act:
    """The customer was promised something that is not on record."""
    return Act(
        name="claim",
        target=case.pk,
        url=reverse("desk:claim", args=[case.reference]),
        title=_("They were promised something"),
        says=_("We take their word. An answer is promised at once, and nobody asks for proof."),
        submit=_("Record what they were promised"),
        form=forms.ClaimForm(
            data,
            zone=zone_of(request),
            name="claim",
            attachments=case_claims.attachments_of(case.pk),
        ),
    )


def mistaken(request: StaffRequest, promise: Promise, data: QueryDict | None = None) -> Act:
    """We gave a word that we should not have."""
    return Act(
        name="mistaken",
        target=promise.pk,
        url=reverse("desk:mistaken", args=[promise.pk]),
        title=_("We should not have promised this"),
        says=_("It stands, and nobody takes it back before it is decided how it is honoured."),
        submit=_("Decide how it is honoured"),
        form=forms.MistakenForm(data, zone=zone_of(request), name="mistaken"),
    )


def honour(request: StaffRequest, claim: Claim, data: QueryDict | None = None) -> Act:
    """Do what was promised."""
    zone = ZoneInfo(claim.case.customer.zone)
    stands = claim.promise is not None and claim.promise.outcome is None
    currency = remedies.currency_of(request.user, now=request.now)
    form: forms.StandsForm | forms.HonourForm
    if stands:
        form = forms.StandsForm(data, zone=zone_of(request), name="honour", currency=currency)
    else:
        form = forms.HonourForm(
            data,
            zone=zone_of(request),
            due_zone=zone,
            frame_at=frame_at(request, claim.case),
            name="honour",
            currency=currency,
            initial={"words": claim.words},
        )
    return Act(
        name="honour",
        target=claim.pk,
        url=reverse("desk:honour", args=[claim.pk]),
        title=_("We do it"),
        says=_("The customer is told, and the clock watches that it is done."),
        submit=_("Do it, and tell them"),
        form=form,
    )


def instead(request: StaffRequest, claim: Claim, data: QueryDict | None = None) -> Act:
    """It cannot be done."""
    currency = remedies.currency_of(request.user, now=request.now)
    return Act(
        name="instead",
        target=claim.pk,
        url=reverse("desk:instead", args=[claim.pk]),
        title=_("It cannot be done: what would make it right?"),
        says=_("Ask them, and put something concrete on the table with the question."),
        submit=_("Ask them, with this offer"),
        form=forms.InsteadForm(data, zone=zone_of(request), name="instead", currency=currency),
    )


def take(request: StaffRequest, claim: Claim, data: QueryDict | None = None) -> Act:
    """The customer said what makes it right."""
    zone = ZoneInfo(claim.case.customer.zone)
    return Act(
        name="take",
        target=claim.pk,
        url=reverse("desk:take_offer", args=[claim.pk]),
        title=_("This makes it right"),
        says=_("What they want becomes a promise or a remedy at once."),
        submit=_("Give it"),
        form=forms.TakeForm(
            data,
            zone=zone_of(request),
            due_zone=zone,
            frame_at=frame_at(request, claim.case),
            name="take",
            currency=remedies.currency_of(request.user, now=request.now),
            initial={"key": uuid4()},
        ),
    )


def refuse(request: StaffRequest, claim: Claim, data: QueryDict | None = None) -> Act:
    """The customer does not want the offer."""
    return Act(
        name="refuse",
        target=claim.pk,
        url=reverse("desk:refuse_offer", args=[claim.pk]),
        title=_("They do not want the offer"),
        says=_("Then they get something of value all the same."),
        submit=_("Record it"),
        form=forms.SaidSoForm(data, zone=zone_of(request), name="refuse"),
    )


def value(request: StaffRequest, claim: Claim, data: QueryDict | None = None) -> Act:
    """Something of value."""
    currency = remedies.currency_of(request.user, now=request.now)
    return Act(
        name="value",
        target=claim.pk,
        url=reverse("desk:give_value", args=[claim.pk]),
        title=_("Something of value"),
        says=_("For a word that could not be kept. More than you may give goes up the ladder."),
        submit=_("Give it, and tell them"),
        form=forms.ValueForm(data, zone=zone_of(request), name="value", currency=currency),
    )


def let_go(request: StaffRequest, claim: Claim, data: QueryDict | None = None) -> Act:
    """The customer no longer wants it."""
    return Act(
        name="let_go",
        target=claim.pk,
        url=reverse("desk:let_go", args=[claim.pk]),
        title=_("They no longer want it"),
        says=_("Only the customer lets go of what they were promised."),
        submit=_("Record what they said"),
        form=forms.SaidSoForm(data, zone=zone_of(request), name="let_go"),
    )
