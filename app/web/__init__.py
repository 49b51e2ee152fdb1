"""The HTTP layer: authentication, validation, caching, rate limits. It has no business rules."""
