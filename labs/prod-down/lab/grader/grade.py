"""Grades prod-down: the candidate's system beside a sound one, both given events that nobody has seen."""

import csv
import io
import math
import random
import time
from datetime import UTC, datetime, timedelta

from tenfold_grader import CANDIDATE, REFERENCE, Check, Result, Room, lost, met, run_checks, weighed
from tenfold_grader.answers import parse_json, printable, same
from tenfold_grader.clients import Reply
from tenfold_grader.findings import named_causes

CRITERIA = ("recovered", "predictions", "fresh", "no-collateral", "ready", "restart", "memory", "diagnosis")
PORT, LIVE, READY = 8000, "/v2/health/live", "/v2/health/ready"
NAMES = {"a": "late", "b": "corrections", "c": "again"}  # no order of times
ALLOWED_MB, BIG_QUESTIONS, BIG = 50.0, 30, 200
MODEL, STORE = {"wrong-alias", "library-mismatch"}, {"renamed-column", "frozen-watermark", "clock-offset"}


def grade(room: Room) -> list[Result]:
    diagnosis = named_causes("diagnosis", room.file("diagnosis.toml"), set(room.parameters["faults"]) or {"none"})
    if not room.parameters["faults"] and diagnosis.share != 1.0:
        why = "nothing is wrong with what runs here, and the diagnosis does not say so"
        return [lost(one, why) for one in CRITERIA[:-1]] + [diagnosis]
    trial = Trial(room)
    return [*run_checks(room, trial.checks(), patience_s=90.0, times_reference=8.0), diagnosis]


