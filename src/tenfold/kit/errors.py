"""What can go wrong, and whose it is to mend.

A `UserError` is the reader's to fix: it says what was wrong, where, and what to try. The faces print it without a
traceback and leave with exit code 2. Anything else that escapes is our fault (exit code 3).
"""

from dataclasses import dataclass
from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of every command."""

    CLEAN = 0
    FAIL_ON_REACHED = 1
    UNUSABLE_INPUT = 2
    OUR_FAULT = 3


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the input something stands. Lines and columns count from 1."""

    file: str | None = None
    line: int | None = None
    column: int | None = None
    field: str | None = None

    def __str__(self) -> str:
        where = self.file or ""
        if self.line is not None:
            where = f"{where or 'line'}{':' if where else ' '}{self.line}"
            if self.column is not None:
                where += f":{self.column}"
        return f"{where} ({self.field})" if where and self.field else where or (self.field or "")


class UserError(Exception):
    """Something the reader can fix.

    Args:
        what: one sentence: what was wrong.
        remedy: one sentence: what to try.
        place: where in the input it stands, as far as known.
    """

    def __init__(self, what: str, *, remedy: str = "", place: Place | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy
        self.place = place or Place()

    def __str__(self) -> str:
        where = str(self.place)
        head = f"{where}: {self.what}" if where else self.what
        return f"{head}\n  Try: {self.remedy}" if self.remedy else head


class InputProblems(UserError):
    """Several problems in one input, all told at once so that one pass mends them."""

    def __init__(self, problems: list[UserError]) -> None:
        first = problems[0]
        super().__init__(first.what, remedy=first.remedy, place=first.place)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


class NotEnoughData(UserError):
    """A figure was asked for that the data at hand cannot give."""


class CannotBeUsed(UserError):
    """A file took too long or too much memory, or the library that reads it failed."""
