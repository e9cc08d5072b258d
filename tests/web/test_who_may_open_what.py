"""Every address of the application for every role, told once here. A new address without a row fails."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from django.db.models import Model
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tenfold.apps.accounts.models import ExternalIdentity, GroupRole, IdentityProvider, OpenSession
from tenfold.apps.accounts.services import invite
from tenfold.apps.accounts.services.directory_tokens import make_directory_token
from tenfold.apps.accounts.views.people import start_token
from tenfold.apps.candidates.queries.mailtext import status_token
from tenfold.apps.decisions.models import Verdict
from tenfold.apps.decisions.services import sign
from tenfold.apps.fairness.models import AuditPeriod
from tenfold.apps.labroom.models import LabPartner
from tenfold.apps.labroom.queries.links import lab_token
from tenfold.apps.offers.models import OfferQuestion
from tenfold.apps.plans.services import approve, comment, share
from tenfold.apps.postings.services import publish
from tenfold.apps.retention.services import start_round
from tenfold.core.models import Membership
from tenfold.core.models.background import Work
from tenfold.core.scopes import Scope
from tenfold.core.services.api import make_token
from tests.company import NOW, Company
from tests.factories import labs
from tests.factories.candidates import people_in, role_in_team
from tests.factories.interviews import asked, handed_in, kit_of
from tests.factories.offers import offer_to
from tests.pay.lists import imported_list
from tests.teams import people, source_with_change

ROLES = ("nobody", "stranger", "interviewer", "people-analyst", "recruiter", "hiring-manager", "administrator")
SIGN_IN, YES, FORBIDDEN, NOT_FOUND = "sign in", "yes", "forbidden", "not found"


def everyone(answer: str = YES) -> dict[str, str]:
    return dict.fromkeys(ROLES, answer)


def members(*allowed: str, stranger: str = NOT_FOUND) -> dict[str, str]:
    """Signed in and of the organisation; `allowed` are the roles that may, all where none is named."""
    inside = ROLES[2:]
    may = allowed or inside
    return {"nobody": SIGN_IN, "stranger": stranger, **{role: YES if role in may else FORBIDDEN for role in inside}}


EDITORS = ("recruiter", "hiring-manager", "administrator")
DECIDERS = ("hiring-manager", "administrator")
ADMIN = ("administrator",)
SEE_PAY = ("people-analyst", "hiring-manager", "administrator")  # by a right of their own, not by their role
SELF = {**everyone(), "nobody": SIGN_IN}
KEEPERS = ("people-analyst", "administrator")
SEE_TEAMS = ("people-analyst", "hiring-manager", "administrator")
UNSEEN = {**dict.fromkeys(ROLES, NOT_FOUND), "nobody": SIGN_IN}
ON_RECORD = {**UNSEEN, **dict.fromkeys((*KEEPERS, "interviewer", "hiring-manager"), YES)}  # oneself and one's manager
KEEP_RECORD = {**ON_RECORD, "interviewer": FORBIDDEN, "hiring-manager": FORBIDDEN}
GROWING = {**ON_RECORD, **dict.fromkeys(KEEPERS, FORBIDDEN)}  # evidence is for the two alone
THE_TWO = {**UNSEEN, "interviewer": YES, "hiring-manager": YES}
UPLOADER = {**members("administrator"), **dict.fromkeys(("people-analyst", "hiring-manager"), NOT_FOUND)}
# Parts in a role's hiring team, told by the fixture: led by the hiring manager, with recruiter and interviewer.
RUNS = members(*EDITORS)
HIDDEN = {**dict.fromkeys(ROLES, NOT_FOUND), "nobody": SIGN_IN}
OF_THE_TEAM = {**HIDDEN, **dict.fromkeys(EDITORS, YES)}
OFFER = {**HIDDEN, **dict.fromkeys(DECIDERS, YES)}  # who decides in the role and sees pay; the recruiter here does not
HIRING_SYSTEMS = (
    "greenhouse-list-tests",
    "greenhouse-send-test",
    "greenhouse-test-status",
    "greenhouse-response-error",
    "ashby-list",
    "ashby-start",
    "ashby-cancel",
)
OWN = {**HIDDEN, "administrator": YES}  # the administrator's own, or what administrators alone know of

EXPECTED: dict[tuple[str, str], dict[str, str]] = {
    ("GET", "front"): everyone(),
    ("GET", "help"): everyone(),
    ("GET", "figures"): everyone(),
    ("GET", "find"): members(stranger=YES),
    ("GET", "health"): everyone(),
    ("GET", "metrics"): everyone(),
    ("GET", "design"): everyone(),
    ("POST", "theme"): everyone(),
    ("GET", "start"): everyone(),
    ("GET", "invitation"): everyone(),
    ("GET", "account_login"): everyone(),
    ("GET", "account_signup"): everyone(),
    ("GET", "account_reauthenticate"): everyone(),  # sends whoever is not signed in to do so
    ("GET", "account_inactive"): everyone(),
    ("GET", "account_logout"): everyone(),
    ("GET", "account_change_password"): SELF,
    ("GET", "account_set_password"): SELF,
    ("GET", "account_reset_password"): everyone(),
    ("GET", "account_reset_password_done"): everyone(),
    ("GET", "account_reset_password_from_key"): everyone(),
    ("GET", "account_reset_password_from_key_done"): everyone(),
    ("GET", "sign-in-more"): everyone(),  # nothing is lacking here: it leads on
    ("GET", "mfa_authenticate"): everyone(),  # leads to the start of a sign-in where none is under way
    ("GET", "mfa_login_webauthn"): everyone(),
    ("GET", "mfa_reauthenticate"): everyone(),  # as account_reauthenticate
    ("GET", "mfa_reauthenticate_webauthn"): everyone(),
    ("POST", "begin-at-provider"): everyone(),
    ("GET", "return-from-provider"): dict.fromkeys(ROLES, FORBIDDEN),  # no sign-in is under way
    ("GET", "mfa_index"): SELF,
    ("GET", "mfa_list_webauthn"): SELF,
    ("GET", "mfa_add_webauthn"): SELF,  # asks for the password first
    ("GET", "mfa_activate_totp"): SELF,
    ("GET", "mfa_remove_webauthn"): SELF,
    ("GET", "mfa_generate_recovery_codes"): SELF,
    ("GET", "mfa_deactivate_totp"): {**dict.fromkeys(ROLES, NOT_FOUND), "nobody": SIGN_IN},  # nobody has one here
    ("GET", "mfa_view_recovery_codes"): {**dict.fromkeys(ROLES, NOT_FOUND), "nobody": SIGN_IN},
    ("POST", "end-session"): OWN,
    ("POST", "end-other-sessions"): SELF,
    ("POST", "disconnect-identity"): OWN,
    ("GET", "sign-in-policy"): members(*ADMIN, stranger=YES),
    ("POST", "set-sign-in-demands"): members(*ADMIN, stranger=YES),
    ("POST", "add-provider"): members(*ADMIN, stranger=YES),
    ("GET", "provider"): OWN,
    ("POST", "provider"): OWN,
    ("POST", "set-group-role"): members(*ADMIN, stranger=YES),
    ("POST", "remove-group-role"): OWN,
    ("POST", "make-directory-token"): members(*ADMIN, stranger=YES),
    ("POST", "revoke-directory-token"): OWN,
    **{
        ("GET", name): dict.fromkeys(ROLES, FORBIDDEN)  # 401: by a directory's token alone, whoever is signed in
        for name in (
            "scim-search",
            "scim-users",
            "scim-search-users",
            "scim-user",
            "scim-groups",
            "scim-search-groups",
            "scim-group",
            "scim-config",
            "scim-resource-types",
            "scim-resource-type",
            "scim-schemas",
            "scim-schema",
            "scim-anything-else",
        )
    },
    ("GET", "members"): members(stranger=YES),
    ("POST", "members"): members(*ADMIN, stranger=YES),
    ("POST", "member"): members(*ADMIN),
    ("POST", "withdraw-invitation"): members(*ADMIN),
    ("POST", "switch-organisation"): members(),
    ("POST", "remove-example"): members(*ADMIN, stranger=YES),
    ("GET", "trail"): members(*ADMIN, stranger=YES),
    ("GET", "plans"): members(stranger=YES),
    ("GET", "new-plan"): members(*EDITORS, stranger=YES),
    ("POST", "new-plan"): members(*EDITORS, stranger=YES),
    ("GET", "new-plan-questions"): members(*EDITORS, stranger=YES),
    ("POST", "new-plan-questions"): members(*EDITORS, stranger=YES),
    ("GET", "plan"): members(),
    ("POST", "plan"): members(*EDITORS),
    ("GET", "plan-yaml"): members(),
    ("POST", "plan-yaml"): members(*EDITORS),
    ("GET", "plan-what-if"): members(),
    ("POST", "plan-what-if"): members(*EDITORS),
    ("GET", "plan-posting"): members(),
    ("POST", "plan-posting"): members(*EDITORS),
    ("POST", "check-plan"): members(*EDITORS),
    ("POST", "approve-plan"): members(*DECIDERS),
    ("POST", "archive-plan"): members(*EDITORS),
    ("POST", "restore-plan"): members(*EDITORS),
    ("GET", "delete-plan"): members(*DECIDERS),
    ("POST", "delete-plan"): members(*DECIDERS),
    ("POST", "undo-plan-deletion"): {**members(), **dict.fromkeys(ROLES[2:], NOT_FOUND)},  # nothing is deleted
    ("GET", "plan-answers"): members(),
    ("POST", "plan-answers"): members(*EDITORS),
    ("POST", "duplicate-plan"): members(*DECIDERS),  # a copy holds the pay, which the recruiter here may not see
    ("GET", "plan-comments"): members(),
    ("POST", "plan-comments"): members(),
    ("POST", "settle-comment"): members(),
    ("GET", "plan-versions"): members(),
    ("GET", "plan-version"): members(),
    ("GET", "plan-share"): members(*EDITORS),
    ("POST", "plan-share"): members(*EDITORS),
    ("POST", "withdraw-share"): members(*EDITORS),
    ("GET", "share-links"): members(*ADMIN, stranger=YES),
    ("POST", "withdraw-any-share"): members(*ADMIN),
    ("GET", "plan-charter"): members(),
    ("GET", "plan-report"): members(),
    ("GET", "plan-report-pdf"): members(),
    ("GET", "plan-download"): members(),
    ("GET", "publish-posting"): members(*EDITORS),
    ("POST", "publish-posting"): members(*EDITORS),
    ("GET", "publishing-rules"): members(stranger=YES),
    ("POST", "publishing-rules"): members(*ADMIN, stranger=YES),
    ("POST", "close-posting"): members(*EDITORS),
    ("GET", "pay"): members(stranger=YES),
    ("GET", "pay-role"): members(stranger=YES),
    ("GET", "pay-offers"): members(stranger=YES),
    ("POST", "pay-offers"): members(stranger=YES),
    ("GET", "pay-bands"): members(*SEE_PAY, stranger=YES),
    ("POST", "pay-bands"): members(*SEE_PAY, stranger=YES),
    ("GET", "pay-own"): members(*SEE_PAY, stranger=YES),
    ("GET", "new-pay-upload"): members(*SEE_PAY, stranger=YES),
    ("POST", "new-pay-upload"): members(*SEE_PAY, stranger=YES),
    ("GET", "pay-upload"): members(*SEE_PAY),
    ("POST", "pay-upload"): members(*SEE_PAY),
    ("POST", "remove-pay-upload"): members(*SEE_PAY),
    ("GET", "pay-upload-rows"): {  # single people only to who brought the list in
        **members(*SEE_PAY),
        **dict.fromkeys(("people-analyst", "hiring-manager"), NOT_FOUND),
    },
    ("GET", "work"): {**members("administrator"), **dict.fromkeys(ROLES[2:6], NOT_FOUND)},  # one's own
    ("GET", "work-result"): {**members("administrator"), **dict.fromkeys(ROLES[2:6], NOT_FOUND)},
    ("GET", "employees"): members(stranger=YES),
    ("GET", "new-employee"): members(*KEEPERS, stranger=YES),
    ("POST", "new-employee"): members(*KEEPERS, stranger=YES),
    ("GET", "employee"): ON_RECORD,
    ("POST", "employee"): KEEP_RECORD,
    ("POST", "erase-employee"): KEEP_RECORD,
    ("POST", "new-team"): members(*KEEPERS, stranger=YES),
    ("GET", "tenure"): members(*SEE_TEAMS, stranger=YES),
    ("GET", "new-hr-list"): members(*KEEPERS, stranger=YES),
    ("POST", "new-hr-list"): members(*KEEPERS, stranger=YES),
    ("GET", "departure-cost"): members(*SEE_TEAMS, stranger=YES),
    ("POST", "departure-cost"): members(*SEE_TEAMS, stranger=YES),
    ("POST", "remove-hr-list"): {**UNSEEN, **dict.fromkeys(KEEPERS, YES), "hiring-manager": FORBIDDEN},
    ("GET", "growth"): members(stranger=YES),
    ("GET", "new-ladder"): members(*DECIDERS, stranger=YES),
    ("POST", "new-ladder"): members(*DECIDERS, stranger=YES),
    ("GET", "ladder"): members(),
    ("GET", "edit-ladder"): members(*DECIDERS),
    ("POST", "edit-ladder"): members(*DECIDERS),
    ("GET", "ladder-changes"): members(),
    ("GET", "ladder-download"): members(),
    ("GET", "growth-person"): GROWING,
    ("POST", "place-employee"): {**GROWING, "interviewer": FORBIDDEN},
    ("POST", "add-evidence"): GROWING,
    ("POST", "remove-evidence"): THE_TWO,
    ("GET", "check-in"): GROWING,
    ("POST", "check-in"): GROWING,
    ("GET", "growth-plan"): GROWING,
    ("POST", "growth-plan"): GROWING,
    ("POST", "growth-item-done"): THE_TWO,
    ("GET", "promotion-packet"): GROWING,
    ("GET", "new-calibration"): members(*DECIDERS, stranger=YES),
    ("POST", "new-calibration"): members(*DECIDERS, stranger=YES),
    ("GET", "calibration"): {**UNSEEN, "hiring-manager": YES, "administrator": YES},  # its judges
    ("POST", "calibration"): {**UNSEEN, "hiring-manager": YES, "administrator": YES},
    ("GET", "retention"): members(stranger=YES),
    ("GET", "new-team-record"): members(*SEE_TEAMS, stranger=YES),
    ("POST", "new-team-record"): members(*SEE_TEAMS, stranger=YES),
    ("POST", "remove-team-record"): {**UNSEEN, **dict.fromkeys(SEE_TEAMS, YES)},
    ("GET", "on-call"): members(*SEE_TEAMS, stranger=YES),
    ("GET", "toil"): members(*SEE_TEAMS, stranger=YES),
    ("GET", "knowledge"): members(*SEE_TEAMS, stranger=YES),
    ("GET", "impact"): members(*SEE_TEAMS, stranger=YES),
    ("GET", "impact-mail"): members(*SEE_TEAMS, stranger=YES),
    ("GET", "impact-pdf"): members(*SEE_TEAMS, stranger=YES),
    ("GET", "loop"): members(*SEE_TEAMS, stranger=YES),
    ("GET", "sources"): members(*SEE_TEAMS, stranger=YES),
    ("GET", "new-source"): members(*KEEPERS, stranger=YES),
    ("POST", "new-source"): members(*KEEPERS, stranger=YES),
    ("GET", "source"): {**UNSEEN, **dict.fromkeys(SEE_TEAMS, YES)},
    **{
        ("POST", name): {**UNSEEN, **dict.fromkeys(KEEPERS, YES), "hiring-manager": FORBIDDEN}
        for name in ("source", "read-source", "pause-source", "remove-source")
    },
    ("GET", "outside-names"): members(*KEEPERS, stranger=YES),
    ("POST", "outside-names-table"): members(*KEEPERS, stranger=YES),
    ("POST", "review-outside-name"): {**UNSEEN, **dict.fromkeys(KEEPERS, YES)},
    ("GET", "outside-changes"): members(stranger=YES),
    ("POST", "use-outside-change"): THE_TWO,
    ("GET", "one-on-ones"): members(stranger=YES),
    ("POST", "one-on-ones"): {**UNSEEN, "hiring-manager": YES},  # with somebody whom one manages
    ("GET", "one-on-one"): THE_TWO,
    ("POST", "one-on-one"): THE_TWO,
    ("POST", "one-on-one-done"): THE_TWO,
    ("GET", "pulses"): members(stranger=YES),
    ("POST", "pulses"): members(*KEEPERS),
    ("GET", "pulse"): ON_RECORD,  # who is asked, and who sees figures of teams
    ("POST", "pulse"): {**ON_RECORD, **dict.fromkeys((*KEEPERS, "hiring-manager"), FORBIDDEN)},
    ("POST", "close-pulse"): KEEP_RECORD,
    ("GET", "pay-rounds"): members(*SEE_PAY, stranger=YES),
    ("POST", "pay-rounds"): members(*SEE_PAY, stranger=YES),
    ("GET", "pay-round"): members(*SEE_PAY),
    ("POST", "approve-pay-round"): members("hiring-manager"),  # the administrator here started it
    ("GET", "pay-round-lines"): UPLOADER,
    ("POST", "pay-round-lines"): UPLOADER,
    ("GET", "pay-round-letters"): UPLOADER,
    ("GET", "pay-equity"): members(*SEE_PAY, stranger=YES),
    ("POST", "pay-equity"): members(*SEE_PAY, stranger=YES),
    ("GET", "shared"): everyone(),
    ("GET", "job"): everyone(),
    ("GET", "apply"): everyone(),
    ("POST", "apply"): everyone(),
    ("GET", "candidate-status"): everyone(),  # the link is what opens it
    ("POST", "candidate-status"): everyone(),
    ("POST", "mail-in"): dict.fromkeys(ROLES, FORBIDDEN),  # 401 without its secret
    **{  # 401 without the key of the invitation, which git sends, whoever is signed in
        (method, f"lab-git-{name}"): dict.fromkeys(ROLES, FORBIDDEN)
        for method, name in (("GET", "refs"), ("POST", "fetch"), ("POST", "push"))
    },
    **{  # 401 without the key of a hiring system
        (
            "POST" if name in {"greenhouse-send-test", "greenhouse-response-error"} or name[:5] == "ashby" else "GET",
            name,
        ): dict.fromkeys(ROLES, FORBIDDEN)
        for name in HIRING_SYSTEMS
    },
    ("GET", "lab-partner-keys"): members(*ADMIN),
    ("POST", "lab-partner-keys"): members(*ADMIN),
    ("GET", "roles"): members(stranger=YES),
    ("POST", "open-role"): members(*EDITORS),
    ("GET", "candidates"): members(stranger=YES),
    ("GET", "duplicates"): members(stranger=YES),
    ("POST", "duplicates"): {**OF_THE_TEAM, "interviewer": FORBIDDEN},
    ("GET", "mail-texts"): members(stranger=YES),
    ("POST", "mail-texts"): members(*EDITORS, stranger=YES),
    ("GET", "webhooks"): members(*ADMIN, stranger=YES),
    ("POST", "webhooks"): members(*ADMIN, stranger=YES),
    ("POST", "webhook"): {**HIDDEN, "administrator": YES},
    ("GET", "role"): {**RUNS, "people-analyst": YES},  # who is led to the figures
    ("POST", "move-applications"): RUNS,
    ("GET", "reject-applications"): RUNS,
    ("POST", "reject-applications"): RUNS,
    ("POST", "undo-batch"): RUNS,
    ("GET", "role-settings"): RUNS,
    ("POST", "role-settings"): RUNS,
    ("GET", "role-team"): RUNS,
    ("POST", "role-team"): RUNS,
    ("GET", "role-tasks"): RUNS,
    ("POST", "role-tasks"): RUNS,
    ("GET", "role-figures"): {**RUNS, "people-analyst": YES},
    ("GET", "role-retention"): RUNS,
    ("POST", "role-retention"): RUNS,
    ("GET", "accommodations"): {**members("recruiter")},  # who arranges them, and not who decides
    ("POST", "accommodations"): {**members("recruiter")},
    ("POST", "close-role"): RUNS,
    ("GET", "new-candidate-import"): RUNS,
    ("POST", "new-candidate-import"): RUNS,
    ("GET", "candidate-import"): {**HIDDEN, "recruiter": YES},  # one's own list
    ("POST", "candidate-import"): {**HIDDEN, "recruiter": YES},
    ("GET", "export-candidates"): RUNS,
    ("GET", "application"): {**OF_THE_TEAM, "interviewer": YES},  # who meets them
    ("POST", "undo-move"): {**OF_THE_TEAM, "interviewer": FORBIDDEN},
    ("POST", "hire"): {**OF_THE_TEAM, "interviewer": FORBIDDEN},
    ("POST", "add-note"): {**OF_THE_TEAM, "interviewer": FORBIDDEN},
    ("POST", "set-follow-up"): {**OF_THE_TEAM, "interviewer": FORBIDDEN},
    ("GET", "write-mail"): {**OF_THE_TEAM, "interviewer": FORBIDDEN},
    ("POST", "write-mail"): {**OF_THE_TEAM, "interviewer": FORBIDDEN},
    ("GET", "plan-meeting"): {**OF_THE_TEAM, "interviewer": FORBIDDEN},
    ("POST", "plan-meeting"): {**OF_THE_TEAM, "interviewer": FORBIDDEN},
    ("POST", "finish-follow-up"): OF_THE_TEAM,
    ("POST", "take-back-mail"): OF_THE_TEAM,
    ("POST", "move-meeting"): OF_THE_TEAM,
    ("POST", "cancel-meeting"): OF_THE_TEAM,
    ("GET", "candidate-file"): {**OF_THE_TEAM, "interviewer": YES},
    ("POST", "erase-candidate"): {**OF_THE_TEAM, "interviewer": FORBIDDEN},
    ("POST", "hold-candidate"): {**OF_THE_TEAM, "interviewer": FORBIDDEN},
    ("POST", "unmerge"): {**OF_THE_TEAM, "interviewer": FORBIDDEN},
    ("GET", "interview-calibration"): members(stranger=YES),  # for whoever runs no role, their own line
    ("GET", "interview-practice"): members(stranger=YES),
    ("POST", "interview-practice"): members(stranger=YES),
    ("GET", "own-questions"): members(stranger=YES),
    ("POST", "own-questions"): members(*EDITORS, stranger=YES),
    ("GET", "role-interviews"): {**RUNS, "interviewer": YES},
    ("POST", "role-interviews"): RUNS,
    ("GET", "export-ratings"): RUNS,
    ("POST", "round-panel"): {**OF_THE_TEAM, "interviewer": FORBIDDEN},
    ("GET", "interview-guide"): {**OF_THE_TEAM, "interviewer": YES},
    ("GET", "application-interviews"): {**OF_THE_TEAM, "interviewer": FORBIDDEN},
    ("POST", "application-interviews"): {**OF_THE_TEAM, "interviewer": FORBIDDEN},
    ("GET", "scorecard"): {**HIDDEN, "interviewer": YES},  # one's own, not in yet
    ("POST", "scorecard"): {**HIDDEN, "interviewer": YES},
    ("POST", "scorecard-draft"): {**HIDDEN, "interviewer": YES},
    ("POST", "excuse-scorecard"): {**OF_THE_TEAM, "interviewer": FORBIDDEN},
    ("GET", "debrief"): {**OF_THE_TEAM, "interviewer": FORBIDDEN},
    ("POST", "debrief"): {**OF_THE_TEAM, "interviewer": FORBIDDEN},
    ("GET", "decision-packet"): OF_THE_TEAM,
    ("POST", "take-back-decision"): OF_THE_TEAM,
    ("GET", "fairness"): members("people-analyst", stranger=FORBIDDEN),
    ("POST", "fairness"): members("people-analyst", stranger=FORBIDDEN),
    ("GET", "fairness-period"): {**HIDDEN, "people-analyst": YES},
    ("GET", "fairness-csv"): {**HIDDEN, "people-analyst": YES},
    ("GET", "fairness-json"): {**HIDDEN, "people-analyst": YES},
    ("GET", "fairness-packet"): {**HIDDEN, "people-analyst": YES},
    ("GET", "labs"): members(stranger=YES),
    ("GET", "lab"): members(stranger=YES),
    ("GET", "lab-preview"): members(stranger=YES),
    ("POST", "try-lab"): members(stranger=YES),
    ("GET", "role-labs"): RUNS,
    ("POST", "role-labs"): RUNS,
    ("GET", "invite-applicant-to-lab"): {**OF_THE_TEAM, "interviewer": FORBIDDEN},  # whom they meet
    ("POST", "invite-applicant-to-lab"): {**OF_THE_TEAM, "interviewer": FORBIDDEN},
    ("GET", "lab-session"): {**OF_THE_TEAM, "interviewer": YES},  # who reviews and sits in
    ("POST", "arrange-lab"): {**OF_THE_TEAM, "interviewer": FORBIDDEN},
    ("POST", "decide-lab"): {**OF_THE_TEAM, "interviewer": FORBIDDEN},
    ("GET", "lab-replay"): {**OF_THE_TEAM, "interviewer": YES},
    ("GET", "lab-edits"): {**OF_THE_TEAM, "interviewer": YES},
    ("GET", "lab-recording"): HIDDEN,  # nothing was recorded here
    ("GET", "lab-room"): {**OF_THE_TEAM, **dict.fromkeys(EDITORS, FORBIDDEN), "interviewer": YES},  # who sits in
    ("POST", "lab-ticket"): {**OF_THE_TEAM, **dict.fromkeys(EDITORS, FORBIDDEN), "interviewer": YES},
    ("POST", "submit-own-lab"): {**OF_THE_TEAM, **dict.fromkeys((*EDITORS, "interviewer"), FORBIDDEN)},
    ("GET", "lab-review"): {**HIDDEN, "interviewer": YES},  # one's own
    ("POST", "lab-review"): {**HIDDEN, "interviewer": YES},
    **{
        (method, name): everyone()  # the link is what opens them
        for method, name in (
            ("GET", "lab-invitation"),
            ("POST", "lab-invitation"),
            ("GET", "candidate-practice"),
            ("GET", "candidate-room"),
            ("GET", "candidate-plain-room"),
            ("POST", "candidate-plain-room"),
            ("POST", "candidate-ticket"),
            ("GET", "submit-lab"),
            ("POST", "submit-lab"),
            ("GET", "candidate-lab-data"),
        )
    },
    ("GET", "feedback"): {**OF_THE_TEAM, "interviewer": FORBIDDEN},
    ("POST", "feedback"): {**OF_THE_TEAM, "interviewer": FORBIDDEN},
    ("GET", "offers"): members(stranger=YES),
    ("GET", "write-offer"): {**OFFER, **dict.fromkeys(("recruiter", "interviewer"), FORBIDDEN)},
    ("POST", "write-offer"): {**OFFER, **dict.fromkeys(("recruiter", "interviewer"), FORBIDDEN)},
    ("GET", "offer"): OFFER,
    ("GET", "preview-offer"): OFFER,
    ("POST", "approve-offer"): {**OFFER, "hiring-manager": FORBIDDEN},  # who is named
    ("POST", "send-offer"): OFFER,
    ("POST", "take-back-offer"): OFFER,
    ("POST", "withdraw-offer"): OFFER,
    ("POST", "answer-offer-question"): OFFER,
    ("GET", "candidate-offer"): everyone(),  # the link is what opens it
    ("POST", "candidate-offer"): everyone(),
    ("GET", "candidate-offer-pdf"): everyone(),
    ("GET", "schema"): SELF,
    ("GET", "place-options"): SELF,
    ("GET", "skill-options"): SELF,
    ("GET", "postings"): members(stranger=YES),
    ("GET", "reader"): everyone(),
    ("POST", "reader"): everyone(),
    ("GET", "plan-reader"): members(),
    ("GET", "plan-writer"): members(),
    ("POST", "plan-writer"): members(*EDITORS),
    ("GET", "api-guide"): SELF,
    ("GET", "api-tokens"): members(stranger=YES),
    ("POST", "api-tokens"): members(stranger=YES),
    ("POST", "revoke-token"): {  # somebody else's token, which only administrators know of
        **dict.fromkeys(ROLES, NOT_FOUND),
        "nobody": SIGN_IN,
        "administrator": YES,
    },
}
BODIES: dict[str, dict[str, str]] = {
    "theme": {"theme": "dark"},
    "approve-offer": {"number": "1", "do": "approve"},
    "candidate-offer": {"do": "accept", "number": "1", "name": "Ana Invented"},
    "plan-comments": {"text": "Is this agreed?"},
    "plan-share": {"days": "7"},
    "new-plan": {"text": "# MLOps engineer\n\nRun models on Kubernetes."},
    "reader": {"text": "# MLOps engineer\n\nRun models on Kubernetes."},
    "members": {"email": "new@x.example", "role": "recruiter"},
    "set-group-role": {"group": "Talent", "role": "recruiter"},
    "member": {"role": "interviewer"},
    "pay-bands": {"role": "mlops", "do": "set", "low:senior": "150k", "high:senior": "200k"},
    "pay-upload": {"do": "mend"},
    "lab-invitation": {"do": "consent", "agrees": "yes"},
    "arrange-lab": {"do": "renew", "days": "7"},
    "decide-lab": {"do": "feedback"},
    "lab-partner-keys": {"system": "ashby", "their_key": "invented"},
    "role-labs": {"lab": "slow-inference", "days": "7", "name": "Kim Invented", "email": "kim@invented.example"},
    "invite-applicant-to-lab": {"lab": "slow-inference", "days": "7"},
    "apply": {"name": "Kim Invented", "email": "kim@invented.example"},
    "candidate-status": {"do": "withdraw"},
    "new-team": {"name": "Data"},
    "one-on-one": {"topic": "growth", "text": "A note"},
    "pulse": {"growth": "4"},
    "api-tokens": {"name": "Nightly export", "scopes": "plans:read", "days": "30"},
}


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    """Addresses for people; those of the API ask for a token and have a table of their own (test_api)."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver) and entry.namespace == "api":
            continue
        if isinstance(entry, URLResolver):
            yield from patterns(entry)
        else:
            yield entry


