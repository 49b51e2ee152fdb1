"""A kind of work: the complaints that lead to it, its trade, its time and its parts."""

from dataclasses import dataclass

from app.quantities import Number


@dataclass(frozen=True)
class Job:
    """One kind of work that the demo shop does.

    `minutes` are the shortest and the longest time. `needs` and `perhaps` are the parts that are always
    or sometimes used: `{role: quantity}`, where a role, such as "front pads", stands for a kind of part.
    A job with a higher `often` is chosen more often.
    """

    trade: str
    minutes: tuple[int, int]
    complaints: tuple[str, ...]
    needs: dict[str, Number]
    perhaps: dict[str, Number]
    priority: int = 3
    often: int = 2
