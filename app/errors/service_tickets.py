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


class TicketClosed(ShopError):
    """Work on this ticket is over: mechanics and parts can change only while the ticket is open, in
    progress or on hold.

    Move the ticket back to `in_progress` if it is `ready`; otherwise open a new ticket.
    """

    status, code = 409, "ticket_closed"


class TicketFull(ShopError):
    """A ticket has at most 200 lines of parts and 50 mechanics.

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
