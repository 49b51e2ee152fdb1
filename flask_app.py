"""The application for servers: `gunicorn flask_app:app`, `flask run` or `python flask_app.py`."""

import gc
import sys

gc.disable()  # collecting takes a sixth of the start, and imports leave no garbage
try:
    from flask.cli import load_dotenv
    from flask.helpers import get_load_dotenv

    from app import create_app
    from app.cli.serving import serve, warn_flask_run
    from config import BadSetting
except ModuleNotFoundError as missing:
    sys.exit(
        f"{missing.name} is not installed for this Python: run `python3 dev.py`, which installs"
        " everything, or `pip install -r requirements.txt`."
    )

if get_load_dotenv():
    load_dotenv()
try:
    app = create_app()
except BadSetting as problem:
    sys.exit(f"The shop does not start: {problem}")
warn_flask_run(app)
gc.freeze()  # later collections skip all objects that exist now
gc.enable()

if __name__ == "__main__":
    serve(app)
