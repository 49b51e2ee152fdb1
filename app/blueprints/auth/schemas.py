"""What signing in takes and gives."""

from marshmallow import fields

from app.actors import Role
from app.blueprints.customers.schemas import CustomerOut, CustomerWanted, sign_in_of
from app.models import Session
from app.web.fields import (
    Choice,
    Email,
    Moment,
    Password,
    Shape,
    Wanted,
    auto_field,
)
from app.web.pages import PageWanted, sorted_by
from app.web.rules import rule

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


class SessionOut(Shape):
    class Meta(Shape.Meta):
        model = Session

    id = auto_field()
    created_at = Moment()
    last_used_at = Moment(metadata={"description": "when its tokens were last refreshed"})
    expires_at = Moment(metadata={"description": "unless it is refreshed before"})
    user_agent = auto_field(metadata={"description": "as the device named itself at sign-in"})
    address = auto_field(
        metadata={"description": "the network address that it began at; of IPv6 the first half"}
    )
    is_current = fields.Boolean(metadata={"description": "whether it is the one that asks"})


class SessionsWanted(PageWanted):
    """Where somebody is signed in, the newest first unless you say so."""

    sort = sorted_by("created_at", default="-created_at")


class KeyOut(Shape):
    kid = fields.String(metadata={"description": "its thumbprint (RFC 7638)"})
    kty = fields.String()
    use = fields.String()
    alg = fields.String()
    n = fields.String()
    e = fields.String()


class KeySetOut(Shape):
    keys = fields.List(fields.Nested(KeyOut))


class Registered(SignedIn):
    customer = fields.Nested(CustomerOut)


class Registration(CustomerWanted):
    class Meta(CustomerWanted.Meta):
        exclude = ("email_verified",)

    email = Email(required=True)
    password = Password()

    @rule
    def bring_what_an_account_needs(self, wanted, _sent):
        yield from sign_in_of(wanted)
