"""What tests of billing share: issuing invoices, and recording payments and refunds, each with a key."""

from itertools import count

serial = count(1)


def issue(order, **body):
    return order.staff.post(f"{order.path}/invoice", json=body)


def issued(order, **body):
    answer = issue(order, **body)
    assert answer.status_code == 201, answer.json
    return answer.json


def pay(order, amount, *, key=None, **body):
    said = {"amount_cents": amount, "method": "cash", **body}
    headers = {"Idempotency-Key": key or f"pay {next(serial)}"}
    return order.staff.post(f"{order.path}/payments", json=said, headers=headers)


def refund(order, payment, amount, *, by=None, **body):
    said = {"amount_cents": amount, "method": "cash", **body}
    headers = {"Idempotency-Key": f"refund {next(serial)}"}
    path = f"/payments/{payment['id']}/refunds"
    return (by or order.staff).post(path, json=said, headers=headers)


def credited(order, invoice, *, by=None, **body):
    """Take back a part of an invoice, or all of it; `invoice` is its answer or its id."""
    path = f"/invoices/{invoice if isinstance(invoice, int) else invoice['id']}/credit-notes"
    headers = {"Idempotency-Key": f"credit {next(serial)}"}
    said = {"reason": "Made good"} | body
    return (by or order.staff).post(path, json=said, headers=headers)
