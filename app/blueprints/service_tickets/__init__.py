from app.blueprints.service_tickets import work  # its routes join the same blueprint
from app.blueprints.service_tickets.routes import bp

__all__ = ["bp", "work"]
