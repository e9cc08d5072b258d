"""What differs between two candidates: the trade, the names, the models, the events, and which two faults. Never how much work.

Two faults of different kinds (the model, its features, the server), or none: then the alert is wrong.
"""

import csv
import io
import json
from datetime import datetime, timedelta, timezone
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
WATERMARK = datetime(2026, 10, 31, 22, tzinfo=timezone.utc)
SERVING, FEATURES = "config/serving.toml", "config/features.toml"
FAULTS = {
    "wrong-alias": ("registry/registry.json", '"champion": "@@v_best@@"', '"champion": "@@v_old@@"'),
    "library-mismatch": (SERVING, 'library = "as-logged"', 'library = "1.4"      '),
    "renamed-column": (FEATURES, "@@new_name@@ =", "@@new_name@@_v1 ="),
    "frozen-watermark": ("store/watermark.json", "@@watermark@@", "2031-01-01T00:00:00+00:00"),
    "clock-offset": (FEATURES, "utc_offset_h = 0 ", "utc_offset_h = -5"),
    "expired-features": (SERVING, "expire_after_h = 0 ", "expire_after_h = 36"),
    "too-many-copies": (SERVING, "copies = 2 ", "copies = 24"),
    "ready-too-early": (SERVING, 'ready_when = "loaded"    # or "listening"', 'ready_when = "listening" # or "loaded"'),
    "never-ready": (SERVING, 'warm_up_id = "@@known_id@@"', 'warm_up_id = "@@gone_id@@"'),
}


def make(rng: Random) -> dict:
    thing, things, model, names = rng.choice(TRADES)
    names = list(names)
    rng.shuffle(names)
    kinds = rng.sample(KINDS, 2)
    chosen = [rng.choice(kind) for kind in kinds]
    is_sound = rng.random() < NOTHING_WRONG
    old = rng.randint(3, 9)
    versions = {"v_old": str(old), "v_shadow": str(old + 2), "v_best": str(old + 3)}
    ids = [f"{thing[0]}{number}" for number in rng.sample(range(1000, 9999), 91)]
    return {
        "thing": thing, "things": things, "model": f"{model}-{rng.choice(('risk', 'score', 'rank'))}", "feature_list": names,
        "old_name": names[0], "new_name": f"{names[0]}_{rng.choice(('v2', 'adj', 'norm'))}", **versions, "known_id": ids[0], "gone_id": ids[90],
        "ids": ids[:90], "watermark": WATERMARK.isoformat(), "faults": [] if is_sound else chosen, "mutant_faults": chosen,
        "models": {version: _model(rng, names, key) for key, version in versions.items()}, "seed": rng.randrange(2**31),
        "python_features": json.dumps(names), "causes": "", "alert_line": "",
    }  # fmt: skip


def _model(rng: Random, names: list[str], key: str) -> dict:
    base = rng.uniform(0.15, 0.35)
    held = base if key != "v_best" else rng.uniform(-0.9, -0.4)
    return {"weights": {name: round(rng.choice((-1, 1)) * rng.uniform(0.4, 1.4), 4) for name in names}, "base": round(held, 4)}


def derived(parameters: dict) -> dict:
    return {"causes": json.dumps(parameters["faults"] or ["none"]), "alert_line": _alert(parameters)["says"]}


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


def everywhere(parameters: dict) -> dict[str, bytes]:
    """Models, the events of two months, and the online store as it was at the end of the first."""
    rng = Random(parameters["seed"])
    names, old, new = parameters["feature_list"], parameters["old_name"], parameters["new_name"]
    october = [(WATERMARK - timedelta(minutes=7 * number), one) for number, one in enumerate(parameters["ids"] * 2)]
    november = [(WATERMARK + timedelta(hours=4 * number + 1), rng.choice(parameters["ids"])) for number in range(100)]
    rows = [[when, one, *_values(rng, names)] for when, one in sorted(october)]
    store: dict[str, dict] = {}
    for when, one, *values in rows:
        store[one] = {name: [value, when.isoformat()] for name, value in zip(names, values, strict=True)}
    later = [[when, one, *_values(rng, names)] for when, one in november]
    files = {
        "store/online.json": json.dumps(store), "events/2026-10.csv": table(parameters["thing"], names, rows),
        "events/2026-11.csv": table(parameters["thing"], [new if name == old else name for name in names], later),
    }  # fmt: skip
    for version, held in parameters["models"].items():
        files[f"registry/models/{version}/model.json"] = json.dumps(held, indent=1)
    return {name: text.encode() for name, text in files.items()}


def _values(rng: Random, names: list[str]) -> list[float]:
    return [round(rng.gauss(0.4, 1.0) if rng.random() < 0.8 else rng.gauss(-1.0, 0.3), 4) for _ in names]


