"""How many hosts hold ten thousand sessions a day? A simulation by discrete events: nothing in it is real but inputs.

`python -m benchmarks.labs_hosts [--sessions 10000] [--days 3] [--json]`. Sessions arrive, wait for a host with free
memory, are started on its cores, last, are handed in and graded, one grading a host at a time; hosts fail, and their
rooms are taken up elsewhere after the heartbeat timeout. Looked for: the fewest hosts with 99 of 100 starts within two
seconds, and what is short when there are fewer. `MEASURED` says where a figure is from, `ASSUMED` what nobody measured.
"""

from __future__ import annotations

import argparse
import heapq
import json
import math
import random
import tomllib
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

LABS = Path(__file__).parent.parent / "labs"
DAY_S = 86_400.0
START_LIMIT_S = 2.0
MOST_HOSTS = 200

MEASURED = {
    "start_s": "link to first echoed keystroke, cold: 0.78 s at the median, 0.81 at p95, n 5 (docs/lab-room-engine.md)",
    "labs": "minutes, memory and grading seconds of the labs that ship (labs/*/task.toml, labs/*/lab/report-card.toml)",
    "server_mb": "server of rooms: 0.36 MB a room (docs/lab-room-engine.md)",
    "reheld_s": "from the heartbeat timeout to the next holding: 1.9 s at most (a trial of two hosts' workers, n 1)",
}
ASSUMED = {
    "hours": "three of four sessions begin in eight hours of the day, as where candidates live in few time zones",
    "share_on_the_hour": "half of the sessions are appointments at a full hour, and come within two minutes of it",
    "used_share": "a candidate uses between half and all of a lab's minutes, each share as likely",
    "host": "16 cores, 64 GB, of which 4 GB are for the system, 0.50 a host and hour in whatever currency you pay",
    "host_fails_every_days": "a host fails every 30 days",
}


