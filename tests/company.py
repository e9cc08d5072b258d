"""One company with a person of each role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tenfold.apps.accounts.services import add_member, found_organisation, new_user
from tenfold.apps.plans.models import StoredPlan
from tenfold.apps.plans.services import create_plan
from tenfold.core.models import Organisation, Role, User

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

    def plan(self, text: str = GOOD_PLAN) -> StoredPlan:
        return create_plan(organisation=self.organisation, text=text, by=self.administrator, now=NOW)


def found(name: str) -> Company:
    """Pay is seen by the administrator, the hiring manager and the people analyst."""
    at = name.lower().replace(" ", "-") + ".example"
    administrator = new_user(name="Ada Lindqvist", email=f"administrator@{at}", password=PASSWORD)
    organisation = found_organisation(name=name, administrator=administrator, now=NOW)
    people = {Role.ADMINISTRATOR.value: administrator}
    for role in Role.values[1:]:
        person = new_user(name=role.capitalize(), email=f"{role}@{at}", password=PASSWORD)
        sees_pay = role in (Role.HIRING_MANAGER, Role.PEOPLE_ANALYST)
        add_member(organisation=organisation, user=person, role=role, sees_pay=sees_pay, by=administrator, now=NOW)
        people[role] = person
    return Company(organisation, administrator, people)
