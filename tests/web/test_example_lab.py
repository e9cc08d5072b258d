"""The example's lab: a script works in a real room, and what it left can be reviewed like anybody's work."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.test_hiring_journey import in_django
from tests.web.test_lab_journey import built_environments, end_servers, why_no_room

pytestmark = pytest.mark.skipif(bool(why_no_room()), reason=why_no_room())
MAKE = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("createcachetable", verbosity=0)
from django.utils import timezone
from tenfold.web.example import lab
from tenfold.web.example.seed import seed_example
seed_example(now=timezone.now())
lab._Typist.PACE_S = lab._Typist.READING_S = 0.0
first = lab.make_lab_session()
assert lab.make_lab_session() == first  # once is enough
"""
LOOK = """
import json
from django.test import Client
from tenfold.apps.labroom.models import LabInvitation, LabReview
from tenfold.core.models import User
made = LabInvitation.objects.get()
client = Client(headers={"host": "localhost"})
client.force_login(User.objects.get(email="maren@tidewater.example"))
page = client.get(f"/hiring/labs/{made.pk}/replay/")
edits = client.get(f"/hiring/labs/{made.pk}/edits/").json()["edits"]
part = client.get(f"/hiring/labs/{made.pk}/recording/?name=001&part=0").content.decode()
between = client.get(f"/hiring/labs/{made.pk}/replay/?since=1&until=1")
print("SAW", json.dumps({
    "page": page.status_code, "edits": edits, "part": part, "between": between.content.decode(),
    "reviews": LabReview.objects.filter(submitted_at__isnull=False).count(),
}))
"""


@pytest.fixture
def place() -> Iterator[Path]:
    """A home whose boxes may be entered by other uids."""
    made = Path("/var/lib", f"tenfold-test-example-{os.getpid()}")
    made.mkdir(mode=0o755)
    (made / "environments").symlink_to(built_environments() or "")
    try:
        yield made
    finally:
        end_servers(made)
        shutil.rmtree(made, ignore_errors=True)


def test_an_invented_applicant_has_done_a_lab(place: Path) -> None:
    in_django(place, MAKE)
    said = in_django(place, LOOK)
    saw = json.loads(said[said.index("SAW ") + 4 :])
    assert (saw["page"], saw["reviews"]) == (200, 2)
    assert {one["by"] for one in saw["edits"]} == {"Candidate"}
    diagnosis = next(one for one in reversed(saw["edits"]) if one["path"] == "diagnosis.toml")
    assert "+causes = [" in diagnosis["diff"]
    assert "requests of 32 ids" in saw["part"]  # what the service was measured with, before and after
    assert "Nothing differs between these two" in saw["between"]
