"""The audit trail: who changed which row and when, with the values before and after."""

from flask import Blueprint

bp = Blueprint("audit", __name__, url_prefix="/audit")
