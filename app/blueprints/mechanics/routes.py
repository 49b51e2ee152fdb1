"""Routes for the staff."""

from flask import g

from app.actors import STAFF, Role
from app.blueprints.mechanics import bp, queries, services
from app.blueprints.mechanics.schemas import (
    MechanicCreate,
    MechanicListQuery,
    MechanicOut,
    MechanicRankingQuery,
    RankedMechanicOut,
)
from app.errors import EmailTaken, LastManager, NotFound, SignInAgain
from app.web.auth import requires
from app.web.caching import cached
from app.web.limits import reads, writes
from app.web.pages import items_shape, page_shape
from app.web.shapes import accepts, checks_if_match, refuses, returns


@bp.post("")
@writes
@requires(Role.MANAGER)
@accepts(MechanicCreate())
@returns(MechanicOut(), 201, location="/mechanics/{id}")
@refuses(EmailTaken)
def create(**facts):
    """Add a mechanic or manager.

    A person without a password can be assigned to tickets, but can't sign in. Create the first manager
    on the command line: `flask create-manager`.
    """
    return queries.mechanic(g.actor, services.hire(**facts))


@bp.get("")
@reads
@requires()
@cached("mechanics", "workloads")
@accepts(MechanicListQuery(), "query")
@returns(page_shape(MechanicOut))
def index(**query):
    """List the staff.

    Customers see the name, specialty, number of tickets, and whether a mechanic is active. Staff also
    see the contact data, managers also the salary.
    """
    return queries.mechanics(g.actor, **query)


@bp.get("/top")
@reads
@requires()
@cached("mechanics", "workloads")
@accepts(MechanicRankingQuery(), "query")
@returns(items_shape(RankedMechanicOut))
def top(**query):
    """Rank mechanics by their number of tickets, including those without any.

    `by=completed` counts only tickets that are ready, invoiced or closed.
    """
    return queries.top(**query)


@bp.get("/<int:mechanic_id>")
@reads
@requires()
@cached("mechanics", "workloads")
@returns(MechanicOut())
@refuses(NotFound)
def show(mechanic_id):
    """Show one mechanic.

    The response has the members that you see in `GET /mechanics`, which depend on your role.
    """
    return queries.mechanic(g.actor, mechanic_id)


@bp.route("/<int:mechanic_id>", methods=["PUT", "PATCH"])
@writes
@requires(*STAFF)
@checks_if_match
@accepts(MechanicCreate(partial=True), sent_back=(MechanicOut, queries.mechanic))
@returns(MechanicOut())
@refuses(NotFound, EmailTaken, LastManager, SignInAgain)
def change(mechanic_id, **facts):
    """Change a mechanic: managers can change anyone, others only themselves.

    Mechanics can change their own name, e-mail, phone and address. Change your own password with
    `PUT /auth/password`. The last active manager can't be deactivated or made a mechanic.
    """
    return queries.mechanic(g.actor, services.change_mechanic(g.actor, mechanic_id, **facts))


@bp.delete("/<int:mechanic_id>")
@writes
@requires(Role.MANAGER)
@checks_if_match
@returns(None, 204)
@refuses(NotFound, LastManager, SignInAgain)
def let_go(mechanic_id, if_match):
    """Remove a mechanic from the staff.

    A mechanic who is assigned to a ticket, or named in one of its lines, is only deactivated, so that
    the name stays on the ticket. Any other mechanic is deleted. The mechanic's sessions end. The last
    active manager can't be removed.
    """
    services.let_go(g.actor, mechanic_id, if_match=if_match)
