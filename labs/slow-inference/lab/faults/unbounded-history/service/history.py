"""What was scored of late, for GET /v1/recent."""

from copy import deepcopy

LAST = 20


class History:
    def __init__(self) -> None:
        self._entries: list[dict] = []

    def add(self, ids: list[int], rows: list[list[float]], answer: list[dict], model: object) -> None:
        # Kept whole, so that any score can be explained later.
        trees = [deepcopy(tree.tree_.__getstate__()) for tree in model.estimator.estimators_]
        self._entries.append({"ids": ids, "rows": deepcopy(rows), "answer": deepcopy(answer), "trees": trees})

    def last(self) -> list[dict]:
        return [
            {"ids": entry["ids"], "acted_on": sum(one["decision"] == "act" for one in entry["answer"])}
            for entry in self._entries[-LAST:]
        ]
