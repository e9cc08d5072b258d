"""Grades drift-watch: hidden streams, day by day, and what the monitor says after each."""

import random
from dataclasses import dataclass, field

import hidden
from tenfold_grader import CANDIDATE, REFERENCE, Check, Result, Room, checks, lost, met, partly, run_checks, weighed
from tenfold_grader.answers import BadAnswer, parse_prometheus, printable
from tenfold_grader.clients import Reply
from tenfold_grader.load import at_once

PORT, READY = 9090, "/healthz"
WITHIN = {"abrupt": 3, "gradual": 10, "schema": 2, "nulls": 2, "concept": 4, "baseline": 7}
KIND = {
    "abrupt": "drift", "gradual": "drift", "schema": "quality", "nulls": "quality", "concept": "performance",
    "baseline": "drift",
}
HEALTHY = {"none": "a healthy stream", "none-again": "another healthy stream", "seasonal": "a healthy stream with a season"}
BAD_BODIES = (
    b"not json", b"[]", b"{}", {"columns": 3}, {"day": "x", "columns": {}, "scores": []}, {"day": 3, "columns": {}},
    {"day": 3, "columns": {"a": 1}, "scores": []}, {"day": 3, "columns": {}, "scores": ["much"]},
)
SILENT = "it raised no alert in any stream that deserves one, so its silence proves nothing"
BIG_ROWS, BIG_DAYS, ROUNDS, ALLOWED_MB = 2500, 8, 4, 4.0


def grade(room: Room) -> list[Result]:
    """A right monitor may take a third of a second for a batch: it is waited for as long as the machine is slow."""
    watch = Watch(room)
    watch.calibrate()
    found = run_checks(room, watch.checks(), patience_s=240.0, times_reference=600.0)
    order = [one["id"] for one in _ORDER]
    return sorted(found, key=lambda one: order.index(one.criterion))


_ORDER = [
    {"id": name}
    for name in (
        "abrupt", "gradual", "schema", "nulls", "performance", "several", "quiet", "relevance", "baseline", "clears",
        "metrics", "contract", "operation",
    )
]


@dataclass
class Said:
    """What one system said of everything: alerts by stream and day, and what was odd about its answers."""

    alerts: dict[str, list[list[dict]]] = field(default_factory=dict)
    odd: list[str] = field(default_factory=list)
    disagree: list[str] = field(default_factory=list)
    clears: dict[str, str] = field(default_factory=dict)
    checked: int = 0


