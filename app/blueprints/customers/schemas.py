"""What a customer looks like on the wire."""

from marshmallow import fields

from app.models import Customer
from app.web.fields import Moment, PageWanted, Shape, Text, ma, sorted_by


class CustomerOut(Shape):
    class Meta(Shape.Meta):
        model = Customer

    id = ma.auto_field()
    name = ma.auto_field()
    email = ma.auto_field()
    phone = ma.auto_field()
    address = ma.auto_field()
    city = ma.auto_field()
    state = ma.auto_field()
    postal_code = ma.auto_field()
    has_account = fields.Boolean(metadata={"description": "false for a walk-in"})
    created_at = Moment()
    updated_at = Moment()
    version = ma.auto_field()


class CustomersWanted(PageWanted):
    q = Text(metadata={"description": "in name, e-mail, phone, VIN and plate"})
    sort = sorted_by("id", "name", "created_at", default="id")
