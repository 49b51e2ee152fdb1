"""What must hold in a shop at any time, whatever was done; each check is a function of CHECKS."""

from collections.abc import Callable
from typing import NamedTuple

from tests.books import surprises
from tests.system.billing_days import of_accounts, of_credits, of_documents
from tests.system.billing_days.rows import Rows
from tests.system.billing_days.shop import BillingShop

LISTS = ("service-tickets", "invoices", "credit-notes", "payments")
OF_MONEY = ("paid_cents", "balance_cents", "payment_status")
NOTHING = {"paid_cents": 0, "balance_cents": 0, "payment_status": None}


class Scene(NamedTuple):
    """A shop, its rows, and what its lists show: `listed["invoices"][7]` is the invoice 7."""

    shop: BillingShop
    rows: Rows
    listed: dict[str, dict[int, dict]]


def every_page(shop: BillingShop, path: str) -> dict[int, dict]:
    """Return the items of all pages of a list by their ids."""
    found, cursor = {}, ""
    while cursor is not None:
        page = shop.see(f"{path}per_page=100&sort=id{cursor}").json
        found |= {item["id"]: item for item in page["items"]}
        after = page["pagination"]["next_cursor"]
        cursor = after and f"&cursor={after}"
    return found


def the_rows_break_no_rule(_scene: Scene) -> None:
    assert surprises() == {}


def numbers_have_no_holes(scene: Scene) -> None:
    """Check that each kind is numbered from its first number on, void invoices included."""
    first = scene.shop.see("/shop").json["first_invoice_number"]
    for rows, begin in ((scene.rows.invoices, first), (scene.rows.notes, 1)):
        sequence = [each["sequence"] for each in rows.values()]
        assert sequence == list(range(begin, begin + len(rows)))
        for each in rows.values():
            assert each["number"].endswith(f"{each['sequence']:06d}")


def documents_are_as_issued(scene: Scene) -> None:
    papers = scene.shop.papers
    assert papers.of("invoices").keys() == scene.rows.invoices.keys()
    assert papers.of("credit-notes").keys() == scene.rows.notes.keys()
    papers.must_be_as_issued()


def lists_show_what_items_show(scene: Scene) -> None:
    for name, items in scene.listed.items():
        include = "?include=totals" if name == "service-tickets" else ""
        for row_id, item in items.items():
            assert scene.shop.see(f"/{name}/{row_id}{include}").json == item, (name, row_id)
    rows = (scene.rows.tickets, scene.rows.invoices, scene.rows.notes, scene.rows.payments)
    for name, there in zip(LISTS, rows, strict=True):
        assert scene.listed[name].keys() == there.keys(), name


def balances_are_what_the_rows_say(scene: Scene) -> None:
    """Check the balance of each ticket in the answers on tickets, invoices and payments."""
    for ticket_id, ticket in scene.listed["service-tickets"].items():
        totals = scene.shop.see(f"/service-tickets/{ticket_id}/totals").json
        money = scene.rows.money_of(ticket_id, totals["total_cents"])
        assert totals["total_cents"] == ticket["total_cents"], ticket_id
        assert _money_in(totals) == _money_in(ticket["totals"]) == money, ticket_id
        assert scene.rows.tickets[ticket_id]["paid_cents"] == money["paid_cents"]
        live = scene.rows.live_invoice(ticket_id)
        for row in scene.rows.invoices_of[ticket_id]:
            shown = scene.listed["invoices"][row["id"]]
            assert shown["is_void"] == (row is not live), row["number"]
            assert _money_in(shown) == (NOTHING if row is not live else money), row["number"]
        for row in scene.rows.ledger_of[ticket_id]:
            shown = scene.listed["payments"][row["id"]]
            assert shown["invoice_id"] == (live and live["id"]), row["id"]
            assert _money_in(shown | {"paid_cents": money["paid_cents"]}) == money, row["id"]


def no_more_is_paid_back_than_was_paid(scene: Scene) -> None:
    back = dict.fromkeys(scene.rows.payments, 0)
    for row in scene.rows.payments.values():
        if row["refunds_payment_id"]:
            back[row["refunds_payment_id"]] -= row["amount_cents"]
    for row_id, shown in scene.listed["payments"].items():
        paid = max(0, scene.rows.payments[row_id]["amount_cents"])
        assert 0 <= back[row_id] <= paid, row_id
        told = shown["amount_cents"], shown["refunded_cents"], shown["refundable_cents"]
        amount = scene.rows.payments[row_id]["amount_cents"]
        assert told == (amount, back[row_id], paid - back[row_id]), row_id


def papers_and_money_are_of_the_customer_of_the_ticket(scene: Scene) -> None:
    for rows in (scene.rows.invoices, scene.rows.notes, scene.rows.payments):
        for row in rows.values():
            owner = scene.rows.tickets[row["ticket_id"]]["customer_id"]
            assert row["customer_id"] == owner, (row["id"], row["ticket_id"])


def _money_in(shown):
    return {name: shown[name] for name in OF_MONEY}


CHECKS: list[Callable[[Scene], None]] = [
    the_rows_break_no_rule,
    numbers_have_no_holes,
    documents_are_as_issued,
    lists_show_what_items_show,
    balances_are_what_the_rows_say,
    no_more_is_paid_back_than_was_paid,
    papers_and_money_are_of_the_customer_of_the_ticket,
    of_documents.invoices_say_the_same_everywhere,
    of_documents.credit_notes_say_the_same_everywhere,
    of_documents.pdfs_show_each_amount,
    of_credits.credits_return_net_and_tax_in_proportion,
    of_credits.no_more_is_credited_than_was_invoiced,
    of_accounts.statements_say_what_the_rows_say,
    of_accounts.reports_say_what_the_documents_say,
]


def check(shop: BillingShop) -> None:
    """Fail if anything does not hold that must hold at any time."""
    paths = {name: f"/{name}?" for name in LISTS} | {
        "service-tickets": "/service-tickets?include=totals&"
    }
    scene = Scene(shop, Rows(), {name: every_page(shop, path) for name, path in paths.items()})
    for holds in CHECKS:
        holds(scene)
