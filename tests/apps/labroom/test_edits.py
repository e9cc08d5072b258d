"""What is shown of edits is bounded, whatever a candidate saves: named without its text, never left out."""

from __future__ import annotations

import itertools

import pytest

from tenfold.apps.labroom.queries import changes, edits
from tenfold.apps.labroom.queries.sessions import session_of
from tenfold.labs import edits as kept
from tenfold.sandbox.files import version_of
from tests.company import NOW, Company
from tests.factories.candidates import application_to, role_of
from tests.factories.labs import agreed, graded, invited, submitted


def test_edits_beyond_the_time_for_all_of_them_are_named_without_text(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = graded(submitted(agreed(invited(company, application_to(role_of(company))))), {})
    session = session_of(lab)
    assert session is not None
    texts = [b"", b"one\n", b"one\ntwo\n"]
    for was, now in itertools.pairwise(texts):
        kept.keep_text(session, now)
        session.note(
            "file", NOW, path="a.py", by="candidate", was=version_of(was) if was else "", version=version_of(now)
        )
    assert [one.diff.splitlines()[-1] for one in edits.edits_shown(session)] == ["+one", "+two"]
    monkeypatch.setattr(edits, "BUDGET_S", -1.0)
    assert [(one.path, one.is_text) for one in edits.edits_shown(session)] == [("a.py", False)] * 2


def test_a_file_of_very_many_lines_is_not_compared() -> None:
    many = b"x\n" * (changes.MOST_COMPARED + 1)
    assert changes.text_diff("a", b"", many) == ("", False)
    assert changes.text_diff("a", b"", b"x\n" * 10)[1]
