from app.blueprints.vehicles.routes import bp

__all__ = ["bp"]
