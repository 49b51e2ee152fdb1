"""Queries for parts, their stock movements and use; they return what the API's responses contain."""

from sqlalchemy import Select, func, select

from app.actors import Actor
from app.blueprints.inventory.schemas import PartOut
from app.database.statements import Row
from app.errors import Forbidden
from app.lists.columns import columns_for
from app.lists.pages import equals, filtered, get_or_404, paginated
from app.lists.searching import Searched, Source
from app.models import Customer, Kind, Mechanic, Part, ServiceTicket, StockMovement, TicketLine
from app.permissions import parts_in_catalogue, parts_on_file
from app.quantities import Number

SEARCHED = Searched(Part.id, (Source((Kind.PART,), Part.id),))


@paginated(
    {"id": Part.id, "name": Part.name_sort, "part_number": Part.part_number_sort},
    searched=SEARCHED,
)
def parts(
    actor: Actor | None,
    *,
    category: str | None = None,
    low_stock: bool | None = None,
    quantity_below: Number | None = None,
) -> Select:
    asks_of_stock = quantity_below is not None or low_stock is not None
    if asks_of_stock and not (actor and actor.is_staff):
        raise Forbidden("Only the staff may ask how many are on the shelf.")
    return filtered(
        _seen_by(actor),
        equals(Part.category_key, category),
        {None: None, True: Part.low_stock, False: ~Part.low_stock}[low_stock],
        None if quantity_below is None else Part.quantity_in_stock < quantity_below,
    )


def part(actor: Actor | None, part_id: int) -> Row:
    return get_or_404(_seen_by, actor, part_id)[0]


def movements(actor: Actor, part_id: int, **page) -> dict:
    """Return a page of a part's stock movements, or raise NotFound. The part may be retired."""
    _must_be_on_file(actor, part_id)
    return _moved(actor, part_id=part_id, **page)


@paginated({"id": StockMovement.id})
def _moved(_actor: Actor, *, part_id: int) -> Select:
    return (
        select(
            StockMovement.id,
            StockMovement.part_id,
            StockMovement.quantity,
            StockMovement.reason,
            StockMovement.note,
            StockMovement.ticket_id,
            StockMovement.line_id,
            func.coalesce(Mechanic.name, Customer.name).label("moved_by"),
            StockMovement.at,
        )
        .outerjoin(Mechanic, Mechanic.account_id == StockMovement.account_id)
        .outerjoin(Customer, Customer.account_id == StockMovement.account_id)
        .where(StockMovement.part_id == part_id)
    )


def usage(actor: Actor, part_id: int, **page) -> dict:
    """Return a page of the ticket lines with which a part was used, or raise NotFound.

    The part may be retired.
    """
    _must_be_on_file(actor, part_id)
    return _used(actor, part_id=part_id, **page)


@paginated({"id": TicketLine.id})
def _used(_actor: Actor, *, part_id: int) -> Select:
    return (
        select(
            TicketLine.id,
            TicketLine.ticket_id,
            ServiceTicket.status.label("ticket_status"),
            TicketLine.quantity.label("quantity_used"),
            TicketLine.unit_price_cents,
            TicketLine.used_at,
        )
        .outerjoin(ServiceTicket, ServiceTicket.id == TicketLine.ticket_id)
        .where(TicketLine.part_id == part_id, TicketLine.used_at.is_not(None))
    )


def _seen_by(actor: Actor | None):
    return parts_in_catalogue(actor).with_only_columns(*columns_for(PartOut, actor))


def _must_be_on_file(actor: Actor, part_id: int) -> None:
    get_or_404(_ids, actor, part_id)


def _ids(actor: Actor) -> Select:
    return parts_on_file(actor).with_only_columns(Part.id)
