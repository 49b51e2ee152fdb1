"""The catalogue of parts and its stock."""

from flask import Blueprint

bp = Blueprint("inventory", __name__, url_prefix="/inventory")