@dataclass(frozen=True, slots=True)
class LabFigures:
    """What a lab needs: its limits, and how long its gradings take."""

    name: str
    minutes: float
    memory_mb: float
    grading_s: float


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that the simulation knows of the world."""

    labs: tuple[LabFigures, ...]
    sessions_a_day: int = 10_000
    days: int = 3
    start_median_s: float = 0.78
    start_p95_s: float = 0.81
    cores: int = 16
    memory_mb: float = 60_000.0
    server_mb: float = 0.36
    gradings_at_once: int = 1
    share_in_the_day: float = 0.75
    day_hours: float = 8.0
    share_on_the_hour: float = 0.5
    host_fails_every_days: float = 30.0
    heartbeat_timeout_s: float = 60.0
    reheld_s: float = 1.9
    price_a_host_hour: float = 0.5


@dataclass(slots=True)
class Host:
    """One machine: memory for rooms, cores that start them, one place for gradings."""

    free_mb: float
    cores_free: int
    starts: deque[int] = field(default_factory=deque)
    rooms: set[int] = field(default_factory=set)
    is_up: bool = True


@dataclass(slots=True)
class Visit:
    """A session on its way. `wanted_at`: since when the candidate waits."""

    lab: LabFigures
    wanted_at: float
    lasts_s: float
    host: int = -1
    epoch: int = 0
    is_again: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """Some simulated days, in seconds. `start_*`: of first starts; `again_*`: of rooms taken up after a failure."""

    hosts: int
    n: int
    start_p50_s: float
    start_p99_s: float
    within_limit: float
    again_p99_s: float
    again_n: int
    waited_for_memory: float
    grading_wait_p95_s: float
    most_rooms: int
    unfinished: int

    @property
    def is_enough(self) -> bool:
        return self.start_p99_s <= START_LIMIT_S


class Simulation:
    """Events by time, in one heap. `random` by a seed, so that two runs of the same inputs are the same."""

    def __init__(self, inputs: Inputs, hosts: int, seed: int = 1) -> None:
        self._in = inputs
        self._chance = random.Random(seed)  # noqa: S311  a simulation
        self._hosts = [Host(inputs.memory_mb, inputs.cores) for _ in range(hosts)]
        self._events: list[tuple[float, int, Callable[[float], None]]] = []
        self._count = 0
        self._waiting: deque[int] = deque()
        self._visits: list[Visit] = []
        self._gradings: deque[tuple[float, float]] = deque()
        self._graders_free = hosts * inputs.gradings_at_once
        self._starts: list[float] = []
        self._again: list[float] = []
        self._grading_waits: list[float] = []
        self._waited = self._rooms = self._most_rooms = 0

    def _at(self, when: float, do: Callable[[float], None]) -> None:
        self._count += 1
        heapq.heappush(self._events, (when, self._count, do))

    def run(self) -> Result:
        for day in range(self._in.days):
            for _ in range(self._in.sessions_a_day):
                self._at(day * DAY_S + self._arrival(), self._arrive)
        for number in range(len(self._hosts)):
            self._plan_failure(number, 0.0)
        end = self._in.days * DAY_S + 6 * 3600
        while self._events and self._events[0][0] <= end:
            when, _, do = heapq.heappop(self._events)
            do(when)
        return self._result()

    def _arrival(self) -> float:
        """Seconds into a day."""
        at = self._chance.uniform(0, self._in.day_hours * 3600)
        if self._chance.random() >= self._in.share_in_the_day:
            at = self._chance.uniform(self._in.day_hours * 3600, DAY_S)
        if self._chance.random() < self._in.share_on_the_hour:
            at = round(at / 3600) * 3600 + self._chance.gauss(0, 60)
        return max(0.0, at)

    def _plan_failure(self, number: int, now: float) -> None:
        if self._in.host_fails_every_days > 0:
            after = self._chance.expovariate(1 / (self._in.host_fails_every_days * DAY_S))
            self._at(now + after, lambda when: self._fail(number, when))

    # rooms

    def _arrive(self, now: float) -> None:
        lab = self._chance.choice(self._in.labs)
        self._visits.append(Visit(lab, now, lab.minutes * 60 * self._chance.uniform(0.5, 1.0)))
        self._place(len(self._visits) - 1, now)

    def _place(self, number: int, now: float) -> None:
        """On any host with the memory, as hosts that ask a queue for work would share it out; else it waits."""
        need = self._need(number)
        fit = [at for at, host in enumerate(self._hosts) if host.is_up and host.free_mb >= need]
        if not fit:
            self._waited += 1
            self._waiting.append(number)
            return
        self._hold(number, self._chance.choice(fit), now)

    def _need(self, number: int) -> float:
        return self._visits[number].lab.memory_mb + self._in.server_mb

    def _hold(self, number: int, at: int, now: float) -> None:
        host, visit = self._hosts[at], self._visits[number]
        host.free_mb -= self._need(number)
        host.rooms.add(number)
        visit.host, visit.epoch = at, visit.epoch + 1
        host.starts.append(number)
        self._rooms += 1
        self._most_rooms = max(self._most_rooms, self._rooms)
        self._start_next(at, now)

    def _start_next(self, at: int, now: float) -> None:
        host = self._hosts[at]
        while host.cores_free and host.starts:
            number = host.starts.popleft()
            if number not in host.rooms:
                continue
            host.cores_free -= 1
            epoch = self._visits[number].epoch
            took = self._chance.lognormvariate(*self._start_law())
            self._at(now + took, partial(self._begin, number, epoch, at))

    def _start_law(self) -> tuple[float, float]:
        mu = math.log(self._in.start_median_s)
        return mu, (math.log(self._in.start_p95_s) - mu) / 1.645

    def _begin(self, number: int, epoch: int, at: int, now: float) -> None:
        host, visit = self._hosts[at], self._visits[number]
        if visit.host == at and visit.epoch == epoch and number in host.rooms:
            (self._again if visit.is_again else self._starts).append(now - visit.wanted_at)
            self._at(now + visit.lasts_s, lambda when: self._hand_in(number, epoch, when))
        if host.is_up:
            host.cores_free = min(self._in.cores, host.cores_free + 1)
            self._start_next(at, now)

    def _hand_in(self, number: int, epoch: int, now: float) -> None:
        visit = self._visits[number]
        if visit.epoch != epoch or visit.host < 0:
            return
        host = self._hosts[visit.host]
        host.rooms.discard(number)
        host.free_mb += self._need(number)
        self._rooms -= 1
        visit.host = -1
        self._gradings.append((now, visit.lab.grading_s))
        self._grade_next(now)
        self._place_waiting(now)

    def _place_waiting(self, now: float) -> None:
        for _ in range(len(self._waiting)):
            number = self._waiting.popleft()
            before = len(self._waiting)
            self._place(number, now)
            if len(self._waiting) > before:  # still no place: it keeps its turn
                self._waiting.rotate(1)
                self._waited -= 1
                return

    # gradings

    def _grade_next(self, now: float) -> None:
        while self._graders_free and self._gradings:
            since, seconds = self._gradings.popleft()
            self._graders_free -= 1
            self._grading_waits.append(now - since)
            self._at(now + seconds, self._end_grading)

    def _end_grading(self, now: float) -> None:
        self._graders_free += 1
        self._grade_next(now)

    # failures

    def _fail(self, at: int, now: float) -> None:
        """Its rooms are wanted elsewhere once their heartbeats have been missed; it is back, empty, an hour later."""
        host = self._hosts[at]
        lost, host.rooms = host.rooms, set()
        host.is_up = False
        host.starts.clear()
        self._rooms -= len(lost)
        for number in lost:
            visit = self._visits[number]
            visit.host, visit.epoch, visit.is_again = -1, visit.epoch + 1, True
            visit.wanted_at = now
            after = self._in.heartbeat_timeout_s + self._in.reheld_s
            self._at(now + after, partial(self._place, number))
        self._at(now + 3600, lambda when: self._come_back(at, when))

    def _come_back(self, at: int, now: float) -> None:
        self._hosts[at] = Host(self._in.memory_mb, self._in.cores)
        self._plan_failure(at, now)
        self._place_waiting(now)

    def _result(self) -> Result:
        return Result(
            hosts=len(self._hosts),
            n=len(self._starts),
            start_p50_s=round(_quantile(self._starts, 0.5), 3),
            start_p99_s=round(_quantile(self._starts, 0.99), 3),
            within_limit=round(sum(one <= START_LIMIT_S for one in self._starts) / max(1, len(self._visits)), 5),
            again_p99_s=round(_quantile(self._again, 0.99), 1),
            again_n=len(self._again),
            waited_for_memory=round(self._waited / max(1, len(self._visits)), 5),
            grading_wait_p95_s=round(_quantile(self._grading_waits, 0.95), 1),
            most_rooms=self._most_rooms,
            unfinished=len(self._waiting),
        )


def _quantile(values: Sequence[float], share: float) -> float:
    """Of what was seen; 0 where nothing was."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def labs_that_ship() -> tuple[LabFigures, ...]:
    """From their own files; one whose gradings were not measured yet is taken to need what the slowest other does."""
    seconds = {
        path.parent.parent.name: float(tomllib.loads(path.read_text("utf-8"))["median_seconds"])
        for path in LABS.glob("*/lab/report-card.toml")
    }
    found = []
    for path in sorted(LABS.glob("*/task.toml")):
        name, task = path.parent.name, tomllib.loads(path.read_text("utf-8"))
        minutes, memory = task["metadata"]["lab"]["minutes"], task["environment"]["memory_mb"]
        found.append(LabFigures(name, float(minutes), float(memory), seconds.get(name, max(seconds.values()))))
    return tuple(found)


