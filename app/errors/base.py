"""The base class of all refusals, and the signal to repeat a transaction."""

from collections.abc import Iterator


class ShopError(Exception):
    """Base class of refusals: exceptions that tell the client why a request is refused.

    The docstring of each subclass is published: the first paragraph says what the refusal means, the
    second what the client should do.
    """

    status: int
    code: str
    headers: dict[str, str] = {}

    def __init__(self, detail: str = "", **members):
        """Set `detail`, a text for people, and `members`, further members of the JSON response.

        The default of `detail` is the text of `in_plain_words`.
        """
        self.detail = detail or self.in_plain_words()
        self.members = members
        super().__init__(self.detail)

    @classmethod
    def meaning(cls) -> str:
        return cls._paragraphs()[0]

    @classmethod
    def remedy(cls) -> str:
        return cls._paragraphs()[1]

    @classmethod
    def explained(cls) -> str:
        return f"{cls.meaning()} {cls.remedy()}"

    @classmethod
    def in_plain_words(cls) -> str:
        """Return the default `detail`: the meaning and, unless it has code in backticks, the remedy."""
        return cls.meaning() if "`" in cls.remedy() else cls.explained()

    @classmethod
    def _paragraphs(cls) -> tuple[str, str]:
        meaning, _, remedy = (cls.__doc__ or "").partition("\n\n")
        return " ".join(meaning.split()), " ".join(remedy.split())


class TryAgain(Exception):
    """A signal to roll back and repeat a transaction whose data changed while it waited for a lock."""


def every_refusal() -> list[type[ShopError]]:
    """Return all classes of refusals, sorted by status and code."""
    return sorted(_below(ShopError), key=lambda refusal: (refusal.status, refusal.code))


def _below(base: type[ShopError]) -> Iterator[type[ShopError]]:
    for refusal in base.__subclasses__():
        yield refusal
        yield from _below(refusal)
