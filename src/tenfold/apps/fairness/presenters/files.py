"""A published period as files: the table as CSV and JSON, and the packet for an independent auditor."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile

from tenfold import __version__
from tenfold.apps.fairness.models import AuditPeriod
from tenfold.apps.fairness.queries import hash_of_period
from tenfold.intake.notices import templates
from tenfold.practices.interviews.fairness_report import METHOD, to_csv
from tenfold.stats.publication import LEAST

NOTICE = "nyc-aedt"
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The same packet is the same file, byte for byte, whenever it is made."""
READ_ME = """# What this packet is

Selection rates and impact ratios of {organisation}, decisions from {begin} to {end}, worked out on {day} by Tenfold
{version}. For an auditor who is independent of the employer and of the tool (6 RCNY section 5-300); the packet is
not an audit by itself.

| File | What it holds |
|---|---|
| tables.csv | one line a step, question, part and category: assessed, selected, rate, ratio, interval, tests |
| tables.json | the same, with strata and what must be said of each table |
| counts.json | everybody whose application ended in the period |
| notice.txt | the notice that New York City asks for, to be filled in |
| manifest.json | SHA-256 of each file, and of the period as it stands in the audit trail |

There is nobody in it: no name, no id, no row of a person.

# How it was worked out

{method}

- Counted are applications that were rejected or hired in the period. Whoever withdrew is counted in counts.json and
  is in no table.
- Sex and race or ethnicity are what applicants said of themselves, voluntarily; who said nothing is "not stated", is
  counted and has no ratio. Nothing was inferred.
- A kind of stage is passed by whoever went on from it. "Above the median" is the scoring rate of an instrument: the
  share that scored above the median of the role's people in the period.
- No count of one to {most} people is shown, and none that differs by so few from another: "has_hidden_categories" marks
  tables that leave categories out for this. What was left out is not in the packet.
- The period was worked out once. Whoever is erased later, or changes an answer, changes nothing in it.

# What is missing

- Data of who applied outside Tenfold, and of tools that score applicants outside it.
- Reasons: a ratio below 4/5 is a reason to look, not a finding of discrimination; nor is one above it a clearance.
"""


def to_json(period: AuditPeriod) -> str:
    told = {
        "from": period.from_date.isoformat(),
        "until": period.until_date.isoformat(),
        "published": period.published_at.isoformat(),
        "sha256": hash_of_period(period),
        **period.content,
    }
    # Sorted: PostgreSQL keeps the keys of a document in an order of its own.
    return json.dumps(told, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def packet(period: AuditPeriod) -> bytes:
    """A zip for an independent auditor: tables, method, counts, dates, hashes; no person."""
    held = {
        "README.md": _read_me(period),
        "tables.csv": to_csv(period.content),
        "tables.json": to_json(period),
        "counts.json": json.dumps(period.content["counts"], indent=2, sort_keys=True) + "\n",
        "notice.txt": notice_text() + "\n",
    }
    hashes = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in held.items()}
    manifest = {"files": hashes, "period_in_trail": hash_of_period(period), "made_by": f"Tenfold {__version__}"}
    held["manifest.json"] = json.dumps(manifest, indent=2) + "\n"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in held.items():
            archive.writestr(zipfile.ZipInfo(name, EPOCH), text, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def notice_text() -> str:
    """The notice with its gaps named in brackets."""
    found = templates()[NOTICE]
    gaps = {name: f"[{name.replace('_', ' ')}]" for name in found.fields}
    return f"{found.title.format(**gaps)}\n\n{found.text.format(**gaps)}"


def _read_me(period: AuditPeriod) -> str:
    return READ_ME.format(
        organisation=period.organisation.name,
        begin=period.from_date.isoformat(),
        end=period.until_date.isoformat(),
        day=period.published_at.date().isoformat(),
        version=__version__,
        method="\n".join(f"- {name.replace('_', ' ')}: {said}" for name, said in METHOD.items()),
        most=LEAST - 1,
    )
