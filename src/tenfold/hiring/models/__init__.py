"""Organisations, people, plans, own pay, the audit trail."""

from tenfold.hiring.models.pay import OwnPay, PayBand, PayUpload, UploadState
from tenfold.hiring.models.people import Invitation, Membership, Organisation, Role, User
from tenfold.hiring.models.plans import Comment, PlanState, PlanVersion, ShareLink, StoredPlan
from tenfold.hiring.models.postings import PublishedPosting
from tenfold.hiring.models.trail import AuditEntry, ChainHead

__all__ = [
    "AuditEntry",
    "ChainHead",
    "Comment",
    "Invitation",
    "Membership",
    "Organisation",
    "OwnPay",
    "PayBand",
    "PayUpload",
    "PlanState",
    "PlanVersion",
    "PublishedPosting",
    "Role",
    "ShareLink",
    "StoredPlan",
    "UploadState",
    "User",
]
