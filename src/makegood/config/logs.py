"""One shape for every log line: readable on a desk, JSON on a server, and without anybody's key.

The link of a customer's page is a secret, and so are a calendar's address, a link to a new
password, a token and the password in a database's URL. All find their way into logs: with a page
that was not found, a traceback, a library's own line. So each finished line is looked through.
"""

import logging
import re
from http import HTTPStatus
from typing import Any

import structlog

SHARED: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
]


_PIECE = r"[^\s/?#%\"'<>\\]+"
_SECRETS = [
    re.compile(rf"(/c/|%2[Ff]c%2[Ff]){_PIECE}"),
    re.compile(rf"(/calendar/|/sign-in/reset/[0-9a-z]+/){_PIECE}"),
    re.compile(r"(\bmg_|\bwhsec_|\b[Bb]earer )[\w+/=.-]{8,}"),
    re.compile(r"(://[^\s/:@\"']*:)[^\s/@\"']+(?=@)"),
]
"""What may be kept, in a group; what follows it goes."""


class ScrubbingFormatter(structlog.stdlib.ProcessorFormatter):
    """Renders a line as usual, and then takes the customers' keys out of it."""

    def format(self, record: logging.LogRecord) -> str:
        """The line as it may be kept; that somebody may not do something is no fault of ours."""
        if getattr(record, "status_code", None) == HTTPStatus.FORBIDDEN:
            record.exc_info = record.exc_text = None
        return scrub(super().format(record))


def scrub(line: str) -> str:
    """The line with three dots for each secret."""
    for secret in _SECRETS:
        line = secret.sub(r"\1...", line)
    return line


def configure_structlog() -> None:
    """Send structlog through the standard library, so that Django's lines look the same."""
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def logging_settings(*, as_json: bool) -> dict[str, Any]:
    """Return the dictionary that the standard library configures logging from."""
    renderers: list[structlog.typing.Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
        if as_json
        else [
            # Plain: with values of variables it would take half a second, and tell of customers.
            structlog.dev.ConsoleRenderer(
                colors=False, exception_formatter=structlog.dev.plain_traceback
            )
        ]
    )
    formatter = {
        "()": ScrubbingFormatter,
        "foreign_pre_chain": SHARED,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderers],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": formatter},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {"django": {"handlers": [], "propagate": True}},
    }
