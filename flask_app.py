"""The application, for gunicorn and for flask: `gunicorn flask_app:app`."""

import sys

from app import create_app
from config import BadSetting

try:
    app = create_app()
except BadSetting as problem:
    sys.exit(f"The shop does not start: {problem}")
