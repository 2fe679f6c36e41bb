"""The worked cases of the schemes of clocks, refunds, mail and repairs."""

from datetime import date, timedelta
from typing import Any

from scheme_cases import Case, case


def _fca(number: int, received: str, clocks: dict[str, date], **facts: Any) -> Case:
    return case(
        f"DISP {number}",
        "fca-disp",
        owes={"clocks": clocks},
        **{"received_on": received, "kind": "ordinary", **facts},
    )


_PAYMENT = {
    "summary resolution": date(2026, 5, 22),
    "final response": date(2026, 6, 10),
    "final response if exceptional": date(2026, 7, 8),
}
FINANCE = [
    _fca(
        1,
        "2026-05-19",
        {"summary resolution": date(2026, 5, 22), "final response": date(2026, 7, 14)},
    ),
    _fca(
        2,
        "2026-05-21",
        {"summary resolution": date(2026, 5, 27), "final response": date(2026, 7, 16)},
    ),
    _fca(4, "2026-05-19", _PAYMENT, kind="payment"),
    _fca(
        5,
        "2026-05-19",
        {"final response": date(2026, 7, 14)},
        resolved_on="2026-05-21",
        accepted=False,
    ),
    _fca(
        6,
        "2026-05-19",
        {"summary resolution": date(2026, 5, 22)},
        resolved_on="2026-05-21",
        accepted=True,
    ),
    _fca(7, "2026-05-19", {"ombudsman": date(2027, 1, 14)}, final_response_on="2026-07-14"),
    _fca(
        8,
        "2026-05-19",
        {
            "final response on the payment part": date(2026, 6, 10),
            "final response": date(2026, 7, 14),
        },
        kind="mixed",
    ),
]


def _dot(number: int, amount: int | None, *, owes: Any = None, **facts: Any) -> Case:
    given = {
        "failure": "cancelled",
        "happened_on": "2026-05-20",
        "domestic": True,
        "paid_by": "card",
        "fare": "310.00",
        "fee": "35.00",
    }
    return case(f"DOT {number} {facts}", "us-dot-refunds", amount, owes=owes, **given | facts)


REFUNDS = [
    _dot(1, 31000, owes={"pay_by": date(2026, 6, 1)}),
    _dot(2, 31000, paid_by="other", owes={"pay_by": date(2026, 6, 9)}),
    _dot(4, 0, failure="delayed", domestic=False, shift_minutes="5:30"),
    _dot(5, 0, accepted_alternative=True),
    _dot(6, 31000, failure="delayed", shift_minutes="3:00", owes={"unsure": True}),
    _dot(7, 0, failure="bag_late", bag_late_minutes="11:59"),
    _dot(7, 3500, failure="bag_late", bag_late_minutes="12:01"),
    _dot(
        8, 0, failure="bag_late", domestic=False, flight_minutes="14:00", bag_late_minutes="29:00"
    ),
    _dot(
        8,
        3500,
        failure="bag_late",
        domestic=False,
        flight_minutes="14:00",
        bag_late_minutes="31:00",
        owes={"unsure": True},
    ),
    _dot(10, None, failure="flight_number_only", happened_on="2026-03-01", owes={"unsure": True}),
    _dot(11, 31000, happened_on="2026-11-23", owes={"pay_by": date(2026, 12, 3)}),
]


def _cfpb(number: int, sent: str, clocks: dict[str, date], **facts: Any) -> Case:
    return case(f"CFPB {number}", "cfpb-portal", owes={"clocks": clocks}, sent_on=sent, **facts)


PORTAL = [
    _cfpb(1, "2026-03-02", {"first reply": date(2026, 3, 17), "final reply": date(2026, 5, 1)}),
    _cfpb(2, "2026-01-30", {"first reply": date(2026, 2, 14), "final reply": date(2026, 3, 31)}),
    _cfpb(
        4,
        "2026-03-02",
        {"final reply": date(2026, 5, 1)},
        first_reply_on="2026-03-17",
        in_progress=True,
    ),
    _cfpb(5, "2026-03-02", {"first reply": date(2026, 3, 17)}, first_reply_on="2026-03-18"),
]


