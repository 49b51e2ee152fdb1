"""The script reaches deep: every act succeeds in it, every refusal occurs, and most of it works."""

from collections import Counter as Tally

from tests.system.whole_shop.script import script
from tests.system.whole_shop.step import RULES
from tests.system.whole_shop.test_two_databases import SEED

REFUSALS = {
    *("unauthenticated", "invalid_token", "wrong_credentials", "forbidden", "not_found"),
    *("precondition_failed", "invalid", "idempotency_key_reused", "email_taken", "vin_taken"),
    *("part_number_taken", "vehicle_in_use", "ticket_in_use", "ticket_closed", "out_of_stock"),
    *("too_many_returned", "unit_in_use"),
    *("illegal_transition", "already_assigned", "odometer_lower", "last_manager", "tickets_open"),
    *("both_have_accounts", "cannot_merge", "merged"),
    *("not_authorized", "job_declined", "job_in_use", "job_has_used_parts", "line_used"),
    *("line_not_used", "not_from_stock", "estimate_changed", "not_recommended", "already_revived"),
    *("unused_parts", "negative_total"),
    *("idempotency_key_required", "above_balance", "above_payment", "not_a_payment"),
    *("above_invoice", "nothing_to_credit", "invoice_required", "balance_due"),
    *("nothing_to_approve", "already_decided", "approval_link_over", "part_retired", "name_taken"),
}


def test_a_long_script_does_everything_and_is_refused_in_every_way():
    steps, book = script(12_000, SEED)

    done = Tally(step.act for step, _, (status, _), *_ in steps if status < 300)
    codes = Tally(code for _, _, (_, code), *_ in steps if code)
    assert done.keys() == RULES.keys()
    assert codes.keys() == REFUSALS
    told = [members for *_, members in steps]
    why = {job["because"] for members in told for job in members.get("jobs", ())}
    assert why == {"undecided", "price_raised", "work_changed", "discount_lowered"}
    states = {members["state"] for members in told if "state" in members}
    assert states == {"open", "decided", "revoked", "changed"}
    assert {members.get("payment_status") for members in told} >= {
        *("overpaid", "partially_paid", "unpaid", "refunded", "paid")
    }
    left = [members["balance_cents"] for members in told if members.keys() == {"balance_cents"}]
    assert min(left) < 0 < max(left)
    assert {invoice.voided for invoice in book.invoices.values()} == {None, "invoiced", "closed"}
    anew = Tally(invoice.ticket for invoice in book.invoices.values())
    assert max(anew.values()) > 1
    assert any(ticket.on_account for ticket in book.tickets.values())
    assert done.total() > len(steps) / 2
    assert {ticket.status for ticket in book.tickets.values()} >= {
        "invoiced",
        "closed",
        "cancelled",
    }


def test_the_same_seed_writes_the_same_script():
    assert script(300, SEED)[0] == script(300, SEED)[0]
    assert script(300, SEED)[0] != script(300, SEED + 1)[0]
