"""Commands for access: `flask open-shop`, `flask create-manager`, `flask set-password`."""

import sys

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade

from app.blueprints.auth import services as accounts
from app.blueprints.health import queries as health
from app.blueprints.mechanics import services as mechanics
from app.blueprints.mechanics.schemas import MechanicCreate
from app.cli.plainly import plainly
from app.database.mode import writing
from app.database.session import set_audit_actor
from app.errors import NotFound
from app.web.caching import KEPT_SECONDS

password_stdin = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input."
)


@click.command("open-shop")
@click.option("--name", help="Of the first manager; asked for where it is left out.")
@click.option("--email", help="To sign in with; asked for where it is left out.")
@password_stdin
@with_appcontext
def open_shop(name: str | None, email: str | None, password_stdin: bool) -> None:
    """Set up an empty database for your own shop, and add its first manager.

    The tables are created or upgraded. It is an error if there are customers or staff already.
    """
    if password_stdin and not (name and email):
        raise click.UsageError("--password-stdin needs --name and --email.")
    with plainly():
        upgrade()
        if health.has_people():
            raise click.ClickException(
                "This database has customers or staff already."
                " `flask create-manager` makes another manager."
            )
    name = name or click.prompt("Your name")
    email = email or click.prompt("Your e-mail address")
    _hire(name, email, _password(password_stdin), "flask open-shop")


@click.command("create-manager")
@click.option("--email", required=True)
@click.option("--name", required=True)
@password_stdin
@with_appcontext
def create_manager(email: str, name: str, password_stdin: bool) -> None:
    """Add a manager who can sign in. The API can't add the first manager; this command can."""
    _hire(name, email, _password(password_stdin), "flask create-manager")
    if current_app.config["CACHE_TYPE"] == "SimpleCache":
        click.echo(
            f"A shop that is open now may list them up to {KEPT_SECONDS} seconds late, because it keeps"
            " answers in memory of its own; with CACHE_REDIS_URL it lists them at once."
        )


@click.command("set-password")
@click.option("--email", required=True, help="Whose: what they sign in with.")
@password_stdin
@with_appcontext
def set_password(email: str, password_stdin: bool) -> None:
    """Set a new password for an account, and end all its sessions."""
    sent = {"email": email, "password": _password(password_stdin)}
    set_audit_actor(operation="flask set-password")
    with plainly(), writing():
        try:
            accounts.replace_password(**MechanicCreate(only=("email", "password")).load(sent))
        except NotFound:
            raise click.ClickException(f"Nobody signs in as {email}.") from None
    click.echo(f"{email} signs in with the new password; every session before has ended.")


def _password(from_stdin):
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return click.prompt("Password", hide_input=True, confirmation_prompt=True)


def _hire(name, email, password, operation):
    sent = {"email": email, "name": name, "password": password, "role": "manager"}
    set_audit_actor(operation=operation)
    with plainly(), writing():
        mechanic_id = mechanics.hire(**MechanicCreate().load(sent))
    click.echo(f"Manager {mechanic_id} can sign in as {email} with POST /mechanics/login.")
