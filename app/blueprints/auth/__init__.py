"""Signing in and out. An access token stands on a session; sign-out ends it at once."""

from flask import Blueprint

bp = Blueprint("auth", __name__)
