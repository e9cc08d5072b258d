"""Whole files of every kind that commands and forms take, and what chance, haste or malice makes of them."""

from __future__ import annotations

import io
import json
import random
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import openpyxl

from tests.fuzz.texts import PAGE, PLAN, POSTING

COLUMNS = (
    "person|employee|reference|name|email|role|title|level|department|location|country|start|end|start_date|end_date|"
    "hired|left|date|year|salary|pay|currency|period|score|rater|candidate|criterion|rating|outcome|sex|race|stage|group"
)
CELLS = (  # invented people and figures
    "P{n}|E{n}|R{n}|Ada Invented {n}|a{n}@x.example|mlops|MLOps Engineer|senior|ML|Vienna|AT|2021-03-01||2021-03-01||"
    "01.02.2022|31/12/2023|2024-05-06|2024|6{n}.000,50|$95,000|EUR|year|4|r{n}|c{n}|design|3,5|yes|F|Asian|interview|A"
)
ROWS = [COLUMNS.split("|"), *(CELLS.format(n=n).split("|") for n in range(12))]
LADDER = """\
tenfold_ladder: 1
name: Ours
levels: [{id: l1, name: One}, {id: l2, name: Two}]
themes: [{id: t, name: Theme}]
competencies: [{id: t.l1.1, level: l1, theme: t, summary: Ships models}]
"""
EVIDENCE = (
    "tenfold_evidence: 1\nperson: Invented\nevidence:\n  - {competency: t.l1.1, date: 2026-01-02, text: Shipped}\n"
)
BOARD = {"jobs": [{"id": 1, "title": "MLOps", "content": "<p>Kubernetes</p>", "location": {"name": "Denver"}}]}
RECORDS = [{"id": 1, "created_at": "2026-01-01T00:00:00Z", "status": "success", "sha": "a" * 40, "number": 7}]
SETTINGS = '[a]\nb = 1\nc = "x"\nd = [1, 2]\ne = 2026-01-01\n'


def _csv(mark: str) -> bytes:
    return "\r\n".join(mark.join(f'"{cell}"' if mark in cell else cell for cell in row) for row in ROWS).encode()


@cache
def _workbook() -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in ROWS:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


@cache
def _letter() -> bytes:
    out = io.BytesIO()
    body = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in ("MLOps Engineer", "Kubernetes", "Denver"))
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>')
    return out.getvalue()


PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj\n"
    b"4 0 obj<</Length 44>>stream\nBT /F 12 Tf 10 100 Td (MLOps Engineer) Tj ET\nendstream endobj\n"
    b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
)


@cache
def seeds() -> dict[str, tuple[bytes, ...]]:
    """Whole files by their ending."""
    texts = (POSTING.encode(), PAGE.encode(), f"---\ntitle: X\n---\n{POSTING}".encode())
    return {
        "md": texts,
        "txt": texts,
        "html": (PAGE.encode(), b"<h1>IC1 Engineer</h1><p><strong>Scope</strong><ul><li>Ships</ul>"),
        "yaml": (PLAN.encode(), LADDER.encode(), EVIDENCE.encode()),
        "json": tuple(json.dumps(each).encode() for each in (BOARD, RECORDS, {"items": RECORDS, "data": RECORDS})),
        "csv": (_csv(","), _csv(";"), _csv("\t").replace(b"Vienna", "Łódź".encode("cp1250"))),
        "xlsx": (_workbook(),),
        "pdf": (PDF,),
        "docx": (_letter(),),
        "toml": (SETTINGS.encode(),),
    }


