"""PDFs of invoices: as they were issued, or with what is paid by now."""

import pytest

from tests.billing.money import credited, issued, pay
from tests.factories import a_customer, a_manager
from tests.pdf.amounts import written
from tests.pdf.reading import pages_of
from tests.service_tickets.consenting import Order


@pytest.fixture
def order(as_):
    """A ticket of 115.00 with a deposit of 20.00, invoiced."""
    order = Order(as_(a_manager()))
    order.staff.post(f"/lines/{order.lines[1]}/use", json={})
    order.move("in_progress", "ready")
    pay(order, 2_000)
    order.invoice = issued(order)
    return order


def pdf(order, query="", **headers):
    return order.staff.get(f"/invoices/{order.invoice['id']}/pdf{query}", headers=headers)


def text_of(answer):
    return "\n".join(pages_of(answer.data))


def test_it_has_the_deposit_and_what_was_left_for_ever(order):
    first = pdf(order)
    assert "Balance due" in text_of(first)
    assert written(9_500, "USD") in text_of(first)
    pay(order, 9_500)
    assert pdf(order).data == first.data


def test_it_has_what_is_paid_and_credited_by_now_if_asked_for(order):
    line = order.staff.get(f"/invoices/{order.invoice['id']}/lines").json["items"][0]
    credited(order, order.invoice, lines=[{"invoice_line_id": line["id"], "net_cents": 1_000}])
    pay(order, 3_333)
    answer = pdf(order, "?payments=true")
    for cents in (11_500, -1_000, -5_333, 5_167):
        assert written(cents, "USD") in text_of(answer), cents
    assert answer.headers["ETag"] != pdf(order).headers["ETag"]
    tag = {"If-None-Match": answer.headers["ETag"]}
    assert pdf(order, "?payments=true", **tag).status_code == 304
    pay(order, 1)
    assert pdf(order, "?payments=true", **tag).status_code == 200


def test_of_a_void_invoice_nothing_is_left(order):
    credited(order, order.invoice, all=True)
    text = text_of(pdf(order, "?payments=true"))
    assert written(-11_500, "USD") in text
    assert written(0, "USD") in text


@pytest.mark.parametrize(("query", "status"), [("?payments=false", 200), ("?payments=1", 422)])
def test_it_is_asked_for_by_true_or_false(order, query, status):
    assert pdf(order, query).status_code == status


def test_strangers_get_none(order, as_):
    stranger = as_(a_customer())
    path = f"/invoices/{order.invoice['id']}/pdf?payments=true"
    assert stranger.get(path).status_code == 404
