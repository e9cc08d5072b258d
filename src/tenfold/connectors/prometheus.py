"""Measured series and availability from Prometheus. Shape after “Prometheus HTTP API v1: query, query_range”."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from tenfold.connectors.payloads import BadPayload, Node, Problem, Reading
from tenfold.connectors.records import RequestCount, Sample
from tenfold.kit.errors import Place, UserError

MAX_SAMPLES = 2_000_000
CODE_LABELS = ("code", "status", "status_code", "http_status", "response_code", "status_class")
GRPC_LABELS = ("grpc_code", "grpc_status")
GRPC_FAULTS = ("unknown", "deadlineexceeded", "unimplemented", "internal", "unavailable", "dataloss")
GRPC_FAULT_NUMBERS = ("2", "4", "12", "13", "14", "15")
"""Codes that are the server's fault: “gRPC, Status codes and their use”; in HTTP all from 500 on."""
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800, "": 1}


def read_series(root: Node, *, name: str) -> Reading[Sample]:
    """Samples of an instant or a range query, series after series; values that are no number are problems.

    Raises:
        UserError: the answer is an error or holds no result.
    """
    if root.get("status").value == "error":
        said = root.get("error").value
        raise UserError(
            f"Prometheus answered with an error: {said}.", remedy="Check the query.", place=Place(file=name)
        )
    samples: list[Sample] = []
    problems: list[Problem] = []
    try:
        for series in root.get("data").get("result").items():
            labels = _labels(series)
            for point in _points(series):
                if len(samples) < MAX_SAMPLES:
                    _add(point, labels, samples, problems)
    except BadPayload as error:
        raise UserError(
            f"No result was found: {error}.", remedy="Expected data.result.", place=Place(file=name)
        ) from None
    return Reading(tuple(samples), tuple(problems))


def read_requests(root: Node, *, name: str) -> Reading[RequestCount]:
    """Requests by time, from series by status code; a time at which one series has no number is left out.

    Raises:
        UserError: the answer is an error, holds no result, or no series has a status code.
    """
    found = read_series(root, name=name)
    doubtful = _times_of(root, found.problems)
    counts: dict[datetime, list[float]] = defaultdict(lambda: [0.0, 0.0])
    problems = list(found.problems)
    for sample in found.items:
        is_good = _is_good(dict(sample.labels))
        if is_good is None:
            raise UserError(
                "A series has no status code, so good answers cannot be told from bad ones.",
                remedy='Ask by code: sum by (code) (increase(http_requests_total{job="…"}[1d])).',
                place=Place(file=name, field=", ".join(label for label, _ in sample.labels) or "no label"),
            )
        if sample.value < 0:
            problems.append(Problem(sample.at.isoformat(), "counts less than no request"))
        elif sample.at not in doubtful:
            counts[sample.at][0] += sample.value if is_good else 0.0
            counts[sample.at][1] += sample.value
    items = tuple(RequestCount(at, good, total) for at, (good, total) in sorted(counts.items()))
    return Reading(items, tuple(problems))


def require_matching_step(url: str) -> None:
    """Raises UserError where a query counts over another time than the step, so that requests count twice or never."""
    asked = parse_qs(urlsplit(url).query)
    ranges = re.findall(r"\[(\d+)([smhdw])\]", " ".join(asked.get("query", [])))
    step = re.fullmatch(r"(\d+)([smhdw]?)", asked.get("step", [""])[0])
    if not ranges or step is None:
        raise UserError(
            "The address needs a query over a time, such as increase(…[1d]), and a step.", remedy="Add step=1d."
        )
    if any(int(count) * SECONDS[unit] != int(step[1]) * SECONDS[step[2]] for count, unit in ranges):
        raise UserError(
            "The step is not as long as the time in the query, so requests would count twice or be missed.",
            remedy=f"Write step={ranges[0][0]}{ranges[0][1]}.",
        )


def _is_good(labels: dict[str, str]) -> bool | None:
    code = next((labels[name] for name in CODE_LABELS if name in labels), None)
    if code is not None:
        return not code.startswith("5") if re.fullmatch(r"[1-5](\d\d|xx)", code.casefold()) else None
    told = next((labels[name] for name in GRPC_LABELS if name in labels), None)
    return None if told is None else told.casefold().replace("_", "") not in GRPC_FAULTS + GRPC_FAULT_NUMBERS


def _times_of(root: Node, problems: tuple[Problem, ...]) -> set[datetime]:
    """When the points are that could not be read; of a point without a time nothing can be said."""
    places = {each.where for each in problems}
    found = set()
    for series in root.get("data").get("result").items():
        for point in _points(series):
            if point.path in places and isinstance(point.value, list) and point.value:
                try:
                    found.add(Node(point.value[0], point.path).moment())
                except BadPayload:
                    continue
    return found


def _labels(series: Node) -> tuple[tuple[str, str], ...]:
    told = series.get("metric").value
    return tuple(sorted((str(key), str(value)) for key, value in told.items())) if isinstance(told, dict) else ()


def _points(series: Node) -> Iterator[Node]:
    single = series.get("value")
    if single.is_there:
        yield single
    elif series.get("values").is_there:
        yield from series.get("values").items()


def _add(point: Node, labels: tuple[tuple[str, str], ...], samples: list[Sample], problems: list[Problem]) -> None:
    try:
        at, value = list(point.items())
        samples.append(Sample(at.moment(), value.number(), labels))
    except BadPayload as error:
        problems.append(Problem(point.path, str(error)))
    except ValueError:
        problems.append(Problem(point.path, "is no pair of time and value"))
