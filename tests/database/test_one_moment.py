"""Reads of one moment: an answer of several statements sees no commit that comes between them."""

from sqlalchemy import func, select

from app.database.mode import serving
from app.database.session import db, read_at_one_moment
from app.database.statements import fetch
from app.models import Customer
from tests.factories import a_walk_in

COUNTED = select(func.count().label("n")).select_from(Customer)


def counted():
    return fetch(COUNTED)[0]["n"]


def someone_comes(app):
    with app.app_context():
        a_walk_in()


def test_what_is_committed_meanwhile_is_not_seen(app):
    db.session.rollback()
    with serving(writes=False):
        read_at_one_moment()
        before = counted()
        someone_comes(app)
        assert counted() == before
        db.session.rollback()
        assert counted() == before + 1


def test_without_it_each_statement_sees_the_latest_commits(app):
    db.session.rollback()
    with serving(writes=False):
        before = counted()
        someone_comes(app)
        assert counted() == before + 1
