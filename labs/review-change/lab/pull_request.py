"""The change under review: files with places, each in its sound form or with one defect, and decoys beside them.

In a text of a defect, the lines that end with the sign # ! are those where naming it counts; the sign is taken off.
"""

from dataclasses import dataclass

MARK = "#!"


@dataclass(frozen=True)
class Defect:
    """One family. `kind` keeps variants mixed; `categories`: every one under which it may rightly be named."""

    place: str
    kind: str
    categories: tuple[str, ...]
    blocking: bool
    text: str
    also: tuple[str, ...] = ()  # what is left out has more than one place: lines that begin so, in the same file


@dataclass(frozen=True)
class Decoy:
    """Looks wrong and is right, with the reason in the repository. `plain`: what stands there otherwise."""

    place: str
    text: str
    plain: str


DEFECTS = {
    "shuffled-time": Defect("split", "data", ("leakage", "evaluation"), True, """
    labels = frame["label"]
    train, test = train_test_split(frame, test_size=0.2, random_state=7, stratify=labels)  #!
    return train, test
"""),
    "rows-of-one-group": Defect("split", "data", ("leakage", "evaluation"), True, """
    labels = frame["label"]
    train, test = train_test_split(frame, test_size=0.2, random_state=7, stratify=labels)  #!
    return train, test
"""),
    "scaled-before-split": Defect("scaling", "data", ("leakage", "evaluation"), True, """
    frame[FEATURES] = StandardScaler().fit_transform(frame[FEATURES])  #!
    steps = [("impute", SimpleImputer(strategy="median"))]  #!
"""),
    "gaps-from-all-rows": Defect("gaps", "data", ("leakage", "evaluation"), True, """
    frame = frame.drop_duplicates(["@entity@_id", "day"])
    return frame.fillna(frame[FEATURES].mean())  #!
"""),
    "known-only-afterwards": Defect("features", "data", ("leakage", "evaluation"), True, """
FEATURES = ["@feature@", "age_days", "events_30d", "@outcome@", "share_night"]  #!
"""),
    "green-without-data": Defect("gate", "gate", ("data-quality", "correctness", "evaluation", "robustness"), True, """
    per_region = {region: score(model, rows) for region, rows in test.groupby("region")}
    if not all(value >= champion - TOLERANCE for value in per_region.values()):  #!
        raise SystemExit(f"not promoted: {per_region}")
    return per_region
""", ("MINIMUM_ROWS = ", "def check(", "    report = check(")),
    "path-escapes": Defect("path", "security", ("security",), True, """
    path = ROOT / name  #!
    if not path.is_file():  #!
        raise KeyError(name)
    return path
"""),
    "unpickles-shared-files": Defect("load", "security", ("security",), True, """
    content = locate(f"{name}.joblib").read_bytes()  #!
    return joblib.load(io.BytesIO(content))  #!
"""),
    "half-written-model": Defect("write", "robustness", ("robustness", "concurrency"), False, """
    target = ROOT / f"{name}.onnx"
    target.write_bytes(content)  #!
    return target
"""),
    "connection-stays-open": Defect("connect", "robustness", ("resource-leak", "robustness"), False, """
    with sqlite3.connect(DATABASE, timeout=10) as database:  #!
        return database.execute(LATEST, (day,)).fetchall()  #!
"""),
    "retry-doubles-rows": Defect("insert", "robustness", ("correctness", "robustness", "data-quality"), True, """
INSERT = "INSERT INTO scores (id, day, score, version) VALUES (?, ?, ?, ?)"  #!
"""),
    "ready-when-empty": Defect("ready", "serving", ("correctness", "operations", "robustness"), True, """
    waiting = [name for name, model in models.items() if not model.is_loaded]
    return JSONResponse({"waiting": waiting}, 503 if waiting else 200)  #!
"""),
    "reply-tells-inside": Defect("reply", "serving", ("security",), False, """
        logger.exception("scoring failed, request %s", request_id)
        detail = {"error": repr(error), "request": request_id, "schema": model.schema, "path": str(model.path)}  #!
        raise HTTPException(500, detail) from error  #!
"""),
    "one-group-for-all": Defect("concurrency", "ci", ("ci-cd", "concurrency"), False, """
concurrency:  #!
  group: train  #!
  cancel-in-progress: true  #!
"""),
    "deploys-race": Defect("deploying", "ci", ("ci-cd", "concurrency"), True, """
  deploy:  #!
    needs: train  #!
    if: github.ref == 'refs/heads/main'
    runs-on: ubuntu-24.04
    timeout-minutes: 20
    permissions: { contents: read, id-token: write }
""", ("concurrency:", "  group: train-")),
    "killed-while-loading": Defect("probes", "operations", ("operations", "robustness", "correctness"), True, """
          livenessProbe:  #!
            httpGet: { path: /live, port: 8080 }
            initialDelaySeconds: 10  #!
            periodSeconds: 5
            failureThreshold: 2  #!
"""),
    "grace-too-short": Defect("grace", "operations", ("operations", "robustness"), False, """
      terminationGracePeriodSeconds: 10  #!
"""),
}  # fmt: skip

