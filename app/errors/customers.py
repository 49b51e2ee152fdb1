"""Refusals about customers."""

from app.errors.base import ShopError


class BothHaveAccounts(ShopError):
    """Both customers have an account, but the merged customer can have only one.

    Send `keep_account` with `this` or `other`. The other account is deleted, and its sessions end.
    """

    status, code = 409, "both_have_accounts"


class CannotMerge(ShopError):
    """These two customer records can't be merged.

    Choose two different customers, neither of which is erased or already merged.
    """

    status, code = 409, "cannot_merge"


class Merged(ShopError):
    """This customer record was merged into another one.

    Request the customer that `Location` and `customer_id` name, and use that id from now on.
    """

    status, code = 308, "merged"

    def __init__(self, customer_id: int = 1):
        super().__init__(
            f"This record was merged into customer {customer_id}.", customer_id=customer_id
        )
        self.headers = {"Location": f"/customers/{customer_id}"}


class TicketsOpen(ShopError):
    """This customer has tickets that are neither closed nor cancelled.

    Close or cancel the tickets in `ticket_ids` first.
    """

    status, code = 409, "tickets_open"