class Trial:
    """Both systems. `which` is the one on trial."""

    def __init__(self, room: Room) -> None:
        self.room, self.words = room, dict(room.parameters)
        self.names, self.faults = self.words["feature_list"], self.words["faults"]
        self.rng = random.Random(self.words["seed"] ^ 0x5EED)
        self.services = {which: room.service(which) for which in (CANDIDATE, REFERENCE)}
        for service in self.services.values():
            service.start()
        self.http = {which: service.http(PORT, timeout_s=20) for which, service in self.services.items()}
        self.services[REFERENCE].must_be_ready(PORT, READY, 120)
        self.limit_s = max(12.0, 4 * (self.services[REFERENCE].ready_after_s or 0))
        self.held: dict[str, list[str]] = {}  # by batch, the ids that it is about
        self.brought: set[tuple[str, str]] = set()
        self.texts: dict[str, str] = {}
        self.starts: dict[str, dict[str, str]] = {}
        self.sizes: dict[str, str] = {}

    def checks(self) -> list[Check]:
        found = {
            ("recovered",): self.recovered, ("predictions",): self.predictions, ("fresh",): self.fresh,
            ("no-collateral",): self.collateral, ("memory",): self.memory, ("ready", "restart"): self.life,
        }  # fmt: skip
        return [Check(criteria, run) for criteria, run in found.items()]

    # events

    def bring(self, which: str, batch: str) -> list[str]:
        """Delivers a file of events that were not there before, and lets the job run. The ids that it is about."""
        if batch not in self.texts:
            new = [f"{self.words['thing'][0]}{self.rng.randrange(10**5, 10**6)}" for _ in range(6)]
            self.held[batch] = [*new, *self.rng.sample(self.words["ids"], 12)]
            self.texts[batch] = self.events(self.held[batch], seconds_ago=600 - 240 * len(self.texts))
        if (which, batch) not in self.brought:
            self.brought.add((which, batch))
            service = self.services[which]
            put = service.exec(["/bin/sh", "-c", f"cat > events/2026-12-{NAMES[batch]}.csv"], stdin=self.texts[batch].encode())
            if put.returncode:
                raise ConnectionError("the events could not be delivered: events/ takes no files")
            ran = service.exec(["/bin/sh", "-c", "exec python jobs/materialise.py"], timeout_s=40)
            if ran.returncode:
                raise ValueError(f"the job ended with {ran.returncode}: {printable(ran.stderr[-200:], 200)}")
        return self.held[batch]

    def events(self, ids: list[str], seconds_ago: int) -> str:
        """Later than the batch before. In no order; of most entities an older event as well, and some that is to come."""
        names = [self.words["new_name"] if name == self.words["old_name"] else name for name in self.names]
        older, to_come, at = ids[8:], ids[6:8], datetime.now(UTC) - timedelta(seconds=seconds_ago)
        times = [(at + timedelta(seconds=number), one) for number, one in enumerate([*older, *ids])]
        times += [(at + timedelta(hours=3), one) for one in to_come]
        rows = [[when.strftime("%Y-%m-%dT%H:%M:%S"), one, *(round(self.rng.gauss(0, 1.5), 4) for _ in names)] for when, one in times]
        for row in rows[len(older) + 8 : len(older) + 11]:
            row[2 + self.rng.randrange(len(names))] = ""  # what is not known stays as it was
        self.rng.shuffle(rows)
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["event_time", f"{self.words['thing']}_id", *names])
        writer.writerows(rows)
        return out.getvalue()

    # questions

    def ask(self, which: str, ids: list[str], shadow: str = "") -> Reply:
        body = {"inputs": [{"name": "id", "shape": [len(ids)], "datatype": "BYTES", "data": ids}]}
        return self.http[which].post(f"/v2/models/{self.words['model']}{shadow}/infer", body)

    def told(self, which: str, ids: list[str], shadow: str = "") -> dict:
        """Version and columns of an answer. Raises `ValueError` for what is none."""
        reply = self.ask(which, ids, shadow)
        body = reply.json()
        if reply.status != 200 or not isinstance(body, dict) or not isinstance(body.get("outputs"), list):
            raise ValueError(f"{reply.status} {printable(reply.body[:120])}")
        columns = {str(one.get("name")): one.get("data") for one in body["outputs"] if isinstance(one, dict)}
        return {"version": str(body.get("model_version")), **columns}

    def differs(self, which: str, ids: list[str], columns: list[str], shadow: str = "") -> str:
        mine, other = self.told(which, ids, shadow), self.told(REFERENCE, ids, shadow)
        wrong = [name for name in columns if not same(mine.get(name), other[name], relative=1e-6)]
        return f"{', '.join(wrong)} of {len(ids)} {self.words['things']} not as in the sound system" if wrong else ""

    def history(self) -> list[str]:
        busy = {one for ids in self.held.values() for one in ids}
        return [one for one in self.words["ids"] if one not in busy][:40]

    # criteria

    def recovered(self, which: str) -> list[Result]:
        """Each symptom of this incident on its own; where nothing is wrong, none may be there."""
        parts = {}
        for fault in self.faults or self.words["fault_list"]:
            try:
                parts[f"symptom {len(parts) + 1}"] = self.symptom(which, fault)
            except (ValueError, ConnectionError, TimeoutError) as error:
                parts[f"symptom {len(parts) + 1}"] = printable(str(error), 200) or "no answer"
        return [weighed("recovered", parts)]

    def symptom(self, which: str, fault: str) -> str:
        if fault in MODEL | STORE | {"expired-features"}:
            self.bring(REFERENCE, "a")
            brought = self.bring(which, "a")
            self.up(which)
            if fault in MODEL:
                return self.differs(which, brought, ["version"]) if fault == "wrong-alias" else self.reads_well(which, brought)
            return self.differs(which, brought[:6] if fault in STORE else self.history(), self.names)
        if fault == "too-many-copies":
            return self.too_large(which)
        return self.start(which)["ready"]

    def up(self, which: str) -> None:
        """Until it answers; it need not say that it is ready."""
        until = time.monotonic() + self.limit_s
        while self.ask(which, self.words["ids"][:1]).status == 503 and time.monotonic() < until:
            time.sleep(0.1)

    def reads_well(self, which: str, ids: list[str], shadow: str = "") -> str:
        """Whether the scores follow from the features by the version that it says it uses, read as it was written."""
        told = self.told(which, ids, shadow)
        held = self.words["models"].get(told["version"])
        if held is None:
            return f"it says that version {printable(told['version'], 20)} answers"
        is_new = told["version"] in {self.words["v_best"], self.words["v_next"]}
        base = held["base"] if is_new else math.log(held["base"] / (1 - held["base"]))
        if not all(isinstance(told.get(name), list) and len(told[name]) == len(ids) for name in self.names):
            return "the answer does not hold every feature of every id"
        rows = zip(*(told[name] for name in self.names), strict=True)
        wanted = [_sigmoid(base + sum(held["weights"][name] * value for name, value in zip(self.names, row, strict=True))) for row in rows]
        return "" if same(told.get("score"), wanted, relative=1e-6) else "scores do not follow from features and model"

    def predictions(self, which: str) -> list[Result]:
        ids = self.bring(which, "a")
        self.bring(REFERENCE, "a")
        self.up(which)
        parts = {
            "new ones": self.differs(which, ids[:6], ["version", "score"]), "known ones": self.differs(which, ids[6:], ["version", "score"]),
            "quiet ones": self.differs(which, self.history(), ["version", "score"]),
            "one": self.differs(which, ids[3:4], ["score"]), "in another order": self.differs(which, ids[::-1], ["score"]),
        }  # fmt: skip
        return [weighed("predictions", parts, of=2)]

    def fresh(self, which: str) -> list[Result]:
        """The same ids once more, with other values: what was right before must have changed."""
        for side in (REFERENCE, which):
            self.bring(side, "a")
        before = self.differs(which, self.held["a"], self.names)
        for side in (REFERENCE, which):
            self.bring(side, "b")
        parts = {"first events": before, "later events": self.differs(which, self.held["b"], self.names), "those before": self.differs(which, self.held["a"], self.names)}
        return [weighed("fresh", parts, of=1)]

    def collateral(self, which: str) -> list[Result]:
        """The shadow is judged by the features that it names itself: whether those are right is asked elsewhere."""
        ids, names = self.words["ids"][40:80], self.http[which].get(f"/v2/models/{self.words['model']}").json()
        registry, sound = self.registry(which), self.registry(REFERENCE)
        versions = registry.get("versions")
        is_whole = isinstance(versions, dict) and sound["versions"].keys() <= versions.keys()
        parts = {
            "the shadow's version": self.differs(which, ids, ["version"], "-shadow"), "the shadow's scores": self.reads_well(which, ids, "-shadow"),
            "other aliases": "" if _others(registry) == _others(sound) else "they name other versions than before",
            "versions": "" if is_whole and isinstance(names, dict) and _holds(names.get("versions"), sound["versions"])
            else "versions of the registry are missing",
        }  # fmt: skip
        for name in ("events/2026-10.csv", "events/2026-11.csv", "registry/approvals.csv"):
            is_kept = self.room.file(name, which=which) == self.room.file(name, which=REFERENCE)
            parts[name] = "" if is_kept else "it was changed"
        for version in sound["versions"]:
            name = f"registry/models/{version}/model.json"
            if self.room.file(name, which=which) != self.room.file(name, which=REFERENCE):
                parts["model files"] = f"{name} was changed"
        return [weighed("no-collateral", parts, of=1)]

    def registry(self, which: str) -> dict:
        held = parse_json(self.room.file("registry/registry.json", which=which) or b"{}")
        return held if isinstance(held, dict) else {}

    def too_large(self, which: str) -> str:
        """What it holds after large questions, beside the sound system. Measured once."""
        if which not in self.sizes:
            self.sizes[which] = self.measured(which)
        return self.sizes[which]

    def measured(self, which: str) -> str:
        self.up(which)
        for side in (REFERENCE, which):
            for number in range(BIG_QUESTIONS):
                self.ask(side, [self.words["ids"][(number + at) % 90] for at in range(BIG)])
        mine, other = self.services[which].memory_mb(), self.services[REFERENCE].memory_mb()
        if mine is None or other is None:
            return ""
        return "" if mine - other <= ALLOWED_MB else f"{mine:.0f} MB, {mine - other:.0f} MB more than the sound system"

    def memory(self, which: str) -> list[Result]:
        why = self.too_large(which)
        return [(lost if why else met)("memory", why or f"within {ALLOWED_MB:g} MB of the sound system")]

    def start(self, which: str) -> dict[str, str]:
        """Ends it, starts it again, and asks as soon as it says that it is ready. Done once."""
        if which not in self.starts:
            service = self.services[which]
            self.http[which].close()
            ended = service.stop(8) is not None
            service.start()
            is_up = service.wait_ready(PORT, READY, self.limit_s)
            replies = [self.ask(which, self.words["ids"][:3], shadow).status for shadow in ("", "-shadow")] if is_up else []
            told = f"{' and '.join(map(str, replies))} (champion and shadow) right after it said that it was ready"
            said = told if is_up else f"it did not get ready: {service.said()[-120:]}"
            self.starts[which] = {"ready": "" if replies == [200, 200] else said, "ended": "" if ended else "it did not end within 8 s of SIGTERM"}
        return self.starts[which]

    def life(self, which: str) -> list[Result]:
        found = self.start(which)
        if found["ready"]:
            self.up(which)
        ids = self.bring(which, "c")
        self.bring(REFERENCE, "c")
        again = self.differs(which, [*ids, *self.history()], ["version", "score"])
        ready = (lost if found["ready"] else met)("ready", found["ready"] or "it answered as soon as it said that it was ready")
        return [ready, weighed("restart", {"ends when asked": found["ended"], "answers as before": again}, of=1)]


def _others(registry: dict) -> dict:
    aliases = registry.get("aliases")
    return {key: value for key, value in aliases.items() if key != "champion"} if isinstance(aliases, dict) else {}


def _holds(told: object, wanted: dict) -> bool:
    return isinstance(told, list) and set(wanted) <= {str(one) for one in told}


def _sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, value))))
