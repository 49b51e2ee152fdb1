from app.blueprints.assignments.routes import bp

__all__ = ["bp"]
