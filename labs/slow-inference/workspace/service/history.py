"""What was scored of late, for GET /v1/recent."""

from collections import deque

LAST = 20


class History:
    def __init__(self) -> None:
        self._entries: deque[dict] = deque(maxlen=LAST)

    def add(self, ids: list[int], rows: list[list[float]], answer: list[dict], model: object) -> None:
        self._entries.append({"ids": ids, "acted_on": sum(one["decision"] == "act" for one in answer)})

    def last(self) -> list[dict]:
        return list(self._entries)
