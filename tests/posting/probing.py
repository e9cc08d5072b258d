r"""Small probes of the reader, each one sentence with its right answer, written by kind before their answers were seen.

Tables are separated by `|`; `\\|` in a text is that sign, `⏎` a new line. `pay` kind|where|text|min|max|currency|
period|open (no currency: no pay is stated; `?`: looks like pay, cannot be understood, and must be quoted as such),
`years` kind|title|text|years|level, `places` kind|text|workplace|places (`?`: must stay open), `demand`
heading|text|tool|demand (`-`: not asked for).

    python -m tests.posting.probing first --show
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tenfold.posting.reading import read
from tenfold.posting.record import record

FOLDER = Path(__file__).parent / "probes"
SUBJECTS = ("pay", "years", "places", "demand")
_POSTING = """# {title}

{before}We look after the machines that other people's models run on.

## What you will do

- Roll out new versions of the serving layer
- Write the jobs that retrain the models every night

## Requirements

- Python
- {asked}
"""


def rows(part: str, subject: str) -> Iterator[dict[str, str]]:
    """The probes of one subject in one part (`first` or `fresh`)."""
    keys, *lines = (FOLDER / f"{part}_{subject}.csv").read_text("utf-8").splitlines()
    names = keys.split("|")
    for line in lines:
        cells = line.replace("\\|", "\0").replace("⏎", "\n").split("|")
        yield dict(zip(names, (cell.replace("\0", "|") for cell in cells), strict=True))


def posting(subject: str, row: dict[str, str]) -> str:
    """A posting that holds the probe's sentence where such a sentence stands."""
    text, title = row["text"], row.get("title", "MLOps Engineer")
    if subject == "pay":
        where = f"Location: {row['where']}\n\n" if row["where"] else ""
        return _POSTING.format(title=title, before=where, asked="Docker") + f"\n{text}\n"
    if subject == "years":
        return _POSTING.format(title=title, before="", asked=text)
    if subject == "places":
        if ":" in text.split(",", maxsplit=1)[0]:
            return _POSTING.format(title=title, before=f"{text}\n\n", asked="Docker")
        if text.startswith(("Monitor", "Experience")):
            return _POSTING.format(title=title, before="", asked=text)
        return _POSTING.format(title=title, before="", asked="Docker") + f"\n## Where you work\n\n{text}\n"
    plain = _POSTING.format(title=title, before="", asked="SQL")
    return plain + (f"{text}\n" if row["heading"] == "Requirements" else f"\n## {row['heading']}\n\n{text}\n")


def answer(subject: str, row: dict[str, str]) -> tuple[bool, Any]:
    """Whether the reader answers the probe rightly, and what it answers."""
    return _JUDGES[subject](row, record(read(posting(subject, row), name="probe")))


def _pay(row: dict[str, str], found: dict[str, Any]) -> tuple[bool, Any]:
    pay = found["pay"]
    got = pay and (pay["min"], pay["max"], pay["currency"], pay["period"], found["pay_open_ended"])
    if row["currency"] in ("", "?"):
        unread = [quote["text"] for quote in found["pay_not_read"]]
        return pay is None and bool(unread) == (row["currency"] == "?"), got or unread
    low, high = float(row["min"] or row["max"]), float(row["max"] or row["min"])
    return got == (low, high, row["currency"], row["period"], bool(row["open"])), got


def _years(row: dict[str, str], found: dict[str, Any]) -> tuple[bool, Any]:
    years = found["years_min"]
    level = not row["level"] or found["level"] == (None if row["level"] == "-" else row["level"])
    return years == (None if row["years"] == "-" else float(row["years"])) and level, (years, found["level"])


def _places(row: dict[str, str], found: dict[str, Any]) -> tuple[bool, Any]:
    ids = {place["subdivision"] or place["country"] for place in found["places"]}
    inner = sorted(id_ for id_ in ids if not any(other.startswith(f"{id_}-") for other in ids))
    open_ = [place["text"] for place in found["open_places"]]
    if row["places"] == "?":
        right = not inner and bool(open_)
    else:
        right = inner == ([] if row["places"] == "-" else row["places"].split(";")) and not open_
    return right and (found["workplace"] or "-") == row["workplace"], (found["workplace"], inner, open_)


def _demand(row: dict[str, str], found: dict[str, Any]) -> tuple[bool, Any]:
    got = {tool["id"]: tool["demand"] for tool in found["tools"]}.get(row["tool"], "-")
    return got == row["demand"] or (row["demand"] == "-" and got == "context"), got


_JUDGES = {"pay": _pay, "years": _years, "places": _places, "demand": _demand}


def main() -> None:
    """Prints right answers of all by kind."""
    part, show = sys.argv[1], "--show" in sys.argv
    for subject in SUBJECTS:
        right, all_ = Counter[str](), Counter[str]()
        for row in rows(part, subject):
            kind = row.get("kind") or row["heading"]
            ok, got = answer(subject, row)
            right[kind] += ok
            all_[kind] += 1
            if show and not ok:
                sys.stdout.write(f"  {subject} {kind}: {row.get('where', '')} {row['text']} -> {got}\n")
        kinds = ", ".join(f"{kind} {right[kind]}/{n}" for kind, n in all_.items()) if subject != "demand" else ""
        total = f"{sum(right.values())} of {sum(all_.values())} ({sum(right.values()) / sum(all_.values()):.3f})"
        sys.stdout.write(f"{subject}: {total} {kinds}\n")


if __name__ == "__main__":
    main()
