"""Commands that write the API's documents: `flask openapi`, `flask postman`.

Both need the routes of this app and the recorded calls of the walkthrough.
"""

from collections.abc import Callable
from pathlib import Path

import click
from flask import Flask

from app.cli.walkthrough import play, postman
from app.web import openapi


def commands(app: Flask, create_app: Callable[..., Flask]) -> tuple[click.Command, ...]:
    """Return the commands `flask openapi` and `flask postman` for this app."""

    @click.command("openapi")
    def write_document() -> None:
        """Write static/swagger.yaml from the routes and the calls of a recorded working day."""
        _write(openapi.SWAGGER, openapi.written(app, play.in_a_shop_of_its_own(create_app)))

    @click.command("postman")
    def write_collection() -> None:
        """Write the Postman collection with the calls of a recorded working day, and its environment."""
        _write(postman.COLLECTION, postman.written(play.in_a_shop_of_its_own(create_app)))
        _write(postman.ENVIRONMENT, postman.environment())

    return write_document, write_collection


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    click.echo(f"Wrote {path.name}.")
