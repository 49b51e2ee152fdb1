"""The response bodies of the health checks."""

from marshmallow import fields

from app.web.fields import ResponseSchema


class HealthOut(ResponseSchema):
    status = fields.String()


class ReadinessOut(ResponseSchema):
    status = fields.String()
    schema = fields.String(metadata={"description": "the migration it stands at"})
