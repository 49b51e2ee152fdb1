"""Health checks and metrics of the server, and the documentation of the API."""

from flask import Blueprint

bp = Blueprint("health", __name__)
