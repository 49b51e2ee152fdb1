"""Exceptions with which requests about service tickets are refused."""

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


class AlreadyRevived(ShopError):
    """This job was already taken up again by a job of another ticket.

    Change that job; `GET /vehicles/{vehicle_id}/recommendations` lists what still waits.
    """

    status, code = 409, "already_revived"


class EstimateChanged(ShopError):
    """The estimate has changed since you read it, so your decisions were not recorded.

    Read it again with `GET /service-tickets/{ticket_id}/estimate`, and send your decisions with its new
    `estimate_sha256`.
    """

    status, code = 409, "estimate_changed"


class JobDeclined(ShopError):
    """The customer has declined or deferred this job, so no parts can be used for it.

    Use the part for another job (`job_id`), or record that the customer authorizes this one after all:
    `POST /service-tickets/{ticket_id}/authorizations`.
    """

    status, code = 409, "job_declined"


class JobHasUsedParts(ShopError):
    """Parts were already used for this job, so it can't be declined or deferred.

    Return the parts first, with `POST /lines/{line_id}/return`.
    """

    status, code = 409, "job_has_used_parts"


class JobInUse(ShopError):
    """The job has used parts, the customer has decided on it, or it is the only job of its ticket, so it
    can't be deleted.

    Return the used parts with `POST /lines/{line_id}/return` first. Record a job that is not wanted as
    declined, and change the only job of a ticket instead of deleting it.
    """

    status, code = 409, "job_in_use"


class LineNotUsed(ShopError):
    """This line has no part that was taken out of stock, so nothing can be returned.

    Delete the line if you don't need it.
    """

    status, code = 409, "line_not_used"


class LineUsed(ShopError):
    """The part of this line is used. The line can't be deleted or used again, and its quantity can't be
    changed.

    Return the part, or some of it, with `POST /lines/{line_id}/return` first.
    """

    status, code = 409, "line_used"


class NotAuthorized(ShopError):
    """The customer has not authorized these jobs as they are now, and the shop does no work without
    that.

    Ask the customer, and record the decisions with `POST /service-tickets/{ticket_id}/authorizations`.
    `because` says what is missing: the job is `undecided`, or since the decision its price was raised
    (`price_raised`), lines were added or changed (`work_changed`) or a discount of the ticket was
    lowered (`discount_lowered`).
    """

    status, code = 409, "not_authorized"


class NotFromStock(ShopError):
    """This line is not for a part from stock, so there is nothing to take out of stock.

    To use a part from stock, add a line with its `part_id`. Other lines are complete without being used.
    """

    status, code = 409, "not_from_stock"


class NotRecommended(ShopError):
    """This job is not recommended: it is neither declined nor deferred, or it was dismissed or added to
    a ticket again, or it belongs to another vehicle.

    Choose one of the jobs that `GET /vehicles/{vehicle_id}/recommendations` lists.
    """

    status, code = 409, "not_recommended"


class TicketClosed(ShopError):
    """The status of this ticket no longer allows this change. The customer, the vehicle, mechanics and
    used parts can be changed while the ticket is open, in progress or on hold. Jobs and other lines can
    be changed while it is ready, too. All other data can be changed until it is closed or cancelled.

    Move the ticket back to `in_progress` if it is `ready`; otherwise open a new ticket.
    """

    status, code = 409, "ticket_closed"


class TicketFull(ShopError):
    """A ticket has at most 200 lines, 50 jobs, 50 mechanics and 100 authorizations.

    Increase the quantity of a part with `PUT /service-tickets/{ticket_id}/parts/{part_id}`, or open
    another ticket.
    """

    status, code = 409, "ticket_full"


class TicketInUse(ShopError):
    """Only an open ticket without used parts, authorizations, payments and invoices can be deleted. Once a
    customer has decided on its jobs or paid, it can't get another customer or vehicle.

    Move it to `cancelled` with `POST /service-tickets/{ticket_id}/transitions` instead.
    """

    status, code = 409, "ticket_in_use"


class TooManyReturned(ShopError):
    """You want to return more of this part than was used on the ticket or line; nothing was returned.

    Return at most `quantity_used`, the quantity that was used.
    """

    status, code = 409, "too_many_returned"
