"""Exceptions with which requests about approval links are refused."""

from app.errors.base import ShopError


class AlreadyDecided(ShopError):
    """Somebody has already decided with this approval link.

    Read what was decided with `GET /approvals/{token}`. To change it, ask the shop for another link.
    """

    status, code = 409, "already_decided"


class ApprovalLinkOver(ShopError):
    """This approval link is no longer good: it was revoked, it has expired, or the estimate has changed.

    Ask the shop for another one; `phone` is its number. `state` says which it is: `revoked`, `expired`
    or `changed`.
    """

    status, code = 410, "approval_link_over"


class NothingToApprove(ShopError):
    """No job of this ticket waits for a decision of the customer, so there is no link to make.

    Add lines to a job first. A job without lines has nothing to decide on.
    """

    status, code = 409, "nothing_to_approve"
