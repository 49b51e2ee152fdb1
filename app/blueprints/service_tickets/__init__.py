"""Service tickets (repair orders): each is one visit of a customer, usually with a vehicle."""

from flask import Blueprint

bp = Blueprint("service_tickets", __name__, url_prefix="/service-tickets")
