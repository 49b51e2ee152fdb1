"""A name has two halves, for clients that know a first and a last name: they part at the first blank."""


class FirstName(str):
    """The first half alone; the other stays as it is."""

    def put_into(self, name: str) -> str:
        _, blank, last = name.partition(" ")
        return f"{self}{blank}{last}"


class LastName(str):
    """The second half alone; the other stays as it is."""

    def put_into(self, name: str) -> str:
        first = name.partition(" ")[0]
        return f"{first} {self}"
