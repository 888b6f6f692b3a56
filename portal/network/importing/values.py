"""Listed values: from what a cell says to the code that is stored, and back to the label that is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from portal.network import reference
from portal.network.ordering import plain


@dataclass(frozen=True)
class Listed:
    """A list of values. ``labels``: code → label, in order; ``codes``: every known spelling, ready to be matched → code."""

    name: str
    labels: Mapping[str, str]
    codes: Mapping[str, str]
    _found: dict[str, str | None] = field(default_factory=dict, repr=False, compare=False)

    def code_of(self, text: str) -> str | None:
        """The code of a value written by label, by another known spelling or by code; None when it is none of them."""
        if text not in self._found:
            self._found[text] = self.codes.get(plain(text))
        return self._found[text]

    def label_of(self, code: str) -> str:
        """The label of a code; the code itself where the list does not have it."""
        return self.labels.get(code, code)

    def called(self, labels: Mapping[str, str]) -> Listed:
        """The same list under other labels, for a page in another language."""
        return Listed(self.name, labels, self.codes)

    def with_more(self, labels: Mapping[str, str]) -> Listed:
        """The list with the values of a methodology in front: its labels are shown, its new codes are known."""
        codes = {plain(text): code for code, label in labels.items() for text in (label, code)}
        return Listed(self.name, {**labels, **{code: label for code, label in self.labels.items() if code not in labels}}, {**self.codes, **codes})


@cache
def listed(name: str) -> Listed:
    """A list of values of the room's data."""
    names = reference.read("values")[name]
    codes: dict[str, str] = {}
    for code, spellings in names.items():
        for text in (code, *spellings):
            codes.setdefault(plain(str(text)), code)
    return Listed(name, {code: spellings[0] for code, spellings in names.items()}, codes)
