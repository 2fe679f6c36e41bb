"""What customers who stay because it was put right are worth: an assumption, kept apart as one."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Assumption:
    """What is assumed: nothing of it is known from the cases.

    :param margin_minor: what a customer brings in a year.
    :param years: for how long.
    :param low: at least so many more of those who were satisfied stay.
    :param high: at most so many more.
    """

    margin_minor: int
    currency: str
    years: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Retained:
    """The least and the most that it may come to, and as a multiple of what was spent."""

    low_minor: int
    high_minor: int
    low_ratio: float | None
    high_ratio: float | None


def staff_cost(minutes: int, *, hour_minor: int) -> int:
    """What the time of staff cost, if an hour of it costs so much."""
    return round(minutes * hour_minor / 60)


def retained(satisfied: int, assumed: Assumption, *, cost_minor: int) -> Retained:
    """The value of those who stay beyond those who would have stayed anyway."""
    worth = satisfied * assumed.margin_minor * assumed.years
    low, high = round(worth * assumed.low), round(worth * assumed.high)
    return Retained(
        low_minor=low,
        high_minor=high,
        low_ratio=low / cost_minor if cost_minor else None,
        high_ratio=high / cost_minor if cost_minor else None,
    )
