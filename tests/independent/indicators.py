"""The segregation indicators of both years, the summary and the quality of the data, computed a second time, in plain Python with fractions. Nothing of the engine is imported."""

from __future__ import annotations

from fractions import Fraction as F

from tests.independent.country import Building, Class, Unit, count, share
from tests.independent.figures import Book, item
from tests.independent.missing import NOTHING, OUTSIDE, TRUE, V, aggregate, applied, both, either, first, instead, op

GROUPS = {
    "rom": ("A", "basic"), "ces": ("B", "basic"), "edu": ("C", "basic"), "bur": ("C", "basic"), "rur": ("D", "basic"),
    "rez": ("D", "basic"), "rep": ("E", "basic"), "cum": ("F", "basic"), "mono": ("C", "extended"), "plas": ("C", "extended"),
    "bun": ("C", "extended"), "gra": ("E", "extended"), "slab": ("E", "extended"), "rem": ("E", "extended"), "abs": ("E", "extended"),
    "strain": ("C", "extended"),
}  # fmt: skip
YEARS = {"2024-2025": set(GROUPS) - {"rez", "cum", "strain"}, "2025-2026": set(GROUPS) - {"rur"}}


def least(year: str, criterion: str) -> int:
    """How many members of the group a comparison needs."""
    return 3 if criterion == "B" and year == "2025-2026" else 5


def score(a: V, b: V) -> V:
    return op(lambda x, y: min(F(10), abs(x - y) * 10), a, b)


def score_up(a: V, b: V) -> V:
    return op(lambda x, y: min(F(10), max(F(0), x - y) * 10), a, b)


def at_least(value: V, limit: int) -> V:
    return op(lambda x: x >= limit, value)


def used(unit: Unit) -> V:
    """Buildings with pupils."""
    return aggregate("count", ((op(lambda n: n > 0, count(b.classes)), TRUE) for b in unit.buildings))


def excused(c: Class, criterion: str) -> V:
    codes = {"A": ("mother_tongue",), "B": ("special_class",), "C": ("second_chance", "young_parents"), "E": ("second_chance", "young_parents")}
    return op(lambda d: d in codes[criterion], c["cls_derogation"]) if criterion in codes else V(False)


def together(c: Class, criterion: str, by: str) -> list[Class] | None:
    """Classes of the unit that share a class's grade (or level), itself included; None where it is left out."""

    def admitted(one: Class) -> bool:
        simultaneous = one["cls_simultaneous"] if by == "cls_grade" else V(False)
        left_out = excused(one, criterion)
        return simultaneous.known and not simultaneous.value and left_out.known and not left_out.value and parameter(one, by).known

    if not admitted(c):
        return None
    return [one for one in c.unit.classes if admitted(one) and parameter(one, by).value == parameter(c, by).value]


def parameter(c: Class, by: str) -> V:
    """The grade is asked only of classes that are not simultaneous."""
    return c[by] if by != "cls_grade" or (c["cls_simultaneous"].known and not c["cls_simultaneous"].value) else NOTHING


def gap(c: Class, year: str, group: str, by: str) -> tuple[V, V]:
    """(score against the cohort, share of the cohort)."""
    criterion = GROUPS[group][0]
    others = together(c, criterion, by)
    if others is None:
        return OUTSIDE, OUTSIDE
    fits = both(V(len(others) >= 2), at_least(count(others, group), least(year, criterion)))
    reference = share(others, group)
    return applied(fits, lambda: score(share([c], group), reference)), reference


def against_cohort(book: Book, code: str, unit: Unit, group: str, by: str) -> None:
    found = [(c, *gap(c, book.year, group, by)) for c in unit.classes]
    items = [item(c.cells["cls"], value, share([c], group), reference) for c, value, reference in found if value.status != "not_applicable"]
    book.add(code, aggregate("max", ((None, value) for _, value, _ in found)), "score", "alert", items)


def against_unit(book: Book, code: str, unit: Unit, group: str) -> None:
    whole = share(unit.classes, group)

    def apart(b: Building) -> V:
        return applied(op(lambda n: n > 0, count(b.classes)), lambda: score(share(b.classes, group), whole))

    found = [(b, apart(b)) for b in unit.buildings]
    items = [item(b.cells["bld_code"], value, share(b.classes, group), whole) for b, value in found if value.status != "not_applicable"]
    fits = both(at_least(used(unit), 2), at_least(count(unit.classes, group), least(book.year, GROUPS[group][0])))
    book.add(code, applied(fits, lambda: aggregate("max", ((None, value) for _, value in found))), "score", "alert", items)


# ---- the last two benches ------------------------------------------------------------------------------------


def last_rows(c: Class) -> tuple[V, V]:
    """The last occupied row of benches and the one before; missing when the bench of anybody is."""

    def furthest(below: V | None) -> V:
        wheres = (None if below is None else op(lambda a, b: a < b, row["bench"], below) for row in c.rows)
        return aggregate("max", zip(wheres, (row["bench"] for row in c.rows), strict=True), not c.rows)

    last = applied(c["cls_has_benches"], lambda: furthest(None))
    if last.known and not last.whole:
        last = NOTHING
    return last, applied(c["cls_has_benches"], lambda: furthest(last))


