from app.blueprints.vehicles import of_customer  # its routes join the same blueprint
from app.blueprints.vehicles.routes import bp

__all__ = ["bp", "of_customer"]
