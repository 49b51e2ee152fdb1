"""What the decorators of a view declare about it, for the hooks, the OpenAPI document and the tests."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

from app.actors import Role
from app.errors import ShopError


@dataclass(frozen=True)
class Declared:
    """The declarations of a view. The first six must be made in this order, the outermost first."""

    rate_limit: str | None = None  # the view's name in Flask-Limiter
    roles: tuple[Role, ...] | None = None  # () admits everyone
    reads_tables: tuple[str, ...] | None = None  # its answer is cached until one of these changes
    checks_if_match: bool = False
    accepts: tuple[Any, str | None] = (None, None)  # schema, and "json", "query" or "either"
    returns: tuple[Any, int] = (None, 0)  # schema or media type, and status
    is_for_all_roles: bool = True  # `roles` are not restricted
    identifies: bool = True  # reads the token and refuses an invalid one
    location: str | None = None  # path template of what was created
    is_replayed: bool = False  # a retry with its Idempotency-Key is answered again
    is_strict: bool = False  # refuses unknown parameters
    has_etag: bool = False
    refuses: tuple[type[ShopError], ...] = ()
    deprecated_for: str | None = None  # the path to call instead


NOTHING = Declared()
LAYERS = tuple(each.name for each in fields(Declared))[:6]


def declared(view: Any) -> Declared:
    """Return the declarations of a view, or NOTHING for a view without any, such as those of Flask."""
    found: Declared = getattr(view, "declared", NOTHING)
    return found


def declare(view: Any, **marks: Any) -> Any:
    """Add declarations to a view, and return the view."""
    view.declared = replace(declared(view), **marks)
    return view


def deprecated(for_path: str) -> Callable[[Any], Any]:
    """Return a decorator that marks a view as deprecated: clients should call `for_path` instead."""
    return lambda view: declare(view, deprecated_for=for_path)
