"""A plan as a person sees it who may not see pay, and the way back when that person saves.

What candidates are told stays: the posting's own words are public.
"""

from __future__ import annotations

from copy import deepcopy
from functools import lru_cache

from ruamel.yaml.comments import CommentedMap

from tenfold.plan.yaml_io import dump, load_plan

HIDDEN = "pay"


@lru_cache(maxsize=256)
def redact_pay(text: str) -> str:
    """The plan's text without its offer."""
    document = load_plan(text).document
    if HIDDEN not in document:
        return text
    del document[HIDDEN]
    return dump(document)


def restore_pay(text: str, stored: str) -> str:
    """`text` with the offer that `stored` holds; whatever `text` says of pay is not taken.

    Raises:
        UserError: `text` is not a plan.
    """
    document, kept = load_plan(text).document, load_plan(stored).document.get(HIDDEN)
    if kept is None:
        if HIDDEN not in document:
            return text
        del document[HIDDEN]
    elif HIDDEN in document:
        document[HIDDEN] = deepcopy(kept)
    else:
        document.insert(_place_of_pay(document), HIDDEN, deepcopy(kept))
    return dump(document)


def _place_of_pay(document: CommentedMap) -> int:
    """After the requirements, where the skeleton has it; else at the end."""
    keys = list(document)
    return next((keys.index(key) + 1 for key in ("requirements", "role", "company") if key in keys), len(keys))
