"""Pages in the API: query parameters, the schema of a page, and links to other pages of the list."""

from functools import cache
from urllib.parse import urlencode

from flask import request
from marshmallow import Schema, ValidationError, fields, validate

from app.web.fields import Digits, RequestSchema, ResponseSchema, Text
from app.web.rules import rule


class PageQuery(RequestSchema):
    """Query parameters for one page of a list: `per_page`, and either `page`, a number, or `cursor`.

    `cursor` is the `next_cursor` in the answer with the page before.
    """

    page = Digits(load_default=1, least=1, most=1_000_000)
    per_page = Digits(load_default=20, least=1, most=100)
    cursor = fields.String(validate=validate.Length(min=1, max=500))

    @rule
    def turn_pages_one_way(self, _wanted, sent):
        if "page" in sent and "cursor" in sent:
            yield "cursor", "Turn pages by page or by cursor, not both."


def words(where: str = "") -> Text:
    """Return a field for a text in the query, such as `q`; `where` is its description.

    The length is limited, because Link headers repeat the text.
    """
    documented = {"description": where} if where else {}
    return Text(lines=True, allow_none=True, validate=validate.Length(max=200), metadata=documented)


def sorted_by(*names: str, default: str) -> fields.String:
    """Return the field for the parameter `sort`: one of `names`, or `-name` for descending order.

    `default` is the value of the field if the parameter is missing.
    """
    both = [sign + name for name in names for sign in ("", "-")]
    return fields.String(load_default=default, validate=validate.OneOf(both))


class Include(fields.Field[frozenset[str]]):
    """A field for a query parameter that asks for optional members of the answer, such as `jobs,totals`.

    It accepts the member names that it was created with, and is loaded as a frozenset of names.
    """

    def __init__(self, *names: str, **kwargs):
        self.names = names
        one = "|".join(names)
        documented = {"type": "string", "pattern": f"^({one})(,({one}))*$"}
        super().__init__(metadata=documented, **kwargs)

    def _deserialize(self, value, attr, data, **kwargs):
        asked_for = frozenset(value.split(","))
        if asked_for - {*self.names}:
            raise ValidationError(f"It can be these words, with commas: {', '.join(self.names)}.")
        return asked_for


class Pagination(ResponseSchema):
    page = fields.Integer(
        allow_none=True, metadata={"description": "null where a cursor was given"}
    )
    per_page = fields.Integer()
    total = fields.Integer(
        allow_none=True, metadata={"description": "null where a cursor was given"}
    )
    total_pages = fields.Integer(allow_none=True)
    total_is_exact = fields.Boolean(
        allow_none=True,
        metadata={"description": "false where there are more: a total counts up to 10,000"},
    )
    has_next = fields.Boolean()
    has_prev = fields.Boolean()
    next_cursor = fields.String(allow_none=True)


@cache
def page_shape(item: type[Schema], name: str = "", **more: fields.Field) -> Schema:
    """Return a schema called `name`, for a page of `item`: `{items, pagination}` plus `more`.

    `item` is the schema class of one item; `more` are further fields of the page.
    """
    shape = {
        "items": fields.List(fields.Nested(item)),
        "pagination": fields.Nested(Pagination),
        **more,
    }
    return ResponseSchema.from_dict(shape, name=name or f"PageOf{item.__name__}")()


@cache
def items_shape(item: type[Schema]) -> Schema:
    """Return a schema for a list without pages: `{items}`. `item` is the schema class of one item."""
    shape = {"items": fields.List(fields.Nested(item))}
    return ResponseSchema.from_dict(shape, name=f"AllOf{item.__name__}")()


def links(pagination: dict) -> str:
    """Return the value of the Link header (RFC 8288) of a page of a list.

    It has links to the first, last, previous and next page, as far as these exist. `pagination` is the
    object `pagination` in the JSON of the response.
    """
    args = request.args.to_dict()
    pages = {}
    if pagination["page"] is None:
        if pagination["next_cursor"]:
            pages["next"] = {"cursor": pagination["next_cursor"]}
    else:
        page, last = pagination["page"], max(1, pagination["total_pages"])
        pages = {"first": {"page": 1}}
        if pagination["total_is_exact"]:
            pages["last"] = {"page": last}
        if pagination["has_prev"]:
            pages["prev"] = {"page": min(page - 1, last)}
        if pagination["has_next"]:
            counted = (page + 1) * pagination["per_page"] <= pagination["total"]
            numbered = counted or pagination["total_is_exact"]
            cursor = {"page": None, "cursor": pagination["next_cursor"]}
            pages["next"] = {"page": page + 1} if numbered else cursor
    return ", ".join(f'<{_url(args | where)}>; rel="{rel}"' for rel, where in pages.items())


def _url(args):
    documented = {name: value for name, value in args.items() if value is not None}
    return f"{request.script_root}{request.path}?{urlencode(documented)}"


class OldestFirst(PageQuery):
    """Query parameters for a page of a list sorted by id: oldest first, unless `sort` is `-id`."""

    sort = sorted_by("id", default="id")


class NewestFirst(PageQuery):
    """Query parameters for a page of a list sorted by id: newest first, unless `sort` is `id`."""

    sort = sorted_by("id", default="-id")
