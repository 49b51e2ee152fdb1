from app.blueprints.customers import bp
from app.blueprints.customers.routes import customers, oneself

__all__ = ["bp", "customers", "oneself"]