def names() -> set[str]:
    return {str(pattern.name) for pattern in patterns(get_resolver())}


def test_every_address_has_a_row() -> None:
    assert {name for _, name in EXPECTED} == names()


@pytest.fixture
def place(company: Company, other_company: Company) -> Callable[[str, str], tuple[str, dict[str, str]]]:
    """Where a name leads in the company, and what is sent there."""
    plan = company.plan()
    said = comment(plan=plan, text="Hm", by=company.administrator, now=NOW)
    link = share(plan=plan, lasts=timedelta(days=30), with_pay=False, by=company.administrator, now=_real_now())
    approve(plan=plan, number=1, by=company.administrator, now=NOW)
    posting = publish(plan=plan, by=company.administrator, now=NOW)
    posting.last_date = None
    posting.save()
    invited = invite(
        organisation=company.organisation,
        email="kim@x.example",
        role="recruiter",
        sees_pay=False,
        by=company.administrator,
        now=_real_now(),
    )
    token = make_token(
        organisation=company.organisation,
        name="Export",
        scopes=[Scope.PLANS_READ],
        lasts=timedelta(days=30),
        by=company.administrator,
        now=_real_now(),
    ).token
    work = Work.objects.create(
        organisation=company.organisation,
        asked_by=company.administrator,
        title="A report",
        job="plans.report",
        details={"plan": str(plan.pk), "number": 1},
        state="done",
        file=b"%PDF",
        asked_at=NOW,
    )
    pay_list = imported_list(company)
    team = people(company)
    source, change = source_with_change(company, team.employee)
    pay_round = start_round(
        upload=pay_list,
        name="Yearly round",
        budget_percent=3.5,
        effective=date(2027, 1, 1),
        by=company.administrator,
        now=NOW,
    )
    hiring = people_in(company, role_in_team(company, plan))
    application = hiring.application
    round_ = kit_of(company, application.role).rounds.all()[0]
    card, led = asked(company, application, round_, company["interviewer"], company["hiring-manager"])
    handed_in(led)
    lab = labs.agreed(labs.invited(company, application, now=_real_now()))
    labs.submitted(lab, now=_real_now())
    labs.asked_reviews(company, lab, company["interviewer"])
    LabPartner.objects.create(invitation=lab, user=company["interviewer"], part="navigator", set_at=NOW)
    decided = sign(
        application=application,
        verdict=Verdict.OFFER,
        reasons="They ran the rollback themselves, both asked",
        by=company["hiring-manager"],
        now=NOW,
    )
    audited = AuditPeriod.objects.create(
        organisation=company.organisation,
        from_date=NOW.date(),
        until_date=NOW.date(),
        content={"tables": [], "counts": {}},
        published_at=NOW,
    )
    offer = offer_to(company, application, until=date(2027, 6, 1), start_date=date(2027, 9, 1))
    question = OfferQuestion.objects.create(offer=offer, text="How many pages a week?", asked_at=NOW)
    of_role: tuple[str, ...] = (
        "role",
        "move-applications",
        "reject-applications",
        "role-settings",
        "role-team",
        "role-tasks",
    )
    of_role += ("role-figures", "role-retention", "accommodations", "close-role", "new-candidate-import")
    of_application = ("application", "hire", "add-note", "set-follow-up", "write-mail", "plan-meeting")
    provider = IdentityProvider.objects.create(
        organisation=company.organisation,
        name="Harbour ID",
        issuer="https://127.0.0.1:1",
        client_id="tenfold",
        created_at=NOW,
    )
    identity = ExternalIdentity.objects.create(
        provider=provider, issuer=provider.issuer, subject="s", user=company.administrator, linked_at=NOW
    )
    browser = OpenSession.objects.create(
        user=company.administrator, session_key="x" * 32, browser="Firefox on Linux", begun_at=NOW, seen_at=NOW
    )
    meaning = GroupRole.objects.create(organisation=company.organisation, group="Talent", role="recruiter")
    directory = make_directory_token(
        organisation=company.organisation,
        default_role="",
        lasts=timedelta(days=30),
        by=company.administrator,
        now=_real_now(),
    ).token
    arguments: dict[str, dict[str, object]] = {
        "revoke-token": {"pk": token.pk},
        "undo-plan-deletion": {"pk": plan.pk},
        "start": {"token": start_token()},
        "invitation": {"token": invited.token},
        "account_reset_password_from_key": {"uidb36": "x", "key": "y"},
        "member": {"pk": Membership.objects.get(user=company["interviewer"]).pk},
        "withdraw-invitation": {"pk": invited.invitation.pk},
        "settle-comment": {"pk": plan.pk, "comment": said.pk},
        "plan-version": {"pk": plan.pk, "number": 1},
        "withdraw-share": {"pk": plan.pk, "link": link.link.pk},
        "withdraw-any-share": {"pk": link.link.pk},
        "shared": {"token": link.token},
        "job": {"pk": posting.pk},
        "apply": {"pk": posting.pk},
        "candidate-status": {"token": status_token(application)},
        **{key: {"pk": application.role_id} for key in (*of_role, "export-candidates")},
        **{key: {"pk": application.pk} for key in of_application},
        **{key: {"pk": application.role_id} for key in ("role-interviews", "export-ratings")},
        "application-interviews": {"pk": application.pk},
        "debrief": {"pk": application.pk},
        **_at(decided, "take-back-decision", "decision-packet"),
        **_at(audited, "fairness-period", "fairness-csv", "fairness-json", "fairness-packet"),
        **{name: {"slug": "slow-inference"} for name in ("lab", "lab-preview", "try-lab")},
        "role-labs": {"pk": application.role_id},
        "lab-partner-keys": {"pk": application.role_id},
        **{name: {} for name in HIRING_SYSTEMS},
        "invite-applicant-to-lab": {"pk": application.pk},
        **_at(
            lab,
            "lab-session",
            "arrange-lab",
            "decide-lab",
            "lab-replay",
            "lab-recording",
            "lab-edits",
            "lab-room",
            "lab-ticket",
        ),
        **_at(lab, "submit-own-lab"),
        **_at(lab.reviews.get(), "lab-review"),
        **{
            name: {"token": lab_token(lab)}
            for name in ("lab-invitation", "candidate-practice", "candidate-room", "candidate-plain-room")
        },
        **_at(lab, "lab-git-refs", "lab-git-fetch", "lab-git-push"),
        **{name: {"token": lab_token(lab)} for name in ("candidate-ticket", "submit-lab", "candidate-lab-data")},
        **_at(offer, "offer", "preview-offer", "approve-offer", "send-offer", "take-back-offer", "withdraw-offer"),
        **_at(question, "answer-offer-question"),
        **{name: {"token": status_token(application)} for name in ("candidate-offer", "candidate-offer-pdf")},
        **{name: {"pk": application.pk} for name in ("write-offer", "feedback")},
        **_at(round_, "round-panel", "interview-guide"),
        **_at(card, "scorecard", "scorecard-draft", "excuse-scorecard"),
        "undo-batch": {"pk": application.role_id, "batch": hiring.batch},
        "undo-move": {"pk": application.pk, "move": hiring.move},
        "candidate-import": {"pk": hiring.waiting},
        "finish-follow-up": {"pk": hiring.follow_up},
        "take-back-mail": {"pk": hiring.mail},
        "move-meeting": {"pk": hiring.meeting},
        "cancel-meeting": {"pk": hiring.meeting},
        "candidate-file": {"pk": hiring.file},
        "erase-candidate": {"pk": application.candidate_id},
        "hold-candidate": {"pk": application.candidate_id},
        "unmerge": {"pk": hiring.merge},
        "webhook": {"pk": hiring.webhook},
        "pay-role": {"role": "mlops"},
        "pay-upload": {"pk": pay_list.pk},
        "pay-upload-rows": {"pk": pay_list.pk},
        "remove-pay-upload": {"pk": pay_list.pk},
        **_at(team.employee, "employee", "erase-employee", "growth-person", "place-employee", "add-evidence"),
        **_at(team.employee, "check-in", "growth-plan", "promotion-packet"),
        **_at(team.listed, "remove-hr-list"),
        **_at(team.ladder, "ladder", "edit-ladder", "ladder-changes", "ladder-download"),
        **_at(team.piece, "remove-evidence"),
        **_at(team.item, "growth-item-done"),
        **_at(team.session, "calibration"),
        **_at(team.record, "remove-team-record"),
        **_at(team.meeting, "one-on-one"),
        **_at(source, "source", "read-source", "pause-source", "remove-source"),
        **_at(change.author, "review-outside-name"),
        **_at(change, "use-outside-change"),
        **_at(team.note, "one-on-one-done"),
        **_at(team.pulse, "pulse", "close-pulse"),
        **_at(pay_round, "pay-round", "approve-pay-round", "pay-round-lines", "pay-round-letters"),
        "work": {"pk": work.pk},
        "work-result": {"pk": work.pk},
        "begin-at-provider": {"pk": provider.pk},
        "return-from-provider": {"pk": provider.pk},
        "provider": {"pk": provider.pk},
        "disconnect-identity": {"pk": identity.pk},
        "end-session": {"pk": browser.pk},
        "mfa_remove_webauthn": {"pk": 1},
        "remove-group-role": {"pk": meaning.pk},
        "revoke-directory-token": {"pk": directory.pk},
        **{name: {"pk": "x"} for name in ("scim-user", "scim-group")},
        **{name: {"name": "User"} for name in ("scim-resource-type", "scim-schema")},
        "scim-anything-else": {"rest": "Bulk"},
    }
    bodies: dict[str, dict[str, str]] = {
        **BODIES,
        "one-on-ones": {"employee": str(team.employee.pk), "every_days": "14"},
        "review-outside-name": {"employee": "ignore"},
        "pulses": {"team": str(team.team.pk)},
        "webhook": {"do": "remove"},
        "application-interviews": {"round": str(round_.pk)},
        "duplicates": {"do": "distinct", "one": str(application.candidate_id), "other": str(hiring.other)},
        "role-tasks": {"task": hiring.task},
        "accommodations": {"request": hiring.accommodation, "answer": "Yes"},
        "role-team": {"member": str(Membership.objects.get(user=company["interviewer"]).pk), "part": "reviewer"},
        "move-applications": {"ids": str(application.pk), "stage": str(application.stage_id)},
        "switch-organisation": {"organisation": str(company.organisation.pk)},
        "approve-plan": {"number": "1"},
        **{
            name: {"base": "1", "do": "check", "yaml": plan.latest().text}
            for name in ("plan", "plan-yaml", "plan-posting", "plan-what-if", "check-plan")
        },
    }

    def lead(name: str, method: str) -> tuple[str, dict[str, str]]:
        on_a_plan = name == "plan" or name.startswith("plan-") or name.endswith(("-plan", "-posting"))
        on_a_plan = (on_a_plan and name != "plan-meeting") or name == "open-role"
        given = arguments.get(name) or ({"pk": plan.pk} if on_a_plan and name != "new-plan" else {})
        return reverse(name, kwargs=given), bodies.get(name, {}) if method == "POST" else {}

    return lead


