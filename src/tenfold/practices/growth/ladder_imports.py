"""Ladders in other companies' forms: Dropbox's pages, Snowflake's milestones, engineeringladders.com's Markdown.

Each gives a ladder in our form with ids that stay the same when the same file is read again. Snowflake's points are not
taken over: a person is not a sum.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import ValidationError
from selectolax.lexbor import LexborHTMLParser, LexborNode

from tenfold.kit.errors import Place, UserError
from tenfold.kit.parsing_cost import require_cheap_page
from tenfold.practices.growth.ladder import Ladder, load_ladder
from tenfold.practices.growth.yaml_files import parse_yaml

MOST_REPEATED = 5
"""How often the text of a page may count, as that of an outer list item and of those within it."""
JORGEF_AXES = ("Technology", "System", "People", "Process", "Influence")
_HEADING = re.compile(r"^##\s+(?P<name>[^#].*?)\s*$")
_BULLET = re.compile(r"^\s*[*-]\s+\*\*(?P<word>[^*]+?):?\*\*:?\s*(?P<text>.+?)\s*$")
_LEVEL_CODE = re.compile(r"^(?P<code>[A-Z]{1,3}\d{1,2})\b\s*[-–:]?\s*(?P<name>.*)$")


class LadderForm(StrEnum):
    """Whose form a file is in."""

    AUTO = "auto"
    TENFOLD = "tenfold"
    FT = "ft"
    DROPBOX = "dropbox"
    SNOWFLAKE = "snowflake"
    JORGEF = "jorgef"


@dataclass(frozen=True, slots=True)
class LadderSource:
    """One file's text and name."""

    text: str
    name: str


@dataclass(frozen=True, slots=True)
class _Entry:
    level: str
    theme: str
    summary: str
    examples: tuple[str, ...] = ()


def import_ladder(sources: Sequence[LadderSource], form: LadderForm = LadderForm.AUTO) -> Ladder:
    """The ladder in one or more files (Dropbox keeps a page a level).

    Raises:
        UserError: the files are of no form that is known, or hold no ladder.
    """
    chosen = _recognise(sources[0]) if form is LadderForm.AUTO else form
    if len(sources) > 1 and chosen is not LadderForm.DROPBOX:
        raise UserError("Only Dropbox's form comes in several files.", remedy="Import one file at a time.")
    return _READERS[chosen](sources)


def _recognise(source: LadderSource) -> LadderForm:
    head = source.text.lstrip()[:2000]
    if head.startswith("<"):
        return LadderForm.DROPBOX
    if any(_HEADING.match(line) for line in source.text.splitlines()) and "**" in source.text:
        return LadderForm.JORGEF
    if "milestones" in source.text:
        return LadderForm.SNOWFLAKE
    return LadderForm.TENFOLD


def _from_yaml(sources: Sequence[LadderSource]) -> Ladder:
    return load_ladder(sources[0].text, name=sources[0].name)


