"""Documents of every kind come out as the same posting; hostile ones are refused, never obeyed."""

import contextlib
import io
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenfold.kit.errors import UserError
from tenfold.posting.boards import safe_html
from tenfold.posting.docx import from_docx
from tenfold.posting.model import PostingReading
from tenfold.posting.reading import read
from tenfold.posting.source import LONGEST_LINE
from tests.posting.sample import POSTING

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def docx(body: str, *, head: str = "") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "word/document.xml", f'<?xml version="1.0"?>{head}<w:document {W}><w:body>{body}</w:body></w:document>'
        )
    return stream.getvalue()


def paragraph(text: str, *, style: str = "", listed: bool = False) -> str:
    properties = (f'<w:pStyle w:val="{style}"/>' if style else "") + ("<w:numPr/>" if listed else "")
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def pdf(lines: list[str]) -> bytes:
    """A one-page PDF of our own making, with a cross-reference table that holds."""
    shown = "".join(f"({line}) Tj 0 -14 Td " for line in lines)
    stream = f"BT /F1 11 Tf 50 760 Td {shown} ET".encode("latin-1")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources 6 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Font << /F1 5 0 R >> >>",
    ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 7\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out + b"trailer << /Size 7 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start)


def demands(reading: PostingReading) -> dict[str, str]:
    return {tool.name: tool.demand.value for tool in reading.tools}


def test_a_word_document_is_read() -> None:
    body = (
        paragraph("Senior MLOps Engineer", style="Title")
        + paragraph("Requirements", style="Heading2")
        + paragraph("5+ years of experience with Kubernetes", listed=True)
        + paragraph("Nice to have", style="Heading2")
        + paragraph("Experience with Feast", listed=True)
    )
    reading = read(docx(body))
    assert demands(reading) == {"Kubernetes": "must", "Feast": "nice"}
    assert reading.years_min is not None
    assert reading.years_min.value == 5


def test_a_pdf_is_read() -> None:
    lines = [
        "Senior MLOps Engineer",
        "Requirements:",
        "- 5+ years of experience with Kubernetes",
        "- Python and MLflow",
    ]
    reading = read(pdf(lines))
    assert demands(reading) == {"Kubernetes": "must", "Python": "must", "MLflow": "must"}


def test_a_zip_bomb_in_a_word_document_is_not_opened() -> None:
    with pytest.raises(UserError, match="far more"):
        read(docx("<w:p/>" * 6_000_000))


def test_entities_in_a_word_document_are_refused() -> None:
    bomb = '<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]>'
    with pytest.raises(UserError, match="entities"):
        read(docx(paragraph("&lol2;"), head=bomb))


def test_a_deeply_nested_word_document_is_refused() -> None:
    with pytest.raises(UserError, match="nested"):
        read(docx("<w:r>" * 5_000 + "</w:r>" * 5_000))


@pytest.mark.parametrize("broken", [b"%PDF-1.7\nbroken", b"PK\x03\x04not a zip", b"%PDF-1.4\n1 0 obj<<>>endobj"])
def test_broken_documents_are_told_so(broken: bytes) -> None:
    with pytest.raises(UserError) as told:
        read(broken)
    assert told.value.remedy


def test_nesting_has_no_limit_in_html() -> None:
    page = "<div>" * 10_000 + "<li>Experience with Kubernetes</li>" + "</div>" * 10_000
    assert "Kubernetes" in demands(read(f"<html><body><h2>Requirements</h2>{page}</body></html>"))


def test_scripts_and_styles_are_no_text() -> None:
    hidden = "<script>Rust</script><style>.Kafka{}</style><noscript>Perl</noscript>"
    assert demands(read(f"<html><body><p>MLOps Engineer</p>{hidden}</body></html>")) == {}


def test_html_that_goes_out_again_is_clean() -> None:
    hostile = '<p onclick="x()">Hi<script>alert(1)</script><a href="javascript:x()">y</a><img src=x onerror=y></p>'
    clean = safe_html(hostile)
    assert "script" not in clean
    assert "onclick" not in clean
    assert "img" not in clean


