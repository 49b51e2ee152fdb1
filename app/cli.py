"""Commands: `flask create-manager`, `seed-demo`, `backup`, `restore`, `openapi`, `postman`."""

import sys
from collections.abc import Callable
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from marshmallow import ValidationError
from sqlalchemy.exc import DBAPIError, IntegrityError

from app import demo
from app.backups import commands as backups
from app.blueprints.mechanics.schemas import MechanicWanted
from app.day import play, postman
from app.errors import Invalid
from app.extensions import sign
from app.services import mechanics
from app.web import openapi


def init_app(app: Flask, create_app: Callable[..., Flask]) -> None:
    """`create_app` makes the shop of its own in which the day is played."""
    app.cli.add_command(create_manager)
    app.cli.add_command(seed_demo)
    app.cli.add_command(backups.backup)
    app.cli.add_command(backups.restore)

    @app.cli.command("openapi")
    def write_document() -> None:
        """Write static/swagger.yaml from the routes and from a played day."""
        _write(openapi.SWAGGER, openapi.written(app, play.in_a_shop_of_its_own(create_app)))

    @app.cli.command("postman")
    def write_collection() -> None:
        """Write the Postman collection from a played day, and its environment."""
        _write(postman.COLLECTION, postman.written(play.in_a_shop_of_its_own(create_app)))
        _write(postman.ENVIRONMENT, postman.environment())


@click.command("create-manager")
@click.option("--email", required=True)
@click.option("--name", required=True)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@with_appcontext
def create_manager(email: str, name: str, password_stdin: bool) -> None:
    """Make a manager who can sign in; the first one can only come from here."""
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    said = {"email": email, "name": name, "password": password, "role": "manager"}
    sign(operation="flask create-manager")
    try:
        mechanic_id = mechanics.hire(**MechanicWanted().load(said))
    except ValidationError as error:
        raise click.ClickException(f"That does not fit: {error.normalized_messages()}") from None
    except Invalid as error:
        raise click.ClickException(f"That does not fit: {error.members['errors']}") from None
    except IntegrityError:
        raise click.ClickException(f"{email} is in use already.") from None
    except DBAPIError:
        raise click.ClickException(
            "The database is away or not migrated: run `flask db upgrade` first."
        ) from None
    click.echo(f"Manager {mechanic_id} can sign in as {email} with POST /mechanics/login.")


@click.command("seed-demo")
@with_appcontext
def seed_demo() -> None:
    """Fill an empty database with a believable shop, and say how to sign in."""
    if current_app.config["ENVIRONMENT"] == "production":
        raise click.ClickException("A demo shop has no place in production.")
    try:
        signed_up = demo.fill()
    except demo.NotEmpty:
        raise click.ClickException("This database has customers or staff already.") from None
    click.echo("A demo shop to sign in to (these passwords were made just now):")
    for role, email, password in signed_up:
        click.echo(f"  {role:<9} {email:<28} {password}")


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    click.echo(f"Wrote {path.name}.")
