"""Service tickets (repair orders): one visit of a vehicle, from open to closed."""

from flask import Blueprint

bp = Blueprint("service_tickets", __name__, url_prefix="/service-tickets")
