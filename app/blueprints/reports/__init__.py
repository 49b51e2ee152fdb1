"""Reports: the figures of a period, each with its formula and with the rows that add up to it."""

from flask import Blueprint

bp = Blueprint("reports", __name__, url_prefix="/reports")
