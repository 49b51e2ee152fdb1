"""Request and response bodies of canned jobs."""

from marshmallow import EXCLUDE, fields, post_load, validate

from app.blueprints.service_tickets.schemas.lines import LineCreate
from app.models import CannedJob
from app.web.fields import DateTime, Few, Id, RequestSchema, ResponseSchema, auto_field
from app.web.pages import PageQuery, sorted_by, words

MOST_LINES = 50


class CannedJobCreate(RequestSchema):
    """Request body for adding or changing a canned job; a change replaces `lines` as a whole."""

    class Meta(RequestSchema.Meta):
        model = CannedJob

    name = auto_field(required=True)
    note = auto_field(lines=True, metadata={"description": "for the customer"})
    category = auto_field()
    lines = Few(
        fields.Nested(LineCreate),
        required=True,
        validate=validate.Length(min=1, max=MOST_LINES),
        metadata={"description": "as they are sent to POST /jobs/{job_id}/lines"},
    )

    @post_load
    def as_sent(self, loaded, **_kwargs):
        if "lines" in loaded:
            loaded["lines"] = LineCreate(many=True).dump(loaded["lines"])
        return loaded


class CannedLineOut(LineCreate):
    """A line of a canned job in a response, with the members that were sent for it."""

    class Meta(LineCreate.Meta):
        unknown = EXCLUDE


class CannedJobOut(ResponseSchema):
    """Response body of a canned job.

    It has no price: its lines are priced each time it is added to a ticket.
    """

    class Meta(ResponseSchema.Meta):
        model = CannedJob

    id = auto_field()
    name = auto_field()
    note = auto_field()
    category = auto_field()
    lines = fields.List(fields.Nested(CannedLineOut))
    created_at = DateTime()
    updated_at = DateTime()
    version = auto_field()


class CannedJobListQuery(PageQuery):
    q = words("each word somewhere in name, note or category")
    category = words()
    sort = sorted_by("id", "name", default="name")


class CannedJobUse(RequestSchema):
    """Request body for adding a canned job to a ticket."""

    canned_job_id = Id(required=True)
