"""References of reports and changes into the rest of a methodology."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from engine.declarations import Declarations
from engine.entries import Entry, Path
from engine.errors import nearest
from engine.formula.tree import BOOLEAN
from engine.methodology import Field, Form
from engine.symbols import Symbols

ASK = "ask"
"""In a recode: the question is asked again."""


def check(symbols: Symbols, forms: tuple[Form, ...], fields: Mapping[str, Mapping[str, Field]]) -> None:
    """Report what reports and changes name and nothing declares."""
    declared = symbols.declared
    steps = [step.code for form in forms for step in form.steps] + ["table"]
    for source in declared.sources:
        data = source.data if isinstance(source.data, dict) else {}
        for path, section in _sections(data.get("reports")):
            _check_section(symbols, Entry(section, source, ("reports", *path)), steps, fields)
        if "from" in data and "to" in data:
            _Changes(declared, Entry(data, source, ()), fields).check()


def matches(pattern: str, code: str) -> bool:
    """``*.*.5`` matches X.ONE.5: a star stands for one part of a code."""
    wanted, parts = pattern.split("."), code.split(".")
    return len(wanted) == len(parts) and all(star in ("*", part) for star, part in zip(wanted, parts, strict=True))


def _sections(reports: Any) -> Iterator[tuple[Path, dict[str, Any]]]:
    for name, sections in reports.items() if isinstance(reports, dict) else ():
        for index, section in enumerate(sections if isinstance(sections, list) else []):
            if isinstance(section, dict):
                yield (name, index), section


# ---- reports -------------------------------------------------------------------------------------------


def _check_section(symbols: Symbols, entry: Entry, steps: list[str], fields: Mapping[str, Mapping[str, Field]]) -> None:
    declared = symbols.declared
    for key, kind, known in (("indicators", "indicator", list(declared.by_code["indicators"])), ("form_steps", "step", steps)):
        _each(declared, entry, (key,), kind, known)
    for key in ("section", "matrix", "distribution"):
        declared.known(entry, (key, "section") if key != "section" else (key,), "section", declared.sections)
    attributes = _attributes(declared)
    for side in ("rows", "columns"):
        declared.known(entry, ("matrix", side), "tag", attributes)
    codes = [code for listed in fields.values() for code in listed]
    declared.known(entry, ("distribution", "by"), "tag", ["band", *attributes, *declared.levels, *codes])
    if "filter" in entry.data and not declared.damaged(entry):
        _check_filter(symbols, entry)


def _check_filter(symbols: Symbols, entry: Entry) -> None:
    if "level" not in entry.data:
        entry.add(symbols.declared.problems, "S102", (), name="level")
    elif symbols.declared.known(entry, ("level",), "level", symbols.declared.levels):
        symbols.type(entry, ("filter",), str(entry.data["level"]), BOOLEAN)


def _attributes(declared: Declarations) -> list[str]:
    """What indicators can be laid out by."""
    tags = [entry.data.get("tags") for entry in declared.by_code["indicators"].values()]
    return ["section", "criterion", "level", *dict.fromkeys(str(key) for listed in tags if isinstance(listed, dict) for key in listed)]


def _each(declared: Declarations, entry: Entry, path: Path, kind: str, known: Mapping[str, Any] | list[str]) -> None:
    """Every code of the list at ``path``."""
    for index in range(len(_listed(entry.data, path))):
        declared.known(entry, (*path, index), kind, known)


def _listed(data: Any, path: Path) -> list[Any]:
    for key in path:
        data = data.get(key) if isinstance(data, dict) else None
    return data if isinstance(data, list) else []


# ---- changes -------------------------------------------------------------------------------------------


class _Changes:
    """The changes file against what this methodology declares."""

    def __init__(self, declared: Declarations, entry: Entry, fields: Mapping[str, Mapping[str, Field]]) -> None:
        self.declared, self.entry = declared, entry
        self.indicators = declared.by_code["indicators"]
        self.fields = {code: field for listed in fields.values() for code, field in listed.items()}

    def check(self) -> None:
        header = self.declared.header.data
        self._same("to", header.get("methodology"))
        if header.get("previous") and self.entry.data.get("from") != header.get("methodology"):
            self._same("from", header.get("previous"))  # a correction comes from the methodology itself
        self._indicators()
        for kind, key, known in (
            ("constant", ("constants",), self.declared.by_code["constants"]),
            ("constant", ("indicators", "constant_changed"), self.declared.by_code["constants"]),
            ("scale", ("scales",), self.declared.by_code["scales"]),
            ("check", ("validations", "severity"), self.declared.by_code["validations"]),
            ("check", ("validations", "changed"), self.declared.by_code["validations"]),
        ):
            self._codes(key, "code", kind, known)
        _each(self.declared, self.entry, ("validations", "added"), "check", self.declared.by_code["validations"])
        _each(self.declared, self.entry, ("criteria", "added"), "criterion", self.declared.by_code["criteria"])
        _each(self.declared, self.entry, ("groups", "added"), "group", self.declared.by_code["groups"])
        for part in ("columns", "fields"):
            _each(self.declared, self.entry, (part, "added"), "field", self.fields)
            self._codes((part, "renamed"), "new", "field", self.fields)
        self._choices()
        self._recodes()

    def _same(self, key: str, wanted: object) -> None:
        found = self.entry.data.get(key)
        if found != wanted:
            self.entry.add(self.declared.problems, "N144", (key,), name=found, wanted=wanted)

    def _codes(self, path: Path, key: str, kind: str, known: Mapping[str, Any]) -> None:
        for index, item in enumerate(_listed(self.entry.data, path)):
            if isinstance(item, dict):
                self.declared.known(self.entry, (*path, index, key), kind, known)

    def _indicators(self) -> None:
        _each(self.declared, self.entry, ("indicators", "added"), "indicator", self.indicators)
        self._codes(("indicators", "renamed"), "new", "indicator", self.indicators)
        self._codes(("indicators", "formula_changed"), "code", "indicator", self.indicators)
        for index, item in enumerate(_listed(self.entry.data, ("indicators", "formula_changed"))):
            pattern = item.get("match") if isinstance(item, dict) else None
            if isinstance(pattern, str) and not self.declared.unmade and not any(matches(pattern, code) for code in self.indicators):
                self.declared.known(self.entry, ("indicators", "formula_changed", index, "match"), "indicator", [])
        for index in range(len(_listed(self.entry.data, ("indicators", "constant_changed")))):
            _each(self.declared, self.entry, ("indicators", "constant_changed", index, "affects"), "indicator", self.indicators)

    def _choices(self) -> None:
        for index, item in enumerate(_listed(self.entry.data, ("choices", "added"))):
            path: Path = ("choices", "added", index)
            if isinstance(item, dict) and self.declared.known(self.entry, (*path, "list"), "list", self.declared.choices) and item.get("code") != "*":
                self._code_of((*path, "code"), item.get("code"), str(item.get("list")))

    def _recodes(self) -> None:
        for index, item in enumerate(_listed(self.entry.data, ("recode",))):
            if not isinstance(item, dict) or not self.declared.known(self.entry, ("recode", index, "field"), "field", self.fields):
                continue
            field = self.fields.get(str(item.get("field")))
            mapping = item.get("map")
            for old, new in mapping.items() if field is not None and isinstance(mapping, dict) else ():
                if new != ASK and field is not None:
                    self._code_of(("recode", index, "map", old), new, field.choices)

    def _code_of(self, path: Path, code: object, listed: str) -> None:
        codes = self._codes_of(listed)
        if isinstance(code, str) and codes and code not in codes:
            self.entry.add(self.declared.problems, "K303", path, suggestion=nearest(code, codes), value=code, list=listed)

    def _codes_of(self, listed: str) -> list[str]:
        entry = self.declared.choices.get(listed)
        items: Iterable[Any] = _listed(entry.data, ("choices",)) if entry is not None else ()
        return [str(item.get("code")) for item in items if isinstance(item, dict)]
