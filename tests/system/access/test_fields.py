"""Everybody is shown the members that are theirs to see: in items, lists and what stands in them."""

import json

import pytest
from marshmallow import fields

from app.blueprints.customers.schemas import CustomerOut
from app.blueprints.mechanics.schemas import MechanicOut
from app.web.declared import declared
from app.web.fields import ON_REQUEST, SEEN_BY, RequestSchema, ResponseSchema
from tests.system.access.matrix import operations, view_of
from tests.system.access.seen import LEVELS, READERS, SECRETS, SEEN
from tests.system.access.table import TABLE, UNASKED

pytestmark = pytest.mark.one_database("sqlite")


def test_every_shape_that_is_not_the_same_for_all_is_in_the_table():
    shapes = {shape.__name__: shape() for shape in subclasses(ResponseSchema)}
    differ = {
        name
        for name, shape in shapes.items()
        if any(SEEN_BY in field.metadata for field in shape.fields.values())
    }
    # What is used in a ticket is the same shape, under the name of an answer.
    assert differ - {"PartsUsedOut"} == SEEN.keys()


def test_everybody_sees_their_members_and_no_others(shop, cells, figures):
    surprises, shown = [], 0
    for cell in answered(cells):
        schema = declared(shop.view_functions[view_of(cell.row)]).returns[0]
        for shape, members in members_of(schema, json.loads(cell.body)):
            shown += len(members)
            due = members_due(shape, cell.actor)
            if isinstance(shape, RequestSchema):  # shows what was sent, whatever that was
                due &= members
            if members != due:
                surprises.append(f"{cell}: {type(shape).__name__}: {sorted(members ^ due)}")

    figures(f"{shown:,} members shown, {len(surprises)} surprises")
    assert surprises == []


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_is_told_to_those_who_may_know_it_and_to_nobody_else(cells, secret):
    """Refusals and headers included; where nobody is asked who they are, the password tells."""
    text, may_know = SECRETS[secret]
    asked = [cell for cell in cells if TABLE[cell.row].refused is not UNASKED]

    assert {cell.actor for cell in asked if text in f"{cell.body}{cell.headers}"} == may_know


def test_nobody_asks_by_a_parameter_for_what_they_are_not_shown(shop):
    """Else who may not see a member finds out what it is by whether the row is listed."""
    asked = []
    with shop.app_context():
        for endpoint, _method, rule in operations(shop):
            view = shop.view_functions[endpoint]
            wanted, location = declared(view).accepts
            items = getattr(declared(view).returns[0], "fields", {}).get("items")
            if location != "query" or items is None:
                continue
            shown = items.inner.schema.fields
            for name in wanted.fields.keys() & shown.keys():
                if SEEN_BY in shown[name].metadata and "anyone" not in TABLE[endpoint].refused:
                    answer = shop.test_client().get(rule.rule, query_string={name: "true"})
                    asked.append((rule.rule, name, answer.status_code))

    assert asked == [("/inventory", "low_stock", 403)]


def answered(cells):
    """What those were told who are who they say, in JSON."""
    return [
        cell
        for cell in cells
        if cell.actor in READERS
        and cell.status < 300
        and cell.headers.get("Content-Type") == "application/json"
        and TABLE[cell.row].refused is not UNASKED
    ]


def members_of(shape, said):
    """`(shape, names)` of an answer and of everything in it that has a shape."""
    if said is None:
        return
    for one in getattr(shape, "one_of", ()):
        if said.keys() <= {field.data_key or name for name, field in one().fields.items()}:
            shape = one()
    yield shape, set(said)
    for name, field in shape.fields.items():
        inner, each = getattr(field, "inner", field), said.get(name)
        if name == "profile":
            yield from members_of(CustomerOut() if said["customer_id"] else MechanicOut(), each)
        elif isinstance(inner, fields.Nested):
            for one in each if isinstance(each, list) else [each]:
                yield from members_of(inner.schema, one)


def members_due(shape, actor):
    if row := SEEN.get(type(shape).__name__):
        levels = LEVELS[READERS[actor]]
        return {name for level in levels for name in row.get(level, "").split()}
    return {
        field.data_key or name
        for name, field in shape.fields.items()
        if ON_REQUEST not in field.metadata
    }


def subclasses(shape):
    for each in shape.__subclasses__():
        yield each
        yield from subclasses(each)
