"""The shop's commands beside Flask's own: `flask --help` lists them all."""

from collections.abc import Callable

from flask import Flask

from app.cli import documents, managers
from app.cli.backups import commands as of_backups
from app.cli.demo import commands as of_demo

COMMANDS = (
    *(managers.open_shop, managers.create_manager, managers.set_password),
    *(of_demo.seed_demo, of_backups.backup, of_backups.restore),
)


def init_app(app: Flask, create_app: Callable[..., Flask]) -> None:
    """Register the commands; `create_app` makes the second shop in which the day is recorded."""
    for command in (*COMMANDS, *documents.commands(app, create_app)):
        app.cli.add_command(command)