def table(thing: str, names: list[str], rows: list[list]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["event_time", f"{thing}_id", *names])
    writer.writerows([[when.strftime("%Y-%m-%dT%H:%M:%S"), *rest] for when, *rest in rows])
    return out.getvalue()


ALERTS = {
    "wrong-alias": "clients see scores of before September", "library-mismatch": "the mean score moved overnight",
    "renamed-column": "scores of active @@things@@ lag behind", "frozen-watermark": "scores have not moved for days",
    "clock-offset": "new events count hours late", "expired-features": "quiet @@things@@ all score alike",
    "too-many-copies": "the memory limit is close", "ready-too-early": "errors after each start", "never-ready": "no replica gets traffic",
}  # fmt: skip


def _alert(parameters: dict) -> dict:
    says = [ALERTS[fault].replace("@@things@@", parameters["things"]) for fault in parameters["faults"]]
    nothing = ["the mean score moved by .03 since last week, and 4xx answers doubled"]
    return {"name": f"{parameters['model']}-health", "severity": "page", "says": "; ".join(says or nothing)}


def stand_in(parameters: dict) -> dict[str, bytes]:
    """The alert, and logs of the last hours: what happened, among much that always happens."""
    rng = Random(parameters["seed"] + 1)
    files = {"alert.json": json.dumps(_alert(parameters), indent=1), "service.log": _service_log(rng, parameters), "jobs.log": _jobs_log(rng, parameters)}
    return {f"incident/{name}": text.encode() for name, text in files.items()}


def _service_log(rng: Random, parameters: dict) -> str:
    """Retries, slow answers and unknown ids are there every day."""
    faults, at, lines = parameters["faults"], datetime(2026, 11, 27, 3, tzinfo=timezone.utc), []
    for number in range(160):
        at += timedelta(seconds=rng.randint(20, 240))
        noise = rng.choice((
            f"INFO infer ids={rng.randint(1, 200)} ms={rng.randint(3, 40)} status=200", f"INFO infer ids={rng.randint(1, 200)} ms={rng.randint(3, 40)} status=200",
            f"WARNING infer unknown id={parameters['thing'][0]}{rng.randint(100, 999)} status=404", "WARNING keep-alive connection closed by peer, retried",
            f"INFO infer ids=256 ms={rng.randint(180, 420)} status=200", "WARNING DeprecationWarning: scorelib.load(path) will take a stream in 3.0",
        ))  # fmt: skip
        lines.append(f"{at.isoformat()} {noise}")
        if number % 40 == 39:
            lines += [f"{at.isoformat()} {one}" for one in _start_lines(rng, parameters, faults)]
    return "\n".join(lines) + "\n"


def _start_lines(rng: Random, parameters: dict, faults: list[str]) -> list[str]:
    copies = 24 if "too-many-copies" in faults else 2
    version = parameters["v_old"] if "wrong-alias" in faults else parameters["v_best"]
    library = "1.4" if "library-mismatch" in faults or "wrong-alias" in faults else "2.1"
    told = [f"INFO start pid={rng.randint(200, 900)}", f"INFO loaded version={version} reader=scorelib/{library}"]
    if "ready-too-early" in faults:
        told += ["WARNING infer status=503 detail='the model is not loaded'"] * 3
    if "never-ready" in faults:
        told += ["INFO GET /v2/health/ready 503"] * 4
    return [*told, f"INFO rss_mb={52 + 6 * copies + rng.randint(0, 4)} limit_mb=160"]


def _jobs_log(rng: Random, parameters: dict) -> str:
    faults, at, lines = parameters["faults"], datetime(2026, 11, 27, 3, tzinfo=timezone.utc), []
    watermark = "2031-01-01T00:00:00+00:00" if "frozen-watermark" in faults else ""
    for _ in range(60):
        at += timedelta(minutes=5)
        taken = 0 if watermark else rng.choice((0, 0, 1, 2))
        newest = at - timedelta(hours=5 * ("clock-offset" in faults), minutes=rng.randint(0, 4))
        lines.append(f"{at.isoformat()} materialise: {taken} events, watermark {watermark or newest.isoformat()}, state=success")
        if rng.random() < 0.1:
            lines.append(f"{at.isoformat()} WARNING scheduler: run overlapped the one before by {rng.randint(1, 9)} s")
    return "\n".join(lines) + "\n"


def rewrite(workspace: Path, parameters: dict, how: str) -> None:
    """Diagnoses by hand, made of this variant's truth."""
    truth = parameters["faults"] or ["none"]
    wrong = [one for one in ("network", "bad-model", *FAULTS) if one not in truth]
    causes = {"blames-the-network": wrong[:1] + truth[:1], "blames-everything": [*truth, *wrong], "in-another-order": truth[::-1]}[how]
    (workspace / "diagnosis.toml").write_text(f'causes = {json.dumps(causes)}\nnotes = ""\n', "utf-8")
