from app.blueprints.service_tickets import bp
from app.blueprints.service_tickets.routes import assignments, jobs, lines, of_others, tickets, work

__all__ = ["assignments", "bp", "jobs", "lines", "of_others", "tickets", "work"]
