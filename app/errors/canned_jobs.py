"""Exceptions with which requests about canned jobs are refused."""

from app.errors.base import ShopError


class NameTaken(ShopError):
    """Another canned job has this name.

    Choose another name, or change the canned job that has it.
    """

    status, code = 409, "name_taken"


class PartRetired(ShopError):
    """A part of this canned or earlier job is no longer in the catalogue; no job was added.

    Restore the part with `POST /inventory/{part_id}/restore`, or replace `part_id` in the lines of the
    canned job.
    """

    status, code = 409, "part_retired"
