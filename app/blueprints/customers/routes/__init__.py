from app.blueprints.customers import bp
from app.blueprints.customers.routes import billing_terms, customers, oneself

__all__ = ["billing_terms", "bp", "customers", "oneself"]
