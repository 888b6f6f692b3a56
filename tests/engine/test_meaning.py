"""The rules for missing, on small wards: the reference evaluator against sentences of the language's definition."""

from __future__ import annotations

import csv
import json
from fractions import Fraction
from pathlib import Path

import pytest

import engine
from engine.formula.kinds import Typer
from engine.formula.parser import parse
from engine.formula.registry import Registry
from engine.methodology import Methodology
from engine.reference import Reference
from engine.values import NOT_ANSWERED, NOT_APPLICABLE, NOT_COLLECTED, PARTIAL, ZERO_DENOMINATOR

EXAMPLE = Path(__file__).resolve().parent.parent / "fixtures" / "hospitals" / "examples" / "small"


@pytest.fixture(scope="module")
def reference(hospitals: Methodology) -> Reference:
    return Reference(hospitals, engine.read_example(hospitals, EXAMPLE))


def value(reference: Reference, level: str, formula: str, place: int = 0) -> tuple[object, int]:
    """(value, bits) of a formula at a place of a level of the hospital example."""
    methodology = reference.methodology
    registry = Registry(
        methodology.topology,
        methodology.forest,
        lambda at, name: methodology.quantities.get((at, name)),
        lambda at: [name for where, name in methodology.quantities if where == at],
        {code: listed.index for code, listed in methodology.choices.items()},
        dict(methodology.constants),
    )
    typer = Typer(registry, level)
    node = typer.lift(typer.type(parse(formula), level), level)
    assert not typer.findings, typer.findings
    found = reference.value(node, place)
    return found.value, found.bits


W1, W2, W3, EMPTY = 0, 1, 2, 3
H1, H2 = 0, 1

