"""An act is answered as it was done, though somebody may undo it the moment it is there."""

from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from app.database.session import db
from app.models import Assignment, Part, TicketLine
from tests.factories import a_manager, a_mechanic, a_part, a_ticket


def using():
    return (
        f"/service-tickets/{a_ticket().id}/parts/{a_part(5).id}",
        {"quantity_used": 2},
        TicketLine,
    )


def using_several():
    said = {"part_ids": [a_part(5).id, a_part(5).id]}
    return f"/service-tickets/{a_ticket().id}/parts", said, TicketLine


def assigning():
    return "/assignments", {"ticket_id": a_ticket().id, "mechanic_id": a_mechanic().id}, Assignment


@contextmanager
def somebody_else():
    """A transaction of another process: it does not wait in the line of this one's writers."""
    engine = sa.create_engine(db.engine.url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


@pytest.mark.parametrize("act", [using, using_several, assigning])
@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "once"}], ids=["", "with a key"])
def test_an_act_undone_right_after_its_commit_is_answered(as_, act, headers):
    path, said, model = act()
    marge = as_(a_manager())

    def undo(_session):
        with somebody_else() as connection:
            connection.execute(sa.delete(model))

    sa.event.listen(db.session, "after_commit", undo, once=True)
    answer = marge.post(path, json=said, headers=headers)

    assert answer.status_code == 201
    assert answer.json.get("items") != []
    assert db.session.scalar(sa.select(sa.func.count()).select_from(model)) == 0


@pytest.mark.parametrize("method", ["put", "patch"])
def test_a_change_overtaken_right_after_its_commit_is_answered_as_it_was_made(as_, method):
    part, marge = a_part(5), as_(a_manager())

    def overtake(_session):
        with somebody_else() as connection:
            connection.execute(sa.update(Part).values(name="Rotor", version=Part.version + 1))

    sa.event.listen(db.session, "after_commit", overtake, once=True)
    answer = getattr(marge, method)(f"/inventory/{part.id}", json={"name": "Brake pad"})

    assert (answer.status_code, answer.json["name"]) == (200, "Brake pad")
    assert marge.get(f"/inventory/{part.id}").json["name"] == "Rotor"
