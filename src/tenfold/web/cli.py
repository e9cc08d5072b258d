"""`tenfold web`: runs the web application and looks after it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from tenfold.apps.accounts.cli import app as users
from tenfold.core.setup import open_database, set_up_django
from tenfold.kit.errors import UserError

MOST_CONNECTIONS = 1_000
"""A process has; those beyond are answered 503 at once."""
MOST_SOCKET_FRAME = 2 * 1024 * 1024
"""Bytes of one frame of a socket: a file of a room's editor, or a screen."""
app = typer.Typer(add_completion=False, no_args_is_help=True, rich_markup_mode="rich")
app.add_typer(users, name="user")
keys = typer.Typer(no_args_is_help=True, rich_markup_mode="rich", help="The keys of fields that are encrypted at rest.")
app.add_typer(keys, name="keys")


@app.callback()
def web(context: typer.Context) -> None:
    """Run the web application and look after it.

    Everything is kept under TENFOLD_HOME; DATABASE_URL names another database than the SQLite file there.
    """
    before = os.umask(0o077)  # what these commands write is read by nobody else
    context.call_on_close(lambda: os.umask(before))


@app.command()
def run(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=32, help="Server processes.")] = 1,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print no link.")] = False,
) -> None:
    """Start the server, with its database brought up to date.

    On the first start it prints a link that makes the first administrator.

    Examples:
      tenfold web run
      tenfold web run --port 8080 --workers 2
    """
    set_up_django()
    import uvicorn

    from tenfold.core.home import flag

    _bring_up_to_date()
    if not quiet:
        _greet(host, port)
    uvicorn.run(
        "tenfold.web.asgi:application",
        host=host,
        port=port,
        workers=workers,
        log_config=None,
        lifespan="off",
        server_header=False,
        proxy_headers=flag("TENFOLD_BEHIND_PROXY", default=False),  # else every client has the proxy's address
        forwarded_allow_ips=os.environ.get("TENFOLD_PROXIES", "127.0.0.1"),
        limit_concurrency=MOST_CONNECTIONS,
        ws="websockets-sansio",
        ws_max_size=MOST_SOCKET_FRAME,
        ws_ping_interval=10.0,
        ws_ping_timeout=20.0,
        timeout_keep_alive=10,
    )


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="Port to listen on; the next free one where it is taken.")] = 8000,
    empty: Annotated[bool, typer.Option("--empty", help="Start without the example company.")] = False,
) -> None:
    """Start it here, with an example company to look at.

    Server and worker on this machine; the company is invented, and says so.

    Ctrl-C ends both. Everything is kept under TENFOLD_HOME.

    Examples:
      tenfold web demo
      TENFOLD_HOME=~/tenfold tenfold web demo --empty
    """
    mails = _keep_mails_as_files()
    set_up_django()
    from tenfold.web.supervise import keep_running

    _bring_up_to_date()
    port = _free_port(port)
    at = f"http://localhost:{port}"
    words = "" if empty else _words_of_example(at, mails)

    def greet() -> None:
        if words:
            typer.echo(words)
        else:
            _greet("127.0.0.1", port)
        sys.stdout.flush()

    keep_running(("web", "run", "--port", str(port), "--quiet"), ("web", "worker"), address=at, greet=greet)


@app.command("example-lab")
def example_lab() -> None:
    """Let an invented applicant do a lab in the example company, with two reviews of it.

    A script works in a real room for about a minute and a half; the worker grades what it hands in. Needs the lab's
    tools (`tenfold labs env build mini`) and a machine that can make rooms.

    Examples:
      tenfold web example-lab
    """
    open_database()
    from tenfold.web.example.lab import make_lab_session

    made = make_lab_session()
    typer.echo(f"{made.person} has handed in {made.lab}. Next: read the reviews and the recording under “Labs”.")


