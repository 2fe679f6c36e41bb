"""A child's lines are passed on, and its end is noticed and mended, later each time."""

import os
import sys
import time
from collections.abc import Callable, Iterator

import psutil
import pytest

from makegood.config.children import BACK_OFF_SECONDS, BackOff, Child


class Listener:
    """Keeps what was said."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def __call__(self, text: str) -> None:
        self.lines.append(text)

    def heard(self, words: str) -> bool:
        return any(words in line for line in self.lines)


def wait_until(happened: Callable[[], bool], *, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def start_child(listener: Listener) -> Iterator[Callable[[str], Child]]:
    started = []

    def start(code: str) -> Child:
        child = Child(
            name="web",
            command=[sys.executable, "-u", "-c", code],
            environment=os.environ,
            say=listener,
        )
        started.append(child)
        child.start()
        return child

    yield start
    for child in started:
        child.wait_or_kill(until=0)


def test_its_lines_are_passed_on_with_its_name(
    listener: Listener, start_child: Callable[[str], Child]
) -> None:
    start_child("print('served', flush=True); import time; time.sleep(60)")
    wait_until(lambda: listener.lines == ["web   | served"])


def test_its_end_is_said_and_it_starts_again(
    listener: Listener, start_child: Callable[[str], Child]
) -> None:
    child = start_child("raise SystemExit(3)")

    def starts_again() -> bool:
        child.tend()
        return listener.lines.count("web ended (exit code 3); it starts again in 1 s.") == 1

    wait_until(starts_again)
    assert listener.lines[0] == "web ended (exit code 3); it starts again in 0.5 s."


def test_what_it_left_behind_is_killed_with_it(
    listener: Listener, start_child: Callable[[str], Child]
) -> None:
    code = "import os, time; worker = os.fork()\nif worker: print(worker); os._exit(1)\n"
    child = start_child(code + "time.sleep(60)")

    def ended() -> bool:
        child.tend()
        return listener.heard("exit code 1")

    wait_until(ended)
    wait_until(lambda: not is_running(int(listener.lines[0].split("|")[1])))


def is_running(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def test_one_that_does_not_stop_is_killed(
    listener: Listener, start_child: Callable[[str], Child]
) -> None:
    code = "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf'); time.sleep(60)"
    child = start_child(code)
    wait_until(lambda: listener.heard("deaf"))
    started = time.monotonic()
    child.ask_to_stop()
    child.wait_or_kill(until=started + 0.3)
    assert time.monotonic() - started < 50  # as it would sleep on for a minute


def test_tries_come_further_apart_up_to_a_limit() -> None:
    back_off = BackOff()
    delays = [back_off.next_delay(ran_for=1) for _ in range(8)]
    assert delays == [*BACK_OFF_SECONDS, BACK_OFF_SECONDS[-1], BACK_OFF_SECONDS[-1]]


def test_one_that_ran_well_for_a_while_starts_again_at_once() -> None:
    back_off = BackOff()
    for _ in range(5):
        back_off.next_delay(ran_for=1)
    assert back_off.next_delay(ran_for=600) == BACK_OFF_SECONDS[0]
