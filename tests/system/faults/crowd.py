"""Eight clients at work in a live shop. Each keeps a journal of its requests and the answers."""

import contextlib
import http.client
import itertools
import threading
import time
from dataclasses import dataclass, field
from datetime import date, timedelta

PEOPLE = 8
OPENING_STOCK = 10_000
A_ROUND = 15
FIRST_DUE = date(2100, 1, 1)
A_BILL = 40  # lines on a ticket before the next one is used, because answers grow with each line
PATIENCE = 30


@dataclass
class Act:
    """A write that must happen once or not at all; its mark is stored in the row that it makes."""

    kind: str
    mark: int
    effect: int = 0
    row_id: int | None = None
    acknowledged: bool = False


@dataclass
class Answer:
    """One answer: `good`, `unavailable`, `nobody` if the connection broke, or what was wrong with it."""

    began: float
    ended: float
    said: str


@dataclass
class Person:
    """A client with a vehicle, its tickets and a part, which no other client uses."""

    live: object
    name: str
    vehicle: int
    ticket: int
    part: int
    lines: int = 0
    job: int | None = None
    journal: list[Act] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def work(self):
        for state in itertools.cycle(("in_progress", "on_hold")):
            if self.over.is_set():
                return
            self.move(state)
            self.use(key=True)
            self.look()
            self.add_job(key=True)
            self.adjust(3, key=True)
            self.decide(key=True)
            self.invoice(self.open(key=True))
            self.pay()
            self.use(key=False)
            self.look()
            self.add_job(key=False)
            self.adjust(-2, key=False)
            self.decide(key=False)
            opened = self.open(key=False)
            if opened and state == "on_hold" and self.lines >= A_BILL:
                self.ticket, self.lines, self.job = opened["id"], 0, None

    def move(self, state):
        act = self.will("move")
        said = {"to": state, "reason": f"act {act.mark}"}
        self.do(act, "POST", f"/service-tickets/{self.ticket}/transitions", said, key=True)

    def use(self, key):
        act = self.will("use", -1)
        said = {"markup_percentage": act.mark / 100}
        self.do(act, "POST", f"/service-tickets/{self.ticket}/parts/{self.part}", said, key)
        self.lines += 1

    def open(self, key):
        act = self.will("open")
        said = {"vehicle_id": self.vehicle, "problem_description": f"act {act.mark}"}
        return self.do(act, "POST", "/service-tickets", said, key)

    def add_job(self, key):
        act = self.will("add_job")
        labor = {"kind": "labor", "billed_minutes": 6, "rate_cents": 1000}
        said = {"name": "More work", "note": f"act {act.mark}", "lines": [labor]}
        answer = self.do(act, "POST", f"/service-tickets/{self.ticket}/jobs", said, key)
        self.job = answer["id"] if answer else self.job

    def decide(self, key):
        if self.job is None:
            return
        act = self.will("decide")
        said = {"method": "in_person", "authorized_by_name": self.name, "note": f"act {act.mark}"}
        said |= {"decisions": [{"job_id": self.job, "decision": "authorized"}]}
        self.do(act, "POST", f"/service-tickets/{self.ticket}/authorizations", said, key)

    def invoice(self, opened):
        """Invoice a new ticket; the mark is in the day when the invoice is due."""
        moved = opened and self.ask(
            "POST", f"/service-tickets/{opened['id']}/transitions", {"to": "completed"}
        )
        if moved:
            act = self.will("invoice")
            said = {"due_on": str(FIRST_DUE + timedelta(days=act.mark))}
            self.do(act, "POST", f"/service-tickets/{opened['id']}/invoice", said, key=True)

    def pay(self):
        act = self.will("pay")
        said = {"amount_cents": 1, "method": "cash", "note": f"act {act.mark}"}
        self.do(act, "POST", f"/service-tickets/{self.ticket}/payments", said, key=True)

    def adjust(self, effect, key):
        act = self.will("adjust", effect)
        said = {"adjustment": effect, "reason": f"act {act.mark}"}
        answer = self.do(act, "PATCH", f"/inventory/{self.part}/adjust-quantity", said, key)
        if answer:
            self.compare(answer["new_quantity"])

    def look(self):
        answer = self.ask("GET", f"/inventory/{self.part}")
        if answer:
            self.compare(answer["quantity_in_stock"])

    def compare(self, told):
        """Check a stock that was read: only acts without an acknowledgement may be in it or not."""
        sure = OPENING_STOCK + sum(act.effect for act in self.journal if act.acknowledged)
        unsure = [act.effect for act in self.journal if not act.acknowledged]
        least = sure + sum(effect for effect in unsure if effect < 0)
        most = sure + sum(effect for effect in unsure if effect > 0)
        if not least <= told <= most:
            self.answers[-1].said = f"{told} on the shelf, not {least} to {most}"

    def will(self, kind, effect=0):
        self.journal.append(Act(kind, len(self.journal) + 1, effect))
        return self.journal[-1]

    def do(self, act, method, path, said, key):
        """Send a request once; with a key, repeat it until there is an answer or the work is over."""
        headers = {"Idempotency-Key": f"{self.name} {act.mark}"} if key else {}
        while True:
            answer = self.ask(method, path, said, **headers)
            if answer:
                act.acknowledged, act.row_id = True, answer.get("id")
            again = key and self.answers[-1].said in ("unavailable", "nobody")
            if not again or self.over.is_set():
                return answer

    def ask(self, method, path, said=None, **headers):
        """Return the answer if it is good; otherwise wait a moment and return None."""
        began, answer = time.monotonic(), None
        try:
            status, told, answer = self.live.ask(method, path, said, **headers)
        except (OSError, http.client.HTTPException):
            verdict = "nobody"
        except Exception as undocumented:
            verdict = repr(undocumented)
        else:
            unavailable = status == 503 and told["Retry-After"]
            verdict = "good" if status < 300 else "unavailable" if unavailable else f"{answer}"
        self.answers.append(Answer(began, time.monotonic(), verdict))
        if verdict == "good":
            return answer
        self.over.wait(0.05)
        return None


