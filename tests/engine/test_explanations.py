"""Explanations as people read them."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

import engine
from engine.formula.tree import Kind
from engine.methodology import Methodology
from engine.written import written

ROOT = Path(__file__).resolve().parents[2]
FLEETS = ROOT / "tests" / "fixtures" / "fleets"


def lines_of(methodology: Methodology, folder: Path, code: str, place: int) -> list[str]:
    return engine.trace_lines(engine.explain(methodology, engine.read_example(methodology, folder), code, place))


@pytest.fixture(scope="module")
def fleets() -> Methodology:
    return engine.load_methodology(FLEETS)


def test_a_figure_is_told_as_it_is_published(methodology_2025: Methodology) -> None:
    lines = lines_of(methodology_2025, ROOT / "indicators" / "2025-2026" / "examples" / "worked", "A.ROM.4", 0)
    assert lines[:6] == [
        "A.ROM.4 · Unitate U1",
        "Elevi romi: clasă față de clasele paralele",
        "Valoarea: 3,17 (1055/333) – Risc",
        "Formula: max(class.gap_rom)",
        "În cuvinte: maximul pe clase al |ponderea în clasă − ponderea în clasele paralele (inclusiv clasa)| / 10",
        "Pas cu pas:",
    ]
    assert (
        "  Clasă GMA · gap_rom = score(share_rom, peers_a.share_rom) → nu se aplică, pentru că nu este îndeplinită condiția: "
        'peers_a.size >= 2 and peers_a.n_rom >= lookup(min_group, "A"); lookup(min_group, "A") = 5'
    ) in lines
    assert "    Clase paralele (PA, PB) · câte sunt → 2" in lines
    assert "    Clasă PB · share_rom = share(pupil.rom) → 72,22 % (13/18)" in lines
    assert "    nu face parte din: Clase paralele" in lines


def test_the_condition_and_the_constants_of_a_figure_are_told(methodology_2025: Methodology) -> None:
    lines = lines_of(methodology_2025, ROOT / "indicators" / "2025-2026" / "examples" / "worked", "X.DIS.ROM", 0)
    assert 'Se aplică dacă: n_rom >= lookup(min_group, "A") and n - n_rom > 0' in lines
    assert 'Constante: lookup(min_group, "A") = 5' in lines
    assert "  Clasă PA · n_rom = count(pupil where pupil.rom) → 2" in lines
    assert "  Clasă PA · n = count(pupil) → 19" in lines


@pytest.mark.parametrize(
    ("code", "place", "told"),
    [
        (
            "K.LAMPS",
            0,
            "Valoarea: 6,000 [date complete: 1 din 3; în parte: datele nu au fost cerute sau nu au sosit; calculat fără datele care lipsesc]",
        ),
        (
            "K.MONEY",
            1,
            "Valoarea: 0,000 [date complete: 0 din 2; lipsesc date: o întrebare nu are răspuns; valoare pusă în locul datelor care lipsesc]",
        ),
        ("K.DIS", 1, "lipsesc date"),
        ("K.APART", 1, "Valoarea: – [nu se aplică]"),
        ("K.AGE", 0, "  Flotă F1 · audited „Verificată” → 01.03.2020"),
        ("K.COD", 0, "Valoarea: 50,0 % (1/2) – Mediu"),
    ],
)
def test_what_is_missing_and_why(fleets: Methodology, code: str, place: int, told: str) -> None:
    lines = lines_of(fleets, FLEETS / "examples" / "two_seas", code, place)
    assert any(told in line for line in lines), lines


def test_no_single_row_is_ever_told(methodology_2025: Methodology, fleets: Methodology) -> None:
    for methodology, folder in (
        (methodology_2025, ROOT / "indicators" / "2025-2026" / "examples" / "worked"),
        (fleets, FLEETS / "examples" / "two_seas"),
    ):
        rows = {level.code for level in methodology.levels.values() if level.owner}
        dataset = engine.read_example(methodology, folder)
        for indicator in methodology.indicators.values():
            for place in range(dataset.count(indicator.level)):
                waiting = [engine.explain(methodology, dataset, indicator.code, place)]
                while waiting:
                    step = waiting.pop()
                    assert step.level not in rows
                    waiting += step.steps


@pytest.mark.parametrize(
    ("value", "kind", "format_", "text"),
    [
        (Fraction(1055, 333), "decimal", "score", "3,17 (1055/333)"),
        (Fraction(-1, 3), "decimal", "points", "−33,33 p.p. (−1/3)"),
        (Fraction(1, 3), "ratio", "", "33,33 % (1/3)"),
        (Fraction(1234567), "integer", "", "1.234.567"),
        (Fraction(-1, 1000), "decimal", "score", "0,00 (−1/1000)"),
        (Fraction(25, 2), "decimal", "", "12,5"),
        (Fraction(100003, 300007), "decimal", "", "0,3333"),
        (Fraction(0), "decimal", "whole", "0"),
        (None, "decimal", "", "–"),
        (True, "boolean", "", "da"),
        ("rural", "text", "", "„rural”"),
        (Fraction(737513), "date", "", "29.03.2020"),
    ],
)
def test_values_are_written_as_in_romanian(methodology_2025: Methodology, value: object, kind: str, format_: str, text: str) -> None:
    assert written(value, Kind(kind), format_, methodology_2025) == text


def test_codes_are_written_with_their_labels(fleets: Methodology) -> None:
    assert written("net", Kind("choice", "gear"), "", fleets) == "„Plasă” (net)"
    assert written(frozenset(("trap", "net")), Kind("multichoice", "gear"), "", fleets) == "„Plasă” (net), „Capcană” (trap)"