ENDINGS = {"yml": "yaml", "htm": "html", "markdown": "md", "jsonl": "json", "tsv": "csv"}
NOISE = (
    *(
        b"\x00",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\r",
        b"\n\n\n",
        b"\t",
        b'"',
        b"'",
        b",",
        b";",
        b"{",
        b"[",
        b"<",
        b"&a ",
        b"*a ",
    ),
    *(
        b"-",
        b": ",
        b"#",
        b"---\n",
        b"9" * 5_000,
        b"1e999",
        b"-0",
        b"NaN",
        b"Infinity",
        b"\\ud800",
        b"=1+1",
        b"@SUM(A1)",
    ),
    *(b"2026-02-30", b"0001-01-01", b"9999-12-31", b"31.12.99999", b"1.234,56", b"$99999999999999k", b"null", b"true"),
    *(
        each.encode()
        for each in ("٣٤", "²", "½", "İ", "ß", "\u202e", "\u200b", "👩🏽‍🚀", "\x1b[31m", "\u0085", "\u2028")
    ),
    *(
        b"</script>",
        b"<script>",
        b"<!--",
        b"<![CDATA[",
        b"&#0;",
        b"&#x110000;",
        b"sep=,\n",
        b"!!omap ",
        b"<<: *a",
        b"%YAML 9",
    ),
)


def mutated(chance: random.Random, ending: str, more: tuple[bytes, ...] = ()) -> bytes:
    """A file of a kind after one to five changes; one in twenty is of another kind than its name says."""
    kind = ENDINGS.get(ending, ending)
    known = seeds()
    if kind not in known or chance.random() < 0.05:
        kind = chance.choice(sorted(known))
    content = chance.choice((*known[kind], *more))
    for _ in range(chance.choice((1, 1, 1, 2, 3, 5))):
        content = chance.choice(CHANGES)(chance, content)
    return content[:3_000_000]


def _spliced(chance: random.Random, content: bytes) -> bytes:
    start = chance.randint(0, len(content))
    lost = chance.choice((0, 0, 1, 3, 40, 400))
    return content[:start] + chance.choice(NOISE) + content[start + lost :]


def _bits(chance: random.Random, content: bytes) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.randint(1, 12) if changed else 0):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _cut(chance: random.Random, content: bytes) -> bytes:
    return content[: chance.randint(0, len(content))]


def _shuffled(chance: random.Random, content: bytes) -> bytes:
    lines = content.splitlines(keepends=True)
    chance.shuffle(lines)
    return b"".join(lines)


def _repeated(chance: random.Random, content: bytes) -> bytes:
    start = chance.randint(0, len(content))
    piece = content[start : start + chance.choice((1, 5, 50, 2_000))]
    return content[:start] + piece * chance.choice((2, 20, 1_000, 20_000)) + content[start:]


def _nested(chance: random.Random, content: bytes) -> bytes:
    start = chance.randint(0, len(content))
    mark = chance.choice((b"[", b"{", b"(", b"<div>", b"<ul><li>", b"- ", b'"', b"> ", b"{a: ", b'{"a":', b"*", b"&"))
    return content[:start] + mark * chance.choice((30, 1_000, 50_000)) + content[start:]


def _other_number(chance: random.Random, content: bytes) -> bytes:
    digits = [at for at, byte in enumerate(content) if 48 <= byte <= 57]
    if not digits:
        return content
    at = chance.choice(digits)
    return (
        content[:at]
        + chance.choice((b"-1", b"0", b"99999999999999999999", b"1e400", b"", "٣".encode()))
        + content[at + 1 :]
    )


def _other_encoding(chance: random.Random, content: bytes) -> bytes:
    text = content.decode("utf-8", "replace")
    return text.encode(chance.choice(("utf-16", "utf-16-le", "utf-32", "cp1252", "cp500", "utf-7")), "replace")


def _inside_archive(chance: random.Random, content: bytes) -> bytes:
    """A part of a workbook or Word document changed; other files are left to the other changes."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        return _bits(chance, content)
    if not parts:
        return content
    name = chance.choice(sorted(parts))
    parts[name] = chance.choice((_spliced, _bits, _cut, _repeated, _nested))(chance, parts[name])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for each, part in parts.items():
            packed.writestr(each, part)
    return out.getvalue()


CHANGES: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    *(_spliced, _spliced, _spliced, _bits, _cut, _shuffled, _repeated, _nested, _other_number, _other_encoding),
    _inside_archive,
)


def files_below(folder: Path, ending: str) -> Iterator[bytes]:
    """Real files of a kind, to begin from as well."""
    for path in sorted(folder.rglob(f"*.{ending}"))[:40]:
        if path.stat().st_size < 400_000:
            yield path.read_bytes()