def _acma(number: int, received: str, clocks: dict[str, date], **facts: Any) -> Case:
    return case(
        f"ACMA {number} {received}",
        "acma-complaints",
        owes={"clocks": clocks},
        received_on=received,
        **facts,
    )


AUSTRALIA = [
    _acma(1, "2026-03-30", {"proposal": date(2026, 4, 15)}),
    _acma(2, "2026-03-30", {"proposal": date(2026, 4, 22)}, older_text=True),
    _acma(4, "2026-03-30", {"resolution": date(2026, 4, 1)}, urgent=True),
    _acma(5, "2026-01-22", {"resolution": date(2026, 1, 27)}, urgent=True),
    _acma(7, "2025-06-29", {}, about="network_outage"),
    _acma(8, "2026-01-01", {"resolution": date(2026, 1, 5)}, safety_threat=True),
    _acma(8, "2025-12-31", {"proposal": date(2026, 1, 15)}, safety_threat=True),
]


def _mail(number: int, amount: int | None, *, owes: Any = None, **facts: Any) -> Case:
    given = {"failure": "delayed", "product": "first_class", "due_on": "2026-05-18"}
    return case(f"Royal Mail {number} {facts}", "royal-mail", amount, owes=owes, **given | facts)


_STAMPS = {"in_kind": "6 First Class stamps"}
_PROOF = {"proof_of_posting": True, "proof_of_value": True}
MAIL = [
    _mail(1, 0, arrived_on="2026-05-20"),
    _mail(1, 0, arrived_on="2026-05-21", owes=_STAMPS),
    _mail(
        2,
        0,
        due_on="2026-05-21",
        arrived_on="2026-05-26",
        owes={"clocks": {"delay counts from": date(2026, 5, 27)}},
    ),
    _mail(
        2,
        0,
        failure="lost",
        due_on="2026-05-21",
        asked_on="2026-06-05",
        owes={"clocks": {"counts as lost after": date(2026, 6, 5)}},
    ),
    _mail(4, 1000, product="special_delivery", arrived_on="2026-05-28", owes={"unsure": True}),
    _mail(
        5,
        2155,
        failure="lost",
        product="second_class",
        loss="35.00",
        postage="1.55",
        **_PROOF,
        owes={"unsure": True},
    ),
    _mail(7, 0, failure="lost", proof_of_posting=True, owes=_STAMPS),
    _mail(
        8,
        0,
        failure="lost",
        product="special_delivery",
        asked_on="2026-05-26",
        owes={"clocks": {"counts as lost after": date(2026, 5, 26)}},
    ),
]


def _repair(name: str, amount: int | None, *, owes: Any = None, **facts: Any) -> Case:
    given = {"defect": "only_toilet_not_flushing", "reported_on": "2026-05-21"}
    return case(f"Right to Repair, {name}", "right-to-repair", amount, owes=owes, **given | facts)


def _late_by(days: int, amount: int) -> Case:
    # Told on Monday 1 June with one working day: money begins on Wednesday the 3rd.
    fixed = date(2026, 6, 2) + timedelta(days=days)
    return _repair(f"day {days}", amount, second_told_on="2026-06-01", fixed_on=fixed.isoformat())


def _first_by(name: str, day: date, **facts: Any) -> Case:
    return _repair(name, 0, owes={"clocks": {"repair": day}}, **facts)


REPAIRS = [
    *[_late_by(*pair) for pair in ((1, 1200), (5, 2000), (19, 4800), (20, 5000), (25, 5000))],
    _late_by(0, 0),
    _first_by("1 day", date(2026, 5, 22)),
    _first_by("3 days", date(2026, 5, 27), defect="partial_loss_of_water"),
    _first_by("7 days", date(2026, 6, 2), defect="leaking_roof"),
    _first_by("winter", date(2026, 11, 3), defect="no_heating", reported_on="2026-11-02"),
    _first_by("1 May", date(2026, 5, 7), defect="no_heating", reported_on="2026-05-01"),
    _repair("unlisted", None, defect="other", owes={"unsure": True}),
    _repair("too dear", 0, repair_cost="250.01"),
]
CLOCKS = [*FINANCE, *REFUNDS, *PORTAL, *AUSTRALIA, *MAIL, *REPAIRS]
