"""Filling the demo shop does the same on any day, and wholly or not at all."""

from datetime import timedelta

import pytest
from sqlalchemy import JSON, Date, select

from app.cli import demo
from app.cli.demo import books
from app.clock import UTCDateTime, utc_now
from app.database.session import db
from app.models import (
    Assignment,
    Authorization,
    CannedJob,
    Counter,
    CreditLine,
    CreditLineTax,
    CreditNote,
    Customer,
    Decision,
    Invoice,
    InvoiceLine,
    InvoiceLineTax,
    Job,
    Mechanic,
    OdometerReading,
    Part,
    Payment,
    ServiceTicket,
    Shop,
    StaffRole,
    StatusChange,
    StockMovement,
    TicketLine,
    Vehicle,
)
from app.models.shop import SHOP as THE_SHOP
from tests.books import surprises
from tests.cli.test_demo import every
from tests.conftest import empty
from tests.factories import a_mechanic, a_walk_in

pytestmark = pytest.mark.one_database("sqlite")
SHOP = (
    Customer,
    Mechanic,
    Vehicle,
    Part,
    ServiceTicket,
    StatusChange,
    Assignment,
    Job,
    TicketLine,
    CannedJob,
    Authorization,
    Decision,
    StockMovement,
    OdometerReading,
    Invoice,
    InvoiceLine,
    InvoiceLineTax,
    CreditNote,
    CreditLine,
    CreditLineTax,
    Payment,
)


def said(model):
    """What the rows say, but for when it was and under which ids, which are also in JSON and in hashes.

    The documents of invoices and credit notes say both, too.
    """
    names = [
        column.name
        for column in model.__table__.columns
        if not isinstance(column.type, UTCDateTime | Date | JSON)
        and not column.name.endswith(("id", "sha256", "document"))
    ]
    return [[getattr(row, name) for name in names] for row in every(model)]


def test_the_demo_shop_is_the_same_on_another_day_but_for_its_passwords(app, monkeypatch):
    first = demo.fill()
    before = [said(model) for model in SHOP]
    empty()
    db.session.expunge_all()
    monkeypatch.setattr(demo, "utc_now", lambda: utc_now() + timedelta(days=3))

    second = demo.fill()

    assert [said(model) for model in SHOP] == before
    assert [who[:2] for who in first] == [who[:2] for who in second]
    assert not {word for *_, word in first} & {word for *_, word in second}


@pytest.mark.parametrize("somebody", [a_walk_in, a_mechanic])
def test_a_shop_with_customers_or_staff_is_not_filled(app, somebody):
    somebody()

    with pytest.raises(demo.NotEmpty):
        demo.fill()

    assert every(Part) == []


def test_a_demo_shop_that_fails_on_the_way_leaves_nothing(app, monkeypatch):
    monkeypatch.setattr(books, "finish", lambda *_: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        demo.fill()

    assert not any(every(model) for model in SHOP)
    assert db.session.get_one(Shop, THE_SHOP).labor_rate_cents == 0
    assert {each.value for each in db.session.scalars(select(Counter))} == {0}


def test_a_shop_goes_on_where_the_demo_ends(app, as_):
    demo.fill()
    invoices, notes = len(every(Invoice)), len(every(CreditNote))
    manager = as_(next(each for each in every(Mechanic) if each.role is StaffRole.MANAGER))
    ready = manager.get("/service-tickets?status=ready").json["items"][0]["id"]

    invoice = manager.post(f"/service-tickets/{ready}/invoice", json={}).json
    note = manager.post(
        f"/invoices/{invoice['id']}/credit-notes",
        json={"reason": "Wrong customer", "all": True},
        headers={"Idempotency-Key": "the first of one's own"},
    ).json

    assert invoice["number"] == f"INV-{invoices + 1:06}"
    assert note["number"] == f"CN-{notes + 1:06}"
    assert surprises() == {}
