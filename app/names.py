"""First and last names sent by clients, for a shop that stores one full name.

The first name is the part of the full name before its first space, and the last name is the rest.
"""


class FirstName(str):
    """A new first name; `put_into(name)` returns the full name `name` with its first name replaced."""

    def put_into(self, name: str) -> str:
        _, blank, last = name.partition(" ")
        return f"{self}{blank}{last}"


class LastName(str):
    """A new last name; `put_into(name)` returns the full name `name` with its last name replaced."""

    def put_into(self, name: str) -> str:
        first = name.partition(" ")[0]
        return f"{first} {self}"
