"""What a customer looks like on the wire."""

from marshmallow import fields

from app.models import Customer
from app.web.fields import Moment, PageWanted, Shape, Text, auto_field, sorted_by


class CustomerOut(Shape):
    class Meta(Shape.Meta):
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
    created_at = Moment()
    updated_at = Moment()
    version = auto_field()


class CustomersWanted(PageWanted):
    q = Text(allow_none=True, metadata={"description": "in name, e-mail, phone, VIN and plate"})
    sort = sorted_by("id", "name", "created_at", default="id")
