from app.blueprints.customers import oneself  # its routes join the same blueprint
from app.blueprints.customers.routes import bp

__all__ = ["bp", "oneself"]
