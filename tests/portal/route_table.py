"""The table of ``tests/fixtures/routes.md``: every page of the product, what it is about, and the status that everybody gets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.portal.people import PEOPLE, PLACES

TABLE = Path(__file__).resolve().parents[1] / "fixtures" / "routes.md"
ABOVE = {word: parent for word, _level, parent, _code, _name in PLACES}
LEVELS = {word: str(level) for word, level, _parent, _code, _name in PLACES}
ROLES = {word: (role, place) for word, _name, role, place in PEOPLE}
ELSEWHERE = ("tudor", "doina", "carmen")
"""Of the people elsewhere: the manager of a sibling unit, the director of a sibling school, an inspector of another county."""


@dataclass(frozen=True)
class Row:
    """One line of the table. ``cells``: what is written, by method."""

    page: str
    on: str
    cells: dict[str, str]


def rows() -> Iterator[Row]:
    for line in TABLE.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and cells[0] not in ("page", "---"):
            page, on, get, post = cells
            yield Row(page, on, {"get": get, "post": post})


ROWS = list(rows())


def way_up(place: str) -> list[str]:
    return [place, *way_up(str(ABOVE[place]))] if ABOVE.get(place) else [place]


def expected(cell: str, place: str) -> dict[str, int]:
    """Status by person (``anonymous`` a stranger), as a cell of the table says for a thing of a place; '' for things of none."""
    near = [word for word, (_role, at) in ROLES.items() if not place or at in way_up(place)]
    found = {word: 404 for word in ELSEWHERE if word not in near} | {"anonymous": 302}
    for part in cell.split(";"):
        status, _blank, names = part.strip().partition(" ")
        for name in names.split() or ["rest"]:
            found |= dict.fromkeys(_named(name, near, found), int(status))
    return found | {word: found[word] for word in near}


def _named(name: str, near: list[str], found: dict[str, int]) -> list[str]:
    """Whom a word means: a role (``analyst@national`` one of them), ``rest`` those near not named yet."""
    match name:
        case "everybody":
            return [*near, *(word for word in ELSEWHERE if word not in near), "anonymous"]
        case "others":
            return [word for word in ELSEWHERE if word not in near]
        case "anonymous":
            return ["anonymous"]
        case "rest":
            return [word for word in near if word not in found]
    role, _at, level = name.partition("@")
    return [word for word in near if ROLES[word][0] == role and level in ("", LEVELS[ROLES[word][1]])]
