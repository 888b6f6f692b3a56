"""Exact numbers kept of one year, and how the next one finds them: by name, by the name that was, or not at all where a series broke."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

import engine
from engine.methodology import Methodology
from engine.reference import Reference
from engine.responses import Places
from engine.values import SUBSTITUTED
from tests.engine.test_versions import changed
from tests.independent.folders import Writer

ROOT = Path(__file__).resolve().parents[2]
WORKED = ROOT / "indicators" / "2025-2026" / "examples" / "worked"
FLEETS = ROOT / "tests" / "fixtures" / "fleets"


# ---- what is kept ------------------------------------------------------------------------------------------------


def compare(methodology: Methodology, folder: Path) -> int:
    """What is kept with what the reference gives of every number; gives how many were compared."""
    dataset = engine.read_example(methodology, folder)
    reference, results = Reference(methodology, dataset), engine.compute(methodology, dataset)
    compared = 0
    for level in ("unit", "school", "county"):
        kept = engine.exact_numbers(results, level, range(dataset.count(level)))
        for (at, name), quantity in methodology.quantities.items():
            if at == level and quantity.kind.is_number and quantity.source in ("field", "calculation", "indicator"):
                found = [reference.quantity(quantity, place) for place in range(dataset.count(level))]
                wanted = [None if value.absent or value.bits & SUBSTITUTED else value.value for value in found]
                assert [values.get(name) for values in kept] == wanted, (level, name)
                compared += len(wanted)
    return compared


def test_what_is_kept_is_what_the_reference_gives(methodology_2025: Methodology) -> None:
    assert compare(methodology_2025, WORKED) > 400


@pytest.mark.parametrize("seed", range(12))
def test_what_is_kept_is_exact_whatever_is_missing(methodology_2024: Methodology, methodology_2025: Methodology, tmp_path: Path, seed: int) -> None:
    methodology = methodology_2025 if seed % 2 else methodology_2024
    Writer(methodology.code, seed).write(tmp_path)
    assert compare(methodology, tmp_path) > 100


def test_answers_in_numbers_are_kept_and_other_answers_are_not(methodology_2025: Methodology) -> None:
    dataset = engine.read_example(methodology_2025, WORKED)
    [first] = engine.exact_numbers(engine.compute(methodology_2025, dataset), "unit", [0])
    assert {first["pupils_total"], first["distance_next_unit_km"]} == {180, Fraction("2.4")}
    assert not {"levels", "school_bus", "locality", "final", "previous.pupils"} & first.keys()


def test_only_the_places_asked_for_are_given_in_their_order(methodology_2025: Methodology) -> None:
    dataset = engine.read_example(methodology_2025, WORKED)
    results = engine.compute(methodology_2025, dataset)
    every = engine.exact_numbers(results, "unit", range(3))
    assert engine.exact_numbers(results, "unit", [2, 0]) == [every[2], every[0]]
    assert engine.exact_numbers(results, "unit", []) == []


def test_a_number_in_the_place_of_missing_data_is_not_kept(hospitals: Methodology, copy_of_hospitals: Path) -> None:
    """The hospital has told nothing of its beds."""
    new = changed(copy_of_hospitals, "indicators.yaml", "formula: n / beds}", "formula: n / beds, missing: {value: 7}}")
    dataset = engine.build_dataset(new, {"hospital": Places(["H1"], answers={"main": [{}]})})
    results = engine.compute(new, dataset)
    assert results.result("I.BEDS", 0).value == 7
    assert "i_beds" not in engine.exact_numbers(results, "hospital", [0])[0]


# ---- how it comes back -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("before", [Fraction(2, 3), Fraction(10**40, 3), Fraction(1, 10**40), Fraction(10**40 + 1, 10**40), -(2**62), 2**80])
def test_numbers_beyond_64_bits_come_back_exact(before: Fraction) -> None:
    """Indices with roots and logarithms have sixty digits."""
    fleets = engine.load_methodology(FLEETS)
    given = Places(["F", "G"], previous={"mass": [before, None]})
    dataset = engine.build_dataset(fleets, {"value": given})
    quantity = fleets.quantities["value", "previous.mass"]
    reference = Reference(fleets, dataset)
    assert reference.quantity(quantity, 0).value == before
    assert reference.quantity(quantity, 1).absent
    assert engine.compute(fleets, dataset).figures("K.OLD").bits[1]


def test_a_difference_to_a_huge_number_is_displayed_exactly(hospitals: Methodology, copy_of_hospitals: Path) -> None:
    """1/200 is a tie at two decimals; what lies a hair below it, in the fortieth digit, is rounded down."""
    new = changed(copy_of_hospitals, "indicators.yaml", "formula: n / beds}", "formula: previous.n}")
    tie, hair = Fraction(1, 200), Fraction(1, 10**40)
    given = Places(["H1", "H2", "H3"], previous={"n": [tie, tie - hair, tie + hair]})
    results = engine.compute(new, engine.build_dataset(new, {"hospital": given}))
    assert [results.result("I.BEDS", place).value for place in range(3)] == [Fraction(1, 100), 0, Fraction(1, 100)]


# ---- under which name --------------------------------------------------------------------------------------------


def test_only_what_some_formula_asks_for_is_asked_of_last_year(methodology_2025: Methodology) -> None:
    assert engine.asked_of_last_year(methodology_2025) == {"unit": ("pupils", "roma")}


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("pupils", ("pupils", "")),
        ("a_rom_4", ("a_rom_4", "")),
        ("e_abs_4", ("e_abs_4", "")),
        ("d_rez_1", ("d_rur_1", "renamed")),
        ("a_rom_5", ("a_rom_5", "formula")),
        ("b_ces_2", ("b_ces_2", "constant")),
        ("r_max", ("r_max", "other")),
        ("a_rom_7", ("", "")),
        ("n_rez", ("", "")),
        ("n_rur", ("n_rur", "")),
    ],
    ids=["calculation", "the same", "comparable", "renamed", "formula", "constant", "other", "new", "new calculation", "gone this year"],
)
def test_a_series_goes_on_or_breaks_as_the_version_declares(
    methodology_2024: Methodology, methodology_2025: Methodology, name: str, wanted: tuple[str, str]
) -> None:
    found = engine.earlier(methodology_2025, methodology_2024, "unit", name)
    assert (found.name, found.broken) == wanted


def test_nothing_breaks_within_one_methodology(methodology_2025: Methodology) -> None:
    """A second year on the same version: its changes were those of the year before."""
    assert engine.earlier(methodology_2025, methodology_2025, "unit", "a_rom_5").broken == ""
    assert engine.earlier(methodology_2025, methodology_2025, "unit", "d_rez_1").name == "d_rez_1"


def test_a_renamed_calculation_is_found_under_its_old_name(hospitals: Methodology, copy_of_hospitals: Path) -> None:
    old = changed(copy_of_hospitals, "indicators.yaml", "calculations:\n", "calculations:\n  - {code: twice, level: hospital, formula: '2 * n'}\n")
    new = changed(
        copy_of_hospitals, "indicators.yaml", "{code: twice, level: hospital, formula: '2 * n'}",
        "{code: double, was: twice, level: hospital, formula: '2 * n'}",
    )  # fmt: skip
    assert engine.earlier(new, old, "hospital", "double").name == "twice"
    assert engine.earlier(new, hospitals, "hospital", "double").name == ""


# ---- told --------------------------------------------------------------------------------------------------------


def test_an_explanation_says_of_which_year_a_value_is() -> None:
    fleets = engine.load_methodology(FLEETS)
    given = Places(["F"], previous={"mass": [5]})
    dataset = engine.build_dataset(fleets, {"value": given}, before=engine.Before("2024-2025"))
    lines = engine.trace_lines(engine.explain(fleets, dataset, "K.OLD", 0))
    assert any("previous.mass" in line and "din 2024-2025 → 5" in line for line in lines), lines
    broken = engine.Before("2024-2025", frozenset({("value", "mass")}))
    dataset = engine.build_dataset(fleets, {"value": Places(["F"])}, before=broken)
    lines = engine.trace_lines(engine.explain(fleets, dataset, "K.OLD", 0))
    assert any("previous.mass" in line and "întrerupere de serie" in line for line in lines), lines


def test_a_check_is_explained_by_what_it_compared(methodology_2025: Methodology) -> None:
    dataset = engine.read_example(methodology_2025, WORKED)
    trace = engine.explain(methodology_2025, dataset, "V-U-11", 0)
    assert (trace.code, trace.value) == ("V-U-11", False)
    lines = engine.trace_lines(trace)
    assert "Este îndeplinită: nu" in lines
    assert any("previous.roma → 30" in line for line in lines), lines
    with pytest.raises(KeyError):
        engine.explain(methodology_2025, dataset, "V-U-99", 0)
