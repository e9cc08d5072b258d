"""Grades drift-watch: hidden streams, day by day, and what the monitor says after each."""

import streams
from tenfold_grader import Result, Room, lost, met, partly
from tenfold_grader.room import CANDIDATE

PORT = 9090
WITHIN = {"abrupt": 3, "gradual": 10, "schema": 2, "nulls": 2, "concept": 4}
KIND = {"abrupt": "drift", "gradual": "drift", "schema": "quality", "nulls": "quality", "concept": "performance"}
HEALTHY = {"none": "a healthy stream", "none-again": "another healthy stream", "seasonal": "a healthy stream with a season"}
CRITERION = {"concept": "performance"}
CRITERIA = ("abrupt", "gradual", "schema", "nulls", "performance", "quiet", "relevance", "metrics", "contract")


def grade(room: Room) -> list[Result]:
    mine = room.service(CANDIDATE)
    mine.start(OMP_NUM_THREADS="1")
    if not mine.wait_ready(PORT, "/healthz"):
        why = f"the monitor did not come up: {mine.said()[-400:].strip() or 'it printed nothing'}"
        return [lost(criterion, why) for criterion in CRITERIA]
    watch = Watch(room)
    return watch.results()


class Watch:
    """Sends streams and keeps what was said."""

    def __init__(self, room: Room) -> None:
        self.parameters = dict(room.parameters)
        self.world = streams.World(self.parameters)
        self.http = room.service(CANDIDATE).http(PORT, timeout_s=15)
        self.odd: list[str] = []
        self.disagree: list[str] = []
        self.checked = 0

    def results(self) -> list[Result]:
        said = {}
        for number, (kind, harm) in enumerate(streams.harms(self.parameters).items()):
            said[kind] = self.watch(kind, self.world.stream(self.parameters["stream_seed"] + 1000 + number, harm))
        done = [self.noticed(kind, said[kind]) for kind in ("abrupt", "gradual", "schema", "nulls", "concept")]
        return [*done, self.quiet(said), self.relevance(said["irrelevant"]), *self.form()]

    def watch(self, kind: str, batches: list[dict]) -> list[list[dict]]:
        """The alerts after each day; a day that was not answered rightly counts as silence, and is noted."""
        said: list[list[dict]] = []
        self.post("/reset", {})
        for batch in batches:
            answer = self.post("/batches", batch)
            said.append(self.alerts(kind, batch["day"], answer))
        self.compare_metrics(said[-1] if said else [])
        return said

    def post(self, path: str, body: object):
        try:
            return self.http.post(path, body)
        except (ConnectionError, TimeoutError) as error:
            self.odd.append(f"{path}: {error}")
            return None

    def alerts(self, kind: str, day: int, answer) -> list[dict]:
        if answer is None:
            return []
        body = answer.json()
        if answer.status != 200 or not isinstance(body, dict) or not isinstance(body.get("alerts"), list):
            self.odd.append(f"{kind}, day {day}: {answer.status} {answer.body[:80]!r}")
            return []
        good = [one for one in body["alerts"] if _well_formed(one)]
        if len(good) != len(body["alerts"]):
            self.odd.append(f"{kind}, day {day}: an alert that is none: {body['alerts'][:1]!r}")
        return good

    def noticed(self, kind: str, said: list[list[dict]]) -> Result:
        harm, criterion = self.parameters["harms"][kind], CRITERION.get(kind, kind)
        onset, wanted = harm["onset"], KIND[kind]
        first = onset + (self.world.delay if kind == "concept" else 0)
        feature = None if kind == "concept" else harm["feature"]
        truth = f"truth: {kind} in {feature or 'the labels'} since day {onset}"
        early = [one for alerts in said[:onset] for one in alerts]
        if early:
            return lost(criterion, f"{truth}; a false alarm came before it: {_words(early[0])}")
        wrong = [one for alerts in said for one in alerts if (one["kind"], one["feature"]) != (wanted, feature)]
        if wrong and (wanted != "quality" or any(one["kind"] != "quality" for one in wrong)):
            return lost(criterion, f"{truth}; an alarm of something else: {_words(wrong[0])}")
        for day in range(first, len(said)):
            hits = [one for one in said[day] if (one["kind"], one["feature"]) == (wanted, feature)]
            if hits:
                late = day - first
                if late > WITHIN[kind]:
                    return lost(criterion, f"{truth}; noticed {late} days after it showed, {WITHIN[kind]} are allowed")
                if hits[0]["since_day"] > day or hits[0]["since_day"] < onset - 1:
                    return partly(criterion, 0.7, f"{truth}; noticed, but since_day is {hits[0]['since_day']}")
                # While a shift still grows it may be in doubt from day to day; from the last day allowed on it may not.
                if not all(any((one["kind"], one["feature"]) == (wanted, feature) for one in said[later])
                           for later in range(first + WITHIN[kind], len(said))):  # fmt: skip
                    return partly(criterion, 0.7, f"{truth}; noticed on day {day}, and forgotten while it lasted")
                return met(criterion, f"{truth}; noticed on day {day}", delay_days=float(late))
        return lost(criterion, f"{truth}; never noticed")

    def quiet(self, said: dict[str, list[list[dict]]]) -> Result:
        false = {
            f"{one['kind']} of {one['feature'] or 'the labels'} in {stream}"
            for kind, stream in HEALTHY.items()
            for alerts in said[kind]
            for one in alerts
        }
        if not false:
            return met("quiet", "90 healthy days without an alert")
        return partly("quiet", 0.5 if len(false) == 1 else 0.0, f"{len(false)} false alarms, such as {sorted(false)[0]}")

    def relevance(self, said: list[list[dict]]) -> Result:
        drift = [one for alerts in said for one in alerts if one["kind"] == "drift"]
        if drift:
            return lost("relevance", f"{self.world.unused} is not used by the model, and yet: {_words(drift[0])}")
        return met("relevance", f"{self.world.unused} drifted and nobody was woken")

    def compare_metrics(self, alerts: list[dict]) -> None:
        self.checked += 1
        try:
            text = self.http.get("/metrics").body.decode(errors="replace")
            told = self.http.get("/alerts").json()
        except (ConnectionError, TimeoutError) as error:
            self.disagree.append(str(error))
            return
        firing = set()
        total = None
        for line in text.splitlines():
            if line.startswith("monitor_alert{") and float(line.rsplit(" ", 1)[1]) == 1:
                inside = line[line.index("{") + 1 : line.rindex("}")]
                labels = dict(part.split("=", 1) for part in inside.split(",") if "=" in part)
                firing.add((labels.get("kind", "").strip('"'), labels.get("feature", "").strip('"')))
            if line.startswith("monitor_batches_total"):
                total = float(line.rsplit(" ", 1)[1])
        wanted = {(one["kind"], one["feature"] or "") for one in alerts}
        if firing != wanted or not total:
            self.disagree.append(f"/metrics: {sorted(firing)}, batches {total}; alerts: {sorted(wanted)}")
        if not isinstance(told, dict) or told.get("alerts") != alerts:
            self.disagree.append("/alerts differs from the last batch's answer")

    def form(self) -> list[Result]:
        metrics = (
            lost("metrics", *self.disagree[:3])
            if self.disagree
            else met("metrics", f"/metrics, /alerts and answers agreed {self.checked} times")
        )
        for body in (b"not json", {"columns": 3}, {"day": "x", "columns": {}, "scores": []}):
            answer = self.post("/batches", body)
            if answer is not None and answer.status != 422:
                self.odd.append(f"a body that is no batch: {answer.status} instead of 422")
        contract = lost("contract", *self.odd[:4]) if self.odd else met("contract", "every answer as agreed")
        return [metrics, contract]


def _words(alert: dict) -> str:
    return f"{alert['kind']} of {alert['feature'] or 'the labels'} since day {alert['since_day']}"


def _well_formed(alert: object) -> bool:
    return (
        isinstance(alert, dict)
        and alert.get("kind") in ("drift", "quality", "performance")
        and (alert.get("feature") is None) == (alert["kind"] == "performance")
        and isinstance(alert.get("feature"), str | None)
        and isinstance(alert.get("since_day"), int)
    )
