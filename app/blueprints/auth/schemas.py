"""What signing in takes and gives."""

from marshmallow import fields

from app.actors import Role
from app.blueprints.shapes import CustomerOut
from app.web.fields import Choice, Email, Moment, Password, Shape, Wanted

CURRENCY = {"description": "ISO 4217: what every *_cents counts"}


class SignIn(Wanted):
    email = Email(required=True)
    password = Password(new=False)


class Refresh(Wanted):
    refresh_token = fields.String(required=True, load_only=True)


class PasswordChange(Wanted):
    current_password = Password(new=False)
    new_password = Password()


class AccountOut(Shape):
    id = fields.Integer()
    email = fields.String()
    role = Choice(Role)
    name = fields.String()
    customer_id = fields.Integer(allow_none=True)
    mechanic_id = fields.Integer(allow_none=True)
    created_at = Moment()


class MeOut(AccountOut):
    currency = fields.String(metadata=CURRENCY)
    profile = fields.Dict(metadata={"description": "the customer or the mechanic"})


class SignedIn(Shape):
    access_token = fields.String()
    token = fields.String(metadata={"description": "the same, for older clients"})
    token_type = fields.String()
    expires_in = fields.Integer(metadata={"description": "seconds"})
    refresh_token = fields.String()
    account = fields.Nested(AccountOut)
    currency = fields.String(metadata=CURRENCY)


class Registered(SignedIn):
    customer = fields.Nested(CustomerOut)
