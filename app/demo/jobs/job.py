"""What one kind of work is: its complaints, its trade, its time and the parts it takes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Job:
    """One kind of work. `needs` and `perhaps` name parts by role, with the quantity."""

    trade: str
    minutes: tuple[int, int]
    complaints: tuple[str, ...]
    needs: dict[str, int]
    perhaps: dict[str, int]
    priority: int = 3
    often: int = 2
