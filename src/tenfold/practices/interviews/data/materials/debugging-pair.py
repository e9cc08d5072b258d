"""Scores a loan request. Release 12 added the scaling; since then nearly all scores are 0.5. Run: python debugging-pair.py"""

import math


class Scaler:
    def fit(self, rows):
        columns = list(zip(*rows))
        self.mean = [sum(column) / len(column) for column in columns]
        self.spread = [
            math.sqrt(sum((x - m) ** 2 for x in column) / len(column)) or 1.0
            for column, m in zip(columns, self.mean)
        ]
        return self

    def transform(self, rows):
        return [[(x - m) / s for x, m, s in zip(row, self.mean, self.spread)] for row in rows]


class Model:
    weights, bias = [1.4, -0.9, 0.3], 0.0

    def predict(self, row):
        return 1 / (1 + math.exp(-(sum(w * x for w, x in zip(self.weights, row)) + self.bias)))


def prepare(requests):
    rows = [[one["income"] / 1000, one["debt"] / 1000, one["years"]] for one in requests]
    return Scaler().fit(rows).transform(rows)


def score(requests):
    """Called by the web handler with the requests of one call: one, as a rule."""
    model = Model()
    return [round(model.predict(row), 3) for row in prepare(requests)]


if __name__ == "__main__":
    print(score([{"income": 52_000, "debt": 4_000, "years": 6}]))
    print(score([{"income": 19_000, "debt": 31_000, "years": 1}]))
    print(score([{"income": 52_000, "debt": 4_000, "years": 6}, {"income": 19_000, "debt": 31_000, "years": 1}]))
