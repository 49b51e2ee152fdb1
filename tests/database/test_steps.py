"""Rows that acts find to read them only."""

import pytest
import sqlalchemy as sa

from app.actors import Actor, Role
from app.database.session import db
from app.lookup import find
from app.models import ServiceTicket, TicketStatus
from app.permissions import tickets_visible_to
from tests.factories import a_ticket, a_vehicle

BOSS = Actor(Role.MANAGER, 1, "session")


def test_a_copy_shows_what_the_row_shows(app):
    ticket = a_ticket(a_vehicle())
    copy = find(tickets_visible_to, BOSS, ticket.id, detached=True)

    assert copy.status is TicketStatus.OPEN
    for column in sa.inspect(ServiceTicket).column_attrs:
        assert getattr(copy, column.key) == getattr(ticket, column.key)


def test_nobody_changes_a_copy_and_believes_that_it_is_written(app):
    copy = find(tickets_visible_to, BOSS, a_ticket(a_vehicle()).id, detached=True)

    with pytest.raises(AttributeError):
        copy.priority = 1
    with pytest.raises(sa.orm.exc.UnmappedInstanceError):
        db.session.add(copy)
