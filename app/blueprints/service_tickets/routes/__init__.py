from app.blueprints.service_tickets import bp
from app.blueprints.service_tickets.routes import assignments, tickets, work

__all__ = ["assignments", "bp", "tickets", "work"]
