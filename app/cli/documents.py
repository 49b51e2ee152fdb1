"""Commands that write the API's documents: `flask openapi`, `flask postman`.

Both run the walkthrough (a list of example calls) on a temporary shop, and write the recorded answers.
"""

from collections.abc import Callable
from pathlib import Path

import click
from flask import Flask

from app.cli.walkthrough import play, postman
from app.web import openapi


def commands(app: Flask, create_app: Callable[..., Flask]) -> tuple[click.Command, ...]:
    """Return the commands `flask openapi` and `flask postman`.

    `flask openapi` describes the routes of `app`. `create_app` makes the app of the temporary shop.
    """

    @click.command("openapi")
    def write_document() -> None:
        """Write static/swagger.yaml from the routes, with recorded calls as examples."""
        _write(openapi.SWAGGER, openapi.written(app, play.in_a_shop_of_its_own(create_app)))

    @click.command("postman")
    def write_collection() -> None:
        """Write the Postman collection of recorded calls, and its environment."""
        _write(postman.COLLECTION, postman.written(play.in_a_shop_of_its_own(create_app)))
        _write(postman.ENVIRONMENT, postman.environment())

    return write_document, write_collection


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    click.echo(f"Wrote {path.name}.")
