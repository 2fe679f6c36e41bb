"""Columns are found by the names that real exports use, and only if they hold what they say."""

import pytest

from makegood.queries.replay.columns import OWN_DEED, Part, Wanted, find_columns, normal
from makegood.queries.replay.files import LogError
from replay_logs import read, write_log

TIME = ("2026-01-05T10:00:00",)


def found(*header: str, samples: dict[str, tuple[str, ...]] | None = None, **wanted):
    given = dict.fromkeys(header, TIME) | (samples or {})
    return find_columns(header, samples=given, wanted=Wanted(**wanted), log="log.csv")


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Date received", "date_received"),
        ("createdDate", "created_date"),
        ("SRType", "sr_type"),
        ("CASE_ENQUIRY_ID", "case_enquiry_id"),
        ("Timely response?", "timely_response"),
        ("due_by ", "due_by"),
    ],
)
def test_names_are_compared_without_their_dress(name, plain):
    assert normal(name) == plain


@pytest.mark.parametrize(
    ("system", "header", "opened", "due", "closed"),
    [
        ("Boston", "case_enquiry_id open_dt sla_target_dt closed_dt on_time case_status type",
         "open_dt", ["sla_target_dt"], ["closed_dt"]),
        ("Baltimore", "ServiceRequestNum SRType createdDate dueDate closeDate SRStatus",
         "createdDate", ["dueDate"], ["closeDate"]),
        ("New York", "Unique_Key Created_Date Closed_Date Due_Date Complaint_Type",
         "Created_Date", ["Due_Date"], ["Closed_Date"]),
        ("Open311", ("service_request_id service_name requested_datetime updated_datetime "
         "expected_datetime closed_date"), "requested_datetime", ["expected_datetime"],
         ["closed_date"]),
        ("Washington", ("SERVICEREQUESTID SERVICECODEDESCRIPTION ADDDATE SERVICEDUEDATE "
         "RESOLUTIONDATE"), "ADDDATE", ["SERVICEDUEDATE"], ["RESOLUTIONDATE"]),
        ("ServiceNow", "number opened_at due_date resolved_at closed_at sys_updated_on made_sla",
         "opened_at", ["due_date"], ["resolved_at"]),
        ("Zendesk", "id created_at due_at solved_at updated_at", "created_at", ["due_at"],
         ["solved_at"]),
        ("Jira", "Key IssueType Created Resolved DueDate Updated", "Created", ["DueDate"],
         ["Resolved"]),
        ("Freshdesk", "TicketId CreatedTime DueByTime ResolvedTime ClosedTime",
         "CreatedTime", ["DueByTime"], ["ResolvedTime"]),
        ("Olist", ("order_id order_purchase_timestamp order_delivered_carrier_date "
         "order_delivered_customer_date order_estimated_delivery_date shipping_limit_date"),
         "order_purchase_timestamp", ["order_estimated_delivery_date", "shipping_limit_date"],
         ["order_delivered_customer_date", "order_delivered_carrier_date"]),
    ],
)  # fmt: skip
def test_the_exports_of_known_systems_are_understood(system, header, opened, due, closed):
    columns = found(*header.split())

    assert columns.opened.column == opened
    assert [choice.column for choice in columns.due] == due
    assert [choice.column for choice in columns.closed] == closed
    assert columns.column(Part.ID) is not None or system == "Open311"


def test_a_named_column_is_taken_whatever_it_is_called():
    columns = found("a", "b", "c", opened="a", due=("b",), closed=("C",), kind="c")

    assert columns.opened.why == "named with --opened"
    assert columns.closed[0].column == "c"


@pytest.mark.parametrize("wanted", [{"opened": "x"}, {"due": ("x",)}, {"note": "x"}])
def test_a_named_column_that_is_not_there_is_refused_with_those_that_are(wanted):
    with pytest.raises(LogError, match=r"has no column x for --.*opened, closed"):
        found("opened", "closed", **wanted)


def test_a_promise_without_any_closing_cannot_be_judged():
    with pytest.raises(LogError, match="name it with --closed"):
        found("opened", "due")


def test_closings_for_some_promises_only_are_refused():
    with pytest.raises(LogError, match="2 closed columns for 3 promises"):
        found("opened", "a", "b", "c", "d", due=("a", "b", "c"), closed=("d", "a"))


def test_a_column_of_words_is_no_column_of_times():
    columns = found("created", "created_at", samples={"created": ("by hand", "by mail")})

    assert columns.opened.column == "created_at"


def test_a_state_of_the_union_is_no_status():
    columns = found("opened", "state", samples={"state": ("NY", "CA", "TX")})

    assert columns.column(Part.STATUS) is None


def test_near_candidates_are_told():
    columns = found("opened", "created_at", "type", "queue")

    assert columns.opened.near == ("created_at",)
    assert next(c for c in columns.others if c.part is Part.KIND).near == ("queue",)


def test_what_was_only_closed_and_never_resolved_has_its_closing():
    columns = found("opened", "resolved_at", "closed_at")

    assert columns.closed[0].otherwise == "closed_at"


def test_handing_over_never_stands_in_for_delivery():
    columns = found("ordered", "delivered", "handed_to_carrier", "promised_date")

    assert columns.closed[0].otherwise == ""


def test_a_promise_with_its_own_deed_finds_it_by_name():
    columns = found("ordered", "delivered", "handed_to_carrier", "ship_by", due=("ship_by",))

    assert "ship_by" in OWN_DEED
    assert [choice.column for choice in columns.closed] == ["handed_to_carrier"]


def test_one_closing_named_for_two_promises_keeps_both():
    columns = found("o", "a", "b", "c", opened="o", due=("a", "b"), closed=("c",))

    assert [choice.column for choice in columns.closed] == ["c", "c"]


@pytest.mark.parametrize(
    ("opened", "closed", "note"),
    [
        ("3/4/2026 14:05", "13/4/2026 09:00", "dates are read day first"),
        ("3/4/2026 02:05 PM", "3/14/2026 09:00 AM", "dates are read month first"),
        ("3/4/2026", "3/5/2026", "dates are read month first; no value in the log proves it"),
        ("3.4.2026 14:05", "4.4.2026 09:00", ("dates are read day first; no value in the log "
         "proves it")),
        ("2026/04/03 14:05:09", "2026/04/13 09:00:00", ""),
        ("20260403140509", "20260413090000", ""),
        ("03-Apr-26 2:05 PM", "13-Apr-2026 09:00", ""),
        ("03/Apr/26 2:05 PM", "13/Apr/26 9:00 AM", ""),
        ("Apr 3, 2026 14:05", "April 13, 2026", ""),
        ("2026 Apr 03 02:05:00 PM", "2026 Apr 13 09:00:00 AM", ""),
    ],
)  # fmt: skip
def test_times_are_read_in_the_formats_of_many_exports(tmp_path, opened, closed, note):
    path = write_log(tmp_path, f'1,"{opened}","{closed}"', header="id,opened,closed")

    log = read(path)

    assert len(log) == 1
    assert log.files[0].notes == ((note,) if note else ())
    assert log.closed[0] > log.opened[0]
