"""The command that makes a demo shop: `flask seed-demo`."""

import click
from flask import current_app
from flask.cli import with_appcontext

from app.cli import demo
from app.cli.plainly import plainly
from app.database.mode import writing


@click.command("seed-demo")
@with_appcontext
def seed_demo() -> None:
    """Fill an empty database with a demo shop, and print the accounts that can sign in."""
    if current_app.config["ENVIRONMENT"] == "production":
        raise click.ClickException("A demo shop has no place in production.")
    with plainly(), writing():
        try:
            signed_up = demo.fill()
        except demo.NotEmpty:
            raise click.ClickException("This database has customers or staff already.") from None
    click.echo("A demo shop to sign in to (these passwords were made just now):")
    for role, email, password in signed_up:
        click.echo(f"  {role:<9} {email:<28} {password}")
