"""The state of the process that a test leaves behind, in caches and counters."""

from app.blueprints.service_tickets.queries import prices
from app.extensions import cache, limiter
from app.web import caching


def forget():
    """Empty the caches, reset the limits, and forget that Redis was away."""
    cache.clear()
    caching._redis["away_until"] = 0.0
    prices._known.clear()  # the settings of the next test begin with the same version
    if limiter.enabled:
        limiter.reset()
