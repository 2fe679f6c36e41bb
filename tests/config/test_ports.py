"""Two desks that start at once on one machine each get ports of their own."""

import errno
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from makegood.config import ports
from makegood.config.ports import BusyPortError, Ports


@pytest.fixture
def desks(tmp_path: Path) -> Iterator[tuple[Ports, Ports]]:
    """Two that start at the same moment: neither listens yet."""
    both = Ports(folder=tmp_path), Ports(folder=tmp_path)
    yield both
    for each in both:
        each.close()


@pytest.fixture
def free() -> int:
    """A port with a free one after it."""
    while True:
        with socket.socket() as one, socket.socket() as next_:
            one.bind((ports.HOST, 0))
            number: int = one.getsockname()[1]
            try:
                next_.bind((ports.HOST, number + 1))
            except OSError:
                continue
            return number


def test_two_that_look_for_a_port_at_once_get_two(desks, free):
    first, second = desks

    assert first.take_next(after=free) == free + 1
    assert second.take_next(after=free) != free + 1


def test_what_another_desk_means_to_listen_on_is_busy_before_it_listens(desks, free, monkeypatch):
    monkeypatch.setattr(ports, "PORT_FREE_SECONDS", 0)
    first, second = desks
    first.take(free)
    neighbour = first.take_next(after=free)

    with pytest.raises(BusyPortError, match=str(neighbour)):
        second.take(neighbour)

    first.close()
    second.take(neighbour)


def test_a_port_on_which_any_program_listens_is_taken_by_no_desk(desks, free):
    with socket.socket() as other:
        other.bind((ports.HOST, free + 1))
        other.listen()

        assert desks[0].take_next(after=free) != free + 1


def test_where_no_file_can_be_made_a_desk_starts_all_the_same(tmp_path, free):
    Ports(folder=tmp_path / "nowhere").take(free)


def test_where_files_cannot_be_locked_a_desk_starts_all_the_same(tmp_path, free, monkeypatch):
    def no_locks(*_given: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("makegood.config.ports.fcntl.flock", no_locks)

    Ports(folder=tmp_path).take(free)
