"""First and last names, for clients that have both: the parts of a name around its first space."""


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
