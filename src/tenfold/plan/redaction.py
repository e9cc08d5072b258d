"""A plan as a person sees it who may not see pay, and the way back when that person saves.

The redacted text is built anew from values. Comments, anchors, aliases and merge keys are not carried over: a figure of
the offer can stand in any of them, also beside other keys. What candidates are told stays: the posting's own words are
public.
"""

from __future__ import annotations

from copy import deepcopy
from functools import lru_cache
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString, SingleQuotedScalarString

from tenfold.plan.yaml_io import dump, load_plan

HIDDEN = "pay"
_SPELLINGS = (LiteralScalarString, DoubleQuotedScalarString, SingleQuotedScalarString)


@lru_cache(maxsize=256)
def redact_pay(text: str) -> str:
    """The plan's text without its offer, and without anything that is written beside values.

    Raises:
        UserError: the text is not a plan.
    """
    return dump(_without_pay(load_plan(text).document))


def restore_pay(text: str, stored: str) -> str:
    """`text` with the offer that `stored` holds; whatever `text` says of pay is not taken.

    Comments that `stored` holds stay where its keys stay, though whoever wrote `text` did not see them.

    Raises:
        UserError: `text` is not a plan.
    """
    edited, kept = load_plan(text).document, load_plan(stored).document
    wanted = _without_pay(edited)
    if dump(wanted) == dump(_without_pay(kept)):
        return stored
    if _lines(_bare(kept)) == _lines(kept):  # nothing beside the values: the editor's own comments are the only ones
        return _with_pay(edited, kept.get(HIDDEN))
    if _has_anchor(kept):
        return _with_pay(wanted, _bare(kept.get(HIDDEN)))
    _bring_over(wanted, kept, spared=HIDDEN)
    return dump(kept)


def _lines(document: CommentedMap) -> list[str]:
    return [line for line in dump(document).splitlines() if line.strip()]


def _with_pay(document: CommentedMap, pay: Any) -> str:
    if pay is None:
        document.pop(HIDDEN, None)
    elif HIDDEN in document:
        document[HIDDEN] = deepcopy(pay)
    else:
        document.insert(_place_of_pay(document), HIDDEN, deepcopy(pay))
    return dump(document)


def _without_pay(document: CommentedMap) -> CommentedMap:
    bare: CommentedMap = _bare(document)
    bare.pop(HIDDEN, None)
    return bare


def _bare(node: Any) -> Any:
    """The values alone: new maps, lists and scalars, with neither comments nor anchors; merged keys are written out."""
    if isinstance(node, dict):
        return _spelled_like(node, CommentedMap((str(key), _bare(value)) for key, value in node.items()))
    if isinstance(node, list):
        return _spelled_like(node, CommentedSeq(_bare(item) for item in node))
    return _bare_scalar(node)


def _spelled_like(node: Any, bare: Any) -> Any:
    """On one line, in brackets, where the author wrote it so."""
    if isinstance(node, CommentedMap | CommentedSeq) and node.fa.flow_style():
        bare.fa.set_flow_style()
    return bare


def _bare_scalar(value: Any) -> Any:
    if isinstance(value, str):
        spelling = next((kind for kind in _SPELLINGS if isinstance(value, kind)), str)
        return spelling(str(value))
    if isinstance(value, bool) or value is None:
        return value
    for kind in (int, float):
        if isinstance(value, kind):
            return kind(value)
    return deepcopy(value) if not hasattr(value, "anchor") else str(value)


def _has_anchor(node: Any) -> bool:
    """Whether one value may stand in two places, so that changing it here changes it there."""
    anchor = getattr(node, "anchor", None)
    if anchor is not None and anchor.value is not None:
        return True
    if isinstance(node, dict):
        return any(_has_anchor(value) for value in node.values())
    return isinstance(node, list) and any(map(_has_anchor, node))


def _bring_over(wanted: CommentedMap, kept: CommentedMap, *, spared: str = "") -> None:
    """Changes `kept` in place until it says what `wanted` does; what is equal is not touched, nor its comments."""
    for key in [key for key in kept if key not in wanted and key != spared]:
        del kept[key]
    for place, (key, value) in enumerate(wanted.items()):
        if key not in kept:
            kept.insert(min(place, len(kept)), key, value)
        else:
            kept[key] = _brought(value, kept[key])


def _brought(wanted: Any, kept: Any) -> Any:
    if isinstance(wanted, CommentedMap) and isinstance(kept, CommentedMap):
        _bring_over(wanted, kept)
        return kept
    if isinstance(wanted, CommentedSeq) and isinstance(kept, CommentedSeq):
        _bring_over_items(wanted, kept)
        return kept
    return kept if type(wanted) is type(_bare_scalar(kept)) and wanted == _bare(kept) else wanted


def _bring_over_items(wanted: CommentedSeq, kept: CommentedSeq) -> None:
    del kept[len(wanted) :]
    for place, value in enumerate(wanted):
        if place < len(kept):
            kept[place] = _brought(value, kept[place])
        else:
            kept.append(value)


def _place_of_pay(document: CommentedMap) -> int:
    """After the requirements, where the skeleton has it; else at the end."""
    keys = list(document)
    return next((keys.index(key) + 1 for key in ("requirements", "role", "company") if key in keys), len(keys))
