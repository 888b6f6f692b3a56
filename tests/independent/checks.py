"""The checks of both years, and the whole of expected.json. Nothing of the engine is imported.

python -m tests.independent.checks 2025-2026 indicators/2025-2026/examples/worked
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from fractions import Fraction as F
from pathlib import Path
from typing import Any

from tests.independent.country import Class, Unit, count, read, share, unsent
from tests.independent.figures import Book
from tests.independent.indicators import quality, segregation, summary
from tests.independent.missing import FALSE, OUTSIDE, TRUE, V, aggregate, applied, both, either, first, negate, op
from tests.independent.resources import most, resources, spread, staff

ZERO = V(F(0))


def of_class(c: Class, year: str) -> Iterator[tuple[str, str, V]]:
    """(code, severity, what must be true) of one class."""
    shown = c["cls_has_benches"].true
    rows, seats = (c[name] if shown else V(None, "missing") for name in ("cls_bench_rows", "cls_seats_per_row"))
    benches = c["cls_has_benches"]
    mixed = c["cls_grades_mixed"] if c["cls_simultaneous"].true else V(None, "missing")
    many = first(op(lambda codes: F(len(codes.split("|"))), mixed), ZERO)
    yield "V-C-01", "must_fix", op(lambda a, b: a <= b, c["cls_girls"], c["cls_pupils"])
    yield "V-C-02", "must_fix", applied(c["cls_simultaneous"], lambda: op(lambda n: n >= 2, many))
    yield "V-C-03", "explain", op(lambda a, b: a <= b, c["cls_pupils"], most(c["cls_level"]))
    yield "V-C-04", "must_fix", applied(benches, lambda: op(lambda a, b, n: a * b >= n, rows, seats, c["cls_pupils"]))
    foreign = op(lambda d: d != "mother_tongue", c["cls_derogation"])
    yield "V-C-05", "explain", either(foreign, op(lambda x: x != "ro", c["cls_language"]))
    yield "V-T-01", "must_fix", op(lambda a, b: a == b, count([c]), c["cls_pupils"])
    girls = aggregate("count", ((row["fete"], TRUE) for row in c.rows), unsent([c]))
    yield "V-T-02", "must_fix", op(lambda a, b: a == b, girls, c["cls_girls"])
    last = aggregate("max", ((None, row["bench"]) for row in c.rows), unsent([c]))
    yield "V-T-03", "must_fix", applied(benches, lambda: op(lambda a, b: a <= b, last, rows))
    yield "V-T-04", "explain" if year == "2024-2025" else "must_fix", op(lambda n: n == 0, count([c], "nob"))
    taken = [row["bench"].value for row in c.rows if row["bench"].known]
    fullest = V(F(max(taken.count(bench) for bench in taken))) if taken else OUTSIDE
    yield "V-T-05", "explain", applied(benches, lambda: op(lambda a, b: a <= b, fullest, seats))
    special = op(lambda d: d == "special_class", c["cls_derogation"])
    yield "V-T-07", "explain", either(op(lambda s: s < F(1, 2), share([c], "ces")), special)
    if year == "2025-2026":
        yield "V-T-08", "must_fix", op(lambda n: n == 0, count([c], "unsupported"))


def of_unit(unit: Unit, year: str) -> Iterator[tuple[str, str, V]]:
    classes = unit.classes
    roma, everybody, part = count(classes, "rom"), count(classes), share(classes, "rom")
    homeless = aggregate("count", ((FALSE if c.building is not None else TRUE, TRUE) for c in classes))
    yield "V-U-01", "must_fix", op(lambda n: n == 0, homeless)
    yield "V-U-02", "must_fix", op(lambda a, b: a == b, everybody, unit["pupils_total"])
    kinds = [first(unit[f"pop_{name}"], ZERO) for name in ("romanian", "hungarian", "roma", "other", "undeclared")]
    yield "V-U-03", "must_fix", op(lambda total, *parts: sum(parts) <= total, unit["pop_total"], *kinds)
    yield "V-U-04", "explain", op(lambda s, a, b: s >= F(a) / b - F(5, 100), part, unit["pop_roma"], unit["pop_total"])
    largest = aggregate("max", ((None, count([c], "rom")) for c in classes))
    yield "V-U-05", "explain", either(negate(unit["romani_taught"]), op(lambda n: n >= 15, largest))
    yield "V-U-06", "explain", either(negate(unit["school_mediator"]), op(lambda s: s >= F(1, 10), part))
    ways = unit["ethnicity_source"]
    yield "V-U-07", "explain", op(lambda w: "appearance" not in w, ways)
    yield "V-U-08", "explain", either(op(lambda w: "not_collected" not in w, ways), op(lambda n: n == 0, roma))
    yield "V-U-09", "explain", either(op(lambda s: s != "yes", unit["roma_settlement"]), op(lambda n: n > 0, roma))
    before = {name: V(F(unit.previous[name])) if unit.previous.get(name) is not None else V(None, "missing") for name in ("pupils", "roma")}
    limit = F(20 if year == "2024-2025" else 15, 100)
    yield "V-U-10", "explain", op(lambda n, p: abs(n - p) <= limit * p, everybody, before["pupils"])
    yield "V-U-11", "explain", op(lambda n, p: abs(n - p) <= max(10, p / 2), roma, before["roma"])
    empty = aggregate("count", ((op(lambda n: n == 0, count(b.classes)), TRUE) for b in unit.buildings))
    yield "V-U-12", "note", op(lambda n: n == 0, empty)
    names = aggregate("distinct", ((None, c["cls_name"]) for c in classes))
    yield "V-U-13", "must_fix", op(lambda d: d == len(classes), names)
    yield "V-U-14", "explain", op(lambda s: s < F(1, 5), share(classes, "ned"))
    yield from of_extended(unit)


def of_extended(unit: Unit) -> Iterator[tuple[str, str, V]]:
    total = unit["teachers_total"]
    within = [
        op(lambda a, b: a <= b, part, total)
        for part in (unit["teachers_qualified"], unit["teachers_tenured"], first(unit["teachers_commuting"], ZERO))
    ]
    yield "V-X-01", "must_fix", both(*within)
    yield "V-X-02", "must_fix", op(lambda a, b, c: a + b <= c, unit["dropouts_prev"], unit["promoted_prev"], unit["enrolled_start_prev"])
    yield "V-X-03", "must_fix", op(lambda a, b: a <= b, first(unit["dropouts_prev_roma"], ZERO), unit["dropouts_prev"])
    asked = "lower_secondary" in (unit.answers.get("levels") or [])
    good, present = (first(unit[name], ZERO) if asked else ZERO for name in ("en8_above5", "en8_present"))
    yield "V-X-04", "must_fix", op(lambda a, b: a <= b, good, present)


def fired(unit: Unit, year: str) -> list[dict[str, str]]:
    """What is false, in the order of the methodology; missing fires nothing."""
    found = [(code, c.cells["cls"], severity) for c in unit.classes for code, severity, claim in of_class(c, year) if claim.known and not claim.value]
    found += [(code, unit.answers["unit"], severity) for code, severity, claim in of_unit(unit, year) if claim.known and not claim.value]
    last = {"V-T-08": 1}
    place = {c.cells["cls"]: number for number, c in enumerate(unit.classes)}
    kinds = "CTUX"
    found.sort(key=lambda one: (last.get(one[0], 0), kinds.index(one[0][2]), one[0], place.get(one[1], 0)))
    return [{"code": code, "where": where, "severity": severity} for code, where, severity in found]


def expected(year: str, folder: Path) -> dict[str, Any]:
    """The whole of expected.json for one example."""
    _, units = read(folder)
    shown: dict[str, Any] = {}
    bands: dict[str, dict[str, int]] = {}
    for unit in units:
        book = Book(year)
        for write in (quality, staff, resources):
            write(book, unit)
        segregation(book, unit, units)
        summary(book)
        spread(book, unit)
        checks = fired(unit, year)
        blocked = any(one["severity"] == "must_fix" and not one["code"].startswith("V-X") for one in checks)
        top = book.printed["R.MAX"]["band"]
        shown[unit.answers["unit"]] = {
            "indicators": book.printed, "validations": checks, "can_finalise_basic": not blocked, "suggest_extended": top in ("risk", "high"),
        }  # fmt: skip
        for code, entry in book.printed.items():
            if "band" in entry:
                counts = bands.setdefault(code, {})
                counts[entry["band"] or entry["status"]] = counts.get(entry["band"] or entry["status"], 0) + 1
    return {"methodology": year, "pupils": sum(len(c.rows) for u in units for c in u.classes), "units": shown, "county_bands": bands}


if __name__ == "__main__":
    print(json.dumps(expected(sys.argv[1], Path(sys.argv[2])), ensure_ascii=False, indent=1))
