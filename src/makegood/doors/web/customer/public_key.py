"""The key of the public form: signed, with its number and its age; and who knocks, as a digest.

It keeps out programs that fill in forms at once, without a cookie, a script or a third party.
"""

import hashlib
import hmac
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from uuid import UUID, uuid4

from django.conf import settings
from django.core import signing
from django.http import HttpRequest

SALT = "makegood.public.form"
QUICKEST = timedelta(seconds=3)
LIFE = timedelta(hours=24)
IPV6_HOUSEHOLD = 64


class PublicKeyError(Exception):
    """The form did not come from our page, or the page is too old."""


class TooQuickError(Exception):
    """Nobody fills in a form that quickly."""


def fresh_key(*, now: datetime) -> str:
    """A key for a form that is shown now."""
    return signing.dumps([uuid4().hex, int(now.timestamp())], salt=SALT)


def number_of(key: str, *, now: datetime) -> UUID:
    """The number of the form that carries this key.

    :raises PublicKeyError: if it is forged, or older than a day.
    :raises TooQuickError: if it was shown a moment ago.
    """
    try:
        number, shown = signing.loads(key, salt=SALT)
    except signing.BadSignature as wrong:
        raise PublicKeyError from wrong
    age = timedelta(seconds=int(now.timestamp()) - shown)
    if not timedelta(0) <= age <= LIFE:
        raise PublicKeyError
    if age < QUICKEST:
        raise TooQuickError
    return UUID(number)


def visitor_of(request: HttpRequest, *, now: datetime) -> bytes:
    """A digest of the network address, good for an hour: no address is kept.

    What a proxy says is believed only where one is configured, and only the last thing it says;
    all before that, a visitor can write themselves. A household with IPv6 counts as one.
    """
    given = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        given = request.headers.get("X-Forwarded-For", given).rpartition(",")[2].strip()
    text = f"{now:%Y-%m-%d %H} {_network(given)}"
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).digest()


def _network(given: str) -> str:
    try:
        address = ip_address(given)
    except ValueError:
        return "unknown"
    if address.version == 4:  # noqa: PLR2004 - of the Internet Protocol
        return str(address)
    return str(ip_network((address, IPV6_HOUSEHOLD), strict=False))
