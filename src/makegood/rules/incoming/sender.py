"""Who sent a mail: what the receiving server proved (RFC 8601), or nothing at all.

Only the topmost `Authentication-Results` of our own server count; those below may be forged. Mail
whose sender is not proven is kept, and changes nothing.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

NOBODY: Final = frozenset(
    {
        "abuse", "bounce", "bounces", "daemon", "do-not-reply", "donotreply", "mailer-daemon",
        "mailerdaemon", "news", "newsletter", "no-reply", "no.reply", "no_reply", "noreply",
        "notification", "notifications", "notify", "postmaster", "security", "verification",
        "verify",
    }
)  # fmt: skip
"""Local parts at which nobody reads: verification codes come from there, and newsletters."""

_RESULT = re.compile(r"\s*([a-z0-9-]+)\s*=\s*([a-z]+)", re.IGNORECASE)
_PROPERTY = re.compile(r"([a-z]+\.[a-z-]+)\s*=\s*\"?([^\s;\"]+)", re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"')
_COMMENT = re.compile(r"\([^()]*\)")


def is_nobody(address: str) -> bool:
    """Whether mail of this address is by a machine, to judge by its name."""
    local = address.partition("@")[0].partition("+")[0]
    return local in NOBODY or local.startswith(("noreply", "no-reply", "bounce-", "bounces-"))


def is_proven(results: Sequence[str], *, trusted: str, address: str) -> bool:
    """Whether our own server proved that a mail is from where it says.

    DMARC decides where it passed or failed; else a signature or path of the sender's own domain.
    """
    domain = address.rpartition("@")[2].lower()
    own = next((each for each in results if trusted and _host(each) == trusted), None)
    if own is None or not domain:
        return False
    found = list(_results(own))
    said = {result for method, result, _properties in found if method == "dmarc"}
    if said - {"pass", "none", "temperror"}:
        return False
    return any(_proves(*each, domain=domain) for each in found)


def _host(value: str) -> str:
    first = _bare(value).partition(";")[0].split()
    return first[0].lower() if first else ""


def _bare(value: str) -> str:
    """Without comments and quoted words; one that is left open swallows the rest."""
    value = _QUOTED.sub(" ", value).partition('"')[0]
    for _ in range(5):  # comments may hold comments
        value = _COMMENT.sub(" ", value)
    return value.partition("(")[0]


def _results(value: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    for piece in _bare(value).split(";")[1:50]:
        found = _RESULT.match(piece)
        if found:
            properties = {name.lower(): said.lower() for name, said in _PROPERTY.findall(piece)}
            yield found[1].lower(), found[2].lower(), properties


def _proves(method: str, result: str, properties: dict[str, str], *, domain: str) -> bool:
    if result != "pass":
        return False
    if method == "dmarc":
        return properties.get("header.from", domain) == domain
    if method == "dkim":
        signed = properties.get("header.d") or properties.get("header.i", "")
        return _is_of(domain, signed.rpartition("@")[2])
    if method == "spf":
        return _is_of(domain, properties.get("smtp.mailfrom", "").rpartition("@")[2])
    return False


def _is_of(domain: str, shown: str) -> bool:
    """The same domain, or one above it that somebody can own."""
    return "." in shown and (domain == shown or domain.endswith(f".{shown}"))
