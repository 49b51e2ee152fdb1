"""Innocent code goes right, or is refused with what to do: past the unit of work, and beside it."""

import pytest
import sqlalchemy as sa

from app.clock import utc_now
from app.database.mode import writing
from app.database.session import db, shop_session
from app.lists.pages import filtered, paginated
from app.models import (
    Assignment,
    Customer,
    OdometerReading,
    Part,
    SearchTerm,
    ServiceTicket,
    TicketLine,
    Workload,
)
from app.models.raw import insert_line, insert_now
from tests.factories import a_line, a_mechanic, a_part, a_ticket, an_assignment, saved


def count(model):
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def test_a_row_that_is_searched_is_not_inserted_past_the_session(app):
    with pytest.raises(TypeError, match=r"customers: add it to db\.session"):
        insert_now(Customer, id=1, name="Dora")
    db.session.rollback()
    assert (count(Customer), count(SearchTerm)) == (0, 0)

    saved(Customer(name="Dora"))
    assert count(SearchTerm) > 0


def test_a_row_that_is_summed_is_not_inserted_past_the_session(app):
    ticket, mechanic = a_ticket(), a_mechanic()
    with pytest.raises(TypeError, match=r"version of ticket|assignments: add it"):
        insert_now(Assignment, id=1, ticket_id=ticket.id, mechanic_id=mechanic.id)
    db.session.rollback()

    an_assignment(ticket, mechanic)
    assert db.session.scalar(sa.select(Workload.ticket_count)) == 1


def test_a_line_is_not_inserted_on_a_ticket_whose_version_stays(app):
    ticket, part = a_ticket(), a_part()
    with pytest.raises(TypeError, match="Move the version of ticket"):
        insert_line(ticket.use(part, 1))
    with pytest.raises(TypeError, match="Move the version of ticket"):
        insert_now(TicketLine, id=1, ticket_id=ticket.id)


@paginated({"id": Part.id})
def formatted(_actor, *, name):
    return filtered(sa.select(Part.id), Part.name.like(f"%{name}%"))


@paginated({"id": Part.id})
def compared(_actor, *, name):
    return filtered(sa.select(Part.id), Part.name == ("brake" if name == "b" else name))


@paginated({"id": Part.id})
def sliced(_actor, *, name):
    return filtered(sa.select(Part.id), Part.name.startswith(name[:3]))


@paginated({"id": Part.id})
def left_to_sql(_actor, *, name):
    return filtered(sa.select(Part.id), Part.name.like("%" + name + "%"))


@pytest.mark.parametrize("asked", [formatted, compared, sliced])
def test_a_value_that_is_not_known_yet_refuses_what_python_would_do_to_it(app, asked):
    with pytest.raises(TypeError, match="Leave it to SQL"):
        asked(name="rak", sort="id", per_page=5)


def test_what_is_left_to_sql_is_found(app):
    brake = a_part(name="Brake pad")
    a_part(name="Clutch")
    for name, ids in (("rak", [brake.id]), ("xyz", [])):
        found = left_to_sql(name=name, sort="id", per_page=5)["items"]
        assert [each["id"] for each in found] == ids


def version_of(ticket):
    return db.session.scalar(sa.select(ServiceTicket.version).filter_by(id=ticket.id))


def assigned(ticket):
    db.session.add(Assignment(ticket_id=ticket.id, mechanic_id=a_mechanic().id))


def used(ticket):
    db.session.add(a_line(ticket.id, a_part().id))


@pytest.mark.parametrize("write", [assigned, used])
@pytest.mark.parametrize("known", [True, False], ids=["known", "unknown"])
def test_whatever_is_written_on_a_ticket_moves_its_version_once(app, write, known):
    ticket = a_ticket()
    before = version_of(ticket)
    db.session.commit()
    if not known:
        db.session.expunge_all()

    write(ticket)
    db.session.commit()
    assert version_of(ticket) == before + 1

    [row] = [
        row for model in (Assignment, TicketLine) for row in db.session.scalars(sa.select(model))
    ]
    if isinstance(row, Assignment):
        row.minutes_worked = 5
    else:
        row.warranty_months = 5
    db.session.flush()
    db.session.delete(row)
    db.session.commit()
    assert version_of(ticket) == before + 2


def test_a_new_ticket_with_a_crew_has_its_first_version(app):
    other, mechanic = a_ticket(), a_mechanic()
    ticket = ServiceTicket(
        customer_id=other.customer_id, vehicle_id=other.vehicle_id, problem_description="Noise"
    )
    db.session.add(ticket)
    db.session.flush()
    db.session.add(Assignment(ticket_id=ticket.id, mechanic_id=mechanic.id))
    db.session.commit()
    assert version_of(ticket) == 1


def test_a_command_that_reads_first_may_write_all_the_same(app, tmp_path):
    """On SQLite a transaction that begins as a reader can't become a writer once another has written."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL has no such rule")
    part = a_part()
    db.session.remove()
    with writing():
        db.session.get(Part, part.id)
        other = sa.create_engine(db.engine.url, connect_args={"timeout": 0.1})
        with pytest.raises(sa.exc.OperationalError, match="locked"), other.begin() as connection:
            connection.execute(sa.update(Part).values(updated_at=utc_now()))
        other.dispose()
        db.session.get(Part, part.id).name = "Renamed"
        db.session.commit()


def test_another_engine_of_the_process_stays_as_it_is(tmp_path):
    other = sa.create_engine(f"sqlite:///{tmp_path / 'other.db'}")
    with other.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "delete"
    other.dispose()


def test_a_statement_that_deletes_rows_touches_what_goes_with_them(app):
    """By ON DELETE, as a row that the session deletes does: else a cached answer would show it."""
    vehicle = a_ticket().vehicle_id
    db.session.execute(sa.delete(OdometerReading).where(OdometerReading.vehicle_id == vehicle))
    db.session.execute(sa.delete(ServiceTicket).where(ServiceTicket.vehicle_id == vehicle))
    assert {"service_tickets", "assignments", "ticket_lines"} <= shop_session().pending.touched


def test_the_tests_wait_for_no_disk(app):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL is started without fsync")
    assert db.session.scalar(sa.text("PRAGMA synchronous")) == 0
