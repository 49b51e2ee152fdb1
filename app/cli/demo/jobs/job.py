"""The class of the demo shop's kinds of work, from which the jobs of its tickets are made."""

from dataclasses import dataclass, field

from app.quantities import Number

Parts = dict[str, Number]


@dataclass(frozen=True)
class Job:
    """One kind of work that the demo shop does.

    `minutes` are the shortest and the longest time. `needs` and `perhaps` are the parts that are always
    or sometimes used: `{role: quantity}`, where a role, such as "front pads", stands for a kind of part.
    `bought` is a part that is not kept in stock: `(name, number, cost in cents)`.

    `complaints` are texts of customers, one of which begins a ticket's problem description; work without
    complaints is found by the shop. `cause` is what is wrong, `correction` what is done about it, and
    `note` is for the customer. `diagnosis` is the name of a separate line for half an hour of the time.
    With `flat_price_cents`, the labor has this price, whatever the time, and the work is a canned job.

    Work with a higher `often` is chosen more often.
    """

    name: str
    trade: str
    minutes: tuple[int, int]
    complaints: tuple[str, ...] = ()
    needs: Parts = field(default_factory=dict)
    perhaps: Parts = field(default_factory=dict)
    bought: tuple[str, str, int] | None = None
    cause: str | None = None
    correction: str | None = None
    note: str | None = None
    diagnosis: str | None = None
    flat_price_cents: int | None = None
    priority: int = 3
    often: int = 2

    @property
    def roles(self) -> set[str]:
        return {*self.needs, *self.perhaps}
