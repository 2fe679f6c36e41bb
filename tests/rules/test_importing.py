"""Rows of other systems are read as wishes, or refused with the reason; junk never crashes."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.rules.importing import columns, helpdesks, rows
from makegood.rules.importing.columns import FIELDS, MappingError, What
from makegood.rules.importing.rows import Defaults, RowError
from makegood.rules.severity import Function

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
DEFAULTS = Defaults(zone="Europe/London", function=Function.INFORMATION, now=NOW)
A_CASE = {"id": "7", "title": "Bin missed", "customer_email": "ann@example.org"}


def test_columns_are_guessed_by_their_names_whatever_their_spelling():
    names = ["Ticket ID", "Subject", "Requester email", "Created_at", "Status", "Due date"]

    found = columns.guess_mapping(names, What.CASES)

    assert found == {
        "id": "Ticket ID",
        "title": "Subject",
        "customer_email": "Requester email",
        "opened_at": "Created_at",
        "status": "Status",
    }


@pytest.mark.parametrize("called", ["reference", "Ref", "case", "Case ID", "Case_number"])
def test_a_list_that_a_desk_kept_by_hand_is_read_as_it_is(called):
    names = [called, "customer", "email", "phone", "title", "opened"]

    assert columns.read_mapping([], columns=names, what=What.CASES) == {
        "id": called,
        "title": "title",
        "customer_name": "customer",
        "customer_email": "email",
        "customer_phone": "phone",
        "opened_at": "opened",
    }


@pytest.mark.parametrize("of_theirs", ["customer_id", "Requester ID"])
def test_where_a_column_has_the_customers_id_the_one_called_customer_has_the_name(of_theirs):
    names = ["ref", "subject", "customer", of_theirs]

    found = columns.guess_mapping(names, What.CASES)

    assert (found["customer"], found["customer_name"]) == (of_theirs, "customer")


@pytest.mark.parametrize("others", [["customer name", "email"], ["customer_email"], []])
def test_a_column_called_customer_has_the_id_in_a_file_that_is_made_for_us(others):
    found = columns.guess_mapping(["id", "subject", "customer", *others], What.CASES)

    assert found["customer"] == "customer"


def test_the_id_of_a_customer_is_not_that_of_their_case():
    with pytest.raises(MappingError, match="No column is the id"):
        columns.read_mapping([], columns=["customer_id", "title"], what=What.CASES)


@pytest.mark.parametrize(
    ("names", "what"),
    [
        (["id", "name", "email"], What.CUSTOMERS),
        (["Id", "Subject"], What.CASES),
        (["id", "customer", "name", "location"], What.ASSETS),
    ],
)
def test_what_a_file_holds_is_guessed_by_its_columns(names, what):
    assert columns.guess_what(names) is what


def test_what_somebody_says_goes_before_what_was_guessed():
    names = ["id", "subject", "Betreff"]
    assert columns.read_mapping(["title=Betreff"], columns=names, what=What.CASES)["title"] == (
        "Betreff"
    )


@pytest.mark.parametrize(
    ("given_", "why"),
    [
        ("owner_id=id", "maps nothing"),
        ("severity=subject", "maps nothing"),
        ("due_at=subject", "maps nothing"),
        ("title", "maps nothing"),
        ("title=Nope", "has no column “Nope”"),
        ("title=", "No column is the title"),
    ],
)
def test_no_field_beyond_those_that_may_come_in_can_be_mapped(given_, why):
    with pytest.raises(MappingError, match=why):
        columns.read_mapping([given_], columns=["id", "subject"], what=What.CASES)


def test_a_closed_ticket_is_no_case():
    for status in ("solved", "Closed", "5"):
        assert rows.read_case(A_CASE | {"status": status}, defaults=DEFAULTS) is None


def test_moments_without_a_zone_are_of_the_companys():
    found = rows.read_case(A_CASE | {"opened_at": "2026-05-30 10:00"}, defaults=DEFAULTS)
    assert found is not None
    assert found.opened_at == datetime(2026, 5, 30, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"id": ""}, "it has no id"),
        ({"title": ""}, "it has no title"),
        ({"customer_email": ""}, "it names no customer"),
        ({"customer_email": "ann"}, "is no e-mail address"),
        ({"opened_at": "yesterday"}, "opened_at is a moment"),
        ({"opened_at": "2027-01-01"}, "opened_at lies ahead"),
        ({"opened_at": "0001-01-01"}, "opened_at is a moment"),
        ({"opened_at": "2026-05-30", "promised_by": "2026-05-01"}, "lies before"),
        ({"function": "love"}, "is no function"),
        ({"id": "x" * 201}, "200 are the most"),
    ],
)
def test_a_row_that_cannot_be_taken_says_why(cells, why):
    with pytest.raises(RowError, match=why):
        rows.read_case(A_CASE | cells, defaults=DEFAULTS)


def test_a_ticket_of_zendesk_lies_flat():
    flat = helpdesks.flat_zendesk(
        {
            "id": 35436,
            "subject": "Help, my printer is on fire!",
            "description": "The fire is very colourful.",
            "status": "open",
            "created_at": "2026-05-29T08:00:00Z",
            "requester": {"id": 20978392, "name": "Ann", "email": "ann@example.org"},
            "assignee": {"email": "Laura@example.org"},
            "due_at": "2026-06-02T08:00:00Z",
        }
    )

    mapping = columns.read_mapping([], columns=list(flat), what=What.CASES)
    case = rows.read_case({f: flat[c] for f, c in mapping.items()}, defaults=DEFAULTS)

    assert case is not None
    assert (case.id, case.title, case.owner) == (
        "35436", "Help, my printer is on fire!", "laura@example.org"
    )  # fmt: skip
    assert (case.customer.id, case.customer.email) == ("20978392", "ann@example.org")
    assert case.promised_by is None, "a target of theirs is no promise"


def test_a_ticket_of_freshdesk_lies_flat():
    flat = helpdesks.flat_freshdesk(
        {
            "helpdesk_ticket": {
                "display_id": 12,
                "subject": "Late parcel",
                "description": "<p>Where is <b>it</b>?</p>",
                "status": 2,
                "status_name": "Open",
                "requester_id": 9,
                "requester_name": "Ann",
                "created_at": "2026-05-29T10:00:00+01:00",
                "due_by": "2026-06-01T10:00:00+01:00",
            }
        }
    )

    mapping = columns.read_mapping([], columns=list(flat), what=What.CASES)
    case = rows.read_case({f: flat[c] for f, c in mapping.items()}, defaults=DEFAULTS)

    assert case is not None
    assert (case.id, case.customer.id, case.customer.name) == ("12", "9", "Ann")
    assert case.words.split() == ["Where", "is", "it", "?"]


_JUNK = st.text(max_size=30) | st.sampled_from(["2026-06-01", "=1+1", "\0", "9" * 300, "ann@b.c"])


@given(st.sampled_from(list(What)), st.data())
def test_junk_is_read_or_refused_and_nothing_else(what, data):
    cells = {field: data.draw(_JUNK, label=field) for field in FIELDS[what]}
    read = {
        What.CUSTOMERS: rows.read_customer,
        What.ASSETS: rows.read_asset,
        What.CASES: rows.read_case,
    }[what]
    wanted = None
    with suppress(RowError):
        wanted = read(cells, defaults=DEFAULTS)
    assert wanted is None or len(wanted.id) <= 200


_THING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
_NAMES = ["id", "subject", "requester", "assignee", "status", "helpdesk_ticket", "description"]


@given(st.dictionaries(st.sampled_from(_NAMES), _THING))
def test_whatever_a_record_holds_it_lies_flat(record):
    for flatten in (helpdesks.flat_zendesk, helpdesks.flat_freshdesk):
        assert all(isinstance(value, str) for value in flatten(record).values())
