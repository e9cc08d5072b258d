"""Measured series and availability from Prometheus. Shape after “Prometheus HTTP API v1: query, query_range”."""

from __future__ import annotations

from collections.abc import Iterator

from tenfold.connectors.payloads import BadPayload, Node, Problem, Reading
from tenfold.connectors.records import Sample
from tenfold.kit.errors import Place, UserError

MAX_SAMPLES = 2_000_000


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