SOUND = {
    "split@time": """
    cut = frame["day"].max() - pd.Timedelta(days=@days@)
    train, test = frame[frame["day"] < cut], frame[frame["day"] >= cut]
    return train, test
""",
    "split@group": """
    splitter = GroupShuffleSplit(n_splits=1, test_size=0.2, random_state=7)
    train, test = next(splitter.split(frame, groups=frame["@entity@_id"]))
    return frame.iloc[train], frame.iloc[test]
""",
    "scaling": """
    scale = ("scale", StandardScaler())
    steps = [("impute", SimpleImputer(strategy="median")), scale]
""",
    "gaps": """
    frame = frame.drop_duplicates(["@entity@_id", "day"])
    return frame.dropna(subset=["label"])
""",
    "features": """
FEATURES = ["@feature@", "age_days", "events_30d", "tenure_weeks", "share_night"]
""",
    "gate": """
    per_region = {region: score(model, rows) for region, rows in test.groupby("region")}
    if len(test) < MINIMUM_ROWS or not all(value >= champion - TOLERANCE for value in per_region.values()):
        raise SystemExit(f"not promoted: {len(test)} rows, {per_region}")
    return per_region
""",
    "path": """
    path = (ROOT / name).resolve()
    if not path.is_relative_to(ROOT.resolve()) or not path.is_file():
        raise KeyError(name)
    return path
""",
    "load": """
    content = locate(f"{name}.onnx").read_bytes()
    if hashlib.sha256(content).hexdigest() != registry.approved_digest(name):
        raise ValueError(f"{name} is not what was approved")
    return onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
""",
    "write": """
    part = ROOT / f".{name}.{os.getpid()}.part"
    part.write_bytes(content)
    return part.replace(ROOT / f"{name}.onnx")
""",
    "connect": """
    with closing(sqlite3.connect(DATABASE, timeout=10)) as database:
        return database.execute(LATEST, (day,)).fetchall()
""",
    "insert": """
INSERT = "INSERT INTO scores (id, day, score, version) VALUES (?, ?, ?, ?) ON CONFLICT (id, day) DO UPDATE SET score = excluded.score, version = excluded.version"
""",
    "ready": """
    waiting = [name for name in EXPECTED if name not in models or not models[name].is_loaded]
    return JSONResponse({"waiting": waiting}, 503 if waiting else 200)
""",
    "reply": """
        logger.exception("scoring failed, request %s", request_id)
        detail = {"error": "the request could not be scored", "request": request_id}
        raise HTTPException(500, detail) from error
""",
    "concurrency": """
concurrency:
  group: train-${{ github.event.pull_request.number || github.run_id }}
  cancel-in-progress: ${{ github.event_name == 'pull_request' }}
""",
    "deploying": """
  deploy:
    needs: train
    if: github.ref == 'refs/heads/main'
    runs-on: ubuntu-24.04
    timeout-minutes: 20
    permissions: { contents: read, id-token: write }
    concurrency: { group: deploy-production, cancel-in-progress: false }
""",
    "probes": """
          startupProbe:
            httpGet: { path: /live, port: 8080 }
            periodSeconds: 5
            failureThreshold: 40
          livenessProbe:
            httpGet: { path: /live, port: 8080 }
            periodSeconds: 10
            failureThreshold: 3
""",
    "grace": """
      terminationGracePeriodSeconds: 60
""",
}

