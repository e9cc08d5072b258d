"""What goes wrong between people who use the same thing."""

from __future__ import annotations

from tenfold.kit.errors import UserError


class EditConflict(UserError):
    """Someone else saved in between; `latest_number` is the version that they saved."""

    def __init__(self, latest_number: int) -> None:
        super().__init__(
            f"Version {latest_number} was saved while you were editing. Nothing of yours was lost.",
            remedy="Compare the two below, then save yours or take over the other changes.",
        )
        self.latest_number = latest_number
