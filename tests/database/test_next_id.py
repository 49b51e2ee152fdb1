"""An id that is reserved before its row is inserted belongs to that row alone."""

import sqlalchemy as sa

from app.database.mode import writing
from app.database.next_id import NextId
from app.database.session import db
from app.models import Part
from tests.factories import a_part


def test_a_reserved_id_is_given_to_no_other_row(app):
    before = a_part().id
    with writing():
        reserved = db.session.scalar(sa.select(NextId("parts")))
        db.session.add(Part(id=reserved, part_number="reserved", name="Reserved"))
        db.session.commit()
    after = a_part().id

    assert before < reserved < after
