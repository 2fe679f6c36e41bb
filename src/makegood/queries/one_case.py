"""The one case that a request is about, with its customer; read on every page of a case."""

from datetime import datetime
from typing import NamedTuple

from makegood.queries import plain
from makegood.records.models import Case, Customer

_CASE = f"""
    SELECT {plain.columns(Case, "c")}, {plain.columns(Customer, "u")}
      FROM records_case c JOIN records_customer u ON u.id = c.customer_id
"""  # noqa: S608 - columns of our own models
_BY_REFERENCE = plain.Kept(_CASE + "WHERE c.reference = %(reference)s AND NOT c.is_canary")
_BY_ID = plain.Kept(_CASE + "WHERE c.id = %(id)s")


def by_reference(reference: str) -> Case | None:
    """The case of that reference; the clock's canary is nobody's case."""
    return _joined(_BY_REFERENCE, reference=reference)


def by_id(case_id: int) -> Case:
    """The case of that number.

    :raises Case.DoesNotExist: if there is none.
    """
    case = _joined(_BY_ID, id=case_id)
    if case is None:
        raise Case.DoesNotExist
    return case


class Opened(NamedTuple):
    """What a customer's live link opens."""

    link: int
    case: int
    language: str


_LINK = plain.Kept("""
    SELECT l.id AS link, l.case_id AS case, u.language
      FROM records_caselink l
      JOIN records_case c ON c.id = l.case_id
      JOIN records_customer u ON u.id = c.customer_id
     WHERE l.token_digest = %(digest)s AND l.revoked_at IS NULL AND l.expires_at > %(now)s
""")


def by_link(digest: bytes, *, now: datetime) -> Opened | None:
    """The case that a link opens, if it is live."""
    return plain.row(_LINK, Opened, digest=digest, now=now)


def _joined(statement: str, **given: str | int) -> Case | None:
    found = plain.models(statement, Case, Customer, **given)
    case: Case | None = found[0][0] if found else None
    if case is not None:
        case.customer = found[0][1]
    return case
