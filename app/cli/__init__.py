"""The shop's own `flask` commands. `flask --help` lists all commands."""

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
    """Register the shop's own commands on `app`.

    `create_app` makes a second app, with an empty database, for the commands that run the walkthrough (a
    list of example calls).
    """
    for command in (*COMMANDS, *documents.commands(app, create_app)):
        app.cli.add_command(command)