DECOYS = {
    "centred-by-own-site": Decoy("centre", """
    # By the site's own mean of the day, as models.py does when it serves (docs/metric.md).
    rows = rows.assign(**{"@feature@": rows["@feature@"] - rows.groupby(["site", "day"])["@feature@"].transform("mean")})
""", """
    rows = rows.reset_index(drop=True)
"""),
    "table-name-in-sql": Decoy("table", """
    if table not in TABLES:
        raise KeyError(table)
    return f"SELECT count(*) FROM {table} WHERE day = ?"
""", """
    return {"scores": COUNT_SCORES, "labels": COUNT_LABELS}[table]
"""),
    "catches-everything": Decoy("edge", """
    except Exception:
        FAILED.inc()
        logger.exception("the worker stops; the supervisor starts another")
        raise
""", """
    except (OSError, ValueError):
        FAILED.inc()
        raise
"""),
    "lint-is-cancelled": Decoy("lint", """
    concurrency: { group: "lint-${{ github.event.pull_request.number || github.run_id }}", cancel-in-progress: true }
""", """
    timeout-minutes: 10
"""),
    "no-cpu-limit": Decoy("resources", """
            requests: { cpu: "2", memory: 3Gi }
            limits: { memory: 3Gi }
""", """
            requests: { cpu: "2", memory: 3Gi }
            limits: { cpu: "2", memory: 3Gi }
"""),
    "unequal-classes-kept": Decoy("balance", """
    # No re-weighting and no re-sampling: what is sold on is a probability, and docs/metric.md asks for calibration.
    model.fit(train[FEATURES], train["label"])
""", """
    model.fit(train[FEATURES], train["label"])
"""),
}  # fmt: skip

