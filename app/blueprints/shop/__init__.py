"""The settings of the shop: its name and address, and its rates, taxes, supplies and markups."""

from flask import Blueprint

bp = Blueprint("shop", __name__, url_prefix="/shop")
