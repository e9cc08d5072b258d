"""Gradings stand in one queue, whoever asks for them."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tenfold.labs import grading_queue

HOLD = """
import sys, time
from pathlib import Path
from tenfold.labs import grading_queue
with grading_queue.slot(Path(sys.argv[1])):
    print("in", flush=True)
    time.sleep(60)
"""


def _queue(folder: Path, count: int, places: int) -> tuple[list[int], int, dict[int, list[int]]]:
    """Lets `count` threads take their grading_queue: their order, how many at once at most, and what each was told."""
    order: list[int] = []
    told: dict[int, list[int]] = {number: [] for number in range(count)}
    inside, most, lock = 0, 0, threading.Lock()

    def one(number: int) -> None:
        nonlocal inside, most
        with grading_queue.slot(folder, places=places, on_position=told[number].append):
            with lock:
                order.append(number)
                inside += 1
                most = max(most, inside)
            time.sleep(0.02)
            with lock:
                inside -= 1

    threads = [threading.Thread(target=one, args=(number,)) for number in range(count)]
    for number, thread in enumerate(threads):
        thread.start()
        while not told[number] and thread.is_alive():  # told its position once it holds its ticket
            time.sleep(0.001)
    for thread in threads:
        thread.join()
    return order, most, told


def test_who_comes_first_is_served_first_and_nobody_beside(tmp_path: Path) -> None:
    order, most, told = _queue(tmp_path, 8, places=1)
    assert order == sorted(order)
    assert most == 1
    assert all(heard == sorted(heard, reverse=True) and heard[-1] == 0 for heard in told.values())
    assert grading_queue.waiting(tmp_path) == 0


def test_no_more_at_once_than_there_are_places(tmp_path: Path) -> None:
    _, most, _ = _queue(tmp_path, 12, places=3)
    assert most <= 3


def test_a_process_that_dies_gives_up_its_place(tmp_path: Path) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"in\n"
    assert grading_queue.waiting(tmp_path) == 1
    heard: list[int] = []

    def told(count: int) -> None:
        heard.append(count)
        if count:
            os.kill(holder.pid, signal.SIGKILL)

    with grading_queue.slot(tmp_path, on_position=told):
        pass
    assert heard == [1, 0]
    assert holder.wait() == -signal.SIGKILL
    holder.stdout.close()
    assert list(tmp_path.glob("*.ticket")) == []


def test_a_turn_that_fails_gives_up_its_place(tmp_path: Path) -> None:
    with pytest.raises(KeyError), grading_queue.slot(tmp_path):
        raise KeyError
    assert grading_queue.waiting(tmp_path) == 0