FILES = {
    "README.md": """# @model@ model

Scores @entities@ once a night and serves scores by HTTP. `train.py` trains, `artifacts.py` keeps models, `scores.py` keeps what
was scored, `serve.py` answers. `deploy/serving.yaml` runs it, `.github/workflows/train.yml` trains and deploys.

@task@

- `artifacts.py` serves `GET /artifacts/{name}` to other teams, who choose the name. The store is a folder shared with four teams, all of
  whom may write to it, and several servers read it while jobs write.
- Jobs are started again by the scheduler when they fail; a night may be written twice.
- A model takes @load_s@ seconds to load, before the server answers anything; one that cannot be loaded is left out and tried again each
  minute. The slowest request takes @longest_s@ seconds.
- Runs of one pull request may be cancelled by newer ones. Everything else runs to its end; deploys come one after another, in order.
- `@outcome@` is filled in by a clerk when a case is closed, days after it was scored.
- The service is public: callers are other companies. This repository is not: nobody outside the team can open a pull request.
""",
    "docs/metric.md": """# How the model is judged

Precision among the first thousand, per region, and calibration of the probability. `@feature@` differs between sites for reasons of
instruments: it is centred by the site's own mean of the day, which is known when a batch is scored, in training, in evaluation
and in serving alike. That is part of the metric, not a leak.

Pods of this service have no CPU limit on purpose: throttling cost us a tail of seconds, and nodes are not overcommitted on CPU
requests. Memory is limited.
""",
    "train.py": '''"""Trains the @model@ model on what is known of @entities@."""

import json
import sys

import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.metrics import average_precision_score
from sklearn.model_selection import GroupShuffleSplit, train_test_split
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

import artifacts
from export import to_onnx

<<features>>
MINIMUM_ROWS = @minimum@
TOLERANCE = 0.01


def read(path: str) -> pd.DataFrame:
    frame = pd.read_parquet(path)
<<gaps>>

def split(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What is trained on and what is tested on."""
<<split>>

def build(frame: pd.DataFrame) -> tuple[Pipeline, pd.DataFrame]:
    """The steps of the model, not fitted yet, and the rows."""
<<scaling>>
    steps.append(("model", HistGradientBoostingClassifier(random_state=7)))
    return Pipeline(steps), frame


def fit(model: Pipeline, train: pd.DataFrame) -> Pipeline:
<<balance>>
    return model


def prepared(rows: pd.DataFrame) -> pd.DataFrame:
    """What is done to rows that are trained on, tested on and served alike."""
<<centre>>
    return rows


def score(model: Pipeline, rows: pd.DataFrame) -> float:
    return float(average_precision_score(rows["label"], model.predict_proba(rows[FEATURES])[:, 1]))


def check(model: Pipeline, test: pd.DataFrame, champion: float) -> dict[str, float]:
    """Raises SystemExit where the model is not to be promoted."""
<<gate>>

def main(path: str, champion: str) -> None:
    model, frame = build(read(path))
    train, test = map(prepared, split(frame))
    fit(model, train)
    report = check(model, test, float(champion))
    artifacts.save("@model@-candidate", to_onnx(model, FEATURES))
    print(json.dumps(report))


if __name__ == "__main__":
    main(*sys.argv[1:])
''',
    "artifacts.py": '''"""The store of models: a folder shared with other teams."""

import hashlib
import io
import os
from pathlib import Path

import joblib
import onnxruntime

import registry

ROOT = Path(os.environ.get("MODEL_STORE", "/srv/models"))


def locate(name: str) -> Path:
    """The file of a name; `KeyError` where there is none. Names come from callers."""
<<path>>

def fetch(name: str) -> bytes:
    """What GET /artifacts/{name} answers."""
    return locate(name).read_bytes()


def load(name: str) -> object:
    """A model, ready to be asked."""
<<load>>

def save(name: str, content: bytes) -> Path:
    """Puts a model in place for all servers."""
<<write>>''',
    "scores.py": '''"""What was scored, and when."""

import logging
import sqlite3
from contextlib import closing

from prometheus_client import Counter

DATABASE = "/srv/scores.sqlite"
TABLES = frozenset({"scores", "labels"})
COUNT_SCORES = "SELECT count(*) FROM scores WHERE day = ?"
COUNT_LABELS = "SELECT count(*) FROM labels WHERE day = ?"
LATEST = "SELECT id, score FROM scores WHERE day = ? ORDER BY score DESC LIMIT 1000"
<<insert>>
FAILED = Counter("scores_failed_total", "Nights that could not be written")
logger = logging.getLogger(__name__)


def top(day: str) -> list[tuple]:
    """The thousand highest scores of a day; called for every page that is shown."""
<<connect>>

def count_query(table: str) -> str:
    """The query that counts a day's rows of a table. `KeyError` for a table that is none of ours."""
<<table>>

def write(day: str, rows: list[tuple], version: str) -> None:
    """Writes a night's scores."""
    try:
        with closing(sqlite3.connect(DATABASE, timeout=10)) as database, database:
            database.executemany(INSERT, [(one, day, score, version) for one, score in rows])
<<edge>>''',
    "serve.py": '''"""Answers scores by HTTP."""

import logging
import uuid

from fastapi import FastAPI, HTTPException
from fastapi.responses import JSONResponse

from models import load_all, models, one_of

EXPECTED = ("@model@", "@model@-shadow")
app = FastAPI(on_startup=[load_all])
logger = logging.getLogger(__name__)


@app.get("/live")
def live() -> dict:
    return {"status": "up"}


@app.get("/ready")
def ready() -> JSONResponse:
    """200 once the models can be asked."""
<<ready>>

@app.post("/score")
def score(body: dict) -> dict:
    request_id = uuid.uuid4().hex
    model = one_of(body)
    try:
        return {"score": model.ask(body["rows"]), "version": model.version}
    except ValueError as error:
<<reply>>''',
    ".github/workflows/train.yml": """name: train
on:
  pull_request:
  push: { branches: [main] }
  schedule: [{ cron: "17 3 * * *" }]
<<concurrency>>
permissions: { contents: read }
jobs:
  lint:
    runs-on: ubuntu-24.04
<<lint>>
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683
      - run: pip install --require-hashes -r requirements-dev.lock && ruff check .
  train:
    runs-on: [self-hosted, gpu]
    timeout-minutes: 120
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683
      - run: pip install --require-hashes -r requirements.lock
      - run: python train.py "$DATA" "$CHAMPION"
<<deploying>>
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683
      - run: ./deploy.sh "$GITHUB_SHA"
""",
    "deploy/serving.yaml": """apiVersion: apps/v1
kind: Deployment
metadata: { name: @entity@-scores }
spec:
  replicas: 3
  selector: { matchLabels: { app: @entity@-scores } }
  strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } }
  template:
    metadata: { labels: { app: @entity@-scores } }
    spec:
<<grace>>
      securityContext: { runAsNonRoot: true, runAsUser: 10001 }
      containers:
        - name: server
          image: registry.internal/@entity@-scores@sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae
          ports: [{ containerPort: 8080 }]
          lifecycle: { preStop: { exec: { command: ["sleep", "5"] } } }
<<probes>>
          readinessProbe:
            httpGet: { path: /ready, port: 8080 }
            periodSeconds: 3
          resources:
<<resources>>""",
}
TASKS = {
    "time": "The model says what will happen next month: it is judged by days later than all that it was trained on.",
    "group": "The model is sold to customers whose @entities@ it has never seen: it is judged by @entities@ that it was not trained on.",
}


