"""Medians and ninetieth percentiles of the wall, of values packed as PostgreSQL sends them.

To sort a year of values by step costs the database more than a second; to hand them over as they
lie, and to look for two places in each heap, a third of that.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from makegood.queries import plain
from makegood.rules.metrics.figures import P50, P90, place_of

Values = npt.NDArray[np.int64]
_ITEM: Final = np.dtype([("length", ">i4"), ("value", ">i8")])

# Values that are not known are left out, so that all the others have the same length; so are the
# twenty bytes that `array_send` writes before the first value of an array of one dimension.
_PACKED = """
    SELECT metric, key, (day - %(before)s::date) / %(width)s AS step,
           string_agg(substr(array_send(array_remove(values, NULL)), 21), '') AS packed
      FROM records_dailycount
     WHERE metric = ANY(%(metrics)s) AND (key = '' OR %(parts)s)
       AND day >= %(before)s AND day < %(end)s
       AND known > 0 AND (%(team)s::bigint IS NULL OR team_id = %(team)s)
     GROUP BY 1, 2, 3
"""


class _Packed(NamedTuple):
    metric: str
    key: str
    step: int
    packed: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Middle:
    """The values below which half of all lie, and nine of ten."""

    p50: float
    p90: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Middles:
    """Those of each step, and of the earlier (0) and the later (1) half of all of them."""

    steps: Mapping[int, Middle] = field(default_factory=dict)
    halves: Mapping[int, Middle] = field(default_factory=dict)


def read_middles(given: Mapping[str, Any], *, steps: int) -> dict[tuple[str, str], Middles]:
    """The middles of each metric, and of its parts if they are asked for, in one query.

    :param steps: how many each half has.
    """
    by_step: dict[tuple[str, str], dict[int, Values]] = defaultdict(dict)
    for row in plain.rows(_PACKED, _Packed, **given):
        by_step[row.metric, row.key][row.step] = _unpacked(row.packed)
    return {part: _middles(found, steps=steps) for part, found in by_step.items()}


def _unpacked(packed: bytes) -> Values:
    values: Values = np.frombuffer(packed, _ITEM)["value"].astype(np.int64)
    return values


def _middles(by_step: Mapping[int, Values], *, steps: int) -> Middles:
    halves: dict[int, list[Values]] = defaultdict(list)
    for step, values in by_step.items():
        halves[int(step >= steps)].append(values)
    return Middles(
        steps={step: _middle(values) for step, values in by_step.items()},
        halves={half: _middle(np.concatenate(parts)) for half, parts in halves.items()},
    )


def _middle(values: Values) -> Middle:
    places = [place_of(share, len(values)) for share in (P50, P90)]
    p50, p90 = np.partition(values, places)[places]
    return Middle(p50=float(p50), p90=float(p90))
