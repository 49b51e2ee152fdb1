"""Which customers are wanted, and which of two records is to stay."""

from marshmallow import fields, validate

from app.blueprints.shapes import CustomerOut
from app.web.fields import Id, Wanted
from app.web.pages import PageWanted, sorted_by, words


class CustomersWanted(PageWanted):
    q = words("each word somewhere in name, e-mail, phone, or VIN or plate of a vehicle")
    sort = sorted_by("id", "name", "created_at", default="id")


class DuplicateOut(CustomerOut):
    agrees_in = fields.List(
        fields.String(validate=validate.OneOf(["name", "phone", "email"])),
        metadata={"description": "what both say, however it is written"},
    )


class MergeWanted(Wanted):
    from_id = Id(required=True, metadata={"description": "the customer that is emptied"})
    keep_account = fields.String(
        validate=validate.OneOf(["this", "other"]),
        metadata={"description": "whose sign-in stays, where both have one"},
    )
