"""What one kind of work is: its complaints, its trade, its time and the parts it takes."""

from dataclasses import dataclass

from app.quantities import Number


@dataclass(frozen=True)
class Job:
    """One kind of work. `needs` and `perhaps` name parts by role, with the quantity."""

    trade: str
    minutes: tuple[int, int]
    complaints: tuple[str, ...]
    needs: dict[str, Number]
    perhaps: dict[str, Number]
    priority: int = 3
    often: int = 2
