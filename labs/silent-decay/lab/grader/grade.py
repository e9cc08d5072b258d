"""Grades silent-decay: what was found against what is true, and a guard on days that nobody has seen."""

import re

from tenfold_grader import Check, Result, Room, lost, met, partly, run_checks
from tenfold_grader.answers import BadAnswer, parse_toml, printable

CRITERIA = ("kind", "place", "since", "action", "guard-catches", "guard-quiet")
ACTIONS = {
    "unit-change": "fix-upstream", "missing-as-zero": "fix-upstream", "stale-features": "fix-upstream", "unknown-category": "retrain",
    "concept-drift": "retrain", "collapsed-scores": "roll-back", "population-shift": "nothing", "none": "nothing",
}  # fmt: skip
HARMLESS = {"none", "population-shift"}
SLACK_DAYS, GUARD_S = 2, 90.0
INBOX = "/tmp/days"  # noqa: S108  in the box of the system under test


def grade(room: Room) -> list[Result]:
    trial = Trial(room)
    return run_checks(
        room,
        [
            Check(CRITERIA[:4], trial.findings, control=lambda: None),
            Check(("guard-catches",), trial.catches),
            Check(("guard-quiet",), trial.quiet),
        ],
        patience_s=200.0,
    )


class Trial:
    """One submission."""

    def __init__(self, room: Room) -> None:
        self.room, self.truth = room, dict(room.parameters["fault"])
        self.verdicts: dict[str, dict[str, str]] = {}

    def told(self, which: str = "candidate") -> dict:
        content = self.room.file("finding.toml", 64 << 10, which=which)
        if content is None:
            raise BadAnswer("finding.toml is missing, is a link, or is too large")
        return parse_toml(content)

    def findings(self, _: str) -> list[Result]:
        """What depends on the kind counts only with the right one: a place for something else is no place."""
        try:
            told = self.told()
        except BadAnswer as error:
            return [lost(one, f"finding.toml cannot be read: {error}") for one in CRITERIA[:4]]
        truth = self.truth
        kind = _word(told.get("kind"))
        if kind != truth["kind"]:
            why = f"found {printable(kind, 40) or 'nothing'!r}; it was {truth['kind']}"
            return [lost(one, why) for one in CRITERIA[:4]]
        return [met("kind", f"it was {kind}"), self.place(told), self.since(told), self.action(told)]

    def place(self, told: dict) -> Result:
        truth = self.truth
        wanted = "=".join(truth["segment"]) or "all"
        segment, feature = _word(told.get("segment")) or "all", _word(told.get("feature"))
        parts = [segment == wanted]
        if truth["feature"] and truth["feature"] not in {"product", "channel"}:
            parts.append(feature == truth["feature"])
        line = f"{printable(feature, 40) or 'no feature'} in {printable(segment, 40)}; it was {truth['feature'] or 'no single feature'} in {wanted}"
        return partly("place", sum(parts) / len(parts), line)

    def since(self, told: dict) -> Result:
        day, onset = told.get("since_day"), self.truth["onset"]
        if self.truth["kind"] == "none":
            return met("since", "nothing began")
        is_near = isinstance(day, int | float) and not isinstance(day, bool) and abs(day - onset) <= SLACK_DAYS
        return (met if is_near else lost)("since", f"since day {str(day)[:12]}; it was day {onset}, {SLACK_DAYS} either way are allowed")

    def action(self, told: dict) -> Result:
        wanted, action = ACTIONS[self.truth["kind"]], _word(told.get("action"))
        return (met if action == wanted else lost)("action", f"{printable(action, 40)!r}; {wanted} is what helps")

    # the guard

    def days(self, kind: str) -> list[str]:
        return [f"{kind}-{number}.csv" for number in range(8)]

    def asked(self, which: str) -> dict[str, str]:
        """What the guard says of each day: run once, over all of them, in an order that says nothing."""
        if which not in self.verdicts:
            names = self.days("healthy") + ([] if self.truth["kind"] == "none" else self.days("later"))
            order = sorted(names, key=lambda name: sum(name.encode()) * 7919 % 101)
            held = {f"day-{number:02d}.csv": name for number, name in enumerate(order)}
            service = self.room.service(which)
            service.exec(["/bin/mkdir", "-p", INBOX])
            for alias, name in held.items():
                done = service.exec(["/bin/sh", "-c", f"cat > {INBOX}/{alias}"], stdin=self.room.data(name))
                if done.returncode:
                    raise ConnectionError("the day could not be put into the room")
            words = ["/bin/sh", "-c", 'exec python guard.py "$@"', "sh", *(f"{INBOX}/{alias}" for alias in held)]
            done = service.exec(words, timeout_s=GUARD_S)
            found = dict(re.findall(r"(?m)^\S*?(day-\d\d\.csv)[:,]?[ \t]+(ok|alarm)\b", done.text))
            missing = [alias for alias in held if alias not in found]
            if done.returncode not in {0, 1} or missing:
                why = printable(done.stderr[-300:], 300) or f"no line for {', '.join(missing[:3])}"
                raise ValueError(f"guard.py ended with {done.returncode}: {why}")
            self.verdicts[which] = {held[alias]: word for alias, word in found.items() if alias in held}
        return self.verdicts[which]

    def catches(self, which: str) -> list[Result]:
        if self.truth["kind"] in HARMLESS:
            return [met("guard-catches", "nothing here has to be caught")]
        caught = [name for name in self.days("later") if self.asked(which)[name] == "alarm"]
        return [partly("guard-catches", (len(caught) - 3) / 4, f"{len(caught)} of 8 later days with the fault raised an alarm")]

    def quiet(self, which: str) -> list[Result]:
        names = self.days("healthy") + (self.days("later") if self.truth["kind"] == "population-shift" else [])
        false = [name for name in names if self.asked(which)[name] == "alarm"]
        line = f"{len(false)} alarms on {len(names)} days on which the model was right"
        return [partly("guard-quiet", 1 - max(0, len(false) - 1) / 4, line)]


def _word(value: object) -> str:
    return re.sub(r"[\s'\"]+", "", value).lower() if isinstance(value, str) else ""
