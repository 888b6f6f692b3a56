"""Staff, resources and the spread between classes, computed a second time. Nothing of the engine is imported."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction as F

from tests.independent.country import Unit, count, share
from tests.independent.figures import Book, item
from tests.independent.indicators import at_least, least, used
from tests.independent.missing import NOTHING, OUTSIDE, V, aggregate, applied, both, op

SIZE_MAX = {"early": 12, "preschool": 22, "primary": 22, "lower_secondary": 26, "upper_secondary": 26, "vocational": 26}


def percent_of(unit: Unit, part: str, whole: str) -> V:
    return op(lambda a, b: F(a) / b, unit[part], unit[whole])


def staff(book: Book, unit: Unit) -> None:
    everybody = count(unit.classes)
    before = "teachers_start_prev" if book.year == "2025-2026" else "teachers_total"
    book.add("X.CAL", percent_of(unit, "teachers_qualified", "teachers_total"), "percent", "qualified")
    book.add("X.TIT", percent_of(unit, "teachers_tenured", "teachers_total"), "percent", "qualified")
    book.add("X.FLU", percent_of(unit, "teachers_left", before), "percent", "turnover")
    book.add("X.ELP", op(lambda n, t: F(n) / t, everybody, unit["teachers_total"]), "number")
    book.add("X.ABA", percent_of(unit, "dropouts_prev", "enrolled_start_prev"), "percent", "dropout")
    positive = op(lambda d: d > 0, unit["dropouts_prev"])
    excess = op(lambda a, b, s: F(a) / b - s, unit["dropouts_prev_roma"], unit["dropouts_prev"], share(unit.classes, "rom"))
    book.add("X.ABR", applied(positive, lambda: excess), "points", "gap_pp")
    book.add("X.PRO", percent_of(unit, "promoted_prev", "enrolled_start_prev"), "percent", "qualified")
    lower_secondary = "lower_secondary" in (unit.answers.get("levels") or [])
    present, good = (unit[name] if lower_secondary else NOTHING for name in ("en8_present", "en8_above5"))
    exam = op(lambda a, b: F(a) / b, good, present)
    book.add("X.EN8", applied(op(lambda p: p > 0, present), lambda: exam), "percent", "qualified")
    book.add("X.TRN", op(lambda t, n: F(t) / n, unit["transfers_out_dissatisfied"], everybody), "percent", "dropout")


def resources(book: Book, unit: Unit) -> None:
    crowd = [(c, op(lambda n, most: F(n) / most, count([c]), most(c["cls_level"]))) for c in unit.classes]
    items = [item(c.cells["cls"], value, format_="percent") for c, value in crowd if value.status != "not_applicable"]
    book.add("X.MAR", aggregate("max", ((None, value) for _, value in crowd)), "percent", "crowding", items)
    filled = [(b, op(lambda n: n > 0, count(b.classes))) for b in unit.buildings]
    area = aggregate("sum", ((where, b["bld_area_m2"]) for b, where in filled))
    each = op(lambda a, n: F(a) / n, area, count(unit.classes))
    spaces = [(b, applied(w, lambda b=b: op(lambda a, n, e: F(a) / n / e, b["bld_area_m2"], count(b.classes), each))) for b, w in filled]
    kept = [item(b.cells["bld_code"], value, format_="percent") for b, value in spaces if value.status != "not_applicable"]
    least_space = aggregate("min", ((None, value) for _, value in spaces))
    book.add("X.SPA", applied(at_least(used(unit), 2), lambda: least_space), "percent", "relative_low", kept)
    machines = [(b, applied(w, lambda b=b: op(lambda c, n: F(100 * c) / n, b["bld_computers"], count(b.classes)))) for b, w in filled]
    kept = [item(b.cells["bld_code"], value, format_="number") for b, value in machines if value.status != "not_applicable"]
    book.add("X.DOT", aggregate("min", ((None, value) for _, value in machines)), "number", "", kept)
    enough = at_least(count(unit.classes, "rom"), least(book.year, "A"))
    for code, situation in (("X.PRE", "prec"), ("X.WC", "wc"), ("X.NCL", "necal")):
        excess = op(lambda a, b: a - b, share(unit.classes, situation, "rom"), share(unit.classes, situation))
        book.add(code, applied(enough, lambda excess=excess: excess), "points", "gap_pp")


def most(level: V) -> V:
    return level if not level.known else V(F(SIZE_MAX[level.value])) if level.value in SIZE_MAX else OUTSIDE


def spread(book: Book, unit: Unit) -> None:
    """Dissimilarity, isolation and eta squared between the classes of the unit."""
    for group in ("rom", "edu"):
        fits = both(at_least(count(unit.classes, group), 5), _others(unit, group))
        book.add(f"X.DIS.{group.upper()}", applied(fits, lambda g=group: over(unit, g, dissimilarity)), "percent", "index")
    enough = at_least(count(unit.classes, "rom"), 5)
    alone = applied(enough, lambda: over(unit, "rom", isolation))
    book.add("X.IZO.ROM", alone, "percent")
    eta = op(lambda x, p: (x - p) / (1 - p), book.values["X.IZO.ROM"], book.values["A.ROM.1"])
    book.add("X.ETA.ROM", applied(both(enough, _others(unit, "rom")), lambda: eta), "percent", "index")


def _others(unit: Unit, group: str) -> V:
    return op(lambda n, g: n - g > 0, count(unit.classes), count(unit.classes, group))


def over(unit: Unit, group: str, index: Callable[[list[tuple[int, int]]], F]) -> V:
    pairs = [(count([c], group), count([c])) for c in unit.classes]
    present = [(int(g.value), int(n.value)) for g, n in pairs if g.known and n.known and n.value > 0]
    if len([1 for g, n in pairs if not (g.known and n.known)]) == len(pairs) and pairs:
        return NOTHING
    members, everybody = sum(g for g, _ in present), sum(n for _, n in present)
    if not members or (index is dissimilarity and members == everybody):
        return OUTSIDE
    return V(index(present), "", all(g.known and g.whole and n.known and n.whole for g, n in pairs))


def dissimilarity(children: list[tuple[int, int]]) -> F:
    members, others = sum(g for g, _ in children), sum(n - g for g, n in children)
    return sum((abs(F(g, members) - F(n - g, others)) for g, n in children), F(0)) / 2


def isolation(children: list[tuple[int, int]]) -> F:
    members = sum(g for g, _ in children)
    return sum((F(g, members) * F(g, n) for g, n in children), F(0))
