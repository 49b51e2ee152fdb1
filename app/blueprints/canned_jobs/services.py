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
    """Add a canned job and return its id; the keyword arguments are its columns.

    Raise NameTaken if another one has this name, and NotFound for an unknown or retired part.
    """
    _check(actor, facts["lines"])
    canned = CannedJob(**facts)
    db.session.add(canned)
    db.session.commit()
    return canned.id


def change_canned_job(
    actor: Actor, canned_job_id: int, *, if_match: Versions = None, **facts: Any
) -> int:
    """Change the columns of a canned job that are given as keyword arguments, and return its id.

    Jobs on tickets that were made from it stay unchanged. It raises the same errors as
    `add_canned_job`.
    """
    canned = find(canned_jobs_on_offer, actor, canned_job_id, lock=True, if_match=if_match)
    _check(actor, facts.get("lines", ()))
    for name, value in facts.items():
        setattr(canned, name, value)
    db.session.commit()
    return canned.id


def retire_canned_job(actor: Actor, canned_job_id: int, *, if_match: Versions = None) -> None:
    """Take a canned job off the list; jobs that were made from it stay."""
    canned = find(canned_jobs_on_offer, actor, canned_job_id, lock=True, if_match=if_match)
    canned.retired_at = utc_now()
    db.session.commit()


def use_canned_job(
    actor: Actor, ticket_id: int, *, canned_job_id: int, if_match: Versions = None
) -> int:
    """Add a job to a ticket as the canned job describes it, at present prices; return the job's id.

    Raise TicketClosed, TicketFull, or PartRetired if one of its parts was retired.
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
    """Raise NotFound for an unknown mechanic, or an unknown or retired part.

    Raise Invalid if a part is counted by the piece, and the quantity is not whole.
    """
    for n, line in enumerate(lines):
        if line.get("mechanic_id") is not None:
            find(mechanics_visible_to, actor, line["mechanic_id"])
        if "part_id" in line:
            part = find(parts_in_catalogue, actor, line["part_id"])
            part.must_come_in(line.get("quantity", 1), f"/lines/{n}/quantity")
