"""Random changes after which no invoice may be another: prices, rates, letterhead, names, people."""

from sqlalchemy import select

from app.models import Customer, Invoice, Mechanic, Part, ServiceTicket, Vehicle
from app.models.service_tickets import OVER
from tests.system.billing_days.shop import Act, BillingShop
from tests.system.billing_days.work import CENTS, HERE

KINDS = ("labor", "part", "sublet", "fee")
IS_BILLED = Customer.id.in_(select(Invoice.customer_id))
RATES = (0, 5, 8.25, 8.875, 9.975)


def the_letterhead_changes(shop: BillingShop) -> Act:
    said = {"name": shop.word(), "address_lines": [shop.word()], "phone": shop.of(None, "555")}
    said |= shop.of({"registration_number": "ARD 7"}, {"tax_number": "T 9"}, {"paper": "a4"})
    said |= {"invoice_terms": shop.word(), "time_zone": shop.of("UTC", "Asia/Tokyo")}
    return Act("letterhead", "PATCH", "/shop", said)


def the_taxes_change(shop: BillingShop) -> Act:
    names = ("GST", "QST", "City")[: shop.of(0, 1, 2, 2, 3)]
    taxes = [{f"{kind}_percentage": shop.of(*RATES) for kind in KINDS} for _ in names]
    said = [{"name": name} | tax for name, tax in zip(names, taxes, strict=True)]
    return Act("taxes", "PATCH", "/shop", {"taxes": said})


def the_supplies_change(shop: BillingShop) -> Act:
    supplies = {
        "percentage": shop.of(3.33, 5, 10),
        "of": shop.of("labor", "part", "labor_and_part"),
        "cap_cents": shop.of(None, 0, 3_500),
        "taxable": shop.of(True, False),
    }
    return Act("supplies", "PATCH", "/shop", {"shop_supplies": shop.of(supplies, supplies, None)})


def the_rates_change(shop: BillingShop) -> Act:
    said = {"labor_rate_cents": shop.of(9_999, 12_000, 12_010)}
    said["labor_cost_rate_cents"] = shop.of(None, 4_000, 4_333)
    return Act("labor rate", "PATCH", "/shop", said)


def the_numbering_changes(shop: BillingShop) -> Act:
    said = {"invoice_prefix": shop.of("INV-", "R-", "2026/")}
    said["payment_terms_days"] = shop.of(0, 14, 30)
    return Act("prefix and terms", "PATCH", "/shop", said)


def a_part_is_listed(shop: BillingShop) -> Act:
    """Return a new part; its number is one that no other part has."""
    number = f"P {len(shop.ids(Part)) + 1}"
    said = {"name": shop.word(), "part_number": number, "quantity_in_stock": 30}
    prices = {"price_cents": shop.of(*CENTS[3:]), "current_cost_cents": shop.of(77, 900)}
    return Act("part", "POST", "/inventory", said | prices)


def a_mechanic_is_hired(shop: BillingShop) -> Act:
    email = f"pat{len(shop.ids(Mechanic))}@example.com"
    said = {"name": shop.word(), "email": email, "password": "a long enough password"}
    return Act("mechanic", "POST", "/mechanics", said)


def a_part_changes(shop: BillingShop) -> Act:
    said = {"name": shop.word(), "price_cents": shop.of(*CENTS), "current_cost_cents": 77}
    return Act("part renamed", "PATCH", f"/inventory/{shop.recent(Part)}", said)


def parts_come_in(shop: BillingShop) -> Act:
    path = f"/inventory/{shop.recent(Part)}/adjust-quantity"
    return Act("stock", "PATCH", path, {"adjustment": 9, "reason": "received"})


def a_customer_is_renamed(shop: BillingShop) -> Act:
    said = {"name": shop.word(), "phone": "555-0199", "city": shop.word()}
    return Act("customer renamed", "PATCH", f"/customers/{shop.recent(Customer, *HERE)}", said)


def a_customer_is_exempt(shop: BillingShop) -> Act:
    path = f"/customers/{shop.recent(Customer, *HERE)}/billing-terms"
    said = {"tax_exempt": shop.once_in(2), "tax_exempt_number": "EX 1"}
    return Act("exemption", "PATCH", path, said | {"payment_terms_days": shop.of(None, 0, 60)})


def a_vehicle_changes(shop: BillingShop) -> Act | None:
    """Return a new plate and model of a vehicle, and once in four times another owner."""
    vehicle = shop.recent(Vehicle)
    said = {"license_plate": f"N {shop.whole(1, 9_999)}", "model": shop.word()}
    if shop.once_in(4):
        said["customer_id"] = shop.recent(Customer, *HERE)
    return vehicle and Act("vehicle changed", "PATCH", f"/vehicles/{vehicle}", said)


def a_mechanic_is_renamed(shop: BillingShop) -> Act:
    path = f"/mechanics/{shop.recent(Mechanic)}"
    return Act("mechanic renamed", "PATCH", path, {"name": shop.word()})


def a_customer_is_erased(shop: BillingShop) -> Act | None:
    """Return the erasure of a customer with invoices, mostly of one without open tickets."""
    open_ = select(ServiceTicket.customer_id).where(ServiceTicket.status.not_in(OVER))
    billed = shop.ids(Customer, *HERE, IS_BILLED)
    done = shop.ids(Customer, *HERE, IS_BILLED, Customer.id.not_in(open_))
    customer = shop.of_any(billed if shop.once_in(4) else done or billed)
    path, allowed = f"/customers/{customer}", customer in done
    return customer and Act("customer erased", "DELETE", path, allowed=allowed)


def customers_are_merged(shop: BillingShop) -> Act | None:
    """Return the merging of a customer with invoices into another one."""
    duplicate = shop.recent(Customer, *HERE, IS_BILLED)
    kept = shop.recent(Customer, *HERE, Customer.id != duplicate)
    path, said = f"/customers/{kept}/merge", {"from_id": duplicate}
    return duplicate and kept and Act("customers merged", "POST", path, said)


CHANGES = {
    the_letterhead_changes: 1,
    the_taxes_change: 2,
    the_supplies_change: 1,
    the_rates_change: 1,
    the_numbering_changes: 1,
    a_part_is_listed: 1,
    a_mechanic_is_hired: 1,
    a_part_changes: 1,
    parts_come_in: 3,
    a_customer_is_renamed: 1,
    a_customer_is_exempt: 1,
    a_vehicle_changes: 1,
    a_mechanic_is_renamed: 1,
    a_customer_is_erased: 3,
    customers_are_merged: 1,
}
CHANGE_KINDS = (
    *(
        "letterhead",
        "part",
        "mechanic",
        "taxes",
        "supplies",
        "labor rate",
        "prefix and terms",
        "part renamed",
    ),
    *("stock", "customer renamed", "exemption", "vehicle changed", "mechanic renamed"),
    *("customer erased", "customers merged"),
)
