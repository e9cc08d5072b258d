"""What the audit takes, and how it refuses the rest: one clear error with place and remedy."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenfold.audit.intake import MAX_BYTES, take, take_bytes
from tenfold.kit.errors import UserError

POSTING = "# MLOps engineer\n\nWe run models on Kubernetes. Pay is $180,000 to $215,000 a year. Café.\n"
PLAN = "tenfold_plan: 1\nrole:\n  title: MLOps engineer\n"


def refused(raw: bytes, name: str = "posting.txt") -> UserError:
    with pytest.raises(UserError) as caught:
        take_bytes(raw, name=name)
    assert caught.value.remedy
    assert caught.value.place.file == name
    return caught.value


def test_a_posting_is_read_and_its_text_kept() -> None:
    taken = take_bytes(POSTING.encode(), name="posting.md")
    assert not taken.is_plan
    assert taken.reading is not None
    assert "Café" in taken.reading.text
    assert taken.plan.posting == taken.reading.text.strip()


def test_a_plan_is_known_by_its_first_key_whatever_it_is_called() -> None:
    assert take_bytes(PLAN.encode(), name="notes.txt").is_plan
    assert take_bytes(PLAN.encode(), name="plan.yaml").line_of("role.title") == 3


def test_a_plan_s_posting_is_read() -> None:
    taken = take_bytes((PLAN + "posting: |\n  We run models on Kubernetes.\n").encode(), name="plan.yaml")
    assert taken.reading is not None
    assert taken.reading.text.strip() == "We run models on Kubernetes."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_text_that_says_its_encoding_is_read(encoding: str) -> None:
    taken = take_bytes(POSTING.encode(encoding), name="posting.txt")
    assert taken.reading is not None
    assert "Café" in taken.reading.text


def test_a_page_that_declares_its_character_set_is_read() -> None:
    page = '<!doctype html><html><meta charset="iso-8859-1"><p>Café in Zürich</p></html>'
    taken = take_bytes(page.encode("iso-8859-1"), name="posting.html")
    assert taken.reading is not None
    assert "Café in Zürich" in taken.reading.text


def test_a_page_with_scripts_is_read_without_them() -> None:
    page = "<html><body><script>alert('Kubernetes')</script><p>We need MLflow.</p></body></html>"
    taken = take_bytes(page.encode(), name="posting.html")
    assert taken.reading is not None
    assert "alert" not in taken.reading.text


def test_standard_input_is_a_dash() -> None:
    taken = take("-", stdin=io.BytesIO(POSTING.encode()))
    assert taken.name == "standard input"


def test_an_encoding_that_does_not_say_its_name_is_refused_at_its_line() -> None:
    error = refused("First line\nCafé\n".encode("latin-1"))
    assert error.what == "This is not UTF-8 text: byte 15 cannot be read."
    assert error.place.line == 2


def test_an_empty_file_is_refused() -> None:
    assert refused(b" \n\n").what == "This is empty."


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (b"%PDF-1.7\n\xe2\xe3", "This PDF cannot be read: PdfStreamError."),
        (b"PK\x03\x04\x14\x00", "This DOCX cannot be read: BadZipFile."),
        (b"\x89PNG\r\n\x1a\n", "This is a picture, not text."),
        (b"\x7fELF\x02\x01\x01\x00" + bytes(range(256)), "This is a binary file, not text."),
        (b"words\x00words\x00\x00", "This is a binary file, not text."),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_name(raw: bytes, what: str) -> None:
    assert refused(raw).what == what


def test_five_megabytes_are_one_clear_error() -> None:
    assert refused(b"word " * 1_000_000).what == "This is larger than 2 MB; a posting or plan is a few pages."


def test_a_yaml_file_that_is_no_plan_says_what_a_plan_begins_with() -> None:
    error = refused(b"role:\n  title: x\n", "plan.yaml")
    assert "tenfold_plan: 1" in error.what
    assert error.place.line == 1


def test_a_page_without_words_is_refused() -> None:
    refused(b"<html><body><script>1</script></body></html>", "posting.html")


def test_a_folder_is_refused_with_what_to_type(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="folder") as caught:
        take(str(tmp_path))
    assert "*.md" in caught.value.remedy


def test_a_missing_file_names_its_neighbour(tmp_path: Path) -> None:
    (tmp_path / "posting.md").write_text(POSTING)
    with pytest.raises(UserError, match="no such file") as caught:
        take(str(tmp_path / "postin.md"))
    assert caught.value.remedy == f"Did you mean {tmp_path / 'posting.md'}?"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_refused(tmp_path: Path) -> None:
    locked = tmp_path / "posting.md"
    locked.write_text(POSTING)
    locked.chmod(0)
    with pytest.raises(UserError, match="may not be read"):
        take(str(locked))


def test_a_path_that_no_system_takes_is_refused() -> None:
    with pytest.raises(UserError, match="cannot be read"):
        take("a\x00b")


def test_more_than_the_most_is_never_read(tmp_path: Path) -> None:
    huge = tmp_path / "huge.txt"
    with huge.open("wb") as stream:
        stream.truncate(MAX_BYTES * 500)
    with pytest.raises(UserError, match="larger than"):
        take(str(huge))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["a.txt", "a.md", "a.html", "a.yaml", "a.json", "standard input"]))
def test_any_bytes_are_read_or_refused(raw: bytes, name: str) -> None:
    try:
        taken = take_bytes(raw, name=name)
    except UserError:
        return
    assert taken.is_plan or taken.reading is not None
