"""What differs between two candidates: the trade, the names, the models, the events, and which two faults. Never how much work.

Two faults of different kinds (the model, its features, the server), or none: then the alert is wrong. The alert reads
the same in every case. No fault can be seen in one file by itself: it takes two that disagree, the store's data, or
what the code does when it starts.
"""

import csv
import io
import json
import math
from calendar import timegm
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

TRADES = (
    ("rider", "riders", "arrival", ("trips_7d", "rating_mean", "wait_minutes", "cancel_share", "hours_online")),
    ("policy", "policies", "lapse", ("premium_ratio", "claims_1y", "calls_90d", "age_months", "discount_share")),
    ("store", "stores", "stockout", ("sales_7d", "shelf_days", "returns_share", "visits_mean", "lead_days")),
    ("pump", "pumps", "failure", ("pressure_mean", "heat_peak", "cycles_24h", "oil_age_days", "alarms_7d")),
    ("tenant", "tenants", "arrears", ("rent_ratio", "late_days", "calls_30d", "months_open", "deposit_share")),
    ("course", "courses", "dropout", ("logins_7d", "quiz_mean", "video_share", "days_idle", "posts_30d")),
)
KINDS = (
    ("wrong-alias", "library-mismatch"),
    ("renamed-column", "frozen-watermark", "clock-offset", "expired-features"),
    ("too-many-copies", "ready-too-early", "never-ready"),
)
NOTHING_WRONG = 0.1
CLOSE = datetime(2026, 10, 31, 22, tzinfo=UTC)
NIGHT = datetime(2026, 11, 27, tzinfo=UTC)
EXPIRE_MS = 36 * 3_600_000
REGISTRY, FEATURES, MODEL = "registry/registry.json", "config/features.toml", "service/model.py"
FAULTS = {
    "wrong-alias": (REGISTRY, '"champion": "@@v_best@@"', '"champion": "@@v_wrong@@"'),
    "library-mismatch": (REGISTRY, '"new features", "scorelib": "@@lib_new@@"', '"new features", "scorelib": "@@lib_old@@"'),
    "renamed-column": (FEATURES, '@@new_name@@ = "@@old_name@@"\n', ""),
    "frozen-watermark": ("store/state.json", "@@watermark_ms@@", "@@future_ms@@"),
    "clock-offset": ("jobs/times.py", "import time\nfrom calendar import timegm as seconds", "import time\nfrom time import mktime as seconds"),
    "expired-features": ("store/online.json", "@@store@@", "@@store_expiring@@"),
    "too-many-copies": (REGISTRY, "@@retired@@", "@@retired_warm@@"),
    "ready-too-early": (MODEL, "dict[str, bool] = dict.fromkeys(ROLES, False)", "dict[str, bool] = {}"),
    "never-ready": ("config/warm_up.json", "@@warm_ids@@", "@@warm_ids_gone@@"),
}  # fmt: skip


def make(rng: Random) -> dict:
    thing, things, model, names = rng.choice(TRADES)
    names = list(names)
    rng.shuffle(names)
    kinds = rng.sample(KINDS, 2)
    chosen = [rng.choice(kind) for kind in kinds]
    is_sound = rng.random() < NOTHING_WRONG
    old = rng.randint(15, 60)
    versions = {"v_old": str(old), "v_shadow": str(old + 2), "v_best": str(old + 3), "v_next": str(old + 4)}
    retired = [str(number) for number in sorted(rng.sample(range(1, old), 12))]
    ids = [f"{thing[0]}{number}" for number in rng.sample(range(1000, 9999), 91)]
    held = {version: _model(rng, names) for version in [*retired, *versions.values()]}
    return {
        "thing": thing, "things": things, "model": f"{model}-{rng.choice(('risk', 'score', 'rank'))}", "feature_list": names,
        "old_name": names[0], "new_name": f"{names[0]}_{rng.choice(('v2', 'adj', 'norm'))}", "older_rename": names[1], **versions,
        "v_wrong": rng.choice((versions["v_old"], versions["v_next"])), "retired_list": retired, "ids": ids[:90], "gone_id": ids[90],
        "faults": [] if is_sound else chosen, "mutant_faults": chosen, "fault_list": list(FAULTS), "models": held, "seed": rng.randrange(2**31),
        "lib_old": f"1.{rng.randint(2, 9)}", "lib_new": f"2.{rng.randint(0, 4)}", "log_zone": rng.choice(("EST5", "CST6", "MST7", "PST8")),
    }  # fmt: skip


def _model(rng: Random, names: list[str]) -> dict:
    """The base lies between 0 and 1 in both formats, so that it says nothing about which one it is."""
    return {"weights": {name: round(rng.choice((-1, 1)) * rng.uniform(0.4, 1.4), 4) for name in names}, "base": round(rng.uniform(0.15, 0.4), 4)}


