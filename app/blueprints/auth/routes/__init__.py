from app.blueprints.auth import bp
from app.blueprints.auth.routes import auth, sessions

__all__ = ["auth", "bp", "sessions"]
