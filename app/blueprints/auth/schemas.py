"""Request and response bodies for signing in, sessions, passwords and keys."""

from marshmallow import fields

from app.actors import Role
from app.blueprints.customers.schemas import CustomerCreate, CustomerOut, sign_in_of
from app.models import Session
from app.web.fields import (
    Choice,
    DateTime,
    Email,
    Password,
    RequestSchema,
    ResponseSchema,
    auto_field,
)
from app.web.pages import PageQuery, sorted_by
from app.web.rules import rule

CURRENCY = {"description": "ISO 4217: what every *_cents counts"}


class SignIn(RequestSchema):
    email = Email(required=True)
    password = Password(new=False)


class Refresh(RequestSchema):
    refresh_token = fields.String(required=True, load_only=True)


class PasswordChange(RequestSchema):
    current_password = Password(new=False)
    new_password = Password()


class AccountOut(ResponseSchema):
    id = fields.Integer()
    email = fields.String()
    role = Choice(Role)
    name = fields.String()
    customer_id = fields.Integer(allow_none=True)
    mechanic_id = fields.Integer(allow_none=True)
    created_at = DateTime()


class MeOut(AccountOut):
    currency = fields.String(metadata=CURRENCY)
    profile = fields.Dict(metadata={"description": "the customer or the mechanic"})


class SignedIn(ResponseSchema):
    access_token = fields.String()
    token = fields.String(metadata={"description": "the same, for older clients"})
    token_type = fields.String()
    expires_in = fields.Integer(metadata={"description": "seconds"})
    refresh_token = fields.String()
    account = fields.Nested(AccountOut)
    currency = fields.String(metadata=CURRENCY)


class SessionOut(ResponseSchema):
    class Meta(ResponseSchema.Meta):
        model = Session

    id = auto_field()
    created_at = DateTime()
    last_used_at = DateTime(metadata={"description": "when its tokens were last refreshed"})
    expires_at = DateTime(metadata={"description": "unless it is refreshed before"})
    user_agent = auto_field(metadata={"description": "as the device named itself at sign-in"})
    address = auto_field(
        metadata={"description": "the network address that it began at; of IPv6 the first half"}
    )
    is_current = fields.Boolean(metadata={"description": "whether it is the one that asks"})


class SessionListQuery(PageQuery):
    """Query parameters for the list of sessions; by default, the newest come first."""

    sort = sorted_by("created_at", default="-created_at")


class KeyOut(ResponseSchema):
    kid = fields.String(metadata={"description": "its thumbprint (RFC 7638)"})
    kty = fields.String()
    use = fields.String()
    alg = fields.String()
    n = fields.String()
    e = fields.String()


class KeySetOut(ResponseSchema):
    keys = fields.List(fields.Nested(KeyOut))


class Registered(SignedIn):
    customer = fields.Nested(CustomerOut)


class Registration(CustomerCreate):
    class Meta(CustomerCreate.Meta):
        exclude = ("email_verified",)

    email = Email(required=True)
    password = Password()

    @rule
    def bring_what_an_account_needs(self, loaded, _sent):
        yield from sign_in_of(loaded)