def derived(parameters: dict) -> dict:
    rng = Random(parameters["seed"] + 2)
    store, _ = _history(parameters)
    expiring = {one: _expiring(parameters, held) for one, held in store.items()}
    warm = rng.sample(parameters["ids"], 7)
    gone = [*warm[:4], parameters["gone_id"], *warm[5:]]
    lines = [f'  "{one}": {{"keep": "@", "note": "retired", "scorelib": "{parameters["lib_old"]}"}},' for one in parameters["retired_list"]]
    return {
        "causes": json.dumps(parameters["faults"] or ["none"]), "python_features": json.dumps(parameters["feature_list"]),
        "store": json.dumps(store), "store_expiring": json.dumps(expiring), "warm_ids": json.dumps(warm), "warm_ids_gone": json.dumps(gone),
        "retired": "\n".join(lines).replace("@", "cold"), "retired_warm": "\n".join(lines).replace("@", "warm"), "approvals": _approvals(rng, parameters),
        "watermark_ms": _ms(CLOSE), "future_ms": _ms(datetime(2031, rng.randint(1, 12), 3, tzinfo=UTC)), "compacted_ms": _ms(CLOSE - timedelta(hours=5)),
        "runs": rng.randint(9000, 20000),
    }  # fmt: skip


def _expiring(parameters: dict, held: dict) -> dict:
    """Two features of what an earlier release of the job wrote expire after a day and a half."""
    some = parameters["feature_list"][2:4]
    return {name: [value, at, at + EXPIRE_MS if name in some else 0] for name, (value, at, _) in held.items()}


def _approvals(rng: Random, parameters: dict) -> str:
    """In no order, with another model's rows: the newest approval of a champion was withdrawn."""
    name, rows = parameters["model"], [("date", "model", "version", "role", "decision")]
    mine = [
        ("2026-03-02", name, parameters["v_old"], "champion", "approved"), ("2026-06-15", name, parameters["v_shadow"], "challenger", "approved"),
        ("2026-09-21", name, parameters["v_best"], "champion", "approved"), ("2026-10-19", name, parameters["v_next"], "champion", "approved"),
        ("2026-10-23", name, parameters["v_next"], "champion", "withdrawn"), ("2026-09-22", name, parameters["v_old"], "archive", "approved"),
    ]  # fmt: skip
    other = [(f"2026-{rng.randint(1, 10):02}-{rng.randint(1, 28):02}", f"{name}-eu", rng.choice((parameters["v_old"], parameters["v_next"])), rng.choice(("champion", "challenger")), "approved") for _ in range(7)]  # fmt: skip
    both = mine + other
    rng.shuffle(both)
    return "\n".join(",".join(row) for row in rows + both)


def _ms(when: datetime) -> int:
    return 1000 * timegm(when.timetuple())


def inject(workspace: Path, parameters: dict) -> None:
    for fault in parameters["faults"]:
        break_it(workspace, fault)


def break_it(workspace: Path, fault: str) -> None:
    name, old, new = FAULTS[fault]
    path = workspace / name
    text = path.read_text("utf-8")
    if old not in text:
        raise ValueError(f"{fault} cannot be put into {name}")
    path.write_text(text.replace(old, new, 1), "utf-8")


def _history(parameters: dict) -> tuple[dict, dict[str, str]]:
    """The online store as it was at the end of October, and the events of two months by their file."""
    rng = Random(parameters["seed"])
    names, old, new = parameters["feature_list"], parameters["old_name"], parameters["new_name"]
    october = [(CLOSE - timedelta(minutes=7 * number), one) for number, one in enumerate(parameters["ids"] * 2)]
    november = [(CLOSE + timedelta(hours=4 * number + 1), rng.choice(parameters["ids"])) for number in range(100)]
    rows = [[when, one, *_values(rng, names)] for when, one in sorted(october)]
    store: dict[str, dict] = {}
    for when, one, *values in rows:
        store[one] = {name: [value, _ms(when), 0] for name, value in zip(names, values, strict=True)}
    later = [[when, one, *_values(rng, names)] for when, one in november]
    renamed = [new if name == old else name for name in names]
    return store, {"events/2026-10.csv": table(parameters["thing"], names, rows), "events/2026-11.csv": table(parameters["thing"], renamed, later)}


def everywhere(parameters: dict) -> dict[str, bytes]:
    _, files = _history(parameters)
    for version, held in parameters["models"].items():
        is_new = version in {parameters["v_best"], parameters["v_next"]}
        words = {"features": len(held["weights"]), "rows": 48_000 + 37 * int(version), "written_by": f"scorelib {parameters['lib_new' if is_new else 'lib_old']}.0"}
        files[f"registry/models/{version}/model.json"] = json.dumps({**words, **held}, indent=1)
    return {name: text.encode() for name, text in files.items()}


def _values(rng: Random, names: list[str]) -> list[float]:
    return [round(rng.gauss(0.4, 1.0) if rng.random() < 0.8 else rng.gauss(-1.0, 0.3), 4) for _ in names]


def table(thing: str, names: list[str], rows: list[list]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["event_time", f"{thing}_id", *names])
    writer.writerows([[when.strftime("%Y-%m-%dT%H:%M:%S"), *rest] for when, *rest in rows])
    return out.getvalue()


