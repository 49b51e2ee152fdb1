"""Commands: `flask backup` and `flask restore`."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import OperationalError

from app.cli import backups
from app.cli.backups.contents import Contents

A_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("backup")
@click.argument("file", type=A_FILE, required=False)
@with_appcontext
def backup(file: Path | None) -> None:
    """Back up the whole shop to the new file FILE, by default in backups/. The server may be running."""
    with _said_plainly():
        path, contents = backups.take(file, _tell)
    click.echo(f"Wrote {path}, {path.stat().st_size:,} bytes, schema {contents.revision}:")
    _tell_rows(contents)


@click.command("restore")
@click.argument("file", type=A_FILE)
@click.option("--replace", is_flag=True, help="Also where there are customers or staff.")
@with_appcontext
def restore(file: Path, replace: bool) -> None:
    """Replace the shop's data by the backup in FILE, and end every session. Stop the server first.

    Triggers, rules and views of the backup are not restored, because a shop has none.
    """
    with _said_plainly():
        restored = backups.restore(file, replace=replace, tell=_tell)
    contents = restored.contents
    click.echo(f"Restored {file}, schema {contents.revision}:")
    _tell_rows(contents)
    click.echo("Every session has ended: everybody signs in anew, with the password of that day.")
    if restored.is_older:
        click.echo("The schema is an older one. Next: `flask db upgrade`, then open the shop.")
    else:
        click.echo("Next: open the shop.")


def _tell(text: str) -> None:
    click.echo(text, err=True)


def _tell_rows(contents: Contents) -> None:
    for table, rows in contents.rows.items():
        click.echo(f"  {table:<16} {rows:>10,}")


@contextlib.contextmanager
def _said_plainly() -> Iterator[None]:
    """Turn Refused and OperationalError into a ClickException with a one-line message."""
    try:
        yield
    except backups.Refused as why:
        raise click.ClickException(str(why)) from None
    except OperationalError as away:
        raise click.ClickException(f"The database is away: {away.orig}") from None
