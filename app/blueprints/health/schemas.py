"""What health looks like."""

from marshmallow import fields

from app.web.fields import Shape


class HealthOut(Shape):
    status = fields.String(metadata={"example": "ok"})


class ReadinessOut(Shape):
    status = fields.String(metadata={"example": "ready"})
    schema = fields.String(
        metadata={"example": "0001", "description": "the migration it stands at"}
    )
