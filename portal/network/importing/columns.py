"""The columns that each kind of list may have: which field they fill, what they are called, what their cells hold. Read from data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from django.utils.translation import gettext

from engine.forms import like
from portal.network import reference
from portal.network.importing.values import Listed, listed
from portal.network.ordering import plain

KINDS = ("network", "pupils", "classes")


@dataclass(frozen=True)
class Field:
    """One field of a list.

    ``names``: headings in order of preference, ready to be matched. ``attribute``: kept with the place or class under ``code``. ``control``: a
    number that is added up and compared with total rows. ``informative``: shown to people, read by nobody. ``prefilled``: written by the
    template, so that a row with nothing else has not been filled in. ``marks_subtotals``: a row without it is a subtotal.
    """

    code: str
    label: str
    type: str
    names: tuple[str, ...]
    required: bool = False
    choices: Listed | None = None
    max_length: int = 300
    attribute: bool = False
    control: bool = False
    informative: bool = False
    prefilled: bool = False
    marks_subtotals: bool = False
    hint: str = ""

    @property
    def listed(self) -> Listed:
        """The values of a field of a list type."""
        assert self.choices is not None
        return self.choices

    def shown(self, value: Any) -> Any:
        """A value as people read it: labels instead of codes; None for nothing."""
        if value is None:
            return None
        if self.type == "boolean":
            return self.listed.label_of("true" if value else "false")
        if self.type == "choice":
            return self.listed.label_of(value)
        if self.type == "choices":
            labels = [self.listed.label_of(code) for code in value]
            return like("|".join(labels), *labels)
        return value


@dataclass(frozen=True)
class Columns:
    """The fields of one kind of list, in the order in which exports write them."""

    kind: str
    fields: tuple[Field, ...]

    def field(self, code: str) -> Field:
        return next(field for field in self.fields if field.code == code)

    @property
    def required(self) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if field.required)

    def spoken(self, lists: Mapping[str, Mapping[str, str]], untranslated: Callable[[str], str]) -> Columns:
        """The columns as a page says them: titles and hints in its language, values by the labels (list: code → label) there are for them."""

        def values(listed: Listed) -> Listed:
            labels = lists.get(listed.name, {})
            return listed.called({code: labels.get(code) or untranslated(label) for code, label in listed.labels.items()})

        def told(field: Field) -> Field:
            hint = gettext(field.hint) if field.hint else ""
            return replace(field, label=gettext(field.label), hint=hint, choices=values(field.choices) if field.choices else None)

        return Columns(self.kind, tuple(told(field) for field in self.fields))

    def with_values(self, lists: Mapping[str, Mapping[str, str]]) -> Columns:
        """The columns with the choice lists (code → label) of a methodology, so that a new year's values need no new data here."""
        return Columns(self.kind, tuple(_with_values(field, lists) for field in self.fields))


def _with_values(field: Field, lists: Mapping[str, Mapping[str, str]]) -> Field:
    more = lists.get(field.choices.name) if field.choices else None
    return replace(field, choices=field.listed.with_more(more)) if more else field


def _field(entry: Mapping[str, Any]) -> Field:
    matched = (plain(str(name)) for name in (*entry["names"], entry["label"], entry["field"]))
    rest = {key: value for key, value in entry.items() if key not in ("field", "names", "choices")}
    choices = listed(entry["choices"]) if "choices" in entry else None
    return Field(code=entry["field"], names=tuple(dict.fromkeys(matched)), choices=choices, **rest)


@cache
def columns_of(kind: str) -> Columns:
    """The columns of a kind of list. A label and a field code are headings too, so that exports import back."""
    return Columns(kind, tuple(_field(entry) for entry in reference.read(f"columns/{kind}")))
