"""The application, for gunicorn and for flask: `gunicorn flask_app:app`."""

from app import create_app

app = create_app()
