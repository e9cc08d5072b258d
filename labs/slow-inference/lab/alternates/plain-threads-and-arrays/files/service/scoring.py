"""Scores from rows of features: the forest's trees walked as arrays, all rows at once."""

import numpy as np

_FLAT: dict[int, tuple] = {}


def score_rows(estimator: object, rows: list[list[float]]) -> list[float]:
    trees = _flat(estimator)
    table = np.asarray(rows, dtype=np.float32)
    every = np.arange(len(table))
    total = np.zeros(len(table))
    for left, right, feature, threshold, positive in trees:
        node = np.zeros(len(table), dtype=np.intp)
        while True:
            inner = left[node] >= 0
            if not inner.any():
                break
            goes_left = table[every, np.maximum(feature[node], 0)] <= threshold[node]
            node = np.where(inner, np.where(goes_left, left[node], right[node]), node)
        total += positive[node]
    return [float(value) for value in total / len(trees)]


def _flat(estimator: object) -> list[tuple]:
    if _FLAT.get("for") is not estimator:
        trees = []
        for one in estimator.estimators_:
            tree = one.tree_
            value = tree.value[:, 0, :]
            positive = value[:, 1] / value.sum(axis=1)
            trees.append((tree.children_left, tree.children_right, tree.feature, tree.threshold, positive))
        _FLAT.clear()
        _FLAT["for"], _FLAT["trees"] = estimator, trees
    return _FLAT["trees"]
