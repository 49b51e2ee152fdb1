"""Request and response bodies of customers, of their list, and of merging them."""

from collections.abc import Iterator, Mapping

from flask import g
from marshmallow import fields, validate

from app.blueprints.customers.services.customers import lacking
from app.models import Customer
from app.models.accounts import ANOTHER_PASSWORD, is_the_address
from app.models.shop import MOST_PAYMENT_TERMS_DAYS
from app.web.fields import (
    DateTime,
    Email,
    Flag,
    Id,
    Password,
    RequestSchema,
    ResponseSchema,
    auto_field,
    only,
)
from app.web.names import HALVES
from app.web.pages import PageQuery, sorted_by, words
from app.web.rules import rule

EMAIL_VERIFIED = "true if the shop entered the e-mail address or has verified it"


class CustomerCreate(RequestSchema):
    """Request body for creating or changing a customer; a `password` opens an account."""

    class Meta(RequestSchema.Meta):
        model = Customer

    also_known_as = HALVES

    name = auto_field(required=True)
    email = Email(allow_none=True)
    password = Password(required=False)
    phone = auto_field()
    address = auto_field(lines=True)
    city = auto_field()
    state = auto_field()
    postal_code = auto_field()
    email_verified = Flag(metadata={"description": f"{EMAIL_VERIFIED}; staff only"})

    @rule
    def bring_what_an_account_needs(self, loaded, sent):
        if not self.partial:
            yield from lacking(g.actor, dict(sent) | loaded)
        yield from sign_in_of(loaded)


class BillingTermsUpdate(RequestSchema):
    """Request body for changing the billing terms of a customer, such as an exemption from taxes."""

    class Meta(RequestSchema.Meta):
        model = Customer

    tax_exempt = Flag()
    tax_exempt_number = auto_field(
        metadata={"description": "of the certificate; needed while tax_exempt is true"}
    )
    payment_terms_days = auto_field(
        most=MOST_PAYMENT_TERMS_DAYS,
        metadata={"description": "until an invoice is due; null: as the shop's terms say"},
    )


class BillingTermsOut(ResponseSchema):
    class Meta(ResponseSchema.Meta):
        model = Customer

    customer_id = fields.Integer()
    tax_exempt = fields.Boolean()
    tax_exempt_number = auto_field()
    payment_terms_days = auto_field()
    version = fields.Integer(metadata={"description": "of the customer"})


def sign_in_of(loaded: Mapping) -> Iterator[tuple[str, str]]:
    """Yield `(member, reason)` if the password is the e-mail address or its part before the @.

    `loaded` has the loaded members of a request body.
    """
    email, password = loaded.get("email"), loaded.get("password")
    if email is not None and password is not None and is_the_address(password, email):
        yield "password", ANOTHER_PASSWORD


class CustomerOut(ResponseSchema):
    class Meta(ResponseSchema.Meta):
        model = Customer

    id = auto_field()
    name = auto_field()
    email = auto_field()
    phone = auto_field()
    address = auto_field()
    city = auto_field()
    state = auto_field()
    postal_code = auto_field()
    has_account = fields.Boolean(metadata={"description": "false for a walk-in"})
    email_verified = fields.Boolean(metadata=only("staff", description=EMAIL_VERIFIED))
    created_at = DateTime()
    updated_at = DateTime()
    version = auto_field()


class CustomerListQuery(PageQuery):
    q = words("each word somewhere in name, e-mail, phone, or VIN or plate of a vehicle")
    sort = sorted_by("id", "name", "created_at", default="id")


class DuplicateOut(CustomerOut):
    agrees_in = fields.List(
        fields.String(validate=validate.OneOf(["name", "phone", "email"])),
        metadata={"description": "what both say, however it is written"},
    )


class CustomerMerge(RequestSchema):
    from_id = Id(required=True, metadata={"description": "the customer that is emptied"})
    keep_account = fields.String(
        validate=validate.OneOf(["this", "other"]),
        metadata={"description": "whose sign-in stays, where both have one"},
    )