def _from_dropbox(sources: Sequence[LadderSource]) -> Ladder:
    levels: list[tuple[str, str, str]] = []
    entries: list[_Entry] = []
    for source in sources:
        title, summary, found = _dropbox_page(source)
        code = _LEVEL_CODE.match(title)
        level = _slug(code["code"] if code else title)
        levels.append((level, title, summary))
        entries += [_Entry(level, entry.theme, entry.summary, entry.examples) for entry in found]
    levels.sort(key=lambda each: [int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", each[0])])
    family = re.sub(r"^[A-Z]+\d+\s+", "", levels[0][1]) if levels else "Ladder"
    return _ladder(family, levels, entries, sources[0].name)


def _dropbox_page(source: LadderSource) -> tuple[str, str, list[_Entry]]:
    require_cheap_page(source.text)
    tree = LexborHTMLParser(source.text)
    body = tree.css_first("#doc-container") or tree.body
    heading = body.css_first("h1") if body else None
    if body is None or heading is None or not _text(heading):
        raise _no_ladder(source, "a page with a level as its heading")
    theme, summary, found = "Level", "", []
    left = MOST_REPEATED * len(source.text)
    for node in body.css("h2, p, li"):
        words = _text(node)
        left -= len(words)
        if left < 0:
            raise _no_ladder(source, "lists that are not nested within each other again and again")
        if node.tag == "p":
            strong = node.css_first("strong")
            if strong is None:
                continue
            if node.css_first("em") is not None and strong.css_first("em") is not None and not summary:
                summary = words
            else:
                theme = _text(strong) or theme
        elif node.tag == "li" and words:
            found.append(_Entry("", theme, words))
    return _text(heading), summary, found


def _from_snowflake(sources: Sequence[LadderSource]) -> Ladder:
    source = sources[0]
    tracks = _snowflake_tracks(source)
    levels: list[tuple[str, str, str]] = []
    entries: list[_Entry] = []
    for key, track in tracks.items():
        name = str(track.get("displayName") or track.get("name") or key)
        for number, milestone in enumerate(track.get("milestones") or [], start=1):
            level = f"milestone-{number}"
            if level not in {each[0] for each in levels}:
                levels.append((level, f"Milestone {number}", ""))
            entries += list(_milestone(level, name, milestone))
    return _ladder("Imported from milestones", levels, entries, source.name)


def _snowflake_tracks(source: LadderSource) -> dict[str, dict[str, Any]]:
    """The tracks of a JSON or YAML file, or of the JavaScript object that the original keeps them in."""
    text = source.text
    opened = re.search(r"tracks[^={]*=\s*(\{)", text)
    literal = _braces(text, opened.start(1)) if opened else text
    values = _json_or_yaml(literal, source.name)
    tracks = values.get("tracks", values)
    if not isinstance(tracks, dict) or not all(isinstance(each, dict) for each in tracks.values()):
        raise _no_ladder(source, "tracks with milestones")
    return tracks


def _milestone(level: str, theme: str, milestone: Any) -> Iterator[_Entry]:
    if not isinstance(milestone, dict):
        return
    examples = tuple(str(each) for each in milestone.get("examples") or ())
    if milestone.get("summary"):
        yield _Entry(level, theme, str(milestone["summary"]), examples)
    for signal in milestone.get("signals") or ():
        yield _Entry(level, theme, str(signal), examples)


def _from_jorgef(sources: Sequence[LadderSource]) -> Ladder:
    source = sources[0]
    levels: list[tuple[str, str, str]] = []
    entries: list[_Entry] = []
    axis = 0
    title = next((line[2:].strip() for line in source.text.splitlines() if line.startswith("# ")), "Ladder")
    for line in source.text.splitlines():
        heading, bullet = _HEADING.match(line), _BULLET.match(line)
        if heading:
            code = _LEVEL_CODE.match(heading["name"])
            levels.append((_slug(code["code"] if code else heading["name"]), heading["name"], ""))
            axis = 0
        elif bullet and levels:
            theme = JORGEF_AXES[axis] if axis < len(JORGEF_AXES) else "Other"
            entries.append(_Entry(levels[-1][0], theme, f"{bullet['word']}: {bullet['text']}"))
            axis += 1
    used = {entry.level for entry in entries}
    return _ladder(title, [level for level in levels if level[0] in used], entries, source.name)


_READERS: dict[LadderForm, Callable[[Sequence[LadderSource]], Ladder]] = {
    LadderForm.TENFOLD: _from_yaml,
    LadderForm.FT: _from_yaml,
    LadderForm.DROPBOX: _from_dropbox,
    LadderForm.SNOWFLAKE: _from_snowflake,
    LadderForm.JORGEF: _from_jorgef,
}


def _ladder(name: str, levels: Sequence[tuple[str, str, str]], entries: Sequence[_Entry], file: str) -> Ladder:
    entries = [entry for entry in entries if entry.summary.strip()]
    if not levels or not entries:
        raise _no_ladder(LadderSource("", file), "levels with what people at them do")
    _require_one_page_a_level(levels, file)
    themes: dict[str, str] = {}
    numbered: dict[tuple[str, str], int] = {}
    cells = []
    for entry in entries:
        key = (_slug(entry.theme), entry.level)
        themes.setdefault(key[0], entry.theme)  # pages spell one theme in several ways
        numbered[key] = numbered.get(key, 0) + 1
        cell = {
            "id": f"{key[0]}.{key[1]}.{numbered[key]}",
            "level": entry.level,
            "theme": key[0],
            "summary": entry.summary,
        }
        cells.append(cell | ({"examples": list(entry.examples)} if entry.examples else {}))
    values = {
        "tenfold_ladder": 1,
        "name": name,
        "levels": [{"id": i, "name": n} | ({"summary": s} if s else {}) for i, n, s in dict.fromkeys(levels)],
        "themes": [{"id": slug, "name": theme} for slug, theme in themes.items()],
        "competencies": cells,
    }
    try:
        return Ladder.model_validate(values)
    except ValidationError as error:
        why = error.errors(include_url=False)[0]["msg"].removeprefix("Value error, ")
        raise UserError(
            f"This makes no whole ladder: {why}.", remedy="Mend the file, or name its form.", place=Place(file=file)
        ) from None


def _require_one_page_a_level(levels: Sequence[tuple[str, str, str]], file: str) -> None:
    names: dict[str, str] = {}
    for level, name, _ in dict.fromkeys(levels):
        if level in names:
            raise UserError(
                f"“{names[level]}” and “{name}” are one level, “{level}”, described twice.",
                remedy="Import the pages of one job family at a time.",
                place=Place(file=file),
            )
        names[level] = name


def _json_or_yaml(text: str, name: str) -> dict[str, Any]:
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        return parse_yaml(text, name=name).plain()
    if not isinstance(values, dict):
        raise _no_ladder(LadderSource("", name), "tracks with milestones")
    return values


def _braces(text: str, start: int) -> str:
    """The text from an opening brace to its closing one, strings passed over."""
    depth, quote, escaped = 0, "", False
    for at in range(start, len(text)):
        mark = text[at]
        if quote:
            escaped, quote = (mark == "\\" and not escaped), ("" if mark == quote and not escaped else quote)
        elif mark in "\"'`":
            quote = mark
        elif mark in "{}":
            depth += 1 if mark == "{" else -1
            if depth == 0:
                return text[start : at + 1]
    return text[start:]


def _text(node: LexborNode) -> str:
    return " ".join(node.text(separator=" ").split())


def _slug(words: str) -> str:
    return "-".join(re.findall(r"[^\W_]+", words.casefold())) or "entry"


def _no_ladder(source: LadderSource, expected: str) -> UserError:
    return UserError(
        f"No ladder was found: expected {expected}.",
        remedy="Name the form with --from ft, dropbox, snowflake or jorgef.",
        place=Place(file=source.name),
    )
