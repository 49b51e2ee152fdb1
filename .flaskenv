# For `flask` in this folder; settings stand in .env.
FLASK_APP=flask_app.py
