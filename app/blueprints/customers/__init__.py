"""People and firms who bring vehicles in."""

from flask import Blueprint

bp = Blueprint("customers", __name__, url_prefix="/customers")
