"""The HTTP surface: one package per resource, each with its `bp`, its routes and its schemas."""

from flask import Flask

from app.blueprints import (
    assignments,
    audit,
    auth,
    customers,
    health,
    inventory,
    mechanics,
    service_tickets,
    vehicles,
)


def init_app(app: Flask) -> None:
    app.register_blueprint(auth.bp)
    app.register_blueprint(customers.bp, url_prefix="/customers")
    app.register_blueprint(vehicles.bp)
    app.register_blueprint(mechanics.bp, url_prefix="/mechanics")
    app.register_blueprint(service_tickets.bp, url_prefix="/service-tickets")
    app.register_blueprint(assignments.bp, url_prefix="/assignments")
    app.register_blueprint(inventory.bp, url_prefix="/inventory")
    app.register_blueprint(audit.bp, url_prefix="/audit")
    app.register_blueprint(health.bp)
