from app.blueprints.mechanics.routes import bp

__all__ = ["bp"]
