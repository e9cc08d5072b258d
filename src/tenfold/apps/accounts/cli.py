"""`tenfold web user`: the people who sign in."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from tenfold.core.setup import open_database
from tenfold.kit.errors import UserError

app = typer.Typer(add_completion=False, no_args_is_help=True, rich_markup_mode="rich", help="The people who sign in.")
BY = "command line"


@app.command("add")
def add_user(
    email: Annotated[str, typer.Argument(help="E-mail address to sign in with.")],
    organisation: Annotated[str, typer.Option(help="Name of the organisation; made where there is none.")],
    name: Annotated[str, typer.Option(help="The person's name.")] = "",
    role: Annotated[
        str, typer.Option(help="administrator, hiring-manager, recruiter, interviewer, people-analyst")
    ] = "administrator",
    sees_pay: Annotated[bool, typer.Option("--sees-pay/--no-pay", help="May this person see pay?")] = True,
) -> None:
    """Add a person; the password is read from the terminal, or from standard input.

    Examples:
      tenfold web user add ada@example.org --organisation "Northwind Foods"
    """
    open_database()
    from django.utils import timezone

    from tenfold.apps.accounts import services
    from tenfold.core.models import Organisation, Role, User

    if role not in Role.values:
        raise UserError(f"“{role}” is not a role.", remedy=f"One of {', '.join(Role.values)}.")
    if User.objects.filter(email__iexact=email).exists():
        raise UserError(f"{email} already exists.", remedy="`tenfold web user password` sets a new password.")
    person = services.new_user(name=name or email.partition("@")[0], email=email, password=_password())
    now = timezone.now()
    home = Organisation.objects.filter(name=organisation).first()
    if home is None:
        services.found_organisation(name=organisation, administrator=person, now=now, by=BY)
        typer.echo(f"{email} is administrator of {organisation}. Next: tenfold web run")
        return
    services.add_member(organisation=home, user=person, role=role, sees_pay=sees_pay, by=BY, now=now)
    typer.echo(f"{email} is {role} of {organisation}.")


@app.command("password")
def set_password(email: Annotated[str, typer.Argument(help="Whose password.")]) -> None:
    """Set a person's password anew.

    Examples:
      tenfold web user password ada@example.org
    """
    open_database()
    from django.utils import timezone

    from tenfold.apps.accounts import services
    from tenfold.core.models import User

    person = User.objects.filter(email__iexact=email).first()
    if person is None:
        raise UserError(f"Nobody signs in as {email}.", remedy="`tenfold web user list` names everyone.")
    services.set_password(user=person, password=_password(), by=BY, now=timezone.now())
    typer.echo(f"{email} has a new password.")


@app.command("list")
def list_users() -> None:
    """List everyone with organisation, role and right to see pay.

    Examples:
      tenfold web user list
    """
    open_database()
    from tenfold.core.models import Membership

    for own in Membership.objects.select_related("user", "organisation").order_by("organisation__name", "user__email"):
        typer.echo(f"{own.organisation}  {own.user.email}  {own.role}{'  sees pay' if own.sees_pay else ''}")


@app.command("sign-in-policy")
def sign_in_policy(
    organisation: Annotated[str, typer.Argument(help="Name of the organisation.")],
) -> None:
    """Lift single sign-on only and the demand of a second factor: when a provider is gone and nobody gets in.

    Examples:
      tenfold web user sign-in-policy "Northwind Foods"
    """
    open_database()
    from django.utils import timezone

    from tenfold.apps.accounts.services.sign_in import set_sign_in_policy
    from tenfold.core.models import Organisation

    home = Organisation.objects.filter(name=organisation).first()
    if home is None:
        raise UserError(f"There is no organisation “{organisation}”.", remedy="`tenfold web user list` names them.")
    set_sign_in_policy(organisation=home, single_sign_on_only=False, second_factor="", by=BY, now=timezone.now())
    typer.echo(f"{home} now requires only a password. Next: its page “How people sign in”.")


def _password() -> str:
    """Asked twice at a terminal; one line of standard input otherwise."""
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    given = (
        typer.prompt("Password", hide_input=True, confirmation_prompt=True)
        if sys.stdin.isatty()
        else sys.stdin.readline().rstrip("\n")
    )
    try:
        validate_password(given)
    except ValidationError as error:
        raise UserError(" ".join(error.messages), remedy="A short sentence is easy to keep in mind.") from None
    return str(given)
