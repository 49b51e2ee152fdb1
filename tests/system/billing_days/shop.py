"""A shop at work: it takes random acts over HTTP, and counts which were accepted and which refused."""

from collections import Counter
from itertools import count
from random import Random
from typing import Any, NamedTuple

from sqlalchemy import select

from app.database.session import db
from app.models import Customer, Invoice, ServiceTicket
from tests import factories
from tests.system.billing_days.papers import Papers

RECENT = 14  # acts choose among the newest rows, so that much happens to each
# A client sends a key with these acts, and sometimes the same act again.
WITH_KEY = ("/payments", "/refunds", "/credit-notes")


class Act(NamedTuple):
    """A request that changes something, and the kind that it is counted as.

    `allowed` says whether it must be accepted or refused; None if it may be either.
    """

    kind: str
    method: str
    path: str
    said: dict[str, Any] | None = None
    allowed: bool | None = None


class BillingShop:
    """A shop with one manager, who does everything; the same seed makes the same choices."""

    def __init__(self, app, seed: int, one_pdf_in: int):
        self.random = Random(seed)
        self.staff = factories.signed_in(app, factories.a_manager(name="Marge Rivers"))
        self.papers, self.serial = Papers(self.see, one_pdf_in), count(1)
        self.accepted: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()  # by the code of the refusal

    def take(self, act: Act) -> None:
        """Send an act, count it, and keep the document if it issues one."""
        keyed = act.path.endswith(WITH_KEY)
        headers = {"Idempotency-Key": f"act {next(self.serial)}"} if keyed else {}
        answer = self._send(act, headers)
        if keyed and answer.status_code < 400 and self.once_in(8):
            again = self._send(act, headers)
            assert again.data == answer.data, f"{act} is answered otherwise the second time"
        told = answer.get_json(silent=True)
        assert answer.status_code < 500, f"{act} -> {answer.status_code} {told}"
        accepted = answer.status_code < 400
        assert act.allowed in (None, accepted), f"{act} -> {answer.status_code} {told}"
        if not accepted:
            self.refused[told["code"]] += 1
            assert told["code"] != "invalid", f"{act}: {told['errors']}"
            return
        self.accepted[act.kind] += 1
        self._keep_paper(act, told)

    def _keep_paper(self, act, told):
        if act.path.endswith("/credit-notes"):
            self.papers.keep(f"/credit-notes/{told['id']}", told)
        elif act.path.endswith("/invoice"):
            self.papers.keep(f"/invoices/{told['id']}", told)
        elif act.path.endswith("/transitions") and act.said == {"to": "invoiced"}:
            ticket = Invoice.ticket_id == int(act.path.split("/")[2])
            [invoice] = self.ids(Invoice, ticket, Invoice.voided_at.is_(None))
            self.papers.keep(f"/invoices/{invoice}", self.see(f"/invoices/{invoice}").json)

    def _send(self, act, headers):
        return self.staff.open(act.path, method=act.method, json=act.said, headers=headers)

    def see(self, path: str):
        """Return the answer to a GET, which must be 200."""
        answer = self.staff.get(path)
        assert answer.status_code == 200, f"{path} -> {answer.status_code}"
        return answer

    def customers(self) -> list[int]:
        """Return the ids of the customers who are neither erased nor merged into another one."""
        return self.ids(Customer, Customer.erased_at.is_(None), Customer.merged_into_id.is_(None))

    # Rows to choose from

    def ids(self, model, *conditions) -> list[int]:
        """Return the ids of the rows that meet all conditions, oldest first."""
        found = select(model.id).where(*conditions).order_by(model.id)
        return list(db.session.scalars(found))

    def recent(self, model, *conditions) -> int | None:
        """Return the id of a recent row that meets all conditions, or None if there is none."""
        return self.of_any(self.ids(model, *conditions)[-RECENT:])

    def ticket(self, *statuses: str, where=(), strays=15) -> int | None:
        """Return a recent ticket in one of these statuses; once in `strays` times, any ticket."""
        if self.once_in(strays):
            return self.recent(ServiceTicket)
        return self.recent(ServiceTicket, ServiceTicket.status.in_(statuses), *where)

    # Chances

    def once_in(self, times: int) -> bool:
        return self.random.randrange(times) == 0

    def of(self, *values):
        return self.random.choice(values)

    def of_any(self, values):
        """Return one of the values, or None if there is none."""
        return self.random.choice(values) if values else None

    def whole(self, least: int, most: int) -> int:
        return self.random.randint(least, most)

    def word(self) -> str:
        """Return a text that is new each time, sometimes with letters of other scripts."""
        first = self.of("Ada", "Zoë", "Łukasz", "Пётр", "O'Neil & Sons", "Bea")
        return f"{first} {self.whole(1, 9_999)}"
