"""The probes of this folder: each kind of sentence is read as its writer meant it."""

import pytest

from tests.posting.probing import answer, rows

PARTS = ("first",)


@pytest.mark.parametrize("part", PARTS)
def test_places_are_where_the_posting_says(part: str) -> None:
    wrong = {row["text"]: got for row in rows(part, "places") for right, got in [answer("places", row)] if not right}
    assert wrong == {}
