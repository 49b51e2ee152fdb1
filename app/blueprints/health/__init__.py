"""Whether the shop is up, and where its documentation is."""

from flask import Blueprint

bp = Blueprint("health", __name__)
