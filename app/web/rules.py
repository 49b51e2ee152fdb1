"""Validation rules over several members, reported together with all other problems of a body."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import reduce, wraps
from typing import Any

from marshmallow import ValidationError, validates_schema
from marshmallow.error_store import merge_errors


def merged(*problems: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return one mapping of members to messages with the problems of all these mappings."""
    return reduce(merge_errors, filter(None, problems), {})


def rule(check: Callable[[Any, dict, Mapping], Iterable[tuple[str, str]]]):
    """Turn a method that yields problems, `(member, why)`, into a validation rule of its schema.

    The method is called with `loaded`, the valid values only, and `sent`, the unchanged body. It is
    called even if other members are wrong, so that a refusal names all problems.
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
    """Yield a problem for each member in `said_with_it` that was sent without the member `needed`."""
    for name in said_with_it:
        if is_said(name, loaded, sent) and not is_said(needed, loaded, sent):
            yield name, f"Says nothing without {needed}."


def is_said(name: str, loaded: Mapping, sent: Mapping) -> bool:
    """Return whether a member was sent with a value other than null, valid or not."""
    return loaded.get(name, sent.get(name)) is not None
