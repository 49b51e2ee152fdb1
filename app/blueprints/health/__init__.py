from app.blueprints.health.routes import bp

__all__ = ["bp"]