ODD = st.text(max_size=400) | st.text(alphabet="*_#-`[]()<>/&;:$€0123456789kK,. \n\\abcGoR+", max_size=400)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ODD)
def test_no_text_crashes_the_reader(text: str) -> None:
    try:
        reading = read(text)
    except UserError:  # “[]” is a board's file without a posting: refused with words
        return
    for tool in reading.tools:
        for mention in tool.mentions:
            assert reading.text[mention.start : mention.end] == mention.text


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<li>",
                "<ul>",
                "<b>",
                "</b>",
                "<h1>",
                "<br>",
                "Go",
                "Ray",
                "$5k",
                "&amp;",
                "<!--",
                "<a href='",
            ]
        ),
        max_size=60,
    )
)
def test_no_markup_crashes_the_reader(parts: list[str]) -> None:
    read("<html>" + " ".join(parts))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=600), st.sampled_from([b"", b"%PDF-1.7\n", b"PK\x03\x04", b"\xff\xfe"]))
def test_no_bytes_crash_the_reader(tail: bytes, head: bytes) -> None:
    with contextlib.suppress(UserError):
        read(head + tail)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, len(POSTING)), st.text(max_size=30))
def test_an_edit_anywhere_keeps_spans_true(at: int, words: str) -> None:
    reading = read(POSTING[:at] + words + POSTING[at:])
    for line in reading.lines:
        assert 0 <= line.start < line.end <= len(reading.text)


def test_hostile_repetition_ends() -> None:
    for piece in ("$1 - ", "5+ years ", "(a, ", "**b ", "[x](", "- " * 40, "e.g. ", "Go, "):
        read(piece * 4_000)


def test_a_text_longer_than_any_posting_is_refused() -> None:
    with pytest.raises(UserError, match="longer than") as told:
        read("Kubernetes and Go. " * 30_000)
    assert told.value.remedy


def test_one_line_without_an_end_is_cut_where_sentences_end_and_keeps_its_words() -> None:
    line = "Experience with Go is a plus. Experience with Rust. " * 2_000
    reading = read(f"# Engineer\n\n## Requirements\n\n{line}")
    assert max(line.end - line.start for line in reading.lines) <= LONGEST_LINE
    assert reading.text.count("Rust") == 2_000
    assert demands(reading) == {"Go": "nice", "Rust": "must"}


def test_a_page_with_much_script_and_little_text_is_read() -> None:
    page = (
        f"<html><script>{'x = 1;' * 400_000}</script><body><h2>Requirements</h2><ul><li>Kafka</li></ul></body></html>"
    )
    assert demands(read(page)) == {"Kafka": "must"}


WORD = docx(paragraph("Senior MLOps Engineer", style="Title") + paragraph("Kubernetes", listed=True))
PDF = pdf(["Senior MLOps Engineer", "Requirements:", "- 5+ years of experience with Kubernetes", "- Python and MLflow"])


@settings(max_examples=120, deadline=None)
@given(
    st.sampled_from([WORD, PDF]),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=12),
    st.floats(0, 1),
)
def test_a_damaged_document_is_read_or_refused(document: bytes, damage: list[tuple[float, int]], kept: float) -> None:
    broken = bytearray(document)
    for where, value in damage:
        broken[int(where * len(broken))] = value
    with contextlib.suppress(UserError):
        read(bytes(broken[: int(len(broken) * max(kept, 0.2))]))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(["div", "ul", "li", "b", "table", "p", "script", "svg"]), min_size=1, max_size=4))
def test_any_nesting_ends(tags: list[str]) -> None:
    opened = "".join(f"<{tag}>" for tag in tags) * 2_500
    read(f"<html><body>{opened}Kubernetes</body></html>")


def test_a_docx_whose_packing_is_spoilt_is_told() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", "<w>" + "".join(f"<p>{n * 7919}</p>" for n in range(400)) + "</w>")
    whole = packed.getvalue()
    for at in range(60, 400, 7):
        spoilt = whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]
        with pytest.raises(UserError):
            from_docx(spoilt)
