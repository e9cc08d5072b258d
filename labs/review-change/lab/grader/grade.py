"""Grades review-change: findings against what was planted, by place and category. No file of the candidate's is run."""

from dataclasses import dataclass

from tenfold_grader import Check, Result, Room, lost, met, partly, run_checks
from tenfold_grader.answers import BadAnswer, parse_json, parse_toml
from tenfold_grader.findings import Finding, Matched, Truth, match, read_findings

CATEGORIES = (
    "leakage", "evaluation", "data-quality", "correctness", "security", "concurrency", "robustness", "resource-leak",
    "ci-cd", "operations",
)  # fmt: skip
MOST, SLACK, FREE_ALARMS = 20, 3, 2
CRITERIA = ("blocking", "should-fix", "precision", "decoys", "severity", "verdict")


@dataclass(frozen=True)
class Review:
    """What was handed in: findings that are graded, with their severities, and the verdict."""

    findings: list[Finding]
    severities: dict[Finding, str]
    verdict: str


def grade(room: Room) -> list[Result]:
    def judged(_: str) -> list[Result]:
        content = room.file("findings.toml", 256 << 10) or room.file("findings.json", 256 << 10)
        try:
            review = read(content)
        except BadAnswer as error:
            return [lost(one, f"the findings cannot be read: {error}") for one in CRITERIA]
        return Judgement(room, review).results()

    return run_checks(room, [Check(CRITERIA, judged, control=lambda: None)])


def read(content: bytes | None) -> Review:
    """Raises `BadAnswer` with what to mend. What is said to be a nit is for people: it neither earns nor costs.

    A category or a severity that does not exist spoils its own finding, not the review.
    """
    found = [placed(one) for one in read_findings(content)]
    is_json = (content or b"").lstrip()[:1] in {b"{", b"["} and not (content or b"").lstrip().startswith(b"[[")
    held = parse_json(content or b"") if is_json else parse_toml(content or b"")
    held = held if isinstance(held, dict) else {"findings": held}
    rows = held.get("findings" if is_json else "finding") or []
    severities = {one: str(row.get("severity", "should-fix")).strip().lower() for one, row in zip(found, rows, strict=True)}
    graded = list(dict.fromkeys(one for one in found if severities[one] != "nit"))
    if len(graded) > MOST:
        raise BadAnswer(f"{len(graded)} findings that are no nits; at most {MOST} are read")
    return Review(graded, severities, str(held.get("verdict", "")).strip().lower())


def placed(one: Finding) -> Finding:
    """Paths from the workspace and from the repository mean the same file."""
    path = one.file.strip().removeprefix("/workspace/").removeprefix("./").removeprefix("repository/")
    return Finding(path, one.line, one.category.strip().lower(), one.text)


class Judgement:
    """A review against the truth of this variant."""

    def __init__(self, room: Room, review: Review) -> None:
        self.review = review
        self.truths = {one["id"]: _truth(one) for one in room.parameters["truths"]}
        self.blocking = {one["id"] for one in room.parameters["truths"] if one["blocking"]}
        traps = [_truth({**one, "categories": CATEGORIES}) for one in room.parameters["traps"]]
        with_line = [one for one in review.findings if one.line > 0]
        self.unplaced = [one for one in review.findings if one.line == 0]
        others = [_truth({**one, "first": line, "last": line}) for one in room.parameters["truths"] for line in one["also"]]
        self.matched: Matched = match(with_line, [*self.truths.values(), *others], traps, slack=SLACK)
        self.says_right = review.verdict == ("request-changes" if self.truths else "approve")

    def results(self) -> list[Result]:
        if not self.truths:
            return self.of_nothing_wrong()
        return [
            self.found("blocking", self.blocking),
            self.found("should-fix", set(self.truths) - self.blocking),
            self.precision(), self.decoys(), self.severity(), self.verdict(),
        ]  # fmt: skip

    def of_nothing_wrong(self) -> list[Result]:
        """Nothing is planted: what counts is to approve, and to accuse nothing."""
        if not self.says_right:
            return [lost(one, "nothing is wrong with this change, and the verdict does not approve it") for one in CRITERIA]
        alarms = len(self.matched.false_alarms) + len(self.unplaced)
        share = max(0.0, 1 - max(0, alarms - FREE_ALARMS) / 4)
        line = f"nothing was planted; {alarms} findings beside that, {FREE_ALARMS} are free"
        return [partly(one, share, line) for one in CRITERIA[:3]] + [self.decoys(), met("severity", line), self.verdict()]

    def found(self, criterion: str, ids: set[str]) -> Result:
        """All of a kind where there is any; each is worth the same."""
        if not ids:
            return met(criterion, "none of this kind was planted")
        hits = ids & set(self.matched.hits)
        missed = [f"{one}: {self.truths[one].file}, line {self.truths[one].first}" for one in sorted(ids - hits)]
        line = f"{len(hits)} of {len(ids)} found"
        return partly(criterion, len(hits) / len(ids), line, *missed, found=float(len(hits)), of=float(len(ids)))

    def precision(self) -> Result:
        """A reviewer may see what we did not: two findings that hit nothing are free. Silence is not precise."""
        if not self.matched.hits:
            return lost("precision", "nothing that is wrong was found")
        alarms = [*self.matched.false_alarms, *self.unplaced]
        over = max(0, len(alarms) - FREE_ALARMS)
        words = [f"{one.file}, line {one.line}: {one.category}" for one in alarms[:6]]
        line = f"{len(alarms)} findings hit nothing that was planted; {FREE_ALARMS} are free"
        return partly("precision", 1 - over / 4, line, *words)

    def decoys(self) -> Result:
        if self.truths and not self.matched.hits:
            return lost("decoys", "nothing that is wrong was found")
        fooled = {(one.file, one.line): one for one in self.matched.decoys}.values()
        words = [f"{one.file}, line {one.line}: sound here, and the repository says why" for one in fooled]
        return partly("decoys", 1 - len(words) / 2, *(words or ["no sound place was accused"]))

    def severity(self) -> Result:
        """What must not be merged is said to block."""
        hits = [name for name in self.matched.hits if name in self.blocking]
        if not hits:
            return lost("severity", "nothing that blocks was found")
        wrong = [name for name in hits if self.review.severities[self.matched.hits[name]] != "blocking"]
        return partly("severity", 1 - len(wrong) / len(hits), f"{len(hits) - len(wrong)} of {len(hits)} said to block", *wrong[:6])

    def verdict(self) -> Result:
        if self.truths and not self.matched.hits:
            return lost("verdict", "nothing that is wrong was found, so that a verdict rests on nothing")
        return (met if self.says_right else lost)("verdict", f"the verdict is {self.review.verdict[:40]!r}")


def _truth(words: dict) -> Truth:
    return Truth(words["id"], words["file"], words["first"], words["last"], tuple(words["categories"]))

