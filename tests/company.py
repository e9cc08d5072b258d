"""One company with a person of each role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tenfold.hiring.models import Membership, Organisation, Role, StoredPlan, User
from tenfold.hiring.services.people import found_organisation, new_user
from tenfold.hiring.services.plans import Summary, create_plan

NOW = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
PASSWORD = "quiet harbour at noon"  # noqa: S105 - of people who do not exist
GOOD_PLAN = (Path(__file__).parent.parent / "examples" / "good_plan.yaml").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Company:
    organisation: Organisation
    administrator: User
    people: dict[str, User]

    def __getitem__(self, role: str) -> User:
        """The person of a role, as freshly signed in."""
        return User.objects.get(pk=self.people[role].pk)

    def plan(self, text: str = GOOD_PLAN, title: str = "Senior MLOps Engineer") -> StoredPlan:
        return create_plan(
            organisation=self.organisation, text=text, summary=Summary(title), by=self.administrator, now=NOW
        )


def found(name: str) -> Company:
    """Pay is seen by the administrator, the hiring manager and the people analyst."""
    at = name.lower().replace(" ", "-") + ".example"
    administrator = new_user(name="Ada Lindqvist", email=f"administrator@{at}", password=PASSWORD)
    organisation = found_organisation(name=name, administrator=administrator, now=NOW)
    people = {Role.ADMINISTRATOR.value: administrator}
    for role in Role.values[1:]:
        person = new_user(name=role.capitalize(), email=f"{role}@{at}", password=PASSWORD)
        Membership.objects.create(
            organisation=organisation,
            user=person,
            role=role,
            sees_pay=role in (Role.HIRING_MANAGER, Role.PEOPLE_ANALYST),
            created_at=NOW,
        )
        people[role] = person
    return Company(organisation, administrator, people)
