"""Families: one entry for many. Expands ``for_each`` before anything is parsed, keeping positions.

``{g}`` ``{G}`` are the member's code in lower / upper case, ``{c}`` ``{C}`` that of its criterion, ``{g.KEY}`` an attribute of the
member (a label in the language of the text it stands in). In a record every key is a variable. ``{{`` is a brace.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.catalogue.words import KINDS
from engine.entries import Entry, Path, Segment
from engine.errors import Problems, nearest
from engine.yaml_source import Source

VARIABLE = re.compile(r"\{\{|\{([A-Za-z_][A-Za-z0-9_]*)(?:\.([A-Za-z_][A-Za-z0-9_.]*))?\}")
FAMILIES = ("cohorts", "calculations", "indicators", "validations")
MAX_TEXT = 20_000
"""Characters of a text with its variables filled in."""
MAX_INSTANCES = 5_000
"""Entries that all families of a methodology may make together."""
LETTERS = {"group": "g", "criterion": "c", "section": "s", "level": "l"}


def too_many(sources: Iterable[Source], problems: Problems) -> bool:
    """Whether all families together would make more entries than the limit: told before anything is expanded or even checked."""
    contents = [(source, source.data) for source in sources if isinstance(source.data, dict)]
    sets = {name: codes for _, data in contents if isinstance(data.get("sets"), dict) for name, codes in data["sets"].items()}
    everything = sum(len(data["groups"]) for _, data in contents if isinstance(data.get("groups"), list))
    total = 0
    for source, data in contents:
        for kind in FAMILIES:
            for index, item in enumerate(data[kind] if isinstance(data.get(kind), list) else ()):
                total += _size(item.get("for_each"), sets, everything) if isinstance(item, dict) else 0
                if total > MAX_INSTANCES:
                    Entry(item, source, (kind, index)).add(problems, "N115", ("for_each",), limit=MAX_INSTANCES)
                    return True
    return False


def _size(loop: Any, sets: Mapping[str, Any], everything: int) -> int:
    """How many members a family has at most."""
    if isinstance(loop, list):
        return len(loop)
    size = 0
    for selection in loop.values() if isinstance(loop, dict) else ():
        listed = sets.get(selection) if isinstance(selection, str) else selection
        size += len(listed) if isinstance(listed, list) else everything
    return size


@dataclass(slots=True)
class Declared:
    """What families can run over: the members of each kind by code, the named lists, the languages."""

    members: Mapping[str, Mapping[str, Mapping[str, Any]]]
    sets: Mapping[str, list[str]]
    languages: tuple[str, ...]
    primary: str
    unmade: list[re.Pattern[str]] = field(default_factory=list)
    """Shapes of names that a mistake kept from being made: nothing is said of what uses them."""

    def lost(self, code: str) -> bool:
        return any(shape.fullmatch(code.lower()) for shape in self.unmade)


@dataclass(slots=True)
class Member:
    """One turn of a family: its code, the variables it sets, and what ``{variable.KEY}`` may look into."""

    code: str
    variables: dict[str, str]
    attributes: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    criterion: str = ""


def expand(entry: Entry, declared: Declared, problems: Problems) -> Iterator[Entry]:
    """The entry itself, or one entry for each member of its ``for_each``."""
    if "for_each" not in entry.data:
        yield entry
        return
    members = list(_members(entry, declared, problems))
    overrides: Mapping[str, Any] = entry.data.get("each") or {}
    for code in overrides:
        if code not in {member.code for member in members} and not declared.lost(code):
            entry.add(problems, "N112", ("each", code), suggestion=nearest(code, [m.code for m in members]), name=code)
    for member in members:
        made = _instance(entry, member, overrides.get(member.code) or {}, declared, problems)
        if made is None:
            declared.unmade.append(shape(entry))
            return
        yield made


def shape(entry: Entry) -> re.Pattern[str]:
    """What the names look like that a family makes, or would have made."""
    template = str(entry.data.get("code")).lower().replace(".", "_")
    return re.compile(r"\w+".join(re.escape(piece) for piece in VARIABLE.split(template)[::3]))


def _instance(entry: Entry, member: Member, override: Mapping[str, Any], declared: Declared, problems: Problems) -> Entry | None:
    """The entry of one member; None when one of its texts grows too long."""
    data = {key: value for key, value in entry.data.items() if key not in ("for_each", "each")}
    origins = {key: (*entry.path, "each", member.code, key) for key in override}
    data.update(override)
    segments: dict[Path, list[Segment]] = {}
    instance = Entry(data, entry.source, entry.path, origins, segments)
    filler = _Filler(instance, member, declared, problems, segments)
    instance.data = filler.fill(data, (), declared.primary)
    if filler.overflow:
        return None
    if member.criterion:
        instance.data.setdefault("criterion", member.criterion)
    return instance


def _members(entry: Entry, declared: Declared, problems: Problems) -> Iterator[Member]:
    loop = entry.data["for_each"]
    if isinstance(loop, list):
        yield from _records(loop, declared)
        return
    for kind, selection in loop.items():
        known = declared.members.get(kind, {})
        for index, code in enumerate(_codes(entry, kind, selection, known, declared, problems)):
            if code not in known and declared.lost(code):
                declared.unmade.append(shape(entry))
                continue
            if code not in known:
                path: Path = ("for_each", kind, index) if isinstance(selection, list) else ("for_each", kind)
                entry.add(problems, "N111", path, suggestion=nearest(code, list(known)), name=code, kind=KINDS[kind], kind_en=kind)
                declared.unmade.append(shape(entry))
                continue
            yield _member(kind, code, known[code], declared)


def _codes(entry: Entry, kind: str, selection: Any, known: Mapping[str, Any], declared: Declared, problems: Problems) -> list[str]:
    if isinstance(selection, list):
        return [str(code) for code in selection]
    if isinstance(selection, dict):
        tag = selection.get("tag")
        return [code for code, data in known.items() if tag in (data.get("tags") or {})]
    if selection in declared.sets:
        return list(declared.sets[selection])
    if declared.lost(selection):
        declared.unmade.append(shape(entry))
        return []
    entry.add(problems, "N113", ("for_each", kind), suggestion=nearest(selection, list(declared.sets)), name=selection)
    declared.unmade.append(shape(entry))
    return []


def _member(kind: str, code: str, data: Mapping[str, Any], declared: Declared) -> Member:
    letter = LETTERS[kind]
    member = Member(code, {letter: code.lower(), letter.upper(): code.upper()}, {letter: data})
    criterion = data.get("criterion")
    if criterion:
        member.variables |= {"c": criterion.lower(), "C": criterion.upper()}
        member.attributes["c"] = declared.members["criterion"].get(criterion, {})
        member.criterion = criterion
    elif kind == "criterion":
        member.criterion = code
    return member


def _records(records: list[dict[str, Any]], declared: Declared) -> Iterator[Member]:
    for record in records:
        texts = {key: str(value) for key, value in record.items() if not isinstance(value, (dict, list))}
        variables = texts | {key.upper(): value.upper() for key, value in texts.items() if key.islower()}
        attributes: dict[str, Mapping[str, Any]] = {}
        for key, value in record.items():
            for known in declared.members.values():
                if isinstance(value, str) and value in known:
                    attributes.setdefault(key, known[value])
        yield Member(next(iter(texts.values()), ""), variables, attributes)


@dataclass(slots=True)
class _Filler:
    """Fills the variables of one member into every text of an entry, noting where each piece came from."""

    entry: Entry
    member: Member
    declared: Declared
    problems: Problems
    segments: dict[Path, list[Segment]]
    overflow: bool = False

    def fill(self, value: Any, path: Path, language: str) -> Any:
        if isinstance(value, dict):
            return {key: self.fill(item, (*path, key), key if key in self.declared.languages else language) for key, item in value.items()}
        if isinstance(value, list):
            return [self.fill(item, (*path, index), language) for index, item in enumerate(value)]
        return self._text(value, path, language) if isinstance(value, str) and "{" in value else value

    def _text(self, template: str, path: Path, language: str) -> str:
        pieces: list[str] = []
        segments: list[Segment] = []
        length = position = 0
        for match in VARIABLE.finditer(template):
            literal = template[position : match.start()]
            filled = "{" if match[0] == "{{" else self._variable(match, path, language)
            segments += [(length, position, True), (length + len(literal), match.start(), False)]
            pieces += [literal, filled]
            length += len(literal) + len(filled)
            position = match.end()
            if length > MAX_TEXT:
                self.overflow = True
                self.entry.add(self.problems, "N116", path, limit=MAX_TEXT)
                return ""
        segments.append((length, position, True))
        self.segments[path] = segments
        return "".join([*pieces, template[position:]])

    def _variable(self, match: re.Match[str], path: Path, language: str) -> str:
        name, attribute = match[1], match[2]
        if attribute is None and name in self.member.variables:
            return self.member.variables[name]
        found = self.member.attributes.get(name, {}).get(attribute) if attribute else None
        if isinstance(found, dict):
            found = found.get(language) or found.get(self.declared.primary)
        if found is not None:
            return str(found)
        known = [*self.member.variables, *(f"{n}.{key}" for n, data in self.member.attributes.items() for key in data)]
        written = f"{name}.{attribute}" if attribute else name
        # The text at ``path`` has no segments yet, so offsets are those of the template, as the mark needs them.
        self.entry.add(self.problems, "N114", path, match.start(), suggestion=nearest(written, known), name="{" + written + "}")
        return written
