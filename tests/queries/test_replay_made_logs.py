"""Ranges on logs that nobody tuned them on, and on some that are meant to upset them."""

import numpy as np
import pytest
from bench import ranges_made as made

SEED = 374


def drawn() -> np.random.Generator:
    return np.random.default_rng(SEED)


def plain_rows() -> list[str]:
    return made.plain(drawn(), count=2000, span=200.0).rows()


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    return made.report_of(plain_rows(), zone="UTC", folder=tmp_path_factory.mktemp("plain"))


@pytest.mark.parametrize("queue", [made.seasonal, made.on_saturdays, made.heavy, made.monthly])
def test_levels_hold_on_queues_of_all_sorts(queue, tmp_path):
    found = made.report_of(queue(drawn()).rows(), zone="UTC", folder=tmp_path)

    narrow, wide = found.overall
    assert 0.78 <= narrow.coverage <= 0.84
    assert 0.88 <= wide.coverage <= 0.93
    assert found.without_range < 0.1 * found.asked


@pytest.mark.parametrize("spoil", [made.shuffled, made.doubled])
def test_neither_the_order_of_lines_nor_their_number_moves_a_range(spoil, plain, tmp_path):
    found = made.report_of(spoil(plain_rows(), drawn()), zone="UTC", folder=tmp_path)

    assert found.overall == plain.overall
    assert found.by_kind == plain.by_kind


@pytest.mark.parametrize("spoil", [made.backwards, made.far_off, made.to_come])
def test_impossible_dates_are_set_aside_and_the_rest_holds_as_before(spoil, plain, tmp_path):
    found = made.report_of(spoil(plain_rows(), drawn()), zone="UTC", folder=tmp_path)

    assert found.asked > 0.88 * plain.asked
    assert found.overall[0].coverage == pytest.approx(plain.overall[0].coverage, abs=0.03)
    assert found.overall[1].coverage == pytest.approx(plain.overall[1].coverage, abs=0.03)


def test_days_without_times_are_enough(plain, tmp_path):
    found = made.report_of(made.by_day(plain_rows(), drawn()), zone="UTC", folder=tmp_path)

    assert found.overall[0].coverage == pytest.approx(plain.overall[0].coverage, abs=0.03)


@pytest.mark.parametrize("spoil", [made.never_done, made.at_once])
def test_where_nothing_can_be_known_no_range_is_given(spoil, tmp_path):
    found = made.report_of(spoil(plain_rows(), drawn()), zone="UTC", folder=tmp_path)

    assert found.asked > 0
    assert found.without_range == found.asked
