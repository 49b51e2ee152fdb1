"""Invoices: frozen records of what customers owe, with numbers without gaps."""

from flask import Blueprint

bp = Blueprint("invoices", __name__, url_prefix="/invoices")
