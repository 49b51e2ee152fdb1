"""The application factory, create_app(): the only place that connects all parts of the application."""

import logging
import os
from collections.abc import Mapping
from pathlib import Path

from flask import Flask
from flask_cors import CORS
from werkzeug.middleware.proxy_fix import ProxyFix

import config
from app import blueprints, cli, collectors  # noqa: F401
from app.access import actors
from app.database.session import db
from app.extensions import cache, ma, migrate
from app.models import REFUSED_BY
from app.web import (
    arrivals,
    auth,
    deprecated_paths,
    limits,
    metrics,
    paths,
    private_pages,
    responses,
    strict_json,
    transactions,
)

EXPOSED = (
    "Deprecation, ETag, Ignored-Members, Link, Location, RateLimit, RateLimit-Policy, Retry-After,"
    " Sunset, WWW-Authenticate, X-Request-ID"
)


class Shop(Flask):
    """A Flask application whose views and hooks are never coroutines."""

    def ensure_sync(self, func):
        """Return `func`, a view or hook, unchanged.

        Flask's own method would find out at each request whether any of a dozen functions is a
        coroutine.
        """
        return func


def create_app(environ: Mapping[str, str] = os.environ) -> Flask:
    """Return the application, configured by the environment variables `environ`.

    Raise BadSetting if a setting is missing or wrong.
    """
    app = Shop(__name__, static_folder="../static")
    app.config.from_mapping(config.read(environ))
    app.logger.setLevel(logging.INFO)
    try:
        db.init_app(app)  # makes the folder of a SQLite file that is named without one
    except OSError as problem:
        reason = f"{problem.filename} can't be made ({problem.strerror})"
        raise config.BadSetting(f"{reason}: set DATABASE_URL.") from None
    for extension in (ma, cache):
        extension.init_app(app)
    migrate.init_app(app, directory=str(Path(app.root_path).parent / "migrations"))
    # Flask calls before_request hooks in this order, and after_request hooks in the opposite one.
    metrics.init_app(app)
    responses.init_app(app, REFUSED_BY)
    private_pages.init_app(app)
    strict_json.init_app(app)
    auth.init_app(app, actors.actor_in_act)
    limits.init_app(app)
    arrivals.init_app(app, actors.actor_of, actors.READ_FROM)
    paths.init_app(app)
    blueprints.init_app(app)
    deprecated_paths.init_app(app)
    cli.init_app(app, create_app)
    if app.config["CORS_ORIGINS"]:
        CORS(app, origins=app.config["CORS_ORIGINS"], expose_headers=EXPOSED, max_age=600)
    responses.compare_tags(app)
    transactions.init_app(app)
    if hops := app.config["TRUSTED_PROXIES"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    return app
