"""Refusals that come from the shop's own rules."""

from app.errors.base import ShopError
from app.errors.http import Unauthenticated


class WrongCredentials(Unauthenticated):
    """The e-mail address and the password do not belong together, here.

    Check both, and that customers and staff sign in where they may; `POST /auth/login` takes anyone.
    """

    code = "wrong_credentials"


class WrongPassword(ShopError):
    """The current password is not this one; it stays as it was.

    Send the password you sign in with as `current_password`.
    """

    status, code = 403, "wrong_password"


class AlreadyAssigned(ShopError):
    """This mechanic is on this ticket.

    Change the assignment with `PUT /service-tickets/{ticket_id}/assign-mechanic/{mechanic_id}`.
    """

    status, code = 409, "already_assigned"


class BothHaveAccounts(ShopError):
    """Both customers sign in, and one of the two accounts would have to go.

    Say in `keep_account` whose stays: `this` or `other`. The other one and its sessions end.
    """

    status, code = 409, "both_have_accounts"


class CannotMerge(ShopError):
    """These two records can't become one.

    Merge two customers, neither of them erased or merged already, into the one that is to stay.
    """

    status, code = 409, "cannot_merge"


class EmailTaken(ShopError):
    """This e-mail address is in use.

    Sign in with it, or ask the shop to open a sign-in for it.
    """

    status, code = 409, "email_taken"


class IllegalTransition(ShopError):
    """The ticket cannot move to that status from the one it has.

    Make one of the moves that `legal` names; where it names none, the ticket is closed for good.
    """

    status, code = 409, "illegal_transition"


class LastManager(ShopError):
    """This is the last active manager, and the shop needs one.

    Make another manager first.
    """

    status, code = 409, "last_manager"


class Merged(ShopError):
    """This customer was a second record of another one.

    Ask for the one that `Location` and `customer_id` name, and keep that id from now on.
    """

    status, code = 308, "merged"

    def __init__(self, customer_id: int = 1):
        super().__init__(
            f"This record was merged into customer {customer_id}.", customer_id=customer_id
        )
        self.headers = {"Location": f"/customers/{customer_id}"}


class OdometerLower(ShopError):
    """The reading is below the one before it in time, or above the one after it.

    Check it; if it is right all the same, say why in `override_reason`.
    """

    status, code = 409, "odometer_lower"


class OutOfStock(ShopError):
    """There are not enough on the shelf; nothing was taken.

    Take no more than `quantity_in_stock`, or adjust the stock first.
    """

    status, code = 409, "out_of_stock"


class PartNumberTaken(ShopError):
    """A part with this number is in the catalogue.

    Adjust the stock of that one, or choose another number.
    """

    status, code = 409, "part_number_taken"


class StockTooHigh(ShopError):
    """No shelf holds more than 1,000,000,000 of a part; nothing was added.

    Check the number and add less.
    """

    status, code = 409, "stock_too_high"


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


class TicketsOpen(ShopError):
    """This customer has tickets that are neither closed nor cancelled.

    Close or cancel those that `ticket_ids` names first.
    """

    status, code = 409, "tickets_open"


class TooManyReturned(ShopError):
    """There are not as many of this part on the ticket, or in that line; nothing was taken back.

    Return no more than `quantity_used`.
    """

    status, code = 409, "too_many_returned"


class UnitInUse(ShopError):
    """Fractions of this part are on the shelf or on tickets, so it can't come by the piece.

    Count the shelf to a whole number first; if a ticket has a fraction of it, open a new part instead.
    """

    status, code = 409, "unit_in_use"


class VehicleInUse(ShopError):
    """The vehicle has service tickets, so its history stays.

    Change its owner instead.
    """

    status, code = 409, "vehicle_in_use"


class VinTaken(ShopError):
    """A vehicle with this VIN is on file.

    Find it with `GET /vehicles?vin=`, and change its owner if it has a new one.
    """

    status, code = 409, "vin_taken"


class TooManyAttempts(ShopError):
    """Too many wrong passwords in a row for this e-mail address.

    Wait for as many seconds as `Retry-After` says; until then no password is looked at.
    """

    status, code = 429, "too_many_attempts"

    def __init__(self, seconds: int = 1):
        super().__init__(f"Too many wrong passwords. Try again in {seconds} s.")
        self.headers = {"Retry-After": str(seconds)}
