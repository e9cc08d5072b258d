"""The probes of this folder: each kind of sentence is read as its writer meant it."""

import pytest

from tests.posting.probing import SUBJECTS, answer, rows

PARTS = ("first", "fresh", "third", "fourth", "fifth", "sixth", "seventh", "eighth")


@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize("part", PARTS)
def test_a_sentence_is_read_as_it_is_meant(part: str, subject: str) -> None:
    wrong = {row["text"]: got for row in rows(part, subject) for right, got in [answer(subject, row)] if not right}
    assert wrong == {}
