# The shop in a container: `docker compose up` starts it with all that it needs (compose.yaml).
# Migrations are not run at its start: `flask db upgrade` in this image does that, once for each version.

FROM python:3.13-slim AS packages
WORKDIR /build
COPY requirements.lock .
# Wheels only, each with the hash that the lock names; pip itself stays behind.
RUN python -m venv --without-pip /venv \
    && pip --python /venv/bin/python install --no-cache-dir --disable-pip-version-check \
        --require-hashes --only-binary=:all: -r requirements.lock

FROM python:3.13-slim
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    FLASK_APP=flask_app.py \
    FLASK_ENV=production \
    FLASK_SKIP_DOTENV=1
WORKDIR /shop
COPY --from=packages /venv /venv
COPY config.py config_keys.py flask_app.py gunicorn.conf.py ./
COPY static static
COPY migrations migrations
COPY app app
RUN python -m compileall -q .
USER 10001:10001
EXPOSE 5000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f\"http://127.0.0.1:{os.environ.get('PORT') or 5000}/healthz\", timeout=2)"]
CMD ["gunicorn", "flask_app:app"]
