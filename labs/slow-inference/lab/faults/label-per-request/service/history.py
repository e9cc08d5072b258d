"""What was scored of late, for GET /v1/recent; and how many rows were acted on, for whoever collects metrics."""

from collections import defaultdict, deque

LAST = 20
BUCKETS = 2000


class History:
    def __init__(self) -> None:
        self._entries: deque[dict] = deque(maxlen=LAST)
        self._by_label: dict[str, list[float]] = defaultdict(lambda: [0.0] * BUCKETS)

    def add(self, ids: list[int], rows: list[list[float]], answer: list[dict], model: object) -> None:
        self._entries.append({"ids": ids, "acted_on": sum(one["decision"] == "act" for one in answer)})
        for one in answer:
            label = f"{model.version}/{ids}"
            self._by_label[label][min(BUCKETS - 1, int(one["score"] * BUCKETS))] += 1

    def last(self) -> list[dict]:
        return list(self._entries)
