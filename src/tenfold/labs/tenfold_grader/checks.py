"""What many labs check, each as one function that gives a `Result`. Limits are relative to the reference, in turns.

`ask(which, number)` is the lab's: puts the nth question to a system and gives its `Reply`; both systems get the same
questions. Nothing here catches what a hostile system brings about: `run_checks` does.
"""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .answers import printable, same
from .clients import Http, Reply
from .load import Answered, at_once
from .ratio import Bound, Ratio, in_turns
from .results import Result, lost, met, unclear, weighed
from .room import CANDIDATE, REFERENCE, Service

Ask = Callable[[str, int], Reply]
Services = dict[str, Service]


def latency(criterion: str, ask: Ask, bound: float, *, on_trial: str = CANDIDATE, blocks: int = 8) -> Result:
    """The median as a ratio to the reference's, measured in turns until the interval lies on one side of the bound."""
    ratio = in_turns(
        lambda n: _answered(ask(on_trial, n)), lambda n: _answered(ask(REFERENCE, n)), bound, blocks=blocks
    )
    return latency_result(criterion, ratio, bound)


def latency_result(criterion: str, ratio: Ratio, bound: float) -> Result:
    say = {Bound.WITHIN: met, Bound.BEYOND: lost, Bound.STRADDLES: unclear}[ratio.against(bound)]
    figures = {"ratio": ratio.value, "ratio_low": ratio.low, "ratio_high": ratio.high, "pairs": float(ratio.n)}
    return say(criterion, f"{ratio}; at most {bound} is asked", **figures)


def _answered(reply: Reply) -> None:
    del reply


def cpu(
    criterion: str, services: Services, ask: Ask, bound: float, *, on_trial: str = CANDIDATE, rounds: int = 4,
    each: int = 3,
) -> Result:  # fmt: skip
    """CPU time a request, as a ratio of medians over rounds in turns."""
    used: dict[str, list[float]] = {"mine": [], "other": []}
    for number in range(rounds):
        turns = (("mine", on_trial), ("other", REFERENCE))
        for side, which in turns if number % 2 else reversed(turns):
            spent = cpu_spent(services[which], lambda n, w=which: _answered(ask(w, n)), number * each, each)  # type: ignore[misc]
            if spent is None:
                return unclear(criterion, "this sandbox cannot tell CPU time")
            used[side].append(spent / each * 1000)
    mine, other = statistics.median(used["mine"]), statistics.median(used["other"])
    ratio = mine / max(other, 0.01)
    line = f"{mine:.1f} ms of CPU a request, {ratio:.2f} times the reference; at most {bound} is asked"
    return (met if ratio <= bound else lost)(criterion, line, cpu_ms=mine, cpu_ratio=ratio)


def cpu_spent(service: Service, call: Callable[[int], None], first: int, count: int) -> float | None:
    """Seconds of CPU that a service's box spends on some calls; None where the sandbox cannot tell."""
    before = service.cpu_s()
    for number in range(first, first + count):
        call(number)
    after = service.cpu_s()
    return None if before is None or after is None else after - before


def memory(
    criterion: str, services: Services, work: Callable[[str], None], allowed_mb: float, *, on_trial: str = CANDIDATE,
    warm: Callable[[str], None] | None = None,
) -> Result:  # fmt: skip
    """Growth over some work, `warm` first: at most `allowed_mb`, or that much more than the reference's by the same.

    The reference does the work only where the first figure is too large.
    """
    mine = growth_mb(services[on_trial], lambda: work(on_trial), lambda: warm and warm(on_trial))
    if mine is None:
        return unclear(criterion, "this sandbox cannot tell memory")
    if mine <= allowed_mb:
        return met(criterion, f"grew by {mine:.1f} MB; {allowed_mb:g} MB is allowed", grown_mb=mine)
    other = growth_mb(services[REFERENCE], lambda: work(REFERENCE), lambda: warm and warm(REFERENCE)) or 0.0
    line = f"grew by {mine:.1f} MB, the reference by {other:.1f}; {allowed_mb:g} MB more is allowed"
    judged = met if mine - max(0.0, other) <= allowed_mb else lost
    return judged(criterion, line, grown_mb=mine, reference_mb=other)


