"""Who wrote what, and what it was before."""

from flask import Blueprint

bp = Blueprint("audit", __name__, url_prefix="/audit")
