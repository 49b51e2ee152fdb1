from app.blueprints.service_tickets import bp
from app.blueprints.service_tickets.routes import assignments, of_others, tickets, work

__all__ = ["assignments", "bp", "of_others", "tickets", "work"]
