"""First and last name, for clients that have two: the parts of a name around its first space."""


class FirstName(str):
    """A new first name; `put_into` returns a full name with it and the old last name."""

    def put_into(self, name: str) -> str:
        _, blank, last = name.partition(" ")
        return f"{self}{blank}{last}"


class LastName(str):
    """A new last name; `put_into` returns a full name with it and the old first name."""

    def put_into(self, name: str) -> str:
        first = name.partition(" ")[0]
        return f"{first} {self}"
