"""Files that candidates send: what they are is told from their content, never from their name."""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePath
from typing import Any

import puremagic
from django import forms
from django.core.files.uploadedfile import UploadedFile

from tenfold.apps.candidates.queries.applicant import UploadedFile as Sent

MAX_BYTES = 5_000_000
KINDS = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".rtf": "application/rtf",
    ".txt": "text/plain",
}
TAKEN = "PDF, Word (.docx), OpenDocument, RTF or plain text"


def kind_of(content: bytes) -> str:
    """The ending that the content deserves: one of `KINDS`, or "" for anything else."""
    if content[:4] == b"PK\x03\x04":
        return _of_archive(content)
    try:
        found = {match.extension for match in puremagic.magic_string(content)}
    except (puremagic.PureError, ValueError):
        found = set()
    if content[:5] == b"%PDF-" and ".pdf" in found:
        return ".pdf"
    if content[:5] == b"{\\rtf" and ".rtf" in found:
        return ".rtf"
    return ".txt" if _is_text(content) else ""


def _of_archive(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            if "word/document.xml" in names and "[Content_Types].xml" in names:
                return "" if any(name.endswith("vbaProject.bin") for name in names) else ".docx"
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 100:
                return ".odt" if archive.read("mimetype").strip() == KINDS[".odt"].encode() else ""
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError):
        return ""
    return ""


def _is_text(content: bytes) -> bool:
    """Text that is not markup which a browser would run."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    start = text.lstrip("\ufeff \t\r\n")[:200].casefold()
    return "\x00" not in text and not start.startswith(("<!doctype", "<html", "<svg", "<?xml", "<script"))


def safe_name(name: str, ending: str) -> str:
    """The name without folders and without its own ending, with the one that its content deserves."""
    stem = PurePath(name.replace("\\", "/")).name.rpartition(".")[0] or PurePath(name).name
    plain = "".join(character for character in stem if character.isprintable() and character not in '"/\\')
    return f"{plain[:150].strip() or 'file'}{ending}"


class SentFileField(forms.FileField):
    """A file as `queries.applicant.UploadedFile`, or nothing."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.ClearableFileInput({"accept": ",".join(KINDS)})
        super().__init__(max_length=200, required=False, widget=widget, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        given = super().clean(data, initial)
        if not isinstance(given, UploadedFile):
            return None
        if (given.size or 0) > MAX_BYTES:
            raise forms.ValidationError(f"This file is larger than {MAX_BYTES // 1_000_000} MB.")
        content = given.read()
        ending = kind_of(content)
        if not ending:
            raise forms.ValidationError(f"This is none of the kinds that we can read: {TAKEN}.")
        return Sent(safe_name(str(given.name), ending), KINDS[ending], content)
