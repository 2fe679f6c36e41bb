"""Finding a log's columns by name: which one says when it was opened, promised and closed.

The lists hold the names that city hotlines, shops and helpdesks use in their exports, the
preferred ones first. A name alone is not believed: a column of times must hold times.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from makegood.queries.replay.files import LogError


class Part(StrEnum):
    """What a column tells about a request."""

    OPENED = "opened"
    DUE = "due"
    CLOSED = "closed"
    KIND = "kind"
    ID = "id"
    NOTE = "note"
    FLAG = "flag"
    STATUS = "status"
    PRIORITY = "priority"
    UPDATED = "updated"
    TEAM = "team"
    PLACE = "place"
    CHANNEL = "channel"
    DETAIL = "detail"


# What else may tell how long a request takes. These are found by name only.
TRAITS: Final = (Part.TEAM, Part.PLACE, Part.CHANNEL, Part.DETAIL)

TIMES: Final = frozenset((Part.OPENED, Part.DUE, Part.CLOSED, Part.UPDATED))


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


KNOWN: Final[Mapping[Part, tuple[str, ...]]] = {
    Part.OPENED: _names(
        "opened opened_at open_at open_date open_dt opened_date opened_dt opened_on date_opened "
        "open_datetime opened_datetime openeddatetime opened_time created_at created "
        "created_date date_created created_dt created_on created_time created_datetime "
        "createddate creation_date create_date sr_create_date sr_created_date date_time_created "
        "requested_at requested_datetime request_date requested_date date_requested requested "
        "received received_at date_received received_date reported reported_at report_date "
        "reported_date date_reported submitted submitted_at submission_date date_submitted "
        "ordered ordered_at order_date order_purchase_timestamp purchase_date purchased_at "
        "logged_at log_date add_date adddate service_order_date serviceorderdate start_date "
        "started_at start_time sys_created_at sys_created_on"
    ),
    Part.DUE: _names(
        "due due_at due_date due_by due_by_time duedate due_datetime due_dt due_time target "
        "target_date target_dt target_at targeted_at sla_target_dt sla_target sla_due sla_due_at "
        "sla_due_date sla_deadline promised promised_at promised_date promise_date promised_by "
        "promised_for expected expected_at expected_date expected_datetime expected_by "
        "expected_completion_date expected_delivery_date expected_resolution_date "
        "estimated_delivery_date order_estimated_delivery_date estimated_completion_date "
        "estimated_resolution_date planned_completion_date planned_completion_day "
        "service_due_date serviceduedate overall_service_request_due_date date_due deadline "
        "resolve_by resolution_due resolution_due_by resolution_deadline commit_date "
        "committed_date delivery_promised eta ship_by ship_by_date shipping_limit_date"
    ),
    Part.CLOSED: _names(
        "resolved_at resolved resolved_date resolved_dt resolved_on resolved_time date_resolved "
        "resolution_date resolutiondate resolved_datetime solved_at solved solved_date closed_at "
        "closed closed_date closed_dt closed_on closed_time date_closed close_date close_dt "
        "closedate closed_datetime closeddatetime sr_closed_date date_time_closed completed_at "
        "completed completed_date completion_date date_completed complete_date completed_on "
        "delivered delivered_at delivered_date delivery_date order_delivered_customer_date "
        "fixed_at fixed done_at done_date finished_at finished end_date ended_at end_time "
        "handed_to_carrier order_delivered_carrier_date shipped_at shipped_date shipped"
    ),
    Part.KIND: _names(
        "kind type request_type requesttype service_request_type sr_type service_type issue_type "
        "case_type ticket_type incident_type complaint_type typename type_name type_description "
        "service_name sr_type_desc service_code_description servicecodedescription category "
        "category_name product_category product issue subject reason topic problem queue team "
        "assignment_group department"
    ),
    Part.ID: _names(
        "id case_id caseid case_enquiry_id ticket_id ticketid request_id requestid "
        "service_request_id servicerequestid service_request_number service_request_num "
        "sr_number sr_num srnumber sr_id unique_key number incident_number incident_id "
        "ticket_number case_number issue_key key order_id order_number complaint_id reference "
        "reference_number ref"
    ),
    Part.NOTE: _names(
        "note notes closure_reason close_notes closing_notes closing_note closure_notes "
        "resolution_notes resolution_description resolution_note status_notes resolution "
        "outcome_notes comment comments remarks"
    ),
    Part.FLAG: _names(
        "on_time_flag on_time ontime on_time_status ontime_flag is_on_time made_sla sla_met "
        "met_sla within_sla sla_status sla_compliant sla_compliance timely_response timely "
        "in_time resolution_status overdue is_overdue overdue_flag late is_late late_flag "
        "sla_breached breached has_breached is_breached sla_breach missed_sla sla_missed "
        "exceeded_est_timeframe"
    ),
    Part.STATUS: _names(
        "status state case_status incident_state request_status order_status sr_status "
        "ticket_status issue_status current_status status_description"
    ),
    Part.PRIORITY: _names("priority severity priority_level case_priority"),
    Part.TEAM: _names(
        "team queue assignment_group assigned_team owner_group responsible_agency agency "
        "agency_name seller_id seller department dept division service_area"
    ),
    Part.PLACE: _names(
        "neighborhood neighbourhood district borough ward community_area council_district "
        "police_district customer_state area region city"
    ),
    Part.CHANNEL: _names(
        "source channel method open_data_channel_type contact_type origin intake_method "
        "method_received method_received_description submitted_via via"
    ),
    Part.DETAIL: _names("descriptor subcategory sub_category sub_type subtype sub_product"),
    Part.UPDATED: _names(
        "updated_at updated updated_date updated_datetime updated_on last_updated "
        "last_updated_date last_updated_at last_update last_update_date sys_updated_at "
        "sys_updated_on modified modified_at last_modified last_modified_date status_at "
        "status_date date_updated event_time event_at timestamp"
    ),
}

# A promise that another deed keeps than the closing: shipping, for instance.
OWN_DEED: Final[Mapping[str, tuple[str, ...]]] = {
    name: _names("handed_to_carrier order_delivered_carrier_date shipped_at shipped_date shipped")
    for name in _names("ship_by ship_by_date shipping_limit_date")
}
# A flag by one of these names says that a request was late when it says yes.
SAYS_LATE: Final = re.compile(r"overdue|late|breach|miss|exceed")

_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_TIME: Final = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/. ](\d{1,2}|[A-Za-z]{3,9})[-/. ,]+\d{2,4}"
    r"|[A-Za-z]{3,9} \d{1,2},? \d{4}|\d{4} [A-Za-z]{3} \d{1,2}"
    r"|(19|20)\d{6}(\d{4}(\d\d)?)?$|\d{10}(\d{3})?$"
)
_STATUS: Final = re.compile(
    r"(?i)open|clos|new|active|solv|progress|pending|done|deliver|cancel|complete|assigned"
)
_ENOUGH: Final = 0.5
MOST_FLAG_VALUES: Final = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """Which column tells a part, why it was taken, and what else it might have been."""

    part: Part
    column: str
    why: str
    near: tuple[str, ...] = ()
    otherwise: str = ""
    """Where this column is empty, the one to look into."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """Columns that the user named; empty where they are to be found."""

    opened: str = ""
    due: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    kind: str = ""
    id: str = ""
    note: str = ""
    flag: str = ""
    status: str = ""
    priority: str = ""
    updated: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Columns:
    """A log's columns. Each promise in `due` has the deed that keeps it in `closed`."""

    opened: Choice
    due: tuple[Choice, ...]
    closed: tuple[Choice, ...]
    others: tuple[Choice, ...]

    def column(self, part: Part) -> str | None:
        """The column of one of the other parts, or None."""
        return next((choice.column for choice in self.others if choice.part is part), None)

    @property
    def choices(self) -> tuple[Choice, ...]:
        """Every choice once, in the order of a report."""
        return tuple(dict.fromkeys((self.opened, *self.due, *self.closed, *self.others)))


