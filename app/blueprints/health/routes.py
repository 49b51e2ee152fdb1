"""Is the shop up, is it ready, how busy is it; and where its documentation is."""

from flask import (
    Blueprint,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    send_from_directory,
)
from flask_swagger_ui import get_swaggerui_blueprint

from app.blueprints.health.schemas import HealthOut, ReadinessOut
from app.errors import every_refusal
from app.extensions import limiter
from app.queries import health
from app.web import metrics as measured
from app.web.auth import anonymous
from app.web.shapes import returns

bp = Blueprint("health", __name__)
docs = get_swaggerui_blueprint(
    "/docs",
    "../openapi.yaml",
    config={
        "app_name": "Mechanic Shop API",
        "validatorUrl": None,
        "persistAuthorization": True,
        "docExpansion": "list",
        "displayRequestDuration": True,
        "tryItOutEnabled": True,
    },
)
bp.register_blueprint(docs)


@bp.get("/healthz")
@limiter.exempt
@anonymous
@returns(HealthOut())
def healthz():
    """Say that the process answers, whatever the database does."""
    return {"status": "ok"}


@bp.get("/readyz")
@limiter.exempt
@anonymous
@returns(ReadinessOut())
def readyz():
    """Say that the database answers and has today's schema; 503 otherwise."""
    return health.readiness(current_app.extensions["migrate"].directory)


@bp.get("/metrics")
@limiter.exempt
@anonymous
def metrics():
    """Tell Prometheus how many requests there were, how they ended and how long they took."""
    if not current_app.config["METRICS_ENABLED"]:
        abort(404)
    return measured.scraped()


@bp.get("/openapi.yaml")
@limiter.exempt
@anonymous
def openapi():
    """The document of this API."""
    return send_from_directory(
        current_app.static_folder or "static", "swagger.yaml", mimetype="application/yaml"
    )


@bp.get("/problems")
@limiter.exempt
@anonymous
def problems():
    """Every way the shop says no: where the `type` of a problem leads."""
    refusals = sorted({each.code: each for each in every_refusal()}.items())
    return render_template("problems.html", refusals=refusals)


@bp.get("/")
@limiter.exempt
@anonymous
def home():
    """The documentation is the home page."""
    return redirect(f"{request.script_root}/docs")
