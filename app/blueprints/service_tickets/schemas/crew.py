"""Request bodies that add mechanics and parts to a ticket, and remove them."""

from marshmallow import fields, validate

from app.models.assignments import MAX_MINUTES
from app.web.fields import Few, Id, RequestSchema, Text, Whole
from app.web.names import InFront
from app.web.rules import rule

COMPLAINT: dict[str, str] = {
    "description": "problem_description",
    "service_desc": "problem_description",
    "title": InFront("problem_description"),
}
WORK: dict[str, str] = {
    **dict.fromkeys(("add_mechanic_ids", "add_mechanics"), "add_ids"),
    **dict.fromkeys(("remove_mechanic_ids", "remove_mechanics"), "remove_ids"),
    "inventory_items": "add_parts",
    "add_item_ids": "add_part_ids",
    "remove_item_ids": "remove_part_ids",
}
WITHOUT_HOME = frozenset({"cost", "estimated_cost", "actual_cost", "date_created"})
COMING_AND_GOING = {"add_ids", "remove_ids", "add_parts", "add_part_ids", "remove_part_ids"}
A_FEW = validate.Length(max=100)


def ids(description: str) -> Few:
    return Few(Id(), validate=A_FEW, metadata={"description": description})


class Work(RequestSchema):
    """Part of a request body: the mechanics and parts to add to a ticket, and those to remove."""

    add_ids = ids("mechanics who come")
    remove_ids = ids("mechanics who go")
    add_parts = Few(
        fields.Nested("NamedPartUse"), validate=A_FEW, metadata={"description": "parts to use"}
    )
    add_part_ids = ids("parts to use, one each")
    remove_part_ids = ids("parts to take off, all their lines")

    @rule
    def nobody_comes_and_goes(self, loaded, _sent):
        for comes, goes in (("add_ids", "remove_ids"), ("add_part_ids", "remove_part_ids")):
            if both := {*loaded.get(comes, ())} & {*loaded.get(goes, ())}:
                yield goes, f"Both added and removed: {sorted(both)}."


class Terms(RequestSchema):
    """Request body with the terms of an assignment: the role and the minutes worked."""

    role = Text(validate=validate.Length(max=60), allow_none=True)
    minutes_worked = Whole(most=MAX_MINUTES)


class Crew(Work, Terms):
    """Request body with mechanics and parts to add and to remove.

    The role and the minutes apply to all added mechanics.
    """

    also_known_as = COMPLAINT | WORK
    without_home = WITHOUT_HOME

    problem_description = Text(lines=True, validate=validate.Length(max=2000))
