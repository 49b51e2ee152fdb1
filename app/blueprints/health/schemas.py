"""What health looks like."""

from marshmallow import fields

from app.web.fields import Shape


class HealthOut(Shape):
    status = fields.String()


class ReadinessOut(Shape):
    status = fields.String()
    schema = fields.String(metadata={"description": "the migration it stands at"})
