"""Routes for parts and their stock."""

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
    """Add a part to the catalogue, with its opening stock.

    The part number must be unique, regardless of case and extra spaces; if you send none, one is made
    from the id. Quantities are in the part's `unit`, with up to two decimals; for parts that are counted
    by the piece (`each`) they must be whole numbers.
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
    """List the parts in the catalogue.

    Only staff see cost, supplier and exact stock; others see whether a part is `in_stock`. For staff,
    `low_stock=true` selects parts at or below their reorder level, and `quantity_below=5` parts with a
    stock below 5. `category` is compared regardless of case.
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

    Only staff see cost, supplier and exact stock; others see whether the part is `in_stock`.
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
    """Change a part, except its stock.

    The stock changes only by `PATCH /inventory/{part_id}/adjust-quantity`, or when the part is used on a
    ticket or returned. Lines on tickets keep the cost and the price that they got from the part. The
    `unit` can't become `each` while there are fractional quantities in stock or on tickets.
    """
    return queries.part(g.actor, services.change_part(g.actor, part_id, **facts))


@bp.delete("/<int:part_id>")
@writes
@requires(*STAFF)
@checks_if_match
@returns(None, 204)
@refuses(NotFound)
def retire(part_id, if_match):
    """Remove a part from the catalogue.

    Tickets and stock movements keep the part, and its number can be used for another part. To undo this,
    use `POST /inventory/{part_id}/restore`.
    """
    services.retire_part(g.actor, part_id, if_match=if_match)


@bp.post("/<int:part_id>/restore")
@writes
@requires(*STAFF)
@checks_if_match
@returns(PartOut(), 201, location="/inventory/{id}")
@refuses(NotFound, PartNumberTaken)
def restore(part_id, if_match):
    """Put a retired part back into the catalogue, with its stock and its history.

    No other part in the catalogue may have its number. A part that is not retired stays unchanged.
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
    """Adjust the stock of a part by hand; it can't fall below zero.

    Send the difference (`adjustment`) or the counted quantity (`counted`). The difference is recorded as
    a stock movement. If the counted quantity equals the stock, nothing is recorded.
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
    """List the stock movements of a part, newest first; the part may be retired.

    Their sum is the stock of the part.
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
    """List the tickets on which a part was used, newest first; the part may be retired.

    Use this, for example, to find every vehicle with a recalled part.
    """
    return queries.usage(g.actor, part_id, **query)
