"""Routes for health checks, metrics and documentation."""

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
# The documentation page loads nothing from other origins, runs no inline script, and can't be framed.
ITS_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@docs.after_request
def protect(response):
    """Set the Content-Security-Policy of the documentation page."""
    response.headers["Content-Security-Policy"] = ITS_POLICY
    return response


bp.register_blueprint(docs)


@bp.get("/healthz")
@anonymous
@returns(HealthOut())
def healthz():
    """Check that the process answers, without looking at the database.

    This is meant for a supervisor that restarts the process when it does not answer.
    """
    return {"status": "ok"}


@bp.get("/readyz")
@anonymous
@returns(ReadinessOut())
@refuses(Unavailable)
def readyz():
    """Check that the database answers and has the newest schema.

    This is meant for a load balancer that sends requests only to processes that are ready.
    """
    return health.readiness(current_app.extensions["migrate"].directory)


@bp.get("/metrics")
@anonymous
@serves("text/plain")
@refuses(NotFound)
def metrics():
    """Get the number, the statuses and the durations of requests, in the format of Prometheus.

    A shop can switch this off (`METRICS_ENABLED`); then the response is 404.
    """
    if not current_app.config["METRICS_ENABLED"]:
        raise NotFound("This shop tells nobody how busy it is.")
    return measured.scraped()


@bp.get("/openapi.yaml")
@anonymous
@serves("application/yaml", conditional=True)
def openapi():
    """Get the OpenAPI document of this API."""
    response = Response(SWAGGER.read_text(encoding="utf-8"), mimetype="application/yaml")
    response.add_etag()
    return response


@bp.get("/problems")
@anonymous
@serves("text/html")
def problems():
    """Show a page that explains all error responses; the `type` of an error response links to it."""
    return render_template("problems.html", refusals=every_refusal(), titles=HTTP_STATUS_CODES)


@bp.get("/robots.txt")
@anonymous
@serves("text/plain")
def robots():
    """Ask search engines to stay away from approval links."""
    return Response("User-agent: *\nDisallow: /approvals/\n", mimetype="text/plain")


@bp.get("/")
@anonymous
@serves("text/html", 302, location="/docs")
def home():
    """Redirect to the documentation."""
    return redirect(f"{request.script_root}/docs")
