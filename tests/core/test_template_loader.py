"""Indentation stays out of what is sent, except where it is shown."""

from pathlib import Path

import pytest
from django.template import Origin
from django.template.engine import Engine

from tenfold.core.template_loader import Loader


def contents(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return Loader(Engine()).get_contents(Origin(str(path)))


@pytest.mark.parametrize(
    ("name", "text", "sent"),
    [
        ("a.html", "<p>\n    one\n\n  two</p>\n", "<p>\none\ntwo</p>\n"),
        ("b.html", "<pre>\n    one</pre>", "<pre>\n    one</pre>"),
        ("c.txt", "Dear\n    reader", "Dear\n    reader"),
    ],
)
def test_indentation(tmp_path: Path, name: str, text: str, sent: str) -> None:
    assert contents(tmp_path / name, text) == sent
