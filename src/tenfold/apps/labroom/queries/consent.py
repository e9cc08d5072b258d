"""What a candidate is told before a lab, and agrees to: kept with the invitation as it was worded."""

from __future__ import annotations

from dataclasses import dataclass

from tenfold.labs.lab import Lab

EDITION = 1
"""Counts up when what is told changes in substance; who agreed to an older one is asked again before they begin."""
KEPT_DAYS = 180
"""How long a session without an application is kept after the link's last day."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that a candidate is told, under its heading."""

    heading: str
    text: str


def statements(lab: Lab, *, with_application: bool) -> tuple[Statement, ...]:
    """In the order in which they are read."""
    kept = (
        "As long as your application’s other records; your application page shows the day. You can ask for all of it "
        "and have it erased there."
        if with_application
        else f"{KEPT_DAYS} days after this link’s last day, then everything is erased. You can have it erased earlier."
    )
    return (
        Statement(
            "What is recorded",
            "What the terminals show, with times; the files you save; messages you write to us; and when you were in "
            "the room. Not recorded: your camera, your microphone, your screen outside this page, what you type into "
            "other programs, or keystrokes that the terminal does not show.",
        ),
        Statement("How long it is kept", kept),
        Statement(
            "Who sees it",
            "The people who hire for this role: two reviewers, and whoever decides. Colleagues who sit in during a "
            "session are shown by name in the room.",
        ),
        Statement(
            "How it is graded",
            "A program tests what your work does; every criterion and its points are in the task. Two people rate how "
            "you went about it, before they see that grade or each other’s ratings. A person decides, with reasons. "
            "Nobody is rejected automatically. If something on our side fails, your time is given back and the failure "
            "does not count against you.",
        ),
        Statement("AI assistants", lab.ai_policy),
        Statement(
            "Your time",
            f"{lab.minutes} minutes of work. The clock runs only while you are in the room. You can leave and come "
            "back, also from another computer; at most 30 seconds of work can be lost.",
        ),
        Statement(
            "Another way to work",
            "If a terminal in the browser does not work with your screen reader or keyboard, every room also has a "
            "plain version: a text editor and a form that runs one command at a time. It is graded in the same way.",
        ),
    )


def consent_record(lab: Lab, *, with_application: bool) -> dict[str, object]:
    """What is kept of an agreement: the edition, the lab, and every statement word for word."""
    told = statements(lab, with_application=with_application)
    return {"edition": EDITION, "lab": lab.edition, "statements": [[one.heading, one.text] for one in told]}
