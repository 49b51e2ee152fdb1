"""Routes of billing; the statement is under the path of its customer."""

from app.blueprints.billing.routes import statements as statements
