"""Metrics for Prometheus: the number of requests, their status codes and their durations."""

import os
import time

from flask import Flask, Response, g, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

# Prometheus keeps each label value, so a client must not be able to invent new ones.
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
SECONDS = Histogram(
    "http_request_duration_seconds", "Time to answer", ["method", "endpoint", "status"]
)


def init_app(app: Flask) -> None:
    if not app.config["METRICS_ENABLED"]:
        return

    @app.before_request
    def start():
        g.started = time.perf_counter()

    @app.after_request
    def measure(response):
        taken = time.perf_counter() - g.get("started", time.perf_counter())
        method = request.method if request.method in METHODS else "other"
        SECONDS.labels(method, request.endpoint or "none", response.status_code).observe(taken)
        return response


def scraped() -> Response:
    """Return the metrics as text for Prometheus; if there are several workers, those of all workers."""
    registry = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
