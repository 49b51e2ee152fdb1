"""Request and response bodies of mechanics, of their list, and of their ranking."""

from marshmallow import fields, validate

from app.blueprints.customers.schemas import sign_in_of
from app.models import Mechanic, StaffRole
from app.models.mechanics import MAX_SALARY_CENTS
from app.web.fields import (
    Choice,
    DateTime,
    Digits,
    Email,
    Flag,
    Hundredths,
    Password,
    RequestSchema,
    ResponseSchema,
    auto_field,
    only,
)
from app.web.names import HALVES
from app.web.pages import PageQuery, sorted_by, words
from app.web.rules import rule


class MechanicCreate(RequestSchema):
    class Meta(RequestSchema.Meta):
        model = Mechanic

    also_known_as = HALVES
    without_home = frozenset({"hourly_rate", "hire_date"})

    name = auto_field(required=True)
    email = Email(allow_none=True)
    password = Password(required=False)
    phone = auto_field()
    address = auto_field(lines=True)
    role = Choice(StaffRole)
    specialty = auto_field()
    salary_cents = Hundredths(
        data_key="salary",
        most=MAX_SALARY_CENTS // 100,
        allow_none=True,
        metadata={"description": "a year, in units of the currency"},
    )
    is_active = Flag()

    @rule
    def fit_for_signing_in(self, loaded, _sent):
        yield from sign_in_of(loaded)


class MechanicOut(ResponseSchema):
    """Response body of a mechanic.

    Staff also see contact data, role, times and version; managers also see the salary, and whether the
    mechanic has an account.
    """

    class Meta(ResponseSchema.Meta):
        model = Mechanic

    id = auto_field()
    name = auto_field()
    specialty = auto_field()
    is_active = fields.Boolean()
    ticket_count = fields.Integer(metadata={"description": "tickets assigned"})
    email = auto_field(metadata=only("staff"))
    phone = auto_field(metadata=only("staff"))
    address = auto_field(metadata=only("staff"))
    role = Choice(StaffRole, metadata=only("staff"))
    created_at = DateTime(metadata=only("staff"))
    updated_at = DateTime(metadata=only("staff"))
    version = auto_field(metadata=only("staff"))
    salary = fields.Float(allow_none=True, metadata=only("managers"))
    has_account = fields.Boolean(metadata=only("managers"))


class MechanicListQuery(PageQuery):
    also_known_as = {"name": "q"}

    q = words("each word somewhere in name or specialty; for staff also in e-mail or phone")
    is_active = fields.Boolean()
    sort = sorted_by("id", "name", default="id")


class MechanicRankingQuery(RequestSchema):
    order = fields.String(load_default="desc", validate=validate.OneOf(["desc", "asc"]))
    by = fields.String(load_default="assigned", validate=validate.OneOf(["assigned", "completed"]))
    active_only = fields.Boolean(load_default=False)
    limit = Digits(load_default=100, least=1, most=100)


class RankedMechanicOut(ResponseSchema):
    id = fields.Integer()
    name = fields.String()
    is_active = fields.Boolean()
    ticket_count = fields.Integer(metadata={"description": "tickets assigned"})
    completed_count = fields.Integer(
        metadata={"description": "of those, ready, invoiced or closed"}
    )
