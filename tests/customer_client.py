"""A customer at their page: reads it as text, and sends its forms with the key that is in them."""

import re

from django.http import HttpResponse
from django.test import Client


def text(answer: HttpResponse) -> str:
    """The words of a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def read(token: str, **headers: str) -> str:
    """The words of the page that a link opens."""
    return text(Client().get(f"/c/{token}", headers=headers))


def key(token: str) -> str:
    """The key of the forms on a fresh page."""
    page = Client().get(f"/c/{token}").content.decode()
    return re.findall(r'name="form_key"\s+value="([^"]+)"', page)[0]


def send(token: str, what: str, **fields: object) -> HttpResponse:
    """Send one form of a fresh page."""
    return Client().post(f"/c/{token}/{what}", {"form_key": key(token), **fields})
