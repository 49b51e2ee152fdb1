"""Validation rules over several members, reported together with all other problems of a body."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import reduce, wraps
from typing import Any

from marshmallow import ValidationError, validates_schema
from marshmallow.error_store import merge_errors


def merged(*problems: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return one dict with the messages of all `problems`: each is `{member: messages}` or None."""
    return reduce(merge_errors, filter(None, problems), {})


def rule(check: Callable[[Any, dict, Mapping], Iterable[tuple[str, str]]]):
    """Turn a method of a schema into a validation rule; the method yields problems, `(member, why)`.

    It is called as `check(self, loaded, sent)`: `loaded` has only the valid values, and `sent` is the
    unchanged body. It is called even if some members are wrong, so that a refusal names all problems.
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
    """Yield a problem, `(member, why)`, for each sent member of `said_with_it` if `needed` was not sent.

    `needed` and `said_with_it` are names of members; a member that is null counts as not sent. `loaded`
    has the valid values, and `sent` is the unchanged body.
    """
    for name in said_with_it:
        if is_said(name, loaded, sent) and not is_said(needed, loaded, sent):
            yield name, f"Says nothing without {needed}."


def is_said(name: str, loaded: Mapping, sent: Mapping) -> bool:
    """Return whether the member `name` was sent with a value other than null; the value may be invalid.

    `loaded` has the valid values, and `sent` is the unchanged body.
    """
    return loaded.get(name, sent.get(name)) is not None
