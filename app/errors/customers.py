"""Exceptions with which requests about customers are refused."""

from app.errors.base import ShopError


class BothHaveAccounts(ShopError):
    """Both customers have an account, but the merged customer can have only one.

    Send `keep_account`: `this` keeps the account of the customer in the path, and `other` keeps that of
    the customer `from_id`. The other account is deleted, and its sessions end.
    """

    status, code = 409, "both_have_accounts"


class CannotMerge(ShopError):
    """These two customer records can't be merged.

    Choose two different customers, neither of which is erased or already merged.
    """

    status, code = 409, "cannot_merge"


class Merged(ShopError):
    """This customer record was merged into another one.

    Use the other customer's id from now on: it is in `customer_id`, and `Location` has the path.
    """

    status, code = 308, "merged"

    def __init__(self, customer_id: int = 1):
        super().__init__(
            f"This record was merged into customer {customer_id}.", customer_id=customer_id
        )
        self.headers = {"Location": f"/customers/{customer_id}"}


class TicketsOpen(ShopError):
    """This customer can't be erased while it has tickets that are neither closed nor cancelled.

    Close or cancel the tickets in `ticket_ids` first.
    """

    status, code = 409, "tickets_open"
