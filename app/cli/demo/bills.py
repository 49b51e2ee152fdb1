"""The planned bills of the demo's visits: when they are issued, paid, put right and credited."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from operator import attrgetter
from random import Random

from app.cli.demo.history import CLOSED, INVOICED, ON_HOLD, READY, Step
from app.cli.demo.people import is_firm
from app.cli.demo.till import Till
from app.cli.demo.visit import Visit
from app.cli.demo.year import DAY, END, HOUR
from app.models import HoldReason, PaymentMethod

CASH, CARD, CHECK, TRANSFER, _OTHER = PaymentMethod
AT_THE_DESK = (*[CARD] * 6, *[CASH] * 2, CHECK)
OF_FIRMS = (CHECK, TRANSFER)
PAID_BY_CARD = "Paid by card"
ON_ACCOUNT = "Picked up, to be paid on account"
SMALLEST_DEPOSIT = 30_00
WHOLE = 10_00  # deposits are multiples of this
PAYS_AFTER = (8 * DAY, 56 * DAY)  # a firm, from its oldest invoice: 11 to 78 days of the calendar
SETTLES = 8 * DAY  # a firm pays invoices that are at least this old
NEVER_PAYS = 0.12
PUT_RIGHT = "Price promised on the phone"
PROMISED = 20_00
CORE = "Core brought back"
COMPLAINTS = ("Comeback, made good", "Labor was quoted lower", "Work took less time than usual")


@dataclass
class Deal:
    """Something that is done about bills and money at a minute of the year, for one or more visits."""

    at: int
    visits: list[Visit]
    do: Callable[[Till], None]


class Bills:
    """A planner of the bills of the demo's visits, and of what customers pay, at random."""

    def __init__(self, rng: Random):
        self.rng = rng

    def year(self, visits: list[Visit]) -> list[Deal]:
        """Plan all that is done about the bills of the visits; return it in order of time.

        This changes the planned status changes of the visits that are paid on account, or whose invoice
        is put right.
        """
        deals = []
        for visit in visits:
            visit.on_account = visit.steps[-1].status is CLOSED and is_firm(visit.car.row.customer)
            if visit.on_account:
                visit.steps[-1] = replace(visit.steps[-1], reason=ON_ACCOUNT)
            elif visit.steps[-1].status is CLOSED and self.rng.random() < 0.05:
                _put_right(visit)
            deals += [*self._deposit(visit), *self._bill(visit), *self._credits(visit)]
        deals += self._paid_on_account([visit for visit in visits if visit.on_account])
        return sorted(deals, key=attrgetter("at"))

    def _deposit(self, visit) -> Iterator[Deal]:
        """Yield the deposit of half the price of the parts, if a visit is on hold until they come."""
        held = [step.at for step in visit.steps if step.status is ON_HOLD]
        if not held or visit.hold is not HoldReason.PARTS or is_firm(visit.car.row.customer):
            return
        ordered = [charge for each in visit.rounds[:1] for charge in each.charges if charge.item]
        price = sum(charge.item.row.price_cents * charge.facts["quantity"] for charge in ordered)
        cents = int(price) // 2 // WHOLE * WHOLE
        if cents < SMALLEST_DEPOSIT:
            return
        yield _deal(held[0] + 5, Till.pay, visit, method=self._method(), cents=cents)

    def _bill(self, visit) -> Iterator[Deal]:
        """Yield the invoices of a visit, and the payment of who pays when the vehicle is picked up."""
        for step in visit.steps:
            if step.status is INVOICED:
                yield _deal(step.at, Till.invoice, visit)
            elif step.reason == PUT_RIGHT:
                yield _deal(step.at, Till.void, visit, reason=PUT_RIGHT)
                yield _deal(step.at, Till.discount, visit, name=PUT_RIGHT, cents=PROMISED)
            elif step.status is CLOSED and not visit.on_account:
                method = CARD if step.reason == PAID_BY_CARD else self._method()
                yield _deal(step.at, Till.pay, visit, method=method)

    def _credits(self, visit) -> Iterator[Deal]:
        """Yield the credit notes on parts of the invoice of a visit: for old parts, and for labor."""
        last = visit.steps[-1]
        for charge in visit.charges if last.status is CLOSED else ():
            if charge.move and charge.facts.get("core_charge_cents") and self.rng.random() < 0.4:
                charge.is_late, at = True, last.at + self.rng.randint(4, 6) * DAY
                if at < END:
                    yield _deal(at, Till.take_back_core, visit, charge=charge, reason=CORE)
        at = last.at + self.rng.randint(HOUR, 5 * DAY)
        if last.status is CLOSED and at < END and self.rng.random() < 0.06:
            yield _deal(at, Till.lower_labor, visit, reason=self.rng.choice(COMPLAINTS))

    def _paid_on_account(self, visits) -> Iterator[Deal]:
        """Yield the payments of firms, each for all invoices that it finds; some are never paid."""
        by_firm = defaultdict(list)
        for visit in sorted(visits, key=attrgetter("invoiced")):
            if self.rng.random() >= NEVER_PAYS:
                by_firm[visit.car.row.customer.name].append(visit)
        for waiting in by_firm.values():
            while waiting:
                at = waiting[0].invoiced + self.rng.randint(*PAYS_AFTER)
                paid = [visit for visit in waiting if visit.invoiced + SETTLES <= at]
                waiting = waiting[len(paid) :]
                pay = partial(Till.pay_together, at=at, visits=paid)
                if at < END:
                    yield Deal(at, paid, partial(pay, method=self.rng.choice(OF_FIRMS)))

    def _method(self) -> PaymentMethod:
        return self.rng.choice(AT_THE_DESK)


def _put_right(visit):
    """Plan that the invoice of a visit is taken back and issued anew before the ticket is closed."""
    *_, invoiced, closed = visit.steps
    third = (closed.at - invoiced.at) // 3
    visit.steps[-1:] = [
        Step(invoiced.at + third, READY, PUT_RIGHT, invoiced.by),
        Step(invoiced.at + 2 * third, INVOICED, None, invoiced.by),
        closed,
    ]


def _deal(at, act, visit, **facts) -> Deal:
    return Deal(at, [visit], partial(act, at=at, visit=visit, **facts))
