"""What an attachment is by its first bytes, whatever its sender calls it."""

from typing import Final

UNKNOWN: Final = "application/octet-stream"
_BEGINNINGS: Final = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"PK\x03\x04", "application/zip"),
    (b"Rar!", "application/vnd.rar"),
    (b"\x1f\x8b", "application/gzip"),
    (b"MZ", "application/x-msdownload"),
    (b"\x7fELF", "application/x-executable"),
)
SHOWN_SAFELY: Final = frozenset({"application/pdf", "image/png", "image/jpeg", "image/gif"})
"""What is given to browsers under its own name; all else is only bytes to them."""


def sniff(content: bytes) -> str:
    """The type by the first bytes; text and all that is not known is bytes."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for begins, kind in _BEGINNINGS if content.startswith(begins)), UNKNOWN)
