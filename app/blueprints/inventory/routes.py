"""The catalogue and the shelf over HTTP."""

from flask import g

from app.actors import STAFF
from app.blueprints.inventory import bp, queries, services
from app.blueprints.inventory.schemas import (
    MovementOut,
    PartCreate,
    PartListQuery,
    PartOut,
    PartUpdate,
    QuantityAdjust,
    QuantityAdjustOut,
    UsageOut,
)
from app.errors import (
    Conflict,
    Forbidden,
    NotFound,
    OutOfStock,
    PartNumberTaken,
    StockTooHigh,
    UnitInUse,
)
from app.web.auth import public, requires
from app.web.caching import cached
from app.web.limits import reads, writes
from app.web.pages import NewestFirst, page_shape
from app.web.shapes import accepts, checks_if_match, refuses, returns


@bp.post("")
@writes
@requires(*STAFF)
@accepts(PartCreate())
@returns(PartOut(), 201, location="/inventory/{id}")
@refuses(PartNumberTaken)
def create(**facts):
    """Put a part in the catalogue; its first stock opens its ledger.

    Its number is its own, however it is spaced and in whatever case; one is made of its id where none
    is sent. Quantities are in its `unit`, with up to two decimals; those of parts by the piece (`each`)
    are whole numbers.
    """
    return queries.part(g.actor, services.add_part(g.actor, **facts))


@bp.get("")
@reads
@public
@cached("parts")
@accepts(PartListQuery(), "query")
@returns(page_shape(PartOut))
@refuses(Forbidden)
def index(**query):
    """List the catalogue.

    Cost, supplier and exact stock are for staff; others see whether it is `in_stock`. `low_stock=true`
    are those at or below their reorder level, `quantity_below=5` those of which fewer are on the shelf;
    `category` is compared without regard to case.
    """
    return queries.parts(g.actor, **query)


@bp.get("/<int:part_id>")
@reads
@public
@cached("parts")
@returns(PartOut())
@refuses(NotFound)
def show(part_id):
    """Show one part.

    Cost, supplier and exact stock are for staff; others see whether it is `in_stock`.
    """
    return queries.part(g.actor, part_id)


@bp.route("/<int:part_id>", methods=["PUT", "PATCH"])
@writes
@requires(*STAFF)
@checks_if_match
@accepts(PartUpdate(partial=True), sent_back=(PartOut, queries.part))
@returns(PartOut())
@refuses(NotFound, PartNumberTaken, UnitInUse)
def change(part_id, **facts):
    """Change what is known of a part. Its stock only moves by PATCH .../adjust-quantity or use.

    Tickets keep the cost and the price that the part had when it was used. Its `unit` can't become
    `each` while there are fractions of it on the shelf or on tickets.
    """
    return queries.part(g.actor, services.change_part(g.actor, part_id, **facts))


@bp.delete("/<int:part_id>")
@writes
@requires(*STAFF)
@checks_if_match
@returns(None, 204)
@refuses(NotFound)
def retire(part_id, if_match):
    """Take a part out of the catalogue.

    Old tickets and its ledger keep it; its number is free again. A mistake is undone by
    `POST /inventory/{part_id}/restore`.
    """
    services.retire_part(g.actor, part_id, if_match=if_match)


@bp.post("/<int:part_id>/restore")
@writes
@requires(*STAFF)
@checks_if_match
@returns(PartOut(), 201, location="/inventory/{id}")
@refuses(NotFound, PartNumberTaken)
def restore(part_id, if_match):
    """Bring a retired part back into the catalogue, with its stock and its history.

    Its number must be free. A part that is in the catalogue stays as it is.
    """
    return queries.part(g.actor, services.restore_part(g.actor, part_id, if_match=if_match))


@bp.patch("/<int:part_id>/adjust-quantity")
@writes
@requires(*STAFF)
@checks_if_match
@accepts(QuantityAdjust())
@returns(QuantityAdjustOut())
@refuses(NotFound, OutOfStock, StockTooHigh, Conflict)
def adjust_quantity(part_id, **query):
    """Correct the shelf by hand: a line in the ledger, never below zero.

    By a difference (`adjustment`), or to what is there (`counted`): the ledger gets the difference, and
    no line where a count finds what was expected.
    """
    return services.adjust_quantity(g.actor, part_id, **query)


@bp.get("/<int:part_id>/movements")
@reads
@requires(*STAFF)
@cached("stock_movements", "parts", "mechanics", "customers")
@accepts(NewestFirst(), "query")
@returns(page_shape(MovementOut))
@refuses(NotFound)
def movements(part_id, **query):
    """Show the ledger of a part, of a retired one too, newest first.

    Its sum is what is on the shelf.
    """
    return queries.movements(g.actor, part_id, **query)


@bp.get("/<int:part_id>/usage")
@reads
@requires(*STAFF)
@cached("ticket_lines", "parts", "service_tickets")
@accepts(NewestFirst(), "query")
@returns(page_shape(UsageOut))
@refuses(NotFound)
def usage(part_id, **query):
    """Show the tickets that a part, or a retired one, went into, newest first.

    To find every car with a part that is recalled.
    """
    return queries.usage(g.actor, part_id, **query)
