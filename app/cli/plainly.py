"""One-line error messages for commands, instead of tracebacks."""

import contextlib
from collections.abc import Iterator

import click
from marshmallow import ValidationError
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.errors import Invalid


@contextlib.contextmanager
def plainly() -> Iterator[None]:
    """Turn validation and database errors in this `with` block into a ClickException of one line."""
    try:
        yield
    except ValidationError as error:
        raise click.ClickException(f"That does not fit: {error.normalized_messages()}") from None
    except Invalid as error:
        raise click.ClickException(f"That does not fit: {error.members['errors']}") from None
    except IntegrityError:
        raise click.ClickException("This e-mail address is in use already.") from None
    except DBAPIError:
        raise click.ClickException(
            "The database is away or not migrated: run `flask db upgrade` first."
        ) from None
