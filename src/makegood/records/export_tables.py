"""Which tables and columns leave with a company that moves, in which order they can come back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.apps import apps
from django.db.models import ForeignKey, Model

FIRST: Final = (
    "workingcalendar", "team", "staff", "service", "customer", "asset", "policysnapshot",
    "incident", "case", "report", "contact", "promise", "timelineentry",
)  # fmt: skip
"""What others refer to comes before them."""

LEFT_OUT: Final[Mapping[str, str]] = {
    "apicall": "answers to other systems, kept for a day",
    "assetsearch": "made from what it is about",
    "calendarfeed": "secrets of calendars; made anew",
    "casesearch": "made from what it is about",
    "clockpulse": "when the clock last went round",
    "countedcase": "counted again",
    "countingplace": "counted again",
    "customersearch": "made from what it is about",
    "dailycount": "counted again",
    "delivery": "news for webhooks, which are made anew",
    "digest": "letters to staff on their way",
    "export": "files on their way out",
    "exportpiece": "as above",
    "knock": "counts of an hour",
    "presence": "who looks at what at this moment",
    "sentform": "kept for a day",
    "setaside": "rows that the clock tries again",
    "signinmail": "letters about signing in",
    "webhook": "holds secrets; made anew",
}
"""Tables that stay behind, and why."""

SECRET: Final[Mapping[str, frozenset[str]]] = {
    "staff": frozenset({"password", "last_login", "is_superuser"}),
    "letter": frozenset({"secret", "reply_digest"}),
    "partner": frozenset({"api_key"}),
    "token": frozenset({"digest", "hint", "last_used_at"}),
    "caselink": frozenset({"token_digest"}),
    "gatepass": frozenset({"made_in"}),
    "erasure": frozenset({"made_in"}),
    "import": frozenset({"content"}),
}
"""Columns that open something, or mean nothing elsewhere: they are made anew on the way in."""

ANEW: Final[Mapping[str, Mapping[str, str]]] = {
    "staff": {"password": "'!'", "is_superuser": "false"},
    "letter": {
        "secret": "sha256(convert_to(random()::text || id || random()::text, 'UTF8'))",
        "reply_digest": "sha256(convert_to(random()::text || id || random()::text, 'UTF8'))",
    },
    "caselink": {
        "token_digest": "sha256(convert_to(random()::text || id || random()::text, 'UTF8'))"
    },
    "gatepass": {"made_in": "0"},
    # Who spoke by it is history; as a key it opens nothing any more.
    "token": {
        "digest": "sha256(convert_to(random()::text || id || random()::text, 'UTF8'))",
        "hint": "''",
        "revoked_at": "coalesce(revoked_at, now())",
        "revoked_by_id": "coalesce(revoked_by_id, made_by_id)",
    },
    "partner": {"api_key": "''"},
    "erasure": {"made_in": "0"},
    "import": {"content": "''::bytea"},
}
"""What stands in those columns of a company that came in, as SQL; or in others on the way in."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """One column of an export."""

    name: str
    kind: str
    may_be_null: bool
    refers_to: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """One table of an export; `name` is that of its files, `table` that in the database."""

    name: str
    table: str
    key: str
    says: str
    columns: tuple[Column, ...]
    anew: Mapping[str, str]


def export_tables() -> list[Table]:
    """Every table that leaves, what others refer to first."""
    place = {name: number for number, name in enumerate(FIRST)}
    return sorted(_tables(), key=lambda table: (place.get(table.name, len(place)), table.name))


def _tables() -> Iterator[Table]:
    for model in apps.get_app_config("records").get_models(include_auto_created=True):
        name = str(model._meta.model_name)  # noqa: SLF001 - Django's public name for it
        if name not in LEFT_OUT:
            yield Table(
                name=name,
                table=model._meta.db_table,  # noqa: SLF001 - as above
                key=str(model._meta.pk.column),  # noqa: SLF001 - as above
                says=_says(model),
                columns=tuple(_columns(model, without=SECRET.get(name, frozenset()))),
                anew=ANEW.get(name, {}),
            )


def _columns(model: type[Model], *, without: frozenset[str]) -> Iterator[Column]:
    for field in model._meta.concrete_fields:  # noqa: SLF001 - as above
        if field.name in without or field.column is None:
            continue
        target: Any = field.related_model if isinstance(field, ForeignKey) else None
        yield Column(
            name=field.column,
            kind=field.get_internal_type().removesuffix("Field").lower(),
            may_be_null=bool(field.null),
            refers_to=str(target._meta.model_name) if target else "",  # noqa: SLF001 - as above
        )


def _says(model: type[Model]) -> str:
    if model._meta.auto_created:  # noqa: SLF001 - as above
        return "Which belong together."
    first = (model.__doc__ or "").strip().split("\n\n")[0]
    return " ".join(first.split())
