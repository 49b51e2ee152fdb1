"""Is the shop up, is it ready, how busy is it; and where its documentation is."""

from flask import Response, current_app, redirect, render_template, request
from flask_swagger_ui import get_swaggerui_blueprint
from werkzeug.http import HTTP_STATUS_CODES

from app.blueprints.health import bp
from app.blueprints.health import queries as health
from app.blueprints.health.schemas import HealthOut, ReadinessOut
from app.errors import NotFound, Unavailable, every_refusal
from app.web import metrics as measured
from app.web.auth import anonymous
from app.web.openapi import SWAGGER
from app.web.shapes import refuses, returns, serves

docs = get_swaggerui_blueprint(
    "/docs",
    "../openapi.yaml",
    config={
        "app_name": "Mechanic Shop API",
        "validatorUrl": None,
        "persistAuthorization": True,
        "layout": "BaseLayout",
        "docExpansion": "list",
        "filter": True,
        "displayRequestDuration": True,
        "tryItOutEnabled": True,
    },
)
# Nothing of another origin and no script within the page runs there, and no page shows it in a frame.
ITS_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@docs.after_request
def protect(response):
    """Say what the page of the documentation may load, and that no frame may hold it."""
    response.headers["Content-Security-Policy"] = ITS_POLICY
    return response


bp.register_blueprint(docs)


@bp.get("/healthz")
@anonymous
@returns(HealthOut())
def healthz():
    """Say that the process answers, whatever the database does.

    For whoever restarts it when it doesn't.
    """
    return {"status": "ok"}


@bp.get("/readyz")
@anonymous
@returns(ReadinessOut())
@refuses(Unavailable)
def readyz():
    """Say that the database answers and has today's schema.

    For whoever sends it requests, or not yet.
    """
    return health.readiness(current_app.extensions["migrate"].directory)


@bp.get("/metrics")
@anonymous
@serves("text/plain")
@refuses(NotFound)
def metrics():
    """Tell Prometheus how many requests there were, how they ended and how long they took.

    A shop may keep that to itself (`METRICS_ENABLED`).
    """
    if not current_app.config["METRICS_ENABLED"]:
        raise NotFound("This shop tells nobody how busy it is.")
    return measured.scraped()


@bp.get("/openapi.yaml")
@anonymous
@serves("application/yaml", conditional=True)
def openapi():
    """Get the document of this API."""
    response = Response(SWAGGER.read_text(encoding="utf-8"), mimetype="application/yaml")
    response.add_etag()
    return response


@bp.get("/problems")
@anonymous
@serves("text/html")
def problems():
    """Explain every refusal: where the `type` of a problem leads."""
    return render_template("problems.html", refusals=every_refusal(), titles=HTTP_STATUS_CODES)


@bp.get("/")
@anonymous
@serves("text/html", 302, location="/docs")
def home():
    """Redirect to the documentation."""
    return redirect(f"{request.script_root}/docs")
