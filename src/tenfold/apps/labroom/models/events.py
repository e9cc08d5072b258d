"""What happens around a lab. Entries of the trail hold ids, never what somebody wrote or typed."""

from __future__ import annotations

from enum import StrEnum


class LabroomEvent(StrEnum):
    INVITED = "lab.invited"
    LINK_RENEWED = "lab.link-renewed"
    WITHDRAWN = "lab.withdrawn"
    CONSENTED = "lab.consented"
    BEGUN = "lab.begun"
    LOCAL_BEGUN = "lab.local-begun"
    TIME_SET = "lab.time-set"
    SUBMITTED = "lab.submitted"
    GRADED = "lab.graded"
    PARTNER_SET = "lab.partner-set"
    PARTNER_REMOVED = "lab.partner-removed"
    JOINED = "lab.joined"
    HINT_GIVEN = "lab.hint-given"
    REVIEW_ASKED = "lab.review-asked"
    REVIEWER_EXCUSED = "lab.reviewer-excused"
    REVIEW_SUBMITTED = "lab.review-submitted"
    VERDICT_SIGNED = "lab.verdict-signed"
    VERDICT_TAKEN_BACK = "lab.verdict-taken-back"
    FEEDBACK_RELEASED = "lab.feedback-released"
    APPEALED = "lab.appealed"
    APPEAL_ANSWERED = "lab.appeal-answered"
    PARTNER_KEY_MADE = "lab.partner-key-made"
    PARTNER_KEY_REMOVED = "lab.partner-key-removed"
    PARTNER_PROBLEM = "lab.partner-problem"
