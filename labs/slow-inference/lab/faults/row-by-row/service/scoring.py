"""Scores from rows of features."""

import numpy as np


def score_rows(estimator: object, rows: list[list[float]]) -> list[float]:
    scores = []
    for row in rows:
        probabilities = estimator.predict_proba(np.asarray(row).reshape(1, -1))
        scores.append(float(probabilities[0, 1]))
    return scores
