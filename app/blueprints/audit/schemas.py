"""Query parameters and response bodies of the audit trail."""

from marshmallow import fields, post_load, validate

from app.models import AuditAction, AuditEntry, audit
from app.web.fields import Choice, DateTime, Digits, ResponseSchema, Text, auto_field
from app.web.pages import NewestFirst

OLDER_ENTITIES = {"ticket_part": "ticket_line"}


class AuditListQuery(NewestFirst):
    """Query parameters for the list of audit entries: filters by row, account, request and time."""

    entity = fields.String(validate=validate.OneOf([*audit.entities(), *OLDER_ENTITIES]))
    entity_id = Digits(least=1, metadata={"description": "a session goes by its account's"})
    account_id = Digits(least=1, metadata={"description": "whose doing it was"})
    request_id = Text(validate=validate.Length(max=64))
    at_from = DateTime()
    at_to = DateTime()

    @post_load
    def by_todays_word(self, loaded, **_kwargs):
        entity = loaded.get("entity")
        return loaded | ({"entity": OLDER_ENTITIES[entity]} if entity in OLDER_ENTITIES else {})


class AuditEntryOut(ResponseSchema):
    class Meta(ResponseSchema.Meta):
        model = AuditEntry

    id = auto_field()
    at = DateTime()
    request_id = auto_field(metadata={"description": "as in X-Request-ID"})
    operation = auto_field(metadata={"description": "as in the document; null outside a request"})
    account_id = auto_field(metadata={"description": "null for whoever was not signed in"})
    role = auto_field()
    name = fields.String(allow_none=True, metadata={"description": "whose account it is today"})
    action = Choice(AuditAction)
    entity = auto_field()
    entity_id = auto_field()
    before = fields.Dict(
        allow_none=True, metadata={"description": "the members that were written, as they were"}
    )
    after = fields.Dict(
        allow_none=True, metadata={"description": "the same members, as they became"}
    )
