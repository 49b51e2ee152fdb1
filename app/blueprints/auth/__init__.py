"""Signing in and out. Each access token belongs to a session; signing out ends the session at once."""

from flask import Blueprint

bp = Blueprint("auth", __name__)
