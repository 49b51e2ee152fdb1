"""The staff over HTTP."""

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
    """Hire somebody; without a password they can be assigned but can't sign in yet.

    The first manager comes from the command line: `flask create-manager`.
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

    Customers see name, specialty and whether they work here; staff also how to reach them; managers also
    the salary.
    """
    return queries.mechanics(g.actor, **query)


@bp.get("/top")
@reads
@requires()
@cached("mechanics", "workloads")
@accepts(MechanicRankingQuery(), "query")
@returns(items_shape(RankedMechanicOut))
def top(**query):
    """Rank mechanics by the tickets they were on, those with none included.

    `by=completed` counts only tickets that got ready.
    """
    return queries.top(**query)


@bp.get("/<int:mechanic_id>")
@reads
@requires()
@cached("mechanics", "workloads")
@returns(MechanicOut())
@refuses(NotFound)
def show(mechanic_id):
    """Show one of the staff.

    As much of them as the list shows you.
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
    """Change one of the staff: a manager anything, others their own contact data.

    The last active manager stays one, so that the shop is not locked out of itself.
    """
    return queries.mechanic(g.actor, services.change_mechanic(g.actor, mechanic_id, **facts))


@bp.delete("/<int:mechanic_id>")
@writes
@requires(Role.MANAGER)
@checks_if_match
@returns(None, 204)
@refuses(NotFound, LastManager, SignInAgain)
def let_go(mechanic_id, if_match):
    """Let somebody go.

    Who has worked on a ticket is deactivated and the name kept there; anybody else is deleted. Their
    sessions end. The last active manager stays.
    """
    services.let_go(g.actor, mechanic_id, if_match=if_match)
