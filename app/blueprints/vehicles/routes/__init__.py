from app.blueprints.vehicles import bp
from app.blueprints.vehicles.routes import vehicles, vehicles_of_customer

__all__ = ["bp", "vehicles", "vehicles_of_customer"]
