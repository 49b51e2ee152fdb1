"""Request and response bodies of assignments."""

from marshmallow import fields, validate

from app.models import Assignment
from app.models.assignments import MAX_MINUTES
from app.web.fields import (
    DateTime,
    Digits,
    Id,
    NumberOrDigits,
    RequestSchema,
    ResponseSchema,
    Text,
    Whole,
    auto_field,
)
from app.web.pages import OldestFirst

OLDER = {"service_ticket_id": "ticket_id"}
WITHOUT_HOME = frozenset({"date_assigned"})


class AssignmentKey(RequestSchema):
    """Request body or query parameters that name an assignment: its ticket and its mechanic."""

    also_known_as = OLDER
    without_home = WITHOUT_HOME

    ticket_id = NumberOrDigits(least=1, required=True)
    mechanic_id = NumberOrDigits(least=1, required=True)


class AssignmentCreate(RequestSchema):
    also_known_as = OLDER
    without_home = WITHOUT_HOME

    ticket_id = Id(required=True)
    mechanic_id = Id(required=True)
    role = Text(validate=validate.Length(max=60), allow_none=True)
    minutes_worked = Whole(most=MAX_MINUTES)


class AssignmentOut(ResponseSchema):
    class Meta(ResponseSchema.Meta):
        model = Assignment

    id = auto_field()
    ticket_id = auto_field()
    mechanic_id = auto_field()
    mechanic_name = fields.String()
    role = auto_field()
    minutes_worked = auto_field()
    assigned_at = DateTime()


class AssignmentListQuery(OldestFirst):
    also_known_as = OLDER
    without_home = WITHOUT_HOME

    ticket_id = Digits(least=1)
    mechanic_id = Digits(least=1)