@app.command()
def worker() -> None:
    """Do the background work: imports, fits, files.

    One beside the server is enough.

    Examples:
      tenfold web worker
    """
    set_up_django()
    from django.utils import timezone

    from tenfold.core.services.recovery import beat, requeue_orphaned_tasks, worker_id
    from tenfold.web.sweep import SWEEP_EVERY_S, sweep_beside

    beat(now=timezone.now())
    took = requeue_orphaned_tasks(now=timezone.now())
    if took:
        typer.echo(f"{took} tasks of a stopped worker will be run again.")
    _manage("prune_db_task_results", verbosity=0)
    sweep_beside(every_s=SWEEP_EVERY_S)
    _manage(
        "db_worker", "--interval", "1", "--no-startup-delay", "--worker-id", worker_id(), verbosity=int(_logs_all())
    )


@app.command()
def migrate() -> None:
    """Bring the database up to date; `run` does so as well.

    Examples:
      tenfold web migrate
    """
    set_up_django()
    _bring_up_to_date(verbosity=1)


@app.command()
def survey(
    results: Annotated[Path, typer.Argument(metavar="SURVEY", help="survey_results_public.csv, 2021 or later.")],
) -> None:
    """Import a survey of engineers, so that “What if” can say how many have all must-haves.

    Examples:
      tenfold web survey survey_results_public.csv
    """
    from tenfold.apps.plans.presenters.what_if import SURVEY
    from tenfold.core.home import make_home
    from tenfold.practices.skills.survey import load_survey, save_respondents

    respondents = load_survey(results)
    save_respondents(respondents, make_home() / SURVEY)
    typer.echo(f"{respondents.n:,} respondents of {respondents.source}. Next: open a plan’s “What if”.")


@app.command("verify-trail")
def verify_trail(
    head: Annotated[str, typer.Option(help="A seal noted earlier: the trail must still hold it.")] = "",
    heads: Annotated[
        Path | None, typer.Option(help="A file of heads that workers noted, as TENFOLD_HEADS_FILE.")
    ] = None,
) -> None:
    """Check every seal of the audit trail.

    Prints the last one, to keep elsewhere.

    Examples:
      tenfold web verify-trail
      tenfold web verify-trail --head 3f9a…
      tenfold web verify-trail --heads /mnt/elsewhere/heads
    """
    open_database()
    from tenfold.core.models import AuditEntry
    from tenfold.core.services.heads import missing_heads
    from tenfold.core.services.trail import verify_trail as verify
    from tenfold.kit.hashchain import ChainBroken

    try:
        verdict = verify()
    except ChainBroken as broken:
        typer.echo(f"The trail is broken at entry {broken.n}: it {broken.why}.")
        raise typer.Exit(1) from None
    if head and not AuditEntry.objects.filter(seal=head).exists():
        typer.echo(
            "The trail verifies, but no entry has that seal: it was written anew, or the seal is of another one."
        )
        raise typer.Exit(1)
    if heads and (missing := missing_heads(heads)):
        typer.echo(f"The trail does not hold what was noted: {missing[0]}. It was cut or written anew since.")
        raise typer.Exit(1)
    typer.echo(f"{verdict.entries:,} entries, all sealed. Keep this elsewhere:\n{verdict.head}")


@keys.command("add")
def add_key() -> None:
    """Add a key to the file in TENFOLD_HOME: it writes from the next start of each process on; all read.

    Examples:
      tenfold web keys add
    """
    open_database()
    from tenfold.core.encryption import add_key as add

    typer.echo(f"{add()} has a new key. Next: start server and workers again, then `tenfold web keys rotate`.")


@keys.command("rotate")
def rotate_keys() -> None:
    """Write everything that is encrypted anew under the newest key; stopped, it goes on where it was.

    Examples:
      tenfold web keys rotate
    """
    open_database()
    from tenfold.core.services.keys import rotate

    done = rotate(tell=lambda place, count: typer.echo(f"{place}: {count:,}"))
    typer.echo(f"{done.values:,} values written anew.")
    for place, count in done.unopened.items():
        typer.echo(f"{place}: {count:,} cannot be opened by any key that is held, and stay as they are.")
    if done.unopened:
        raise typer.Exit(1)


@app.command()
def backup(
    out: Annotated[Path, typer.Argument(help="File to write; it must not be there yet.")],
) -> None:
    """Copy the SQLite database whole while the server runs. On PostgreSQL use pg_dump.

    Examples:
      tenfold web backup backups/2026-11-18.sqlite3
    """
    open_database()
    from tenfold.web.backup import back_up

    back_up(out)
    typer.echo(f"{out} written. Keep the file secret_key with it: sessions and links are signed with it.")


