"""Random steps of a day: looks at statements of accounts and at the report on the shop."""

from datetime import timedelta

from tests.system.whole_shop.chance import Chance, named
from tests.system.whole_shop.credit_days import an_invoice
from tests.system.whole_shop.money_rows import today
from tests.system.whole_shop.step import Step


def somebody_looks_at_an_account(c: Chance) -> Step:
    """Return the reading of a statement, mostly of a customer with an invoice or a payment."""
    papers = [*list(c.book.payments.values())[-4:], *filter(None, [an_invoice(c)])]
    who_pays = {each.customer for each in papers}
    customer = c.row(c.book.customers, lambda each: each.active and each.name in who_pays)
    at = {"customer": named(customer, "customer")}
    who = c.owner_or_staff(customer and customer.name)
    return Step("see_statement", who, at, query=days(c))


def a_manager_looks_at_the_report(c: Chance) -> Step:
    who = c.staff() if c.once_in(8) else c.signed_in("manager")
    return Step("see_report", who, query=days(c))


def days(c: Chance) -> dict:
    """Return a period: mostly the default one, sometimes other days, sometimes none at all."""
    if not c.once_in(3):
        return {}
    first, last = (today() - timedelta(days=c.whole(0, most)) for most in (40, 10))
    said = {"from": first.isoformat(), "to": last.isoformat()}
    return {name: said[name] for name in c.of(("from",), ("to",), ("from", "to"), ("from", "to"))}
