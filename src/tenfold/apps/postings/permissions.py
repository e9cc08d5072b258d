"""Who publishes postings."""

from __future__ import annotations

from tenfold.core.permissions import is_editor, register

register(
    {
        "posting.publish": is_editor,
    }
)
