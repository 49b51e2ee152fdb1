"""A kind of work: the complaints that lead to it, its trade, its time and its parts."""

from dataclasses import dataclass

from app.quantities import Number


@dataclass(frozen=True)
class Job:
    """One kind of work, with its shortest and longest time in minutes.

    `needs` (always used) and `perhaps` (sometimes used) are quantities by the role of a part. A job with
    a higher `often` is chosen more often.
    """

    trade: str
    minutes: tuple[int, int]
    complaints: tuple[str, ...]
    needs: dict[str, Number]
    perhaps: dict[str, Number]
    priority: int = 3
    often: int = 2