def growth_mb(service: Service, work: Callable[[], object], warm: Callable[[], object]) -> float | None:
    """By how much a service's box grows over some work; None where the sandbox cannot tell."""
    warm()
    before = service.memory_mb()
    work()
    after = service.memory_mb()
    return None if before is None or after is None else after - before


@dataclass(frozen=True)
class Expect:
    """One row of a status table. `statuses`: every one that is right; `body`: checked where given."""

    what: str
    method: str
    path: str
    body: object = None
    statuses: tuple[int, ...] = (200,)
    holds: Callable[[Reply], str] | None = None  # "" where the answer is right, else what is wrong


def status_table(http: Http, rows: Sequence[Expect]) -> dict[str, str]:
    """What was asked → what was wrong with the answer; to be given to `weighed`."""
    wrong = {}
    for row in rows:
        reply = http.ask(row.method, row.path, row.body)
        if reply.status not in row.statuses:
            wrong[row.what] = f"{reply.status} instead of {' or '.join(map(str, row.statuses))}"
        else:
            wrong[row.what] = row.holds(reply) if row.holds else ""
    return wrong


def same_as_reference(ask: Ask, numbers: Sequence[int], *, on_trial: str = CANDIDATE) -> list[str]:
    """Questions that were answered otherwise than the reference does, one after another: a line for each."""
    return [why for number in numbers if (why := difference(ask(on_trial, number), ask(REFERENCE, number)))]


def difference(mine: Reply, other: Reply) -> str:
    """What differs between two answers; "" where status and JSON are the same."""
    if mine.status == other.status and same(mine.json(), other.json()):
        return ""
    return f"{mine.status} {printable(mine.body[:100])} instead of {other.status} {printable(other.body[:100])}"


def together(
    ask_alone: Callable[[int], Reply], expected: Sequence[Reply], *, limit_s: float = 30
) -> tuple[list[str], list[Answered[Reply]]]:
    """Puts all questions at once, each on a connection of its own, and compares with what was expected of each."""
    answers = at_once([lambda n=n: ask_alone(n) for n in range(len(expected))], limit_s=limit_s)  # type: ignore[misc]
    wrong = []
    for number, (answer, wanted) in enumerate(zip(answers, expected, strict=True)):
        if answer.value is None:
            wrong.append(f"question {number}: {printable(str(answer.error), 120)}")
        elif why := difference(answer.value, wanted):
            wrong.append(f"question {number}: {why}")
    return wrong, answers


def ends_and_starts_again(
    service: Service, port: int, ready: str, serves: Callable[[], bool], *, timeout_s: float = 8
) -> dict[str, str]:
    """Ends on SIGTERM within `timeout_s`, starts again, serves again. For `weighed`."""
    status = service.stop(timeout_s)
    if status is None:
        return {"ends when asked": f"it did not end within {timeout_s:g} s of SIGTERM"}
    service.start()
    up = service.wait_ready(port, ready) and serves()
    return {"ends when asked": "", "serves again": "" if up else f"it did not: {service.said()[-200:]}"}


def finishes_what_it_began(
    service: Service, ask_alone: Callable[[], Reply], is_under_way: Callable[[], bool], let_go: Callable[[], None]
) -> str:
    """SIGTERM while a request is under way: it must be answered. "" where it was, else what happened.

    `is_under_way` waits until the request has come as far as it is held; `let_go` releases it after the signal.
    """
    held: list[Answered[Reply]] = []
    asker = threading.Thread(target=lambda: held.extend(at_once([ask_alone], limit_s=20)), daemon=True)
    asker.start()
    if not is_under_way():
        let_go()
        asker.join(25)
        return "the request never got as far as the platform"
    service.signal("TERM")
    time.sleep(0.3)
    let_go()
    asker.join(25)
    if not held or held[0].value is None:
        return f"a request under way was lost ({printable(str(held[0].error) if held else 'no answer', 120)})"
    return "" if held[0].value.status == 200 else f"a request under way was answered {held[0].value.status}"


__all__ = [
    "Ask", "Expect", "Services", "cpu", "cpu_spent", "difference", "ends_and_starts_again", "finishes_what_it_began",
    "latency", "latency_result", "memory", "same_as_reference", "status_table", "together", "weighed",
]  # fmt: skip
