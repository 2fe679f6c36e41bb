"""The content security policy: pages load from this site alone, and run no inline code."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

LOOPBACK = "127.0.0.1"

SOURCES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",  # icons inside style sheets
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}


def policy(live_url: str) -> str:
    """The policy of a desk whose pages may also listen to the stream at `live_url`."""
    sources = SOURCES | {"connect-src": " ".join(["'self'", *_origins(live_url)])}
    return "; ".join(f"{what} {where}" for what, where in sources.items())


def _origins(live_url: str) -> list[str]:
    """A stream on this machine is asked for by the name that the page itself was asked for by."""
    parts = urlsplit(live_url)
    if not parts.netloc:
        return []
    if parts.hostname != LOOPBACK:
        return [f"{parts.scheme}://{parts.netloc}"]
    return [f"{parts.scheme}://{name}:{parts.port}" for name in (LOOPBACK, "localhost")]


class ContentSecurityPolicyMiddleware:
    """Add the policy to every answer that does not bring its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, and say what the page may load."""
        response = self._get_response(request)
        response.headers.setdefault("Content-Security-Policy", policy(settings.LIVE_URL))
        return response
