"""Consent: whether the latest decision on a job still covers it. Pure functions, without a database.

A decision covers the lines that the customer saw, or fewer of them, at no higher price and with no
smaller discount on the ticket; with a limit (`up_to_cents`), it covers any lines up to that price.
Whether it covers the job is computed each time, so that nobody has to withdraw a decision: if work is
added, the job is pending again, and if that work is taken off, the decision is valid again. (California
requires new consent before the price rises or the work changes: Business and Professions Code 9884.9, 16
CCR 3353 and 3354.)

Jobs, lines and discounts are dicts with the members that they have in `queries.estimates.asked`.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.models import JobDecision

PENDING, AUTHORIZED = "pending", "authorized"
SAME = ("name", "part_number", "condition")  # of a line; what must be as the customer saw it
WIDEST = "all"


@dataclass(frozen=True)
class Decided:
    """The latest decision on a job, with the job's price and the estimate at that time.

    `decision` is authorized, declined or deferred, and `at` is the time of the decision. `price_cents`
    is the price of the job then, and `up_to_cents` the highest price that the customer authorized, or
    None if no limit was set. `estimate` is what the customer saw, as `queries.estimates.asked` returned
    it.
    """

    decision: str
    price_cents: int
    up_to_cents: int | None
    estimate: Mapping[str, Any]
    at: datetime

    @property
    def authorized_cents(self) -> int | None:
        """Return the highest authorized price in cents, or None if the job was declined or deferred."""
        if self.decision != JobDecision.AUTHORIZED:
            return None
        return self.price_cents if self.up_to_cents is None else self.up_to_cents


@dataclass(frozen=True)
class Consent:
    """The state of a job: pending, authorized, declined or deferred.

    `because` says why a job that was authorized is pending again: `price_raised`, `work_changed` or
    `discount_lowered`. It is None for any other job.
    """

    status: str
    because: str | None = None


def consent_of(
    job: Mapping[str, Any], discounts: Sequence[Mapping[str, Any]], decided: Decided | None
) -> Consent:
    """Return the consent to a job as it is now.

    `job` is `{id, price_cents, lines}`. `discounts` are the present discounts of the whole ticket, and
    `decided` is the latest decision on the job, or None.
    """
    if decided is None:
        return Consent(PENDING)
    if decided.decision != JobDecision.AUTHORIZED:
        return Consent(str(decided.decision))
    because = _not_covered(job, discounts, decided)
    return Consent(AUTHORIZED if because is None else PENDING, because)


def _not_covered(job, discounts, decided: Decided) -> str | None:
    """Return why a decision no longer covers a job, as in `Consent.because`; None if it still does.

    `decided` is the decision, which must be `authorized`; the other arguments are those of `consent_of`.
    """
    if decided.up_to_cents is not None:
        return "price_raised" if job["price_cents"] > decided.up_to_cents else None
    if job["price_cents"] > decided.price_cents:
        return "price_raised"
    seen = {
        line["id"]: line
        for each in (*decided.estimate["jobs"], *decided.estimate["declined_jobs"])
        if each["id"] == job["id"]
        for line in each["lines"]
    }
    charges = (line for line in job["lines"] if line["kind"] != "discount")
    if not all(line["id"] in seen and _is_same(line, seen[line["id"]]) for line in charges):
        return "work_changed"
    now = {each["id"]: each for each in discounts}
    if not all(_stands(each, now.get(each["id"])) for each in decided.estimate["discounts"]):
        return "discount_lowered"
    return None


def _is_same(line, seen):
    return all(line[name] == seen[name] for name in SAME)


def _stands(seen, now):
    """Return whether a discount still takes off at least as much, from at least as many charges.

    `seen` is the discount when the customer decided, and `now` the present one, or None if it was
    deleted.
    """
    if now is None or now["applies_to"] not in (seen["applies_to"], WIDEST):
        return False
    return all(
        seen[name] is None or (now[name] is not None and now[name] >= seen[name])
        for name in ("discount_percentage", "discount_cents")
    )


def sha256_of(asked: Mapping[str, Any]) -> str:
    """Return the SHA-256 of an estimate in hexadecimal.

    `asked` is the estimate as `queries.estimates.asked` returns it. The hash is that of its JSON in
    UTF-8, without spaces and with sorted keys.
    """
    text = json.dumps(asked, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
