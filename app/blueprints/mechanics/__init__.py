"""The staff: mechanics and managers."""

from flask import Blueprint

bp = Blueprint("mechanics", __name__, url_prefix="/mechanics")
