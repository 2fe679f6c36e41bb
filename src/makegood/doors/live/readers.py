"""Who holds a session: asked when a stream opens, and again and again while it is open."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils.crypto import constant_time_compare

from makegood.queries import people
from makegood.queries.sign_in import without_demands
from makegood.records.models import Staff


@dataclass(frozen=True, kw_only=True, slots=True)
class Reader:
    """Somebody who has signed in, and on whose desk they look: their own, and whom they cover."""

    staff: int
    desks: frozenset[int]


def readers(sessions: Iterable[str], *, now: datetime) -> Mapping[str, Reader]:
    """The readers of those sessions that are good at this moment; the others are missing."""
    rows = Session.objects.filter(session_key__in=list(sessions), expire_date__gt=now)
    contents = {row.session_key: row.get_decoded() for row in rows}
    known = _people(content.get(SESSION_KEY) for content in contents.values())
    found = {}
    for key, content in contents.items():
        person = known.get(str(content.get(SESSION_KEY)))
        if person is not None and _is_theirs(person, str(content.get(HASH_SESSION_KEY, ""))):
            found[key] = person.pk
    desks = {staff: _desks(staff, now=now) for staff in set(found.values())}
    return {key: Reader(staff=staff, desks=desks[staff]) for key, staff in found.items()}


def _people(ids: Iterable[object]) -> Mapping[str, Staff]:
    wanted = {str(value) for value in ids if str(value).isdecimal()}
    active = Staff.objects.filter(pk__in=wanted, is_active=True)
    return {str(row.pk): row for row in without_demands(active)}


def _is_theirs(person: Staff, given: str) -> bool:
    """A new password ends every session that was begun with the old one."""
    hashes = (person.get_session_auth_hash(), *person.get_session_auth_fallback_hash())
    return any(constant_time_compare(given, hash_) for hash_ in hashes)


def _desks(staff: int, *, now: datetime) -> frozenset[int]:
    return frozenset({staff, *(cover.id for cover in people.covered_by(staff, now=now))})
