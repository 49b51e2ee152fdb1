"""Refusals about service tickets."""

from app.errors.base import ShopError


class AlreadyAssigned(ShopError):
    """This mechanic is already assigned to this ticket.

    Change the assignment with `PUT /service-tickets/{ticket_id}/assign-mechanic/{mechanic_id}`.
    """

    status, code = 409, "already_assigned"


class IllegalTransition(ShopError):
    """The ticket can't change from its present status to this one.

    Choose one of the statuses in `legal`; if there are none, the status can't change any more.
    """

    status, code = 409, "illegal_transition"


class JobInUse(ShopError):
    """The job has used parts, or it is the only job of its ticket, so it can't be deleted.

    Return its parts with `POST /lines/{line_id}/return` first. A ticket keeps at least one job: change it
    instead.
    """

    status, code = 409, "job_in_use"


class LineNotUsed(ShopError):
    """This line is no used part from stock, so that nothing can be returned from it.

    Delete the line if it is not wanted.
    """

    status, code = 409, "line_not_used"


class LineUsed(ShopError):
    """The part of this line is used: the line can't be deleted, and its quantity can't change.

    Return the part, or some of it, with `POST /lines/{line_id}/return` first.
    """

    status, code = 409, "line_used"


class NotFromStock(ShopError):
    """Only a line for a part from stock can be used; other lines move no stock.

    Add the part with its `part_id`, or leave the line as it is.
    """

    status, code = 409, "not_from_stock"


class TicketClosed(ShopError):
    """Work on this ticket is over: mechanics and parts can change only while the ticket is open, in
    progress or on hold, jobs and other lines also while it is ready.

    Move the ticket back to `in_progress` if it is `ready`; otherwise open a new ticket.
    """

    status, code = 409, "ticket_closed"


class TicketFull(ShopError):
    """A ticket has at most 200 lines, 50 jobs and 50 mechanics.

    Increase the quantity of a part with `PUT /service-tickets/{ticket_id}/parts/{part_id}`, or open
    another ticket.
    """

    status, code = 409, "ticket_full"


class TicketInUse(ShopError):
    """Only an open ticket without used parts can be deleted; cancel it instead.

    Move it to `cancelled` with `POST /service-tickets/{ticket_id}/transitions`.
    """

    status, code = 409, "ticket_in_use"


class TooManyReturned(ShopError):
    """The ticket, or the line, has less of this part than you want to put back; nothing was put back.

    Put back no more than `quantity_used`.
    """

    status, code = 409, "too_many_returned"
