"""Random days of a shop: whatever is billed, paid and changed, the books agree to the cent."""

from random import Random

from tests.system.billing_days.bills import BILL_KINDS, BILLS, REFUSALS
from tests.system.billing_days.changes import (
    CHANGE_KINDS,
    CHANGES,
    a_mechanic_is_hired,
    a_part_is_listed,
)
from tests.system.billing_days.checks import check
from tests.system.billing_days.shop import Act, BillingShop
from tests.system.billing_days.work import (
    WORK,
    WORK_KINDS,
    a_customer_comes,
    a_ticket_is_opened,
    a_vehicle_comes,
)

SEED = 2
LAST = 25  # acts that a failure tells of
KINDS = (*WORK_KINDS, *BILL_KINDS, *CHANGE_KINDS)
OPENING = (a_part_is_listed, a_mechanic_is_hired) * 3
OPENING += (a_customer_comes, a_vehicle_comes, a_ticket_is_opened) * 4


def deck(random: Random):
    """Yield the cards of random acts for ever: all of them in another order, and all again."""
    cards = [card for card, times in (WORK | BILLS | CHANGES).items() for _ in range(times)]
    while True:
        random.shuffle(cards)
        yield from cards


def open_(shop: BillingShop) -> None:
    """Fill a shop with the parts and settings that random acts need."""
    settings = {"first_invoice_number": 4711, "labor_rate_cents": 12_000}
    taxes = [{"name": "GST", "labor_percentage": 5, "part_percentage": 8.875, "fee_percentage": 5}]
    shop.take(Act("taxes", "PATCH", "/shop", settings | {"taxes": taxes}))
    for card in OPENING:
        shop.take(card(shop))


def work(shop: BillingShop, acts: int, least: int, checks: int) -> None:
    """Take acts until `acts` were accepted, and `least` of each kind; give up at twice as many.

    Everything is checked `checks` times, the last time at the end. A failure tells the last acts.
    """
    done: list[Act] = []
    try:
        open_(shop)
        next_check = acts // checks
        for card in deck(shop.random):
            if not (act := card(shop)):
                continue
            done.append(act)
            shop.take(act)
            so_far = shop.accepted.total()
            is_over = so_far >= 2 * acts or (so_far >= acts and not rare(shop, least))
            if is_over or so_far >= next_check:
                check(shop)
                next_check += acts // checks
            if is_over:
                return
    except Exception as error:
        last = "\n".join(f"  {each}" for each in done[-LAST:])
        error.add_note(f"seed {SEED}, after {len(done)} acts, the last of them:\n{last}")
        raise


def rare(shop: BillingShop, least: int) -> dict[str, int]:
    """Return the kinds of acts accepted less than `least` times, and the refusals that are missing."""
    acts = {kind: shop.accepted[kind] for kind in KINDS if shop.accepted[kind] < least}
    return acts | {code: 0 for code in REFUSALS if not shop.refused[code]}


def test_random_days_leave_the_books_right(app, at_length, figures):
    shop, least = BillingShop(app, SEED, at_length(10, slow=1)), at_length(1, slow=20)
    work(shop, at_length(400, slow=5_000), least, checks=at_length(2, slow=3))
    accepted, refused = shop.accepted, shop.refused
    counts = dict(sorted((accepted | refused).items()))
    figures(
        f"billing days: {accepted.total()} acts of {len(accepted)} kinds (seed {SEED}),"
        f" {refused.total()} more refused, {shop.papers}{at_length('', slow=f': {counts}')}"
    )
    assert accepted.keys() <= set(KINDS), "a kind of act that nobody counts on"
    assert not rare(shop, least)