def at_back(c: Class) -> list[V]:
    last, before = last_rows(c)
    return [either(op(lambda a, b: a == b, row["bench"], last), op(lambda a, b: a == b, row["bench"], before)) for row in c.rows]


def seating_2024(book: Book, code: str, unit: Unit, group: str) -> None:
    """The worst class; a class where a bench is missing scores 10, as the official exercise did."""
    items, scores = [], []
    for c in unit.classes:
        back = aggregate("share", zip(at_back(c), (row[group] for row in c.rows), strict=True), not c.rows)
        own = share([c], group)
        value = instead(applied(c["cls_has_benches"], lambda back=back, own=own: score_up(back, own)), F(10))
        scores.append((None, value))
        items += [item(c.cells["cls"], value, back, own)] if value.status != "not_applicable" else []
    book.add(code, instead(aggregate("max", scores), F(10)), "score", "alert", items, keep=True)


def seating_2025(book: Book, code: str, unit: Unit, group: str) -> None:
    """Over all classes with benches: share of the group at the back, less what chance would seat there."""
    seated, back, chance = [], [], []
    for c in unit.classes:
        seats = op(lambda last: last > 0, last_rows(c)[0])
        rear = at_back(c)
        here = applied(seats, lambda c=c: count([c], group))
        behind = applied(seats, lambda c=c, rear=rear: aggregate("count", ((w, TRUE) for w in rear), not c.rows))
        members = [both(row[group], where) for row, where in zip(c.rows, rear, strict=True)]
        seated.append((None, here))
        back.append((None, applied(seats, lambda c=c, m=members: aggregate("count", ((w, TRUE) for w in m), not c.rows))))
        chance.append((None, op(lambda s, b, n: F(s * b) / n, here, behind, count([c]))))
    total = aggregate("sum", seated)
    fits = at_least(first(total, V(F(0))), least(book.year, GROUPS[group][0]))
    divide = lambda a: op(lambda x, y: F(x) / y, a, total)  # noqa: E731
    value = applied(fits, lambda: score_up(divide(aggregate("sum", back)), divide(aggregate("sum", chance))))
    book.add(code, value, "score", "alert", keep=True)


# ---- the whole book -----------------------------------------------------------------------------------------


def segregation(book: Book, unit: Unit, units: list[Unit]) -> None:
    year, school = book.year, [c for u in units for c in u.classes]
    for group in (g for g in GROUPS if g in YEARS[year]):
        criterion, section = GROUPS[group]
        stem = f"{criterion}.{group.upper()}"
        book.add(f"{stem}.1", share(unit.classes, group), "percent")
        against_cohort(book, f"{stem}.4", unit, group, "cls_grade")
        if section == "basic":
            against_unit(book, f"{stem}.3", unit, group)
        if section == "basic" and group != "cum":
            fits = both(V(len(units) >= 2), at_least(count(school, group), least(year, criterion)))
            book.add(f"{stem}.2", applied(fits, lambda g=group: score(share(unit.classes, g), share(school, g))), "score", "alert")
        if year == "2024-2025":
            seating_2024(book, f"{stem}.5", unit, group)
        elif group not in ("plas", "gra", "strain"):
            seating_2025(book, f"{stem}.5", unit, group)
    asked = op(lambda total: total > 0, unit["pop_total"])
    book.add("A.ROM.6", applied(asked, lambda: score(share(unit.classes, "rom"), op(F, unit["pop_roma"], unit["pop_total"]))), "score", "alert")
    if year == "2025-2026":
        against_cohort(book, "A.ROM.7", unit, "rom", "cls_level")
        against_cohort(book, "C.EDU.7", unit, "edu", "cls_level")
        moves = aggregate("sum", ((None, _moves(c)) for c in unit.classes))
        book.add("A.ROM.8", op(lambda m: F(m) / 2, moves), "number")


def _moves(c: Class) -> V:
    others = together(c, "A", "cls_grade")
    if others is None or len(others) < 2:
        return OUTSIDE
    return op(lambda mine, part, n: abs(mine - part * n), count([c], "rom"), share(others, "rom"), count([c]))


def summary(book: Book) -> None:
    """Over the basic scores that have a value."""
    basic = {f"{c}.{g.upper()}.{rung}" for g, (c, section) in GROUPS.items() if section == "basic" for rung in "234567"}
    scores = {code: value for code, value in book.values.items() if code in basic and value.known}
    risky = [code for code in scores if book.printed[code]["band"] in ("risk", "high")]
    book.add("R.MAX", V(max(value.value for value in scores.values())) if scores else OUTSIDE, "score", "alert")
    book.add("R.NR", V(F(len(risky))), "whole")
    book.add("R.CRI", V(F(len({code[0] for code in risky}))), "whole")


def quality(book: Book, unit: Unit) -> None:
    book.add("Q.NED", share(unit.classes, "ned"), "percent", "quality")
    book.add("Q.NEC", share(unit.classes, "nec"), "percent", "quality")
    book.add("Q.BAN", share(unit.classes, "nob", "inb"), "percent", "quality")
    book.add("Q.SUM", op(lambda n, total: n - total, count(unit.classes), unit["pupils_total"]), "whole")