@pytest.mark.parametrize("role", ROLES)
def test_every_address_answers_as_told(
    role: str,
    company: Company,
    other_company: Company,
    place: Callable[[str, str], tuple[str, dict[str, str]]],
) -> None:
    wrong = []
    for (method, name), answers in EXPECTED.items():
        client = Client(REMOTE_ADDR="127.0.0.1")
        if role == "stranger":
            client.force_login(other_company["administrator"])
        elif role != "nobody":
            client.force_login(company[role])
        address, body = place(name, method)
        with transaction.atomic():
            response = client.get(address) if method == "GET" else client.post(address, body)
            told = _told(response.status_code, response.headers.get("Location", ""))
            transaction.set_rollback(True)
        if told != answers[role]:
            wrong.append((method, name, answers[role], told, response.status_code))
    assert wrong == []


@pytest.mark.parametrize("role", ROLES[2:])
def test_whoever_may_not_see_pay_finds_none_on_any_page(
    role: str, company: Company, signed_in: Callable[[str], Client]
) -> None:
    """The offer's figures stand in the plan and its posting; the plan here has no posting."""
    text = re.sub(r"\nposting: \|\n(?:  .*\n|\n)+", "\n", company.plan().latest().text)
    plan = company.plan(text)
    sees = company[role].memberships.get().sees_pay
    client = signed_in(role)
    for name in (
        "plan",
        "plan-yaml",
        "plan-posting",
        "plan-what-if",
        "plan-versions",
        "plan-report",
        "plan-download",
        "plans",
    ):
        page = client.get(reverse(name, kwargs={} if name == "plans" else {"pk": plan.pk})).content.decode()
        if sees and name in ("plan", "plan-yaml", "plan-download"):
            assert "172,000" in page, name
        elif not sees:
            assert not re.search(r"172,?000|206,?000|172k|206k|172–206", page), name


def test_an_administrator_of_one_company_changes_nobody_of_another(company: Company, other_company: Company) -> None:
    client = Client()
    client.force_login(other_company.administrator)
    target = Membership.objects.get(user=company["recruiter"])
    client.post(reverse("member", args=[target.pk]), {"role": "administrator"})
    target.refresh_from_db()
    assert target.role == "recruiter"


def _told(status: int, location: str) -> str:
    if status == 302 and "/sign-in/" in location and "again" not in location:
        return SIGN_IN if "next=" in location else YES
    return {401: FORBIDDEN, 403: FORBIDDEN, 404: NOT_FOUND}.get(
        status, YES if status < 500 or status in (501, 502) else f"failed with {status}"
    )


def _real_now() -> datetime:
    return datetime.now(UTC)


def _at(thing: Model, *names: str) -> dict[str, dict[str, object]]:
    return {name: {"pk": thing.pk} for name in names}