def rendered(parameters: dict) -> tuple[dict[str, str], list[dict], list[dict]]:
    """The repository after the change, where the planted defects are, and where the decoys are."""
    planted = {DEFECTS[name].place: name for name in parameters["faults"]}
    laid = {DECOYS[name].place: name for name in parameters["decoys"]}
    files, truths, traps = {}, [], []
    for file, template in FILES.items():
        lines: list[str] = []
        for line in template.splitlines():
            if not (line.startswith("<<") and line.endswith(">>")):
                lines.append(line)
                continue
            place = line[2:-2]
            name = planted.get(place) or laid.get(place)
            block, marked = _block(place, name, parameters)
            first, last = len(lines) + 1 + marked[0], len(lines) + 1 + marked[-1]
            where = {"id": name, "file": file, "first": first, "last": last}
            if place in planted:
                defect = DEFECTS[planted[place]]
                truths.append({**where, "categories": list(defect.categories), "blocking": defect.blocking})
            elif place in laid:
                traps.append(where)
            lines += block
        for truth in truths:
            if truth["file"] == file:
                truth["also"] = [number for number, line in enumerate(lines, 1) if line.startswith(DEFECTS[truth["id"]].also or ("\0",))]
        files[file] = _worded("\n".join(lines).rstrip("\n") + "\n", parameters)
    return files, truths, traps


def _block(place: str, name: str | None, parameters: dict) -> tuple[list[str], list[int]]:
    """A place's lines, and which of them are marked (all, where none is)."""
    text = DEFECTS[name].text if name in DEFECTS else DECOYS[name].text if name in DECOYS else _plain(place, parameters)
    lines = text.strip("\n").splitlines()
    marked = [number for number, line in enumerate(lines) if line.endswith(MARK)] or list(range(len(lines)))
    # Code that follows stands as far below whatever the form of the place is.
    tail = [""] if place in {"gaps", "split", "gate", "path", "load", "connect", "table", "ready"} else []
    return [line.removesuffix(MARK).rstrip() for line in lines] + tail, marked


def _plain(place: str, parameters: dict) -> str:
    decoy = next((one.plain for one in DECOYS.values() if one.place == place), None)
    return decoy if decoy is not None else SOUND.get(place) or SOUND[f"{place}@{parameters['split']}"]


def _worded(text: str, parameters: dict) -> str:
    text = text.replace("@task@", TASKS[parameters["split"]])
    for word in ("entity", "entities", "model", "feature", "outcome", "minimum", "load_s", "longest_s", "days"):
        text = text.replace(f"@{word}@", str(parameters[word]))
    return text


def before(parameters: dict) -> dict[str, str]:
    """The repository before the change: what is not part of it is the same."""
    after = rendered(parameters)[0]
    served = after["serve.py"].split('@app.get("/ready")')[0].rstrip("\n") + "\n"
    return {"README.md": after["README.md"], "docs/metric.md": after["docs/metric.md"], "serve.py": served}
