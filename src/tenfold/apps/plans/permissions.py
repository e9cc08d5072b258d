"""Who may do what with plans."""

from __future__ import annotations

from tenfold.core.permissions import is_decider, is_editor, is_member, register

register(
    {
        "plan.create": is_editor,
        "plan.view": is_member,
        "plan.comment": is_member,
        "plan.edit": is_editor,
        "plan.share": is_editor,
        "plan.approve": is_decider,
        "plan.delete": is_decider,
    }
)