class Watch:
    """Sends streams to the monitor on trial, the candidate's or (as control) the reference."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.parameters = dict(room.parameters)
        self.unused = self.parameters["unused"]
        self.delay = self.parameters["delay"]
        self.services = {which: room.service(which) for which in (CANDIDATE, REFERENCE)}
        for service in self.services.values():
            service.start(OMP_NUM_THREADS="1")
        self.http = {which: service.http(PORT, timeout_s=60) for which, service in self.services.items()}
        self.said = {CANDIDATE: Said(), REFERENCE: Said()}

    def calibrate(self) -> None:
        """The reference's pace here and now: what a candidate may take is scaled by it."""
        self.services[REFERENCE].must_be_ready(PORT, READY)
        for batch in hidden.batches(self.parameters, "abrupt"):
            self.http[REFERENCE].post("/batches", batch)

    def checks(self) -> list[Check]:
        streams = [
            Check(("abrupt",), lambda which: [self.noticed(which, "abrupt")]),
            Check(("gradual",), lambda which: [self.noticed(which, "gradual")]),
            Check(("schema",), lambda which: [self.noticed(which, "schema")]),
            Check(("nulls",), lambda which: [self.noticed(which, "nulls")]),
            Check(("performance",), lambda which: [self.noticed(which, "concept", "performance")]),
            Check(("baseline",), lambda which: [self.noticed(which, "baseline")]),
            Check(("several",), self.several),
            Check(("quiet",), self.quiet),
            Check(("relevance",), self.relevance),
        ]
        random.Random(self.parameters["stream_seed"]).shuffle(streams)
        return [
            *streams,
            Check(("operation",), self.operation),
            Check(("clears",), self.clears),
            Check(("metrics",), self.metrics),
            Check(("contract",), self.contract),
        ]

    def up(self, which: str) -> None:
        service = self.services[which]
        if not service.wait_ready(PORT, READY):
            raise ConnectionError(f"the monitor did not come up: {service.said()[-300:] or 'it printed nothing'}")

    # streams

    def watch(self, which: str, kind: str, *, bad_after: int | None = None) -> list[list[dict]]:
        """The alerts after each day; a day that was not answered rightly counts as silence, and is noted."""
        self.up(which)
        said: list[list[dict]] = []
        self.http[which].post("/reset", {})
        before = self.total(which)
        batches = hidden.batches(self.parameters, kind)
        again = random.Random(kind).randrange(3, 8)  # the sender of one day's batch tries again
        for batch in batches:
            said.append(self.alerts(which, f"{kind}, day {batch['day']}", self.http[which].post("/batches", batch)))
            if batch["day"] == again:
                repeated = self.alerts(which, f"{kind}, day {again} again", self.http[which].post("/batches", batch))
                if _keys(repeated) != _keys(said[-1]):
                    self.said[which].odd.append(f"{kind}: day {again} sent again changed the alerts")
            if batch["day"] == bad_after:
                self.send_bad(which, said[-1])
        self.compare_metrics(which, said[-1] if said else [], before, len(batches))
        self.said[which].alerts[kind] = said
        return said

    def alerts(self, which: str, where: str, answer: Reply) -> list[dict]:
        body, odd = answer.json(), self.said[which].odd
        if answer.status != 200 or not isinstance(body, dict) or not isinstance(body.get("alerts"), list):
            odd.append(f"{where}: {answer.status} {printable(answer.body[:80])}")
            return []
        good = [one for one in body["alerts"] if _well_formed(one)]
        if len(good) != len(body["alerts"]):
            odd.append(f"{where}: an alert that is none: {printable(repr(body['alerts'][:1]), 120)}")
        return good

    def send_bad(self, which: str, before: list[dict]) -> None:
        """Bodies that are no batch, and labels of a day that never was: refused or passed over, and nothing forgotten."""
        odd = self.said[which].odd
        for body in BAD_BODIES:
            status = self.http[which].post("/batches", body).status
            if status != 422:
                odd.append(f"a body that is no batch ({printable(repr(body), 40)}): {status} instead of 422")
        after = self.alerts(which, "/alerts", self.http[which].get("/alerts"))
        if _keys(after) != _keys(before):
            odd.append(f"after bodies that are no batch the alerts were {_list(after)}, before {_list(before)}")

    # criteria: what must be noticed

    def noticed(self, which: str, kind: str, criterion: str = "") -> Result:
        harm = hidden.harms(self.parameters, kind)[0]
        feature = None if kind == "concept" else harm.column
        said = self.watch(which, kind)
        result = self.judged(criterion or kind, kind, said, harm, feature)
        if kind in hidden.CLEARED_WITHIN:
            self.said[which].clears[f"{KIND[kind]} ends"] = self.cleared(kind, said, harm)
        return result

    def judged(self, criterion: str, kind: str, said: list[list[dict]], harm, feature: str | None) -> Result:
        onset, wanted = harm.onset, KIND[kind]
        first = onset + (self.delay if kind == "concept" else 0)
        ends = min(harm.ends + (self.delay if kind == "concept" else 0), len(said))
        truth = f"truth: {kind} in {feature or 'the labels'} since day {onset}"
        early = [one for alerts in said[:onset] for one in alerts]
        if early:
            return lost(criterion, f"{truth}; a false alarm came before it: {_words(early[0])}")
        wrong = [one for alerts in said for one in alerts if (one["kind"], one["feature"]) != (wanted, feature)]
        if wrong and (wanted != "quality" or any(one["kind"] != "quality" for one in wrong)):
            return lost(criterion, f"{truth}; an alarm of something else: {_words(wrong[0])}")
        hits = {day: found for day in range(first, ends) if (found := _found(said[day], wanted, feature))}
        if not hits:
            return lost(criterion, f"{truth}; never noticed while it lasted")
        day = min(hits)
        if day - first > WITHIN[kind]:
            return lost(criterion, f"{truth}; noticed {day - first} days after it showed, {WITHIN[kind]} are allowed")
        # While a shift still grows it may be in doubt from day to day; from the last day allowed on it may not.
        missing = [later for later in range(first + WITHIN[kind], ends) if later not in hits]
        if missing:
            return partly(criterion, 0.7, f"{truth}; noticed on day {day}, and forgotten on day {missing[0]}")
        last = begun = max(hits)
        while begun - 1 in hits:
            begun -= 1  # an alert that wavered at first may count from where it came to stay
        for one, latest in ((hits[day], day), (hits[last], begun)):
            if not onset - 1 <= one["since_day"] <= latest:
                why = f"since_day is {one['since_day']}, and the alert came on day {latest}"
                return partly(criterion, 0.7, f"{truth}; noticed, but {why}")
        return met(criterion, f"{truth}; noticed on day {day}", delay_days=float(day - first))

    def cleared(self, kind: str, said: list[list[dict]], harm) -> str:
        until = harm.ends + hidden.CLEARED_WITHIN[kind] + (self.delay if kind == "concept" else 0)
        still = [one for alerts in said[until:] for one in alerts]
        if not any(alerts for alerts in said):
            return "there never was an alert"
        return f"{_words(still[0])} still fires {CLEAR_WORDS} after its cause ended on day {harm.ends}" if still else ""

    def several(self, which: str) -> list[Result]:
        """Two things go wrong at once, and bodies that are no batch come while they do."""
        drift, quality = hidden.harms(self.parameters, "several")
        onset = drift.onset
        said = self.watch(which, "several", bad_after=onset + 4)
        truth = f"truth: {drift.column} drifts and {quality.column} misses values since day {onset}"
        wanted = {("drift", drift.column), ("quality", quality.column)}
        parts = {}
        for kind, feature in sorted(wanted):
            days = [day for day in range(onset, len(said)) if _found(said[day], kind, feature)]
            kept = set(range(onset + 3, len(said))) <= set(days)
            parts[f"{kind} of {feature}"] = "" if kept else f"{truth}; alerts came on days {days[:6]}"
        odd = [one for alerts in said for one in alerts if (one["kind"], one["feature"]) not in wanted]
        parts["nothing else"] = f"{truth}; and yet {_words(odd[0])}" if odd else ""
        return [weighed("several", parts)]

    # criteria: what must not happen

    def quiet(self, which: str) -> list[Result]:
        false = {
            f"{one['kind']} of {one['feature'] or 'the labels'} in {stream}"
            for kind, stream in HEALTHY.items()
            for alerts in self.watch(which, kind)
            for one in alerts
        }
        days = len(HEALTHY) * hidden.HEALTHY_DAYS
        if not self.speaks(which):
            return [lost("quiet", SILENT)]
        if not false:
            return [met("quiet", f"{days} healthy days without an alert")]
        share = 0.5 if len(false) == 1 else 0.0
        return [partly("quiet", share, f"{len(false)} false alarms in {days} healthy days, such as {sorted(false)[0]}")]

    def relevance(self, which: str) -> list[Result]:
        drift = [one for alerts in self.watch(which, "irrelevant") for one in alerts if one["kind"] == "drift"]
        if drift:
            return [lost("relevance", f"{self.unused} is not used by the model, and yet: {_words(drift[0])}")]
        if not self.speaks(which):
            return [lost("relevance", SILENT)]
        return [met("relevance", f"{self.unused} drifted and nobody was woken")]

    def speaks(self, which: str) -> bool:
        """Whether it raised any alert in a stream that deserves one: a monitor that is off is not quiet."""
        heard = self.said[which].alerts
        return any(day for kind, days in heard.items() if kind not in HEALTHY and kind != "irrelevant" for day in days)

    def clears(self, which: str) -> list[Result]:
        held = self.said[which].clears
        parts = {f"{kind} ends": held.get(f"{kind} ends", "could not be seen") for kind in ("drift", "quality", "performance")}
        return [weighed("clears", parts, of=1)]

    # criteria: how it runs

    def total(self, which: str) -> float | None:
        samples = self.scraped(which).get("monitor_batches_total", [])
        return samples[0].value if len(samples) == 1 else None

    def scraped(self, which: str) -> dict:
        try:
            return parse_prometheus(self.http[which].get("/metrics").body)
        except BadAnswer as error:
            self.said[which].disagree.append(f"/metrics cannot be read: {error}")
            return {}

    def compare_metrics(self, which: str, alerts: list[dict], before: float | None, sent: int) -> None:
        said = self.said[which]
        said.checked += 1
        scraped = self.scraped(which)
        firing = {
            (one.labels.get("kind", ""), one.labels.get("feature", ""))
            for one in scraped.get("monitor_alert", [])
            if one.value == 1
        }
        wanted = {(one["kind"], one["feature"] or "") for one in alerts}
        if firing != wanted:
            said.disagree.append(f"/metrics says {sorted(firing)}, the alerts were {sorted(wanted)}")
        total = self.total(which)
        if total is None or before is None or not sent <= total - before <= sent + 1:  # one was sent twice
            said.disagree.append(f"monitor_batches_total went from {before} to {total} over {sent} batches")
        told = self.alerts(which, "/alerts", self.http[which].get("/alerts"))
        if _keys(told) != _keys(alerts):
            said.disagree.append(f"/alerts says {_list(told)}, the last batch's answer {_list(alerts)}")

    def metrics(self, which: str) -> list[Result]:
        said = self.said[which]
        if said.disagree or not said.checked:
            return [lost("metrics", *(said.disagree[:3] or ["nothing could be compared"]))]
        return [met("metrics", f"/metrics, /alerts and answers agreed {said.checked} times")]

    def contract(self, which: str) -> list[Result]:
        odd = list(self.said[which].odd)
        batches = hidden.batches(self.parameters, "none", days=16)
        self.http[which].post("/reset", {})
        for batch in batches[8:]:
            self.http[which].post("/batches", batch)
        self.http[which].post("/reset", {})  # from here on those days were never seen, and their labels belong to nobody
        for batch, earlier in zip(batches[:6], (500, 9, 10, 11, 12, 13), strict=True):
            wrong = [int(score < 0.5) for score in batches[earlier]["scores"]] if earlier < 16 else [1] * 160
            answer = self.http[which].post("/batches", {**batch, "labels": {"day": earlier, "values": wrong}})
            if self.alerts(which, "labels of a day that was not seen", answer) or answer.status != 200:
                odd.append(f"labels of a day that was not seen: {answer.status} {printable(answer.body[:80])}")
        return [lost("contract", *odd[:4]) if odd else met("contract", "every answer as agreed")]

    def operation(self, which: str) -> list[Result]:
        self.up(which)
        big = hidden.batches(self.parameters, "none", rows=BIG_ROWS, days=BIG_DAYS)
        parts = {"answers while busy": self.busy(which, big[0])}
        grown = checks.memory(
            "operation", self.services, lambda side: self.fill(side, big, range(2, 2 + ROUNDS)), ALLOWED_MB, on_trial=which,
            warm=lambda side: self.fill(side, big, range(2)),
        )  # fmt: skip
        parts["memory after a reset"] = "" if grown.share in {1.0, None} else grown.evidence[0]
        self.http[which].close()
        service = self.services[which]
        parts |= checks.ends_and_starts_again(service, PORT, READY, lambda: self.http[which].get("/alerts").status == 200)
        return [weighed("operation", parts, of=1, **grown.measured)]

    def fill(self, which: str, batches: list[dict], rounds: range) -> None:
        """No day is like another, so that whatever is kept by its content is kept again."""
        for number in rounds:
            self.http[which].post("/reset", {})
            for batch in batches:
                scores = [score if row else number / 100 for row, score in enumerate(batch["scores"])]
                self.http[which].post("/batches", {**batch, "scores": scores})
        self.http[which].post("/reset", {})

    def busy(self, which: str, big: dict) -> str:
        """Whoever asks while a large batch is worked on gets an answer."""

        def ask(path: str, body: object = None) -> Reply:
            http = self.services[which].http(PORT, timeout_s=60)
            try:
                return http.ask("POST" if body else "GET", path, body)
            finally:
                http.close()

        self.http[which].post("/reset", {})
        paths = ("/metrics", "/alerts", READY) * 2
        answers = at_once([lambda: ask("/batches", big), *(lambda path=path: ask(path) for path in paths)], limit_s=90)
        for path, one in zip(("/batches", *paths), answers, strict=True):
            if one.value is None or one.value.status != 200:
                return f"{path}: {one.value.status if one.value else one.error}"
        return ""


CLEAR_WORDS = "8 days"


def _found(alerts: list[dict], kind: str, feature: str | None) -> dict | None:
    return next((one for one in alerts if (one["kind"], one["feature"]) == (kind, feature)), None)


def _keys(alerts: list[dict]) -> set[tuple]:
    return {(one["kind"], one["feature"], one["since_day"]) for one in alerts}


def _words(alert: dict) -> str:
    return f"{alert['kind']} of {printable(str(alert['feature'] or 'the labels'), 60)} since day {alert['since_day']}"


def _list(alerts: list[dict]) -> str:
    return ", ".join(map(_words, alerts[:4])) or "none"


def _well_formed(alert: object) -> bool:
    return (
        isinstance(alert, dict)
        and alert.get("kind") in ("drift", "quality", "performance")
        and (alert.get("feature") is None) == (alert["kind"] == "performance")
        and isinstance(alert.get("feature"), str | None)
        and isinstance(alert.get("since_day"), int)
        and not isinstance(alert["since_day"], bool)
    )
