"""A step of the schema goes on under a crowd: nobody notices but by the clock."""

from app.models import Mechanic, Part, ServiceTicket
from tests.house.history import with_one_more
from tests.live import flask
from tests.system.faults.verdict import verdict

# Wider than before, so that what PostgreSQL has planned for them is over.
WIDENED = (Mechanic.role, Part.name, ServiceTicket.problem_description)


def test_a_crowd_works_through_a_step_of_the_schema(crowd, settings, tmp_path, figures):
    folder = with_one_more(tmp_path, "\n".join(map(widen, WIDENED)))
    flask(settings, "db", "upgrade", "--directory", folder)
    crowd.at_work()

    books = verdict(crowd, settings)
    figures(f"a step of the schema: {books}, slowest answer {crowd.slowest():.2f} s")
    assert books.unavailable <= len(crowd.people)
    assert crowd.said("nobody") == []


def widen(column):
    length, table = column.type.length, column.class_.__tablename__
    return (
        f"with altered({table!r}) as batch_op:\n"
        f"    batch_op.alter_column({column.key!r}, existing_type=sa.String({length}),"
        f" type_=sa.String({length + 10}))"
    )
