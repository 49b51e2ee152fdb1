"""The declarations that decorators make about a view, for hooks, the OpenAPI document and tests."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

from app.actors import Role
from app.errors import ShopError


@dataclass(frozen=True)
class Declared:
    """What the decorators of a view declare about it, such as the roles that it admits.

    The decorators that set the first six fields must be used in the order of these fields: the one that
    sets `rate_limit` is the outermost.
    """

    rate_limit: str | None = None  # the view's name in Flask-Limiter
    roles: tuple[Role, ...] | None = None  # () admits everyone
    reads_tables: tuple[str, ...] | None = None  # all tables that its cached answers are read from
    checks_if_match: bool = False
    accepts: tuple[Any, str | None] = (None, None)  # schema, and "json", "query" or "either"
    returns: tuple[Any, int] = (None, 0)  # schema or media type, and status
    is_for_all_roles: bool = True  # `roles` are not restricted
    identifies: bool = True  # reads the token and refuses an invalid one
    location: str | None = None  # path template of the created resource
    is_replayed: bool = False  # a retry with the same Idempotency-Key gets the first answer
    needs_key: bool = False  # an Idempotency-Key is required
    is_strict: bool = False  # refuses unknown parameters
    has_etag: bool = False
    has_csv: bool = False  # answers as CSV instead, if the client prefers that
    has_page: bool = False  # answers a browser with an HTML page instead
    refuses: tuple[type[ShopError], ...] = ()
    deprecated_for: str | None = None  # the path to call instead


NOTHING = Declared()
LAYERS = tuple(each.name for each in fields(Declared))[:6]


def declared(view: Any) -> Declared:
    """Return the Declared that a view's decorators have set, or NOTHING, with all defaults."""
    found: Declared = getattr(view, "declared", NOTHING)
    return found


def declare(view: Any, **marks: Any) -> Any:
    """Set declarations of a view (see Declared), and return the view.

    Each keyword argument is a field of Declared with its value, such as `rate_limit="..."`; the other
    declarations of the view stay.
    """
    view.declared = replace(declared(view), **marks)
    return view


def deprecated(for_path: str) -> Callable[[Any], Any]:
    """Return a decorator that marks a view as deprecated: clients should call `for_path` instead."""
    return lambda view: declare(view, deprecated_for=for_path)
