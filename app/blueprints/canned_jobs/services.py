"""Adding, changing and retiring canned jobs, and adding them to tickets."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.actors import Actor
from app.blueprints.service_tickets.schemas.lines import LineCreate
from app.blueprints.service_tickets.services.making import make_job, must_be_in_catalogue
from app.clock import utc_now
from app.database.session import db
from app.lookup import Versions, find
from app.models import CannedJob
from app.permissions import (
    canned_jobs_on_offer,
    mechanics_visible_to,
    parts_in_catalogue,
    tickets_visible_to,
)


def add_canned_job(actor: Actor, **facts: Any) -> int:
    """Add a canned job, and return its id.

    `facts` are its columns; among them, `lines` is in JSON form: `[{kind, part_id, quantity, ...}]`.
    Raise NameTaken if another canned job that is not retired has the same name; NotFound if a line has
    an unknown mechanic, or an unknown or retired part; and Invalid if a quantity must be whole, but is
    not.
    """
    _check(actor, facts["lines"])
    canned = CannedJob(**facts)
    db.session.add(canned)
    db.session.commit()
    return canned.id


def change_canned_job(
    actor: Actor, canned_job_id: int, *, if_match: Versions = None, **facts: Any
) -> int:
    """Change a canned job, and return its id; jobs that were made from it stay unchanged.

    `facts` are the columns to change, with their new values. `if_match` has the versions of the canned
    job that the client accepts, or is None if any will do. Raise NotFound if there is no such canned
    job, PreconditionFailed if its version is another, and the errors of `add_canned_job`.
    """
    canned = find(canned_jobs_on_offer, actor, canned_job_id, lock=True, if_match=if_match)
    _check(actor, facts.get("lines", ()))
    for name, value in facts.items():
        setattr(canned, name, value)
    db.session.commit()
    return canned.id


def retire_canned_job(actor: Actor, canned_job_id: int, *, if_match: Versions = None) -> None:
    """Retire a canned job, so that it can no longer be added to tickets.

    Jobs that were made from it stay. Raise NotFound if there is no such canned job or it is retired
    already. Raise PreconditionFailed unless the canned job's version is in `if_match` (None: any
    version).
    """
    canned = find(canned_jobs_on_offer, actor, canned_job_id, lock=True, if_match=if_match)
    canned.retired_at = utc_now()
    db.session.commit()


def use_canned_job(
    actor: Actor, ticket_id: int, *, canned_job_id: int, if_match: Versions = None
) -> int:
    """Add a job to a ticket with the name, note and lines of a canned job; return the new job's id.

    The lines get present prices. `if_match` has the versions of the ticket that the client accepts, or
    is None if any will do. Raise TicketClosed if the ticket's status allows no new lines, TicketFull if
    it would have too many jobs or lines, and PartRetired if a part of the canned job was retired.
    """
    ticket = find(tickets_visible_to, actor, ticket_id, lock=True, if_match=if_match)
    ticket.must_take_lines()
    canned = find(canned_jobs_on_offer, actor, canned_job_id)
    lines = LineCreate(many=True).load(canned.lines)
    must_be_in_catalogue(lines)
    about = {"name": canned.name, "note": canned.note, "canned_job_id": canned.id}
    job = make_job(actor, ticket, lines, **about)
    db.session.commit()
    return job.id


def _check(actor: Actor, lines: Iterable[Mapping[str, Any]]) -> None:
    """Check the lines of a canned job in their JSON form, `[{kind, part_id, quantity, ...}]`.

    Raise NotFound if a line has an unknown mechanic, or an unknown or retired part. Raise Invalid if its
    part is counted by the piece, and its quantity is not whole.
    """
    for n, line in enumerate(lines):
        if line.get("mechanic_id") is not None:
            find(mechanics_visible_to, actor, line["mechanic_id"])
        if "part_id" in line:
            part = find(parts_in_catalogue, actor, line["part_id"])
            part.must_come_in(line.get("quantity", 1), f"/lines/{n}/quantity")
