from app.blueprints.inventory.routes import bp

__all__ = ["bp"]