def normal(name: str) -> str:
    """A column name in lower case with underlines: "Date received", "DateReceived" alike."""
    return re.sub(r"[^a-z0-9]+", "_", _CAMEL.sub("_", name).lower()).strip("_")


def holds_times(values: Sequence[str]) -> bool:
    """Whether most values look like a date or a time; true where there is no value to judge by."""
    found = sum(1 for value in values if _TIME.match(value))
    return found >= _ENOUGH * len(values)


def find_columns(
    header: Sequence[str], *, samples: Mapping[str, Sequence[str]], wanted: Wanted, log: str
) -> Columns:
    """Take the columns that the user named, and find the others by name.

    :param samples: some values of each column that are not empty.
    :raises LogError: if a named column does not exist, or none says when requests were opened.
    """
    finder = _Finder(header=header, samples=samples, log=log)
    opened = finder.one(Part.OPENED, wanted.opened)
    if opened is None:
        raise LogError(_no_opened(header, log=log))
    closed = finder.all(Part.CLOSED, wanted.closed)
    due = finder.all(Part.DUE, wanted.due)
    if due and not closed:
        raise LogError(
            f"{log} has a promised date ({due[0].column}) but no column that says when requests "
            f"were closed; name it with --closed. Its columns: {', '.join(header)}."
        )
    if len(wanted.closed) > 1 and len(wanted.closed) != len(due):
        raise LogError(
            f"{len(wanted.closed)} closed columns for {len(due)} promises; give --closed once, "
            "or once for each --due in the same order."
        )
    rest = (Part.KIND, Part.ID, Part.NOTE, Part.FLAG, Part.STATUS, Part.PRIORITY, Part.UPDATED)
    named = [finder.one(part, getattr(wanted, part.value)) for part in rest]
    kind = next((choice.column for choice in named if choice and choice.part is Part.KIND), "")
    traits = [finder.besides(part, kind) for part in TRAITS]
    others = (*named, *traits)
    due, closed = _paired(due, closed, wanted=wanted, finder=finder)
    return Columns(
        opened=opened, due=due, closed=closed, others=tuple(choice for choice in others if choice)
    )