def fewest_hosts(inputs: Inputs) -> int | None:
    """The fewest that start 99 of 100 within the limit; None where 200 do not. More hosts are never worse."""
    if not Simulation(inputs, MOST_HOSTS).run().is_enough:
        return None
    low, high = 1, MOST_HOSTS
    while low < high:
        middle = (low + high) // 2
        if Simulation(inputs, middle).run().is_enough:
            high = middle
        else:
            low = middle + 1
    return low


RELIEF: Mapping[str, Callable[[Inputs], Inputs]] = {
    "memory of hosts": lambda one: replace(one, memory_mb=one.memory_mb * 100),
    "cores that start rooms": lambda one: replace(one, cores=one.cores * 100),
    "hosts that fail": lambda one: replace(one, host_fails_every_days=0),
}
"""Each takes away one limit."""


def what_breaks_first(inputs: Inputs, hosts: int) -> list[str]:
    """Which limits, taken away one at a time, would let this many hosts be enough."""
    return [name for name, relieve in RELIEF.items() if Simulation(relieve(inputs), hosts).run().is_enough]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=10_000, help="a day")
    parser.add_argument("--days", type=int, default=3)
    parser.add_argument("--on-the-hour", type=float, default=0.5, help="share of sessions that begin at a full hour")
    parser.add_argument("--price", type=float, default=0.5, help="of a host and hour")
    parser.add_argument("--json", action="store_true")
    words = parser.parse_args()
    inputs = Inputs(
        labs_that_ship(),
        sessions_a_day=words.sessions,
        days=words.days,
        share_on_the_hour=words.on_the_hour,
        price_a_host_hour=words.price,
    )
    report(inputs, as_json=words.json)


def report(inputs: Inputs, *, as_json: bool) -> None:
    fewest = fewest_hosts(inputs)
    shown = [fewest] if fewest else [MOST_HOSTS]
    shown = sorted({one for base in shown for one in (max(1, base // 2), max(1, base - 1), base, min(200, base * 2))})
    results = [Simulation(inputs, hosts).run() for hosts in shown]
    breaks = what_breaks_first(inputs, max(1, fewest - 1)) if fewest and fewest > 1 else []
    cost_a_day = (fewest or 0) * 24 * inputs.price_a_host_hour
    if as_json:
        words: dict[str, Any] = {
            "inputs": asdict(inputs),
            "measured": MEASURED,
            "assumed": ASSUMED,
            "fewest_hosts": fewest,
        }
        words |= {"cost_a_day": cost_a_day, "breaks_first": breaks, "results": [asdict(one) for one in results]}
        print(json.dumps(words, indent=2))
        return
    print(f"fewest hosts for 99 of 100 starts within {START_LIMIT_S:g} s: {fewest or f'more than {MOST_HOSTS}'}")
    print(f"one fewer would be enough without the limit of: {', '.join(breaks) or 'no single one'}")
    print(f"cost: {cost_a_day:,.0f} a day, {cost_a_day / max(1, inputs.sessions_a_day):.3f} a session")
    for one in results:
        print(one)
    heartbeats = results[-1].most_rooms * 4 / inputs.heartbeat_timeout_s
    print(f"most rooms at once: {results[-1].most_rooms}; heartbeats a second then: {heartbeats:.0f}")


if __name__ == "__main__":
    main()
