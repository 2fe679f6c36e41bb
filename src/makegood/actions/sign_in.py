"""What happens around signing in: letters, sessions that end, and the second step by role."""

from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef

from makegood.actions import changes
from makegood.actions.changes import Editor, Keeper
from makegood.records.models import (
    SecondStepRole,
    SignInMail,
    SignInMailKind,
    Staff,
    StaffRole,
    Thing,
)
from makegood.records.settings_facts import Facts

LEASE = timedelta(minutes=2)
"""How long one who took a letter may need to hand it in; then another tries."""

PATIENCE = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=2),
)
"""How long to wait after each failure. A link that comes days later would help nobody."""

ERROR_MAX = 500
RULES = "rules"
"""The key of the one set of rules for signing in."""


def write_to(person: Staff, kind: SignInMailKind, *, now: datetime) -> SignInMail:
    """Let a letter about their sign-in leave for somebody, as soon as the clock's process can."""
    return SignInMail.objects.create(staff=person, kind=kind, asked_at=now, send_at=now)


@transaction.atomic
def take_mail(*, now: datetime) -> SignInMail | None:
    """Take the letter that has waited longest, so that nobody else sends it meanwhile."""
    waiting = SignInMail.objects.filter(send_at__lte=now).order_by("send_at", "pk")
    letter = waiting.select_for_update(skip_locked=True).first()
    if letter is not None:
        letter.send_at, letter.tries = now + LEASE, letter.tries + 1
        letter.save(update_fields=["send_at", "tries"])
    return letter


def mail_left(letter: SignInMail, *, now: datetime) -> None:
    """The mail server has it."""
    SignInMail.objects.filter(pk=letter.pk).update(sent_at=now, send_at=None, error="")


def mail_failed(letter: SignInMail, *, error: str, now: datetime) -> None:
    """The mail server has not taken it: try again later, or give up."""
    later = now + PATIENCE[letter.tries - 1] if letter.tries <= len(PATIENCE) else None
    SignInMail.objects.filter(pk=letter.pk).update(send_at=later, error=error[:ERROR_MAX])


@transaction.atomic
def end_sessions(person: int, *, besides: str = "") -> int:
    """Sign somebody out everywhere, at once, besides at one session. Returns how many ended."""
    ended = UserSession.objects.filter(user_id=person).exclude(session_key=besides)
    keys = list(ended.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    ended.delete()
    return len(keys)


@transaction.atomic
def end_session(person: int, session: int) -> bool:
    """End one session of somebody. Returns whether there was one of theirs by that number."""
    found = UserSession.objects.filter(user_id=person, pk=session).first()
    if found is None:
        return False
    Session.objects.filter(session_key=found.session_key).delete()
    found.delete()
    return True


@transaction.atomic
def drop_second_steps(person: Staff, *, by: Staff | None, now: datetime) -> int:
    """Somebody has lost what they sign in with: forget it, sign them out, and tell them.

    Their password is then enough, unless their role needs a second step: then they set up a new
    one first. Nobody in `by` means the command line. Returns how many were forgotten.
    """
    forgotten: int = Authenticator.objects.filter(user=person).delete()[0]
    if forgotten:
        end_sessions(person.pk)
        write_to(person, SignInMailKind.SECOND_STEP_CHANGED, now=now)
        had, has = {"second_step": True}, {"second_step": False}
        changes.note(Thing.STAFF, str(person.pk), had, has, editor=Editor(by=by, now=now))
    return forgotten


@transaction.atomic
def forget_ended_sessions(*, now: datetime) -> int:
    """Delete sessions that have run out, and what was known of them. Returns how many."""
    ended, _ = Session.objects.filter(expire_date__lt=now).delete()
    live = Session.objects.filter(session_key=OuterRef("session_key"))
    # A sign-in at this very moment may have written the one and not yet the other.
    UserSession.objects.filter(~Exists(live), last_seen_at__lt=now - LEASE).delete()
    return ended


def invite(person: Staff, *, now: datetime) -> SignInMail:
    """Send somebody the link by which they choose their first password."""
    return write_to(person, SignInMailKind.INVITATION, now=now)


def require_second_step(
    roles: frozenset[StaffRole], *, by: Staff, now: datetime
) -> frozenset[StaffRole]:
    """Set which roles need a second step. Returns those for which this changed."""
    before = _roles_that_need_it()
    wanted: Facts = {"second_step_roles": sorted(role.value for role in roles)}
    changes.keep(sign_in_rules(by), RULES, wanted, editor=Editor(by=by, now=now))
    return roles ^ before


def sign_in_rules(by: Staff) -> Keeper:
    """Writes the rules for signing in, in somebody's name."""

    def write(_key: str | None, facts: Facts | None, now: datetime) -> str:
        roles = frozenset(StaffRole(role) for role in (facts or {}).get("second_step_roles", ()))
        SecondStepRole.objects.exclude(role__in=roles).delete()
        SecondStepRole.objects.bulk_create(
            SecondStepRole(role=role, set_by=by, set_at=now)
            for role in roles - _roles_that_need_it()
        )
        return RULES

    return Keeper(thing=Thing.SIGN_IN, write=write)


def change_own_details(person: Staff, *, name: str, phone: str, zone: str, language: str) -> None:
    """Somebody changes what the desk knows of them."""
    Staff.objects.filter(pk=person.pk).update(name=name, phone=phone, zone=zone, language=language)


def _roles_that_need_it() -> frozenset[StaffRole]:
    return frozenset(
        StaffRole(role) for role in SecondStepRole.objects.values_list("role", flat=True)
    )
