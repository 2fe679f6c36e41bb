"""How large a file may be that somebody sends: looked at before a byte of it is taken."""

from typing import Any, Final

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

LARGEST: Final = 64 << 20
"""Pages say their own, smaller limits in their own words; this one guards the machine."""


class BoundedUpload(FileUploadHandler):
    """Refuses a request that is too large for any page of the desk."""

    def handle_raw_input(self, _data: Any, _meta: Any, content_length: int, *_: Any) -> None:  # noqa: ANN401 - Django's signature
        """Look at what the request says of itself; it cannot send more than that.

        :raises RequestDataTooBig: if that is too much.
        """
        if content_length > LARGEST:
            raise RequestDataTooBig(f"A request of {content_length} bytes is too large.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002 - Django's signature
        """Pass the bytes on to the handlers that keep them."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Keep nothing: others do."""
