"""Answers of Open311 GeoReport v2: the same content as JSON or as XML, errors as it says them."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final
from xml.etree import ElementTree as ET

from django.http import HttpResponse

Content = Sequence[Mapping[str, Any]] | Mapping[str, Any]

_TYPES: Final = {
    "json": "application/json; charset=utf-8",
    "xml": "text/xml; charset=utf-8",
}
# What XML 1.0 cannot hold, even escaped.
_NO_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ITEMS: Final = {
    "services": "service",
    "service_requests": "request",
    "errors": "error",
    "attributes": "attribute",
    "values": "value",
    "endpoints": "endpoint",
    "formats": "format",
}
"""What each element of a list is called."""


class Open311Error(Exception):
    """A request that is not answered as asked; the message is its description."""

    def __init__(self, status: HTTPStatus, description: str) -> None:
        super().__init__(description)
        self.status = status


def answer(
    content: Content, *, name: str, form: str, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    """The content as an answer; `name` is the root of it as XML."""
    body = _xml(content, name) if form == "xml" else _json(content)
    response = HttpResponse(body, status=status, content_type=_TYPES.get(form, _TYPES["json"]))
    response.headers["Cache-Control"] = "no-store"
    return response


def refusal(error: Open311Error, *, form: str) -> HttpResponse:
    """An error: a list of code and description."""
    content = [{"code": int(error.status), "description": str(error)}]
    return answer(content, name="errors", form=form, status=error.status)


def moment(at: datetime | None) -> str | None:
    """A moment as the standard writes it (W3C date and time)."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else None


def _json(content: Content) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")


def _xml(content: Content, name: str) -> bytes:
    root = ET.Element(name)
    _fill(root, content)
    body: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return body


def _fill(element: ET.Element, content: Any) -> None:  # noqa: ANN401 - as JSON has it
    if isinstance(content, Mapping):
        for name, value in content.items():
            _fill(ET.SubElement(element, name), value)
    elif isinstance(content, list | tuple):
        for value in content:
            _fill(ET.SubElement(element, _ITEMS[element.tag]), value)
    elif isinstance(content, bool):
        element.text = "true" if content else "false"
    elif content is not None:
        element.text = _NO_XML.sub("", str(content))
