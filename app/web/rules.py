"""Rules across members: told together with whatever else is wrong with a body."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import reduce, wraps
from typing import Any

from marshmallow import ValidationError, validates_schema
from marshmallow.error_store import merge_errors


def merged(*problems: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what is wrong by all of these, by members."""
    return reduce(merge_errors, filter(None, problems), {})


def rule(check: Callable[[Any, dict, Mapping], Iterable[tuple[str, str]]]):
    """Make a rule across members of a method that yields what is wrong: `(member, why)`.

    It is asked whatever else is wrong, so that a refusal names everything. `loaded` are the values that are
    good, `sent` is what was sent.
    """

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    @wraps(check)
    def checked(self, loaded, sent, **_kwargs):
        if not isinstance(sent, Mapping):
            return
        problems: dict[str, list[str]] = {}
        for name, why in check(self, loaded, sent):
            problems.setdefault(name, []).append(why)
        if problems:
            raise ValidationError(dict(problems))

    return checked


def demand(
    needed: str, loaded: Mapping, sent: Mapping, *said_with_it: str
) -> Iterator[tuple[str, str]]:
    """Yield what means nothing without `needed`, rather than drop it."""
    for name in said_with_it:
        if is_said(name, loaded, sent) and not is_said(needed, loaded, sent):
            yield name, f"Says nothing without {needed}."


def is_said(name: str, loaded: Mapping, sent: Mapping) -> bool:
    """Return whether a member was sent with a value, be it right or wrong."""
    return loaded.get(name, sent.get(name)) is not None
