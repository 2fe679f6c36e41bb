"""What a token of another system may do at the desk."""

from enum import StrEnum


class Scope(StrEnum):
    """One thing that a token may do. `ADMIN` stands for all of them and for the settings."""

    READ = "read"
    REPORT = "report"
    SAY = "say"
    PROMISE = "promise"
    GRANT = "grant"
    SUPPLY = "supply"
    ADMIN = "admin"


def allows(scopes: tuple[str, ...], wanted: Scope) -> bool:
    """Whether a token with these scopes may do what is wanted."""
    return wanted in scopes or Scope.ADMIN in scopes


def may_grant(
    scopes: tuple[str, ...], *, limit_minor: int | None, limit_in: str, minor: int, currency: str
) -> bool:
    """Whether a token may grant so much: only within its limit, and in the limit's currency."""
    if not allows(scopes, Scope.GRANT) or limit_minor is None:
        return False
    return currency == limit_in and 0 < minor <= limit_minor
