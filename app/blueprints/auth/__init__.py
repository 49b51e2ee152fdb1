from app.blueprints.auth import sessions  # its routes join the same blueprint
from app.blueprints.auth.routes import bp

__all__ = ["bp", "sessions"]
