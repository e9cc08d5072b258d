"""Gender markers of job titles ("(m/w/d)", "(H/F)", "all genders") and German titles in the masculine form alone.

A marker is no fault and no part of the job's name. Germany's law asks for titles that address all genders, and there a
marker is the usual way (AGG, sections 7 and 11).
"""

from __future__ import annotations

import re

from tenfold.posting.model import Cited, PostingReading

_LETTER = r"(?:gn|all|divers|male|female|[mwfdxhikvguž])"
_MARKER = re.compile(
    rf"[(\[]\s*{_LETTER}(?:\s*[/|,*·+-]\s*{_LETTER}){{1,4}}\s*[)\]]"
    rf"|(?<![\w/])(?:[mwf]\s?/\s?[wmf]\s?/\s?[dxi]|[hf]\s?/\s?[fh](?:\s?/\s?[xnd])?)(?![\w/])"
    r"|[(\[]?\s*\b(?:all\s+genders?(?:\s+welcome)?|any\s+gender|alle\s+geschlechter|tous\s+genres|gn)\b\s*[)\]]?",
    re.IGNORECASE,
)
_MASCULINE = re.compile(
    r"(?<!\w)[\w-]*(?:ingenieur|entwickler|berater|leiter|spezialist|techniker|informatiker|wissenschaftler|architekt|"
    r"programmierer|mitarbeiter|experte|forscher|administrator|analytiker)(?!\w|[*:_/-]+in\b|\(in\)|\s*/\s*-?in\b|In\b)",
    re.IGNORECASE,
)
_ENGLISH_TOO = re.compile(r"administrator$", re.IGNORECASE)
_ENGLISH_NEUTRAL = re.compile(
    r"\b(?:engineer|developer|architect|scientist|lead|manager|specialist|analyst|administrator|researcher|director|consultant|"
    r"engineering|head\s+of|staff)\b",
    re.IGNORECASE,
)
GERMAN_SPEAKING = ("DE", "AT")


def gender_marker(title: str) -> Cited[str] | None:
    """The marker in a title, with its place in it; None where it has none."""
    match = _MARKER.search(title)
    return Cited(match.group().strip(), match.start(), match.end()) if match else None


def without_gender_marker(title: str) -> str:
    """The job's name without its marker."""
    return " ".join(_MARKER.sub(" ", title).split()).strip(" -–|,")


def masculine_form(title: str) -> str:
    """The German masculine form by itself in a title ("Softwareentwickler"); empty where a marker opens it to all."""
    if gender_marker(title):
        return ""
    match = next((found for found in _MASCULINE.finditer(title) if not _ENGLISH_TOO.search(found.group())), None)
    return match.group() if match else ""


def is_gender_neutral(reading: PostingReading) -> bool | None:
    """Whether the title addresses all genders: by a marker, or as an English name of a job; None where that is open."""
    if reading.title is None:
        return None
    title = reading.title.value
    if gender_marker(title):
        return True
    if masculine_form(title):
        return False
    return True if _ENGLISH_NEUTRAL.search(title) else None
