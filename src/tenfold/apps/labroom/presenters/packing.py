"""A person's own lab, packed to hand over."""

from __future__ import annotations

import json
import tempfile
import zipfile
from typing import IO

from tenfold.apps.labroom.models import LabInvitation
from tenfold.apps.labroom.queries.sessions import session_of
from tenfold.apps.labroom.services.erasure import export_invitation


def pack_own_data(found: LabInvitation) -> IO[bytes]:
    """A zip of values, recordings and snapshots, at its beginning. Who gets it closes it."""
    out = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("lab.json", json.dumps(export_invitation(found), ensure_ascii=False, indent=2))
        session = session_of(found)
        if session is not None:
            for folder in ("recordings", "snapshots"):
                for path in sorted((session.folder / folder).glob("*")):
                    if path.is_file() and not path.name.startswith("tmp"):
                        packed.write(path, f"{folder}/{path.name}")
    out.seek(0)
    return out