CASES = [
    # arithmetic and comparison spread missing
    ("ward", "night_staff + 1", W2, None, NOT_COLLECTED),
    ("ward", "night_staff + 1", W1, 3, 0),
    ("hospital", "budget * 2", H1, 25, 0),
    ("hospital", "budget * 2", H2, None, NOT_COLLECTED),
    ("hospital", "1 / (beds - beds)", H1, None, ZERO_DENOMINATOR),
    ("hospital", "budget / (beds - beds)", H2, None, NOT_COLLECTED),
    # and, or, not are Kleene
    ("ward", "night_staff > 0 and false", W2, False, 0),
    ("ward", "night_staff > 0 or true", W2, True, 0),
    ("ward", "night_staff > 0 and true", W2, None, NOT_COLLECTED),
    ("ward", "not (night_staff > 0)", W2, None, NOT_COLLECTED),
    # coalesce, missing, if
    ("ward", "coalesce(night_staff, 0)", W2, 0, 0),
    ("ward", "missing(night_staff)", W2, True, 0),
    ("ward", "if(open_at_night, night_staff, 0)", W2, 0, 0),
    ("ward", "if(night_staff > 1, 1, 0)", W2, None, NOT_COLLECTED),
    ("ward", "null", W1, None, NOT_ANSWERED),
    # a link that leads nowhere, a cohort that does not exist
    ("ward", "wing.heated", W3, None, NOT_ANSWERED),
    ("ward", "missing(wing.heated)", W3, True, 0),
    ("ward", "wing.heated or true", W3, True, 0),
    ("ward", "alike.size", W1, 2, 0),
    ("ward", "alike.share_old", W1, Fraction(2, 7), 0),
    # look-ups in tables
    ("ward", "lookup(weight, kind)", W1, 2, 0),
    ("ward", "lookup(weight, kind)", W3, None, NOT_APPLICABLE),
    # aggregates skip missing and tell their coverage
    ("ward", "max(patient.days)", W2, 7, PARTIAL | NOT_ANSWERED),
    ("ward", "sum(patient.days)", W2, 8, PARTIAL | NOT_ANSWERED),
    ("ward", "avg(patient.days)", W2, 4, PARTIAL | NOT_ANSWERED),
    ("ward", "median(patient.days)", W1, Fraction(5, 2), 0),
    ("ward", "count(patient where patient.days > 1)", W2, 1, PARTIAL | NOT_ANSWERED),
    ("ward", "count(patient where patient.days > 100)", W1, 0, 0),
    ("ward", "max(patient.days where patient.days > 100)", W1, None, NOT_APPLICABLE),
    ("ward", "share(patient.old)", W1, Fraction(1, 2), 0),
    ("ward", "share(patient.old where patient.insured)", W1, Fraction(2, 3), 0),
    ("ward", "any(patient.old)", W2, False, 0),
    ("ward", "all(patient.insured)", W1, False, 0),
    ("ward", "distinct(patient.age)", W1, 3, 0),
    # a document that has not come is never 0
    ("ward", "count(patient)", EMPTY, None, NOT_COLLECTED),
    ("ward", "sum(patient.days)", EMPTY, None, NOT_COLLECTED),
    ("hospital", "count(patient)", H2, None, NOT_COLLECTED),
    # members that are not applicable stay outside
    ("hospital", "sum(ward.apart_old)", H1, 5, 0),
    ("hospital", "count(ward where ward.apart_old > 2)", H1, 2, 0),
    ("hospital", "max(ward.apart_old)", H2, None, NOT_APPLICABLE),
    ("hospital", "sum(ward.apart_old)", H2, 0, 0),
    # the rule for missing of calculations
    ("ward", "longest", W2, None, NOT_ANSWERED),
    ("ward", "longest", W1, 5, 0),
    ("ward", "stay", W2, 99, 32 | NOT_ANSWERED),
    ("hospital", "max(ward.stay)", H1, 99, PARTIAL | NOT_ANSWERED),
    # several choices, scalar functions
    ("hospital", '"night" in services', H1, True, 0),
    ("hospital", "length(services)", H1, 2, 0),
    ("hospital", '"night" in services', H2, None, NOT_ANSWERED),
    ("hospital", "between(beds, 1, 8)", H1, True, 0),
    ("hospital", "how_many(beds > 1, beds > 5, beds > 9)", H1, 2, 0),
    ("hospital", "round(budget / 7, 2)", H1, Fraction(179, 100), 0),
    ("hospital", "floor(-budget)", H1, -13, 0),
    ("hospital", "ceil(budget)", H1, 13, 0),
    # an inner aggregate belongs to the formula's own level
    ("hospital", "count(ward where ward.n > avg(ward.n))", H1, 1, 0),
    # last year
    ("hospital", "previous.n", H1, 4, 0),
    ("hospital", "previous.n", H2, None, NOT_COLLECTED),
]


@pytest.mark.parametrize(("level", "formula", "place", "expected", "bits"), CASES, ids=[f"{c[0]}{c[2]}: {c[1]}" for c in CASES])
def test_a_formula_means(reference: Reference, level: str, formula: str, place: int, expected: object, bits: int) -> None:
    assert value(reference, level, formula, place) == (expected, bits)


def test_percent_rounds_halves_away_from_zero(hospitals: Methodology, tmp_path: Path) -> None:
    """1 of 16 and 3 of 16 are 6,25 % and 18,75 %; of 160 patients 1 is 0,625 %: shown 0,63."""
    folder = tmp_path / "halves"
    folder.mkdir()
    answers = {"hospitals": [{"hospital": "H", "beds": 200}], "previous": {}}
    (folder / "answers.json").write_text(json.dumps(answers), "utf-8")
    (folder / "wings.csv").write_text("hospital,wing_code,heated\nH,A,yes\n", "utf-8")
    (folder / "wards.csv").write_text("hospital,ward,ward_wing,kind,size_declared\nH,W,A,heart,160\n", "utf-8")
    with (folder / "patients.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["hospital", "ward", "bed_no", "age", "insured", "days"])
        writer.writerows(["H", "W", number, "old" if number == 1 else "middle", "yes", 1] for number in range(1, 161))
    results = engine.compute(hospitals, engine.read_example(hospitals, folder))
    assert results.result("I.OLD.1", 0).value == Fraction(63, 100)
