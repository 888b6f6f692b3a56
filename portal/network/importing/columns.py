"""The columns that each kind of list may have: which field they fill, what they are called, what their cells hold. Read from data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from portal.network import reference
from portal.network.ordering import plain

KINDS = ("network", "pupils", "classes")


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a list.

    ``names``: headings in order of preference, ready to be matched. ``attribute``: kept with the place under ``code``. ``control``: a number
    that is added up and compared with total rows. ``informative``: shown to people, read by nobody. ``prefilled``: written by the template, so
    that a row with nothing else has not been filled in. ``marks_subtotals``: a row without it is a subtotal.
    """

    code: str
    label: str
    type: str
    names: tuple[str, ...]
    required: bool = False
    choices: str = ""
    max_length: int = 300
    attribute: bool = False
    control: bool = False
    informative: bool = False
    prefilled: bool = False
    marks_subtotals: bool = False
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Columns:
    """The fields of one kind of list, in the order in which exports write them."""

    kind: str
    fields: tuple[Field, ...]

    def field(self, code: str) -> Field:
        return next(field for field in self.fields if field.code == code)

    @property
    def required(self) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if field.required)


def _field(entry: dict[str, object]) -> Field:
    code, names = entry["field"], entry["names"]
    assert isinstance(code, str) and isinstance(names, list)
    rest = {key: value for key, value in entry.items() if key not in ("field", "names")}
    matched = (plain(str(name)) for name in (*names, entry["label"], code))
    return Field(code=code, names=tuple(dict.fromkeys(matched)), **rest)  # type: ignore[arg-type]


@cache
def columns_of(kind: str) -> Columns:
    """The columns of a kind of list. A label and a field code are headings too, so that exports import back."""
    return Columns(kind, tuple(_field(entry) for entry in reference.read(f"columns/{kind}")))
