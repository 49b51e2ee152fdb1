"""What the decorators of a route declare, to act on, to document and to test."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

from app.actors import Role
from app.errors import ShopError


@dataclass(frozen=True)
class Declared:
    """Hold the marks of a view, in the only safe order of its decorators, outermost first."""

    rate_limit: str | None = None  # by which Flask-Limiter knows the view
    roles: tuple[Role, ...] | None = None  # () is anyone
    reads_tables: tuple[str, ...] | None = None  # its answer is cached until one of these changes
    checks_if_match: bool = False
    accepts: tuple[Any, str | None] = (None, None)  # schema, and "json", "query" or "either"
    returns: tuple[Any, int] = (None, 0)  # schema or media type, and status
    is_for_all_roles: bool = True  # who is signed in at all
    identifies: bool = True  # looks at a token; a bad one is refused
    location: str | None = None  # of what was made
    is_replayed: bool = False  # under an Idempotency-Key
    is_strict: bool = False  # refuses parameters that it does not know
    has_etag: bool = False
    refuses: tuple[type[ShopError], ...] = ()
    deprecated_for: str | None = None  # today's path


NOTHING = Declared()
LAYERS = tuple(each.name for each in fields(Declared))[:6]


def declared(view: Any) -> Declared:
    """Return what a view has declared; nothing where it is none of ours."""
    found: Declared = getattr(view, "declared", NOTHING)
    return found


def declare(view: Any, **marks: Any) -> Any:
    """Add marks to a view, and return it."""
    view.declared = replace(declared(view), **marks)
    return view


def deprecated(for_path: str) -> Callable[[Any], Any]:
    """Declare a path of earlier systems, and the one to call instead."""
    return lambda view: declare(view, deprecated_for=for_path)
