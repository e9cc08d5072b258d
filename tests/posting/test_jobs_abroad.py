"""What the job is, read from German and French duties; the title says nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import tomli

from tenfold.posting.reading import read

JOBS = tomli.loads(Path(__file__).with_name("jobs_abroad.toml").read_text("utf-8"))["job"]
HEADINGS = {
    "de": ("Wir bauen Geräte für Krankenhäuser und sitzen am Rhein.", "Deine Aufgaben", "Dein Profil"),
    "fr": ("Nous fabriquons des appareils pour les hôpitaux au bord du Rhône.", "Vos missions", "Votre profil"),
}


def _posting(job: dict[str, Any]) -> str:
    about, duties, needs = HEADINGS[job["language"]]
    lists = {duties: job["duties"], needs: job["needs"]}
    sections = (f"## {head}\n" + "".join(f"- {item}\n" for item in items) for head, items in lists.items())
    return "\n".join([f"# {job['title']}\n\n{about}\n", *sections])


@pytest.mark.parametrize("job", JOBS, ids=[f"{job['language']}-{job['family']}-{at}" for at, job in enumerate(JOBS)])
def test_duties_in_german_and_french_tell_the_job(job: dict[str, Any]) -> None:
    reading = read(_posting(job))
    assert reading.language.code == job["language"]
    assert reading.family.is_certain
    assert reading.family.value == job["family"]
