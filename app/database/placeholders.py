"""Placeholders for values in a statement that is built once and run with different values."""

from typing import Any, NoReturn

from sqlalchemy import BindParameter

ADVICE = (
    "{} stands for a value that is not known yet, in a statement that is kept. Leave it to SQL, as in"
    " `Part.name == name` or `func.lower(name)`."
)


class Placeholder(BindParameter):
    """A bind parameter that raises TypeError if Python code formats, compares or iterates it.

    Otherwise, such code would give a wrong result without an error, such as a text with the parameter's
    name.
    """

    inherit_cache = True

    def _refuse(self, *_: Any) -> NoReturn:
        raise TypeError(ADVICE.format(self.key))

    __str__ = __format__ = __len__ = __iter__ = __getitem__ = _refuse
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _refuse
    __hash__ = BindParameter.__hash__
