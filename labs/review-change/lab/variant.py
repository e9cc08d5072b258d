"""What differs between two candidates: the trade, which defects are planted where, which decoys stand beside them.

The change is always the same size: every place holds its sound form or a defect. Seven defects of seventeen families; in
one variant of ten there is none, and approving the change is the answer. `pull_request.py` holds the change itself.
"""

import difflib
import json
import sys
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent))
import pull_request as pr

TRADES = (
    ("machine", "machines", "wear", "vibration", "repair_code"),
    ("reader", "readers", "renewal", "minutes_read", "cancel_reason"),
    ("merchant", "merchants", "fraud", "ticket_mean", "chargeback_code"),
    ("patient", "patients", "no-show", "days_ahead", "visit_outcome"),
    ("driver", "drivers", "acceptance", "pickup_minutes", "complaint_code"),
    ("listing", "listings", "conversion", "photo_count", "sale_price"),
)
DEFECTS, DECOYS, NOTHING_WRONG = 7, 3, 0.1
LESSER = (1, 2, 3)  # of the seven, so many need not hold the merge


def make(rng: Random) -> dict:
    entity, entities, model, feature, outcome = rng.choice(TRADES)
    words = {
        "entity": entity, "entities": entities, "model": model, "feature": feature, "outcome": outcome,
        "minimum": rng.choice((2000, 5000, 8000)), "load_s": rng.choice((40, 55, 70)), "longest_s": rng.choice((25, 30, 45)),
        "split": rng.choice(("time", "group")), "days": rng.choice((14, 21, 28)),
    }  # fmt: skip
    chosen = _defects(rng, words["split"])
    while sum(not pr.DEFECTS[name].blocking for name in chosen) not in LESSER:
        chosen = _defects(rng, words["split"])
    clean = rng.random() < NOTHING_WRONG
    decoys = rng.sample(sorted(pr.DECOYS), DECOYS)
    made = {**words, "faults": [] if clean else chosen, "mutant_faults": chosen, "decoys": decoys, "findings": "", "pull": ""}
    _, truths, fooled = pr.rendered(made)
    return {**made, "truths": truths, "traps": fooled, "lines": _lengths(made)}


def _defects(rng: Random, split: str) -> list[str]:
    """One of each kind first, so that no variant is all of one trade; then whatever is left."""
    other = {"time": "rows-of-one-group", "group": "shuffled-time"}[split]
    families = [name for name in pr.DEFECTS if name != other]
    kinds = sorted({pr.DEFECTS[name].kind for name in families})
    chosen = [rng.choice([name for name in families if pr.DEFECTS[name].kind == kind]) for kind in kinds]
    # One group for all would keep deploys apart as well: the two are never planted together.
    rest = [name for name in families if name not in chosen and pr.DEFECTS[name].kind != "ci"]
    chosen += rng.sample(rest, DEFECTS - len(chosen))
    return sorted(chosen)


def _lengths(parameters: dict) -> dict[str, int]:
    return {name: text.count("\n") for name, text in pr.rendered(parameters)[0].items()}


def derived(parameters: dict) -> dict:
    """The reference's findings."""
    return {"findings": findings(parameters["truths"])}


def findings(truths: list[dict], verdict: str = "") -> str:
    """As a candidate hands them in."""
    rows = [f'verdict = "{verdict or ("request-changes" if truths else "approve")}"\n']
    for one in truths:
        words = {"file": one["file"], "line": one["first"], "category": one["categories"][0]}
        severity = "blocking" if one["blocking"] else "should-fix"
        body = "\n".join(f"{key} = {json.dumps(value)}" for key, value in {**words, "severity": severity, "text": one["id"]}.items())
        rows.append(f"[[finding]]\n{body}\n")
    return "\n".join(rows)


def inject(workspace: Path, parameters: dict) -> None:
    """Nothing but the change itself, which everybody gets."""


def break_it(workspace: Path, fault: str) -> None:
    """A mutant that overlooks one planted defect."""


def everywhere(parameters: dict) -> dict[str, bytes]:
    """The repository as the pull request leaves it, and the difference."""
    after = pr.rendered(parameters)[0]
    before = pr.before(parameters)
    diff = []
    for name in sorted({*before, *after}):
        old, new = before.get(name, "").splitlines(True), after.get(name, "").splitlines(True)
        if old != new:
            diff += difflib.unified_diff(old, new, f"a/{name}" if name in before else "/dev/null", f"b/{name}")
    files = {f"repository/{name}": text.encode() for name, text in after.items()}
    return files | {"change.diff": "".join(diff).encode()}


REVIEWS = {
    "no-security": lambda truths, _: [one for one in truths if one["categories"][0] not in {"security", "leakage"}],
    "first-file-only": lambda truths, _: [one for one in truths if one["file"] == "train.py"],
    "accuses-decoys": lambda truths, parameters: truths + [
        {**one, "categories": ["security"], "blocking": True} for one in parameters["traps"]
    ],
    "far-away": lambda truths, _: [{**one, "first": one["last"] + 9} for one in truths],
    "one-category": lambda truths, _: [{**one, "categories": ["resource-leak"]} for one in truths],
    "approves": lambda truths, _: truths,
    "nothing-blocks": lambda truths, _: [{**one, "blocking": False} for one in truths],
    "everywhere": lambda _, parameters: _everywhere(parameters),
    "says-too-much": lambda truths, parameters: truths + _everywhere(parameters)[: 19 - len(truths)],
    "misses-the-lesser": lambda truths, _: [one for one in truths if one["blocking"]],
    "last-lines": lambda truths, _: [
        {**one, "first": one["last"], "categories": one["categories"][::-1]} for one in truths
    ],
    "twice": lambda truths, _: truths + [{**one, "first": one["last"] + 1} for one in truths],
    "two-more": lambda truths, parameters: truths + _everywhere(parameters)[:2],
    "json": lambda truths, _: truths,
}  # fmt: skip
"""Right and wrong reviews, made of this variant's truth."""

WRONG = frozenset(REVIEWS) - {"last-lines", "twice", "two-more", "json"}


def rewrite(workspace: Path, parameters: dict, how: str) -> None:
    """A review instead of the reference's. `approves`: with the wrong verdict."""
    is_sound = not parameters["truths"]
    verdict = "approve" if is_sound != (how == "approves") else "request-changes"
    found = REVIEWS[how](parameters["truths"], parameters)
    if is_sound and how in WRONG:  # whoever reads badly finds something in a sound change
        found, verdict = found or _everywhere(parameters)[:6], "request-changes"
    text = findings(found, verdict)
    (workspace / "findings.toml").unlink()
    name = "findings.json" if how == "json" else "findings.toml"
    (workspace / name).write_text(_json(text) if how == "json" else text)


def _everywhere(parameters: dict) -> list[dict]:
    """Findings where nothing is planted: the first lines of files, and further down."""
    taken = [*parameters["truths"], *parameters["traps"]]
    free = [
        {"id": "made up", "file": file, "first": line, "categories": ["operations"], "blocking": True}
        for file, length in sorted(parameters["lines"].items())
        for line in range(2, length, 9)
        if not any(one["file"] == file and one["first"] - 5 <= line <= one["last"] + 5 for one in taken)
    ]
    return free[::2][:19]


def _json(text: str) -> str:
    import tomllib

    held = tomllib.loads(text)
    return json.dumps({"verdict": held["verdict"], "findings": held.get("finding", [])})
