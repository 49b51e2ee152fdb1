"""The shop: what stands on its paper, and its rates, taxes and markups."""

from flask import Blueprint

bp = Blueprint("shop", __name__, url_prefix="/shop")