class Crowd:
    """All clients, each with a thread in which it works."""

    def __init__(self, people):
        self.people = people
        self._threads = [threading.Thread(target=each.work, daemon=True) for each in people]

    def start(self):
        for thread in self._threads:
            thread.start()
        self.at_work()

    def stop(self):
        for each in self.people:
            each.over.set()
        for thread in self._threads:
            thread.join(PATIENCE + 10)
            assert not thread.is_alive(), "somebody still waits for an answer"

    def at_work(self):
        """Wait until each client has had as many more good answers as a round of work needs."""
        wanted = [len(self.good(each)) + A_ROUND for each in self.people]
        until = time.monotonic() + PATIENCE
        while any(len(self.good(each)) < n for each, n in zip(self.people, wanted, strict=True)):
            assert time.monotonic() < until, f"the crowd cannot work: {self.wrong()[:3]}"
            time.sleep(0.01)

    @staticmethod
    def good(person):
        return [answer for answer in list(person.answers) if answer.said == "good"]

    def said(self, *what):
        return [each for person in self.people for each in person.answers if each.said in what]

    def wrong(self):
        expected = ("good", "unavailable", "nobody")
        every = (each.said for person in self.people for each in person.answers)
        return [said for said in every if said not in expected]

    def slowest(self):
        return max(each.ended - each.began for person in self.people for each in person.answers)

    def recovery(self, since, until=float("inf")):
        """Return the seconds from `since` until no client has a bad answer any more, only good ones."""
        return max(self._recovered(person.answers, since, until) for person in self.people) - since

    @staticmethod
    def _recovered(answers, since, until):
        meanwhile = [each for each in answers if since <= each.ended <= until]
        last_bad = max((each.ended for each in meanwhile if each.said != "good"), default=since)
        good = (each.ended for each in answers if each.said == "good" and each.ended > last_bad)
        return min(good, default=float("inf"))


@contextlib.contextmanager
def a_crowd(live):
    """Create the rows of all clients, and let them work until the end of this context."""
    crowd = Crowd([a_person(live, f"person {n}") for n in range(PEOPLE)])
    crowd.start()
    try:
        yield crowd
    finally:
        crowd.stop()


def a_person(live, name):
    customer = live.made("/customers", {"name": name})["id"]
    vehicle = live.made(f"/customers/{customer}/vehicles", {"make": "Honda"})["id"]
    ticket = {"vehicle_id": vehicle, "problem_description": "Much work"}
    part = {"name": "Brake pad", "quantity_in_stock": OPENING_STOCK, "current_cost_cents": 1000}
    ids = (live.made("/service-tickets", ticket)["id"], live.made("/inventory", part)["id"])
    return Person(live, name, vehicle, *ids)