class _Finder:
    def __init__(
        self, *, header: Sequence[str], samples: Mapping[str, Sequence[str]], log: str
    ) -> None:
        self.header = header
        self.by_name = {normal(name): name for name in reversed(header)}
        self._samples = samples
        self._log = log

    def one(self, part: Part, given: str) -> Choice | None:
        return next(iter(self.all(part, (given,) if given else ())), None)

    def all(self, part: Part, given: tuple[str, ...]) -> tuple[Choice, ...]:
        """The named columns; or the best one found, which tells the others as near."""
        if given:
            return tuple(self._named(part, name) for name in given)
        found = [name for name in self._known(part) if self._holds(part, name)]
        if not found:
            return ()
        best, *near = found
        otherwise = _closing_after(best, near) if part is Part.CLOSED else ""
        return (
            Choice(
                part=part,
                column=best,
                why="known by its name",
                near=tuple(name for name in near if name != otherwise),
                otherwise=otherwise,
            ),
        )

    def besides(self, part: Part, taken: str) -> Choice | None:
        """The best column for a part that another part has not taken."""
        found = next((name for name in self._known(part) if name != taken), None)
        return Choice(part=part, column=found, why="known by its name") if found else None

    def named_so(self, names: Sequence[str]) -> str | None:
        """The first of some known names that this log has."""
        return next((self.by_name[name] for name in names if name in self.by_name), None)

    def _known(self, part: Part) -> list[str]:
        return [self.by_name[name] for name in KNOWN[part] if name in self.by_name]

    def _holds(self, part: Part, name: str) -> bool:
        values = self._samples.get(name, ())
        if part is Part.STATUS:  # not the state of an address
            return any(_STATUS.search(value) for value in values)
        if part is Part.FLAG:
            return 0 < len(set(values)) <= MOST_FLAG_VALUES
        return part not in TIMES or holds_times(values)

    def _named(self, part: Part, name: str) -> Choice:
        column = name if name in self.header else self.by_name.get(normal(name))
        if column is None:
            raise LogError(
                f"{self._log} has no column {name} for --{part}; "
                f"its columns: {', '.join(self.header)}."
            )
        return Choice(part=part, column=column, why=f"named with --{part}")


def _paired(
    due: tuple[Choice, ...], closed: tuple[Choice, ...], *, wanted: Wanted, finder: _Finder
) -> tuple[tuple[Choice, ...], tuple[Choice, ...]]:
    """Give each promise its deed; add a found promise that has a deed of its own."""
    if not due or len(wanted.closed) > 1:
        return due, closed
    if not wanted.due:
        extra = (name for name in due[0].near if _own_deed(name, finder=finder))
        due += tuple(
            Choice(part=Part.DUE, column=name, why="known by its name, kept by a deed of its own")
            for name in extra
        )
    if wanted.closed:
        return due, closed * len(due)
    return due, tuple(_deed(choice, closed=closed[0], finder=finder) for choice in due)


def _own_deed(name: str, *, finder: _Finder) -> str | None:
    return finder.named_so(OWN_DEED.get(normal(name), ()))


def _deed(due: Choice, *, closed: Choice, finder: _Finder) -> Choice:
    column = _own_deed(due.column, finder=finder)
    if column is None or column == closed.column:
        return closed
    return Choice(part=Part.CLOSED, column=column, why=f"the deed that keeps {due.column}")


def _closing_after(best: str, near: Sequence[str]) -> str:
    """Helpdesks resolve first and close later; what was only closed has its closing."""
    if "solved" not in normal(best):
        return ""
    return next((name for name in near if "close" in normal(name)), "")


def _no_opened(header: Sequence[str], *, log: str) -> str:
    if sum(1 for name in header if re.search(r"\d", name)) * 2 > len(header):
        return (
            f"The first line of {log} looks like data, not like column names; "
            "a log needs a header line."
        )
    return (
        f"{log} has no column known to say when requests were opened; name it with --opened. "
        f"Its columns: {', '.join(header)}."
    )
