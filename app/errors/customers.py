"""Refusals about customers."""

from app.errors.base import ShopError


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


class TicketsOpen(ShopError):
    """This customer has tickets that are neither closed nor cancelled.

    Close or cancel those that `ticket_ids` names first.
    """

    status, code = 409, "tickets_open"