def stand_in(parameters: dict) -> dict[str, bytes]:
    """The alert, logs and metrics of a night: what a fault shows, among much that is always there."""
    rng = Random(parameters["seed"] + 1)
    alert = {"name": f"{parameters['model']}-health", "severity": "page", "says": "scores are said to be off, and replicas were replaced"}
    files = {
        "alert.json": json.dumps(alert, indent=1), "service.log": _service_log(rng, parameters), "jobs.log": _jobs_log(rng, parameters),
        "metrics.csv": _metrics(rng, parameters),
    }  # fmt: skip
    return {f"incident/{name}": text.encode() for name, text in files.items()}


def _service_log(rng: Random, parameters: dict) -> str:
    """Retries, slow answers, unknown ids and replaced replicas are there every day."""
    faults, at, lines = parameters["faults"], NIGHT, []
    for number in range(200):
        at += timedelta(seconds=rng.randint(20, 240))
        noise = rng.choice((
            f"INFO infer ids={rng.randint(1, 200)} ms={rng.randint(3, 40)} status=200", f"INFO infer ids={rng.randint(1, 200)} ms={rng.randint(3, 40)} status=200",
            f"WARNING infer unknown id={parameters['thing'][0]}{rng.randint(100, 999)} status=404", "WARNING keep-alive connection closed by peer, retried",
            f"INFO infer ids=256 ms={rng.randint(180, 420)} status=200", "WARNING DeprecationWarning: scorelib.load(path) will take a stream in 3.0",
        ))  # fmt: skip
        lines.append(f"{at.isoformat()} {noise}")
        if number % 50 == 30:
            lines += [f"{at.isoformat()} {one}" for one in _start_lines(rng, faults)]
    return "\n".join(lines) + "\n"


def _start_lines(rng: Random, faults: list[str]) -> list[str]:
    told = [f"INFO end reason=node-drain pid={rng.randint(200, 900)}", f"INFO start pid={rng.randint(200, 900)}", "INFO GET /v2/health/ready 503"]
    if "ready-too-early" in faults:
        told = [*told[:2], *(["WARNING infer ids=3 status=503"] * 3)]
    if "never-ready" in faults:
        told += ["INFO GET /v2/health/ready 503"] * 6
    return told


def _jobs_log(rng: Random, parameters: dict) -> str:
    at, lines = NIGHT, []
    is_stuck = {"frozen-watermark", "clock-offset"} & set(parameters["faults"])
    for number in range(70):
        at += timedelta(minutes=5)
        taken = 0 if is_stuck else rng.choice((0, 0, 0, 0, 1, 2))
        lines.append(f"{at.isoformat()} materialise: seen={280 + number // 6} taken={taken} state=success")
        if rng.random() < 0.1:
            lines.append(f"{at.isoformat()} WARNING scheduler: run overlapped the one before by {rng.randint(1, 9)} s")
    return "\n".join(lines) + "\n"


def _metrics(rng: Random, parameters: dict) -> str:
    """Always there and never the cause: the backup's slow answers, a campaign's other mix of scores, a client's 4xx, memory that creeps."""
    faults, out = set(parameters["faults"]), io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["time", "requests", "p95_ms", "share_4xx", "share_5xx", "mean_score", "rss_mb", "ready_replicas", "job_state", "disk_percent", "open_files"])
    for number in range(96):
        at, is_start, since = NIGHT + timedelta(minutes=15 * number), number % 24 == 11, (number - 11) % 24
        campaign, backup = 0.03 if 40 <= number < 70 else 0.0, 10 <= number < 14
        shift = 0.04 if faults & {"wrong-alias", "library-mismatch"} and number > 55 else 0.0
        late = 0.02 if faults & {"frozen-watermark", "clock-offset", "renamed-column", "expired-features"} and number > 30 else 0.0
        errors = (0.002 if backup else 0.0) + (0.02 if is_start and "ready-too-early" in faults else 0.0)
        replicas = 1 if is_start else 2 - ("never-ready" in faults and since < 9)
        writer.writerow([
            at.isoformat(), int(900 + 400 * math.sin(number / 15) + rng.gauss(0, 40)), round(rng.gauss(38, 4) + 160 * backup),
            round(abs(rng.gauss(0.011 if number > 48 else 0.005, 0.001)), 4), round(errors + abs(rng.gauss(0.0004, 0.0002)), 4),
            round(rng.gauss(0.41, 0.006) + campaign + shift - late, 4), round(78 + 0.9 * since + rng.gauss(0, 2) + 72 * ("too-many-copies" in faults)),
            replicas, "success", 41 + number // 12, 60 + rng.randint(0, 9),
        ])  # fmt: skip
    return out.getvalue()


def rewrite(workspace: Path, parameters: dict, how: str) -> None:
    """Diagnoses by hand, made of this variant's truth."""
    truth = parameters["faults"] or ["none"]
    wrong = [one for one in ("network", "bad-model", *FAULTS) if one not in truth]
    causes = {"blames-the-network": wrong[:1] + truth[:1], "blames-everything": [*truth, *wrong], "in-another-order": truth[::-1]}[how]
    (workspace / "diagnosis.toml").write_text(f'causes = {json.dumps(causes)}\nnotes = ""\n', "utf-8")
