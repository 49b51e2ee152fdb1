"""Flask's development server. At its start it prints the reason if /readyz would report "not ready"."""

import click
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from app.blueprints.health.queries import why_not_ready
from app.database.session import db


def serve(app: Flask) -> None:
    """Serve the app at http://127.0.0.1:5000, or at another PORT if one is set.

    In production, raise SystemExit: there, gunicorn serves the app.
    """
    if app.config["ENVIRONMENT"] == "production":
        raise SystemExit("Production is served by `gunicorn flask_app:app`.")
    _warn(app)
    app.run(port=app.config["PORT"], load_dotenv=False)


def warn_flask_run(app: Flask) -> None:
    """Print a warning in `flask run` if the database can't be reached or lacks the current schema.

    In any other command, do nothing.
    """
    command = click.get_current_context(silent=True)
    if command is not None and command.info_name == "run":
        _warn(app)


def _warn(app):
    with app.app_context():
        try:
            reason = why_not_ready(app.extensions["migrate"].directory)
        except SQLAlchemyError as away:
            reason = f"The database is away: {away}"
        finally:
            db.session.remove()
    if reason:
        click.echo(f"!! {reason}", err=True)
