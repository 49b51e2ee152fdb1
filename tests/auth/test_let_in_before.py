"""An act that was let in before its actor lost the right to it does not happen."""

from threading import Thread

import pytest

from app.database.session import db
from tests.busy_shop import done
from tests.factories import a_customer, a_manager, a_mechanic, a_part, a_ticket, signed_in
from tests.web.second_shop import second_shop


def signed_out(shop, person, boss):
    """On another device."""
    done(signed_in(shop, person).post("/auth/logout-all"))


def deactivated(shop, person, boss):
    done(signed_in(shop, boss).put(f"/mechanics/{person.id}", json={"is_active": False}))


def made_a_manager(shop, person, boss):
    done(signed_in(shop, boss).put(f"/mechanics/{person.id}", json={"role": "manager"}))


def erased(shop, person, boss):
    done(signed_in(shop, boss).delete(f"/customers/{person.id}"))


WRITES = {
    "uses a part": ("POST", "/service-tickets/{ticket}/parts/{part}", None),
    "adjusts the stock": ("PATCH", "/inventory/{part}/adjust-quantity", {"adjustment": 1}),
    "takes a customer in": ("POST", "/customers", {"name": "Nobody"}),
    "deletes a part": ("DELETE", "/inventory/{part}", None),
}
TOUCHED = ("customers", "parts", "service_tickets", "stock_movements", "ticket_lines", "vehicles")


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("lost", [signed_out, deactivated, made_a_manager])
def test_a_write_of_staff_that_is_overtaken_is_refused(app, settings, lost, write):
    method, path, said = WRITES[write]
    ids = {"part": a_part(5).id, "ticket": a_ticket().id}

    answer = overtaken(settings, a_mechanic(), lost, method, path.format(**ids), said)

    assert answer.json["code"] == "invalid_token"


@pytest.mark.parametrize("lost", [signed_out, erased])
def test_a_write_of_a_customer_that_is_overtaken_is_refused(app, settings, lost):
    alice = a_customer()
    path, said = f"/customers/{alice.id}/vehicles", {"make": "Honda"}

    assert overtaken(settings, alice, lost, "POST", path, said).json["code"] == "invalid_token"


def overtaken(settings, person, lost, method, path, said):
    """The answer to a write of somebody who has lost the right to it just after it was let in."""
    marge, before, to_come = a_manager(), [], [lost]
    with second_shop(settings) as shop:

        def happens(lost):
            with shop.app_context():
                lost(shop, person, marge)
            before.append(kept(shop))

        def just_now():
            if to_come:
                other = Thread(target=happens, args=(to_come.pop(),))
                other.start()
                other.join()

        client = signed_in(shop, person)
        shop.before_request(just_now)
        answer = client.open(path, method=method, json=said)
        assert kept(shop) == before[0]
    return answer


def kept(shop):
    tables = [db.metadata.tables[name] for name in TOUCHED]
    with shop.app_context(), db.engine.connect() as connection:
        return [connection.execute(table.select().order_by(table.c.id)).all() for table in tables]
