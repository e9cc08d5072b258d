"""What was scored of late: a ring of a fixed length."""

LAST = 20


class History:
    def __init__(self) -> None:
        self._ring: list[dict | None] = [None] * LAST
        self._next = 0

    def add(self, ids: list[int], rows: list[list[float]], answer: list[dict], model: object) -> None:
        self._ring[self._next % LAST] = {"ids": ids, "acted_on": sum(one["decision"] == "act" for one in answer)}
        self._next += 1

    def last(self) -> list[dict]:
        start = self._next % LAST
        return [entry for entry in self._ring[start:] + self._ring[:start] if entry is not None]
