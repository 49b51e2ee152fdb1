"""What ends a session waits for what is being done in it, and is overtaken by nothing new."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from app.access.actors import actor_in_act
from app.blueprints.auth.services import sign_out
from app.database.session import db
from tests.factories import a_mechanic, the_actor

WAITING = sa.text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")


@pytest.fixture
def apart(app):
    """`apart(act)`: does something on a thread and a connection of its own."""
    if db.engine.dialect.name == "sqlite":
        pytest.skip("PostgreSQL alone; SQLite has one writer at a time")

    def in_the_app(act, *about):
        with app.app_context():
            return act(*about)

    with ThreadPoolExecutor() as threads:
        yield lambda act, *about: threads.submit(in_the_app, act, *about)


def test_a_session_in_steady_use_ends(apart):
    actor = the_actor(a_mechanic())
    db.session.commit()

    assert actor_in_act(actor.session_id) == actor  # an act, until the commit
    ending = apart(sign_out, actor)
    somebody_waits()
    next_act = apart(actor_in_act, actor.session_id)
    with pytest.raises(TimeoutError):
        next_act.result(timeout=0.3)
    with pytest.raises(TimeoutError):
        ending.result(timeout=0)
    db.session.commit()

    ending.result(timeout=5)
    assert next_act.result(timeout=5) is None


def somebody_waits():
    for _ in range(100):
        with db.engine.connect() as another:
            if another.scalar(WAITING):
                return
        time.sleep(0.02)
    raise AssertionError("Nobody waits for a lock.")
