"""The language of a posting, by function words or script: one that is not read is declined by name."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import tomli

from tenfold.kit.errors import UserError
from tenfold.posting.lexicon import Words

ENGLISH = "en"
FEWEST_WORDS = 25
"""A shorter text says too little of its language; it is taken for English."""
FEWEST_FUNCTION_WORDS = 0.06
"""Of a text's words, the share that a language's function words have at least where it is written in that language."""
CLEARLY_MORE = 1.5
"""How many times more function words a language needs than any that is read, to be told as the text's."""
_SCRIPTS = {
    "CJK": ("zh", "Chinese"),
    "HIRAGANA": ("ja", "Japanese"),
    "KATAKANA": ("ja", "Japanese"),
    "HANGUL": ("ko", "Korean"),
    "CYRILLIC": ("ru", "Russian, or another language in Cyrillic letters"),
    "GREEK": ("el", "Greek"),
    "ARABIC": ("ar", "Arabic"),
    "HEBREW": ("he", "Hebrew"),
    "THAI": ("th", "Thai"),
    "DEVANAGARI": ("hi", "Hindi"),
}
SCRIPT_SHARE = 0.3
_NO_LATIN = re.compile("[\u0370-\u1cff\u2e80-\ua4cf\uac00-\ud7ff]")
CLEARLY_ENGLISH = 0.15
MOST_LETTERS = 2000


@dataclass(frozen=True, slots=True)
class Language:
    """`code` by ISO 639-1. `is_read`: the reader has its headings, years and pay."""

    code: str
    name: str
    is_read: bool


UNTOLD = Language(ENGLISH, "English", is_read=True)


@cache
def _table() -> dict[str, dict[str, Any]]:
    return tomli.loads((files("tenfold.posting") / "data" / "languages.toml").read_text("utf-8"))


@cache
def _words() -> dict[str, frozenset[str]]:
    return {code: frozenset(table["words"].split()) for code, table in _table().items()}


def language_of(text: str, words: Words) -> Language:
    """The language that most of the text is in; English where the text is too short to tell."""
    if (found := _by_script(text)) is not None:
        return found
    total = len(words.lower)
    if total < FEWEST_WORDS:
        return _language(ENGLISH)
    if _is_clearly_english(words.lower):
        return _language(ENGLISH)
    counts = Counter(words.lower)
    shares = {code: sum(counts[word] for word in known) / total for code, known in _words().items()}
    read = max((code for code in shares if _table()[code]["read"]), key=lambda code: shares[code])
    best = max(shares, key=lambda code: shares[code])
    told = shares[best] >= FEWEST_FUNCTION_WORDS and shares[best] >= CLEARLY_MORE * shares[read]
    return _language(best if told else read if shares[read] >= FEWEST_FUNCTION_WORDS else ENGLISH)


def _is_clearly_english(lower: Sequence[str]) -> bool:
    """Mostly told by the first third already: words that come later only add to the count."""
    known, needed, counted = _words()[ENGLISH].__contains__, CLEARLY_ENGLISH * len(lower), 0
    third = len(lower) // 3 + 1
    for start in range(0, len(lower), third):
        counted += sum(map(known, lower[start : start + third]))
        if counted >= needed:
            return True
    return False


def require_language(language: Language) -> None:
    """Raises UserError, by the language's name, where the reader does not read it."""
    if not language.is_read:
        raise UserError(
            f"This posting is in {language.name}, which Tenfold does not read.",
            remedy="Give it in English, German or French: nothing that it states was looked for.",
        )


@cache
def _language(code: str) -> Language:
    table = _table()[code]
    return Language(code, table["name"], bool(table["read"]))


def _by_script(text: str) -> Language | None:
    if _NO_LATIN.search(text, 0, 4 * MOST_LETTERS) is None:
        return None
    letters = [letter for letter in text[: 4 * MOST_LETTERS] if letter.isalpha()][:MOST_LETTERS]
    foreign = [letter for letter in letters if ord(letter) > LAST_LATIN]
    if not letters or len(foreign) < SCRIPT_SHARE * len(letters):
        return None
    scripts = Counter(unicodedata.name(letter, "").split(" ")[0] for letter in foreign)
    if scripts["HIRAGANA"] + scripts["KATAKANA"] > len(foreign) / 10:
        return Language("ja", "Japanese", is_read=False)
    found = _SCRIPTS.get(scripts.most_common(1)[0][0])
    return Language(*found, is_read=False) if found else None


LAST_LATIN = 0x024F
"""The last letter of Unicode's blocks of Latin letters."""