@app.command()
def restore(
    backup: Annotated[Path, typer.Argument(help="A file that `backup` wrote.")],
    force: Annotated[bool, typer.Option("--force", help="Replace the database that is there.")] = False,
) -> None:
    """Put a backup in the database's place.

    It is looked at first; stop the server before.

    Examples:
      tenfold web restore backups/2026-11-18.sqlite3 --force
    """
    set_up_django()
    from tenfold.web.backup import put_back

    kept = put_back(backup, replace=force)
    _bring_up_to_date()
    typer.echo(
        "Restored." + (f" The previous database is kept as {kept}." if kept else "") + " Next: tenfold web verify-trail"
    )


def _keep_mails_as_files() -> Path | None:
    """Before the settings are read: the folder that takes mails, so that none is printed below the link."""
    from tenfold.core.home import make_home

    if os.environ.get("TENFOLD_SMTP_HOST") or os.environ.get("TENFOLD_MAIL_SERVICE"):
        return None
    folder = Path(os.environ.get("TENFOLD_MAIL_FOLDER") or make_home() / "mail")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ["TENFOLD_MAIL_FOLDER"] = str(folder)
    return folder


def _bring_up_to_date(*, verbosity: int = 0) -> None:
    """Raises UserError where the database is not one that this version can use."""
    from tenfold.core.home import close_files
    from tenfold.web.database import require_usable_database

    close_files()
    require_usable_database()
    _manage("migrate", "--no-input", verbosity=verbosity)
    _manage("createcachetable", verbosity=0)


def _logs_all() -> bool:
    import logging

    return logging.getLogger().isEnabledFor(logging.INFO)


def _manage(*arguments: str, **options: Any) -> None:
    from django.core.management import call_command

    call_command(*arguments, **options)


def _greet(host: str, port: int) -> None:
    """Says where to look; on the very first start with the link that makes the first administrator."""
    from tenfold.apps.accounts.views.people import start_token
    from tenfold.core.models import User

    at = f"http://{'localhost' if host in ('127.0.0.1', '::1') else host}:{port}"
    if User.objects.filter(is_example=False).exists() or User.objects.exists():
        typer.echo(f"Tenfold is at {at}")
    else:
        typer.echo(
            f"Tenfold is starting. Make the first administrator here (for one day):\n  {at}/start/{start_token()}/"
        )
    sys.stdout.flush()


def _words_of_example(at: str, mails: Path | None) -> str:
    """What a visitor reads first; empty where there is no example company."""
    link = _example_link()
    if not link:
        return ""
    lines = [f"Tenfold, with an invented company to look at (the link works for one day):\n  {at}{link}"]
    if analyst := _example_link(role="people-analyst"):
        lines.append(
            f"As its people analyst, who sees fairness and no candidate (in a private window):\n  {at}{analyst}"
        )
    lines.append("To start empty: remove the example on its first page, or run this with --empty. Ctrl-C ends it.")
    if mails:
        lines.append(f"Mails are kept as files in {mails}; none is sent.")
    if reports := os.environ.get("TENFOLD_DEMO_REPORTS"):
        lines.append(f"Two audits by the command line are in {reports}: open posting_with_faults.html there.")
    return "\n".join(lines)


def _example_link(role: str = "administrator") -> str:
    """Where one of the example's people comes in. It is made where nobody is yet; once removed, it stays away."""
    from django.utils import timezone

    from tenfold.apps.accounts.views.people import start_token
    from tenfold.core.models import Organisation, User
    from tenfold.web.example.seed import person_of_example, seed_example

    if User.objects.filter(is_example=False).exists() and not Organisation.objects.filter(is_example=True).exists():
        return ""
    seed_example(now=timezone.now())
    person = person_of_example(role)
    return f"/start/{start_token(str(person.pk))}/" if person else ""


def _free_port(port: int) -> int:
    """The port, or the next one that nobody listens on."""
    import socket

    for candidate in range(port, port + 50):
        with socket.socket() as attempt:
            if attempt.connect_ex(("127.0.0.1", candidate)):
                return candidate
    raise UserError(f"No port from {port} to {port + 49} is free.", remedy="Name another with --port.")
