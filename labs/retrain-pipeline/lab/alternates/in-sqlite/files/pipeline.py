"""Batches and promotions in SQLite; what others read is written beside and renamed after the transaction."""

import csv
import json
import math
import os
import pathlib
import sqlite3
import sys
import time

import trainer

R = json.load(open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "rules.json")))
ROOT = pathlib.Path(os.environ.get("STATE", "state"))
F = R["features"]


def database():
    ROOT.mkdir(parents=True, exist_ok=True)
    held = sqlite3.connect(ROOT / "all.sqlite", timeout=60, isolation_level=None)
    held.execute("create table if not exists row (id text, day int, label_day int, label int, x text, primary key (day, id))")
    held.execute("create table if not exists served (place integer primary key autoincrement, version int, model text, gone int default 0)")
    return held


def problem(path):
    """A word on what is wrong, and the rows."""
    try:
        rows = list(csv.DictReader(open(path, newline="", encoding="utf-8")))
    except (OSError, ValueError, csv.Error):
        return "unreadable", []
    if len(rows) < R["least_rows"]:
        return "few", []
    out, gaps = [], {name: 0 for name in R["may_be_missing"]}
    for row in rows:
        values = {}
        for name in F + [R["total"]]:
            text = row.get(name)
            if text is None:
                return "column", []
            if not text.strip() and name in gaps:
                gaps[name] += 1
                values[name] = None
                continue
            try:
                values[name] = float(text)
            except ValueError:
                return "number", []
            if not math.isfinite(values[name]) or not -R["limit"] <= values[name] <= R["limit"]:
                return "range", []
        a, b = R["sum_of"]
        if not math.isclose(values[a] + values[b], values[R["total"]], abs_tol=0.01):
            return "sum", []
        try:
            key, day, known, label = row["row_id"], int(row["day"]), int(row["label_day"]), {"0": 0, "1": 1}[row["label"].strip()]
        except (KeyError, ValueError, AttributeError):
            return "label", []
        if known < day or not key:
            return "label day", []
        out.append((key, day, known, label, json.dumps([values[name] or 0.0 for name in F])))
    if any(count > R["most_gaps"] * len(rows) for count in gaps.values()):
        return "gaps", []
    if len({one[1] for one in out}) > 1 or len({one[0] for one in out}) < len(out):
        return "ids", []
    return "", out


def ingest(path):
    wrong, rows = problem(path)
    if wrong:
        print("refused:", wrong, file=sys.stderr)
        return 2
    held = database()
    held.execute("begin immediate")
    held.execute("delete from row where day = ?", (rows[0][1],))
    held.executemany("insert into row values (?, ?, ?, ?, ?)", rows)
    held.execute("commit")
    return 0


def publish(held):
    """Files as the table says: models first, the pointer last. Whoever is killed leaves it to the next."""
    for version, model in held.execute("select version, model from served"):
        put(ROOT / "registry" / "versions" / str(version) / "model.json", model)
    top = held.execute("select version from served where not gone order by place desc limit 1").fetchone()
    if top:
        put(ROOT / "registry" / "champion.json", json.dumps({"version": top[0]}))


def put(path, text):
    if path.exists() and path.read_text() == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{os.getpid()}.{path.name}")
    part.write_text(text)
    part.rename(path)


def rows_of(held, where, values):
    return [{**dict(zip(F, json.loads(x))), "label": label} for label, x in held.execute(f"select label, x from row where {where} order by day, id", values)]


def retrain():
    held = database()
    held.execute("begin immediate")
    publish(held)
    last = held.execute("select max(day) from row").fetchone()[0] or 0
    cut = last - R["holdout_days"]
    fit = rows_of(held, "day <= ? and label_day <= ?", (cut, cut))
    test = rows_of(held, "day > ? and label_day <= ?", (cut, last))
    if not fit or len(test) < R["least_holdout"]:
        return 3
    for left in (2, 1, 0):
        try:
            weights = trainer.train(fit, F)
            break
        except trainer.TransientError:
            if not left:
                return 4
            time.sleep(0.05)
    top = held.execute("select model from served where not gone order by place desc limit 1").fetchone()
    if top and not trainer.log_loss(json.loads(top[0])["weights"], test, F) - trainer.log_loss(weights, test, F) > R["margin"]:
        return 3
    version = (held.execute("select max(version) from served").fetchone()[0] or 0) + 1
    model = json.dumps({"weights": weights, "trained_until": last, "rows": len(fit)})
    held.execute("insert into served (version, model) values (?, ?)", (version, model))
    publish(held)
    held.execute("commit")
    return 0


def rollback():
    held = database()
    held.execute("begin immediate")
    rows = held.execute("select place from served where not gone order by place").fetchall()
    if len(rows) < 2:
        return 3
    held.execute("update served set gone = 1 where place = ?", rows[-1])
    publish(held)
    held.execute("commit")
    return 0


COMMANDS = {"ingest": ingest, "retrain": retrain, "rollback": rollback}
if len(sys.argv) < 2 or sys.argv[1] not in COMMANDS:
    sys.exit("ingest FILE | retrain | rollback")
sys.exit(COMMANDS[sys.argv[1]](*sys.argv[2:]))
