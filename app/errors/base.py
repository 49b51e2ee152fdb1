"""What all refusals are: a docstring for the caller, a status and a code."""

from collections.abc import Iterator


class ShopError(Exception):
    """The request was understood and refused.

    A refusal's docstring is told to the caller: what it means, and after a blank line what to do.
    """

    status: int
    code: str
    headers: dict[str, str] = {}

    def __init__(self, detail: str = "", **members):
        """`detail` is for people; `members` are added to the problem as they are."""
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
        """Return what a person reads: without the remedy where it has code words, which are for a program."""
        return cls.meaning() if "`" in cls.remedy() else cls.explained()

    @classmethod
    def _paragraphs(cls) -> tuple[str, str]:
        meaning, _, remedy = (cls.__doc__ or "").partition("\n\n")
        return " ".join(meaning.split()), " ".join(remedy.split())


class TryAgain(Exception):
    """Something changed while an act waited for a lock: roll it back and begin it again."""


def every_refusal() -> list[type[ShopError]]:
    """Return all refusals, by status and code: for the document, the page of problems and the tests."""
    return sorted(_below(ShopError), key=lambda refusal: (refusal.status, refusal.code))


def _below(base: type[ShopError]) -> Iterator[type[ShopError]]:
    for refusal in base.__subclasses__():
        yield refusal
        yield from _below(refusal)
