"""What the pay model sees of an ad: words of its title, level, workplace, size — as named features.

Each kind of feature has a penalty: how many ads' worth of evidence against it is assumed, so that a word
seen in five ads moves an estimate little and one seen in five hundred almost fully (partial pooling). The
penalties, the half-life and the level's window were chosen by rolling origins inside the training period,
never on later ads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

# Prior strength of an effect on the location of log pay, in ads; on log spread it is six times stronger.
PENALTY = {
    "level": 0.4,
    "workplace": 12.0,
    "word": 24.0,
    "word-level": 48.0,
    "title": 40.0,
    "title-level": 60.0,
}
SPREAD_STRENGTH = 6.0
MONTH_PENALTY = 300.0

_WORD = re.compile(r"[a-z0-9+#]+")
_SILENT = frozenset({"and", "of", "the", "for", "in", "with", "a", "an", "to"})
_SAME = {
    "ml": ("machine", "learning"),
    "sr": ("senior",),
    "jr": ("junior",),
    "bi": ("business", "intelligence"),
    "sre": ("site", "reliability", "engineer"),
    "swe": ("software", "engineer"),
    "mle": ("machine", "learning", "engineer"),
}


def words_of(title: str) -> list[str]:
    """The title's words in order, lower case, short forms spelt out."""
    found = (word for word in _WORD.findall(title.casefold()) if word not in _SILENT)
    return [full for word in found for full in _SAME.get(word, (word,))]


def features_of(
    title: str, level_code: str, remote_ratio: str, size: str, basis: str = "posted-range"
) -> Iterator[tuple[str, str]]:
    """(name, kind) of every feature of an ad; names are unique."""
    words = words_of(title)
    spelt = " ".join(words)
    if basis != "posted-range":
        yield f"o:{basis}", "level"
    yield f"l:{level_code}", "level"
    yield f"r:{remote_ratio}", "workplace"
    yield f"rl:{remote_ratio}:{level_code}", "workplace"
    yield f"s:{size}", "workplace"
    yield f"t:{spelt}", "title"
    yield f"tl:{spelt}:{level_code}", "title-level"
    for word in dict.fromkeys(words):
        yield f"w:{word}", "word"
        yield f"wl:{word}:{level_code}", "word-level"
        yield f"wr:{word}:{remote_ratio}", "word-level"
    for first, second in dict.fromkeys(pairwise(words)):
        yield f"b:{first} {second}", "word"
    if words:
        yield f"a:{words[0]}", "word"
        yield f"z:{words[-1]}", "word"
        yield f"zl:{words[-1]}:{level_code}", "word-level"
