from __future__ import annotations

from tenfold.web.plans.forms import NewPlan


class ToRead(NewPlan):
    """A posting to read, which is not kept."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # whatever a form takes
        self.fields["text"].label = "Job posting"
