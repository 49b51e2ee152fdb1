"""Refusals about service tickets."""

from app.errors.base import ShopError


class AlreadyAssigned(ShopError):
    """This mechanic is on this ticket.

    Change the assignment with `PUT /service-tickets/{ticket_id}/assign-mechanic/{mechanic_id}`.
    """

    status, code = 409, "already_assigned"


class IllegalTransition(ShopError):
    """The ticket cannot move to that status from the one it has.

    Make one of the moves that `legal` names; where it names none, the ticket is closed for good.
    """

    status, code = 409, "illegal_transition"


class TicketClosed(ShopError):
    """Work on this ticket is over: mechanics and parts change only while open, in progress or on hold.

    Move it back to `in_progress` if it is `ready`; otherwise open a new ticket.
    """

    status, code = 409, "ticket_closed"


class TicketFull(ShopError):
    """A ticket has at most 200 lines of parts and 50 mechanics.

    Set how many of a part are used with `PUT /service-tickets/{ticket_id}/parts/{part_id}`, or open another
    ticket.
    """

    status, code = 409, "ticket_full"


class TicketInUse(ShopError):
    """Only an open ticket without used parts can be deleted; cancel it instead.

    Move it to `cancelled` with `POST /service-tickets/{ticket_id}/transitions`.
    """

    status, code = 409, "ticket_in_use"


class TooManyReturned(ShopError):
    """There are not as many of this part on the ticket, or in that line; nothing was taken back.

    Return no more than `quantity_used`.
    """

    status, code = 409, "too_many_returned"
