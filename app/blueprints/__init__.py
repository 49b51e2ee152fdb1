"""The HTTP API: one package for each domain, with its routes, schemas, services and queries."""

from flask import Flask

from app.blueprints.audit import routes as audit
from app.blueprints.auth import routes as auth
from app.blueprints.billing.routes import credit_notes, invoices, payments
from app.blueprints.canned_jobs import routes as canned_jobs
from app.blueprints.customers import routes as customers
from app.blueprints.health import routes as health
from app.blueprints.inventory import routes as inventory
from app.blueprints.mechanics import routes as mechanics
from app.blueprints.reports import routes as reports
from app.blueprints.service_tickets import routes as service_tickets
from app.blueprints.service_tickets.routes import (
    approvals,
    assignments,
    authorizations,
    jobs,
    lines,
)
from app.blueprints.shop import routes as shop
from app.blueprints.vehicles import routes as vehicles


def init_app(app: Flask) -> None:
    """Register the blueprints, in the order in which the API's document lists them."""
    app.register_blueprint(auth.bp)
    app.register_blueprint(shop.bp)
    app.register_blueprint(customers.bp)
    app.register_blueprint(vehicles.bp)
    app.register_blueprint(service_tickets.bp)
    app.register_blueprint(assignments.bp)
    app.register_blueprint(jobs.bp)
    app.register_blueprint(lines.bp)
    app.register_blueprint(authorizations.bp)
    app.register_blueprint(approvals.links)
    app.register_blueprint(approvals.bp)
    app.register_blueprint(invoices.bp)
    app.register_blueprint(credit_notes.bp)
    app.register_blueprint(payments.bp)
    app.register_blueprint(reports.bp)
    app.register_blueprint(canned_jobs.bp)
    app.register_blueprint(mechanics.bp)
    app.register_blueprint(inventory.bp)
    app.register_blueprint(audit.bp)
    app.register_blueprint(health.bp)
