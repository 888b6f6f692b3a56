"""A second foreign domain, with words of the language as names of levels and questions; every figure computed by hand."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

import engine
from engine.examples.run import shape
from engine.methodology import Methodology
from engine.results import Results
from tests.engine.test_two_evaluators import element

FOLDER = Path(__file__).resolve().parents[1] / "fixtures" / "fleets"
EXAMPLE = FOLDER / "examples" / "two_seas"


@pytest.fixture(scope="module")
def fleets() -> Methodology:
    return engine.load_methodology(FOLDER)


@pytest.fixture(scope="module")
def results(fleets: Methodology) -> Results:
    return engine.compute(fleets, engine.read_example(fleets, EXAMPLE))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, tmp_path / "copy"))


def first(item: str, value: float, own: float | None = None, reference: float | None = None) -> dict[str, Any]:
    return {"item": item, "value": value, "sub": own, "ref": reference, "status": "ok"}


F1 = {
    # 4 of 8; a trip each: 2 of 4, 0 of 2, 2 of 2
    "K.COD": {"value": 50.0, "status": "ok", "band": "mid", "items": [first("t1", 50.0), first("t2", 0.0), first("t3", 100.0)]},
    "K.TON": {"value": 37.5, "status": "ok", "band": "mid", "items": [first("t1", 25.0), first("t2", 100.0), first("t3", 0.0)]},
    # t1 and t2 are alike: 2 of 6; 1/2 - 1/3 cut to 16.6; 1/3 is above the exact 33.3 of the scale, and shown as 33.3
    "K.APART": {"value": 33.3, "status": "ok", "band": "mid", "items": [first("t1", 16.6, 50.0, 33.3), first("t2", 33.3, 0.0, 33.3)]},
    # 1.5 x 2.5 + 0.5 x 2.5 + 2 x 4 + 0 (no price) = 13; 4 x 4 = 16; 2.5 x 2.5 = 6.25
    "K.MONEY": {"value": 35.25, "status": "ok"},
    # ship A: 2 of 6, ship B: 2 of 2: half of |2/4 - 4/4| + |2/4 - 0|
    "K.DIS": {"value": 50.0, "status": "ok"},
    # from 28 February 2020 to 1 March 2020
    "K.AGE": {"value": 2, "status": "ok"},
    # A: two cod, four tuna; B: two cod
    "K.SHOALS": {"value": 3, "status": "ok"},
    # both ships carry nets and lie at H
    "K.QUAY": {"value": 2.5, "status": "ok"},
    # trips with cod: t1 and t4 with nets, t3 alone with lines
    "K.WITH": {"value": 4.0, "status": "ok"},
    # 10.5 - 1/3, cut
    "K.OLD": {"value": 10.166, "status": "ok"},
    "K.RUNG": {"value": 3, "status": "ok"},
    # lamps are asked of t3 only, which sailed by night
    "K.LAMPS": {"value": 6.0, "status": "partial"},
    "R.TOP": {"value": 50.0, "status": "ok", "band": "mid"},
    "R.HOW": {"value": 0, "status": "ok"},
}
F2 = {
    # nothing is known of the catch of t5
    "K.COD": {"value": None, "status": "missing", "band": None},
    "K.TON": {"value": None, "status": "missing", "band": None},
    "K.APART": {"value": None, "status": "not_applicable", "band": None},
    "K.MONEY": {"value": 0.0, "status": "missing"},
    "K.DIS": {"value": None, "status": "missing"},
    "K.AGE": {"value": None, "status": "missing"},
    "K.SHOALS": {"value": None, "status": "missing"},
    # ship A has answered nothing
    "K.QUAY": {"value": None, "status": "missing"},
    "K.WITH": {"value": 3.0, "status": "ok"},
    "K.OLD": {"value": None, "status": "missing"},
    "K.RUNG": {"value": 3, "status": "ok"},
    "K.LAMPS": {"value": None, "status": "missing"},
    "R.TOP": {"value": None, "status": "not_applicable", "band": None},
    "R.HOW": {"value": 0, "status": "ok"},
}


def test_fleets_are_computed(results: Results) -> None:
    found = shape(results)
    assert found["catches"] == 11
    assert found["fleets"]["F1"]["indicators"] == F1
    assert found["fleets"]["F2"]["indicators"] == F2
    assert found["sea_bands"] == {
        "K.COD": {"mid": 1, "missing": 1},
        "K.TON": {"mid": 1, "missing": 1},
        "K.APART": {"mid": 1, "not_applicable": 1},
        "R.TOP": {"mid": 1, "not_applicable": 1},
    }


def test_checks_stand_at_the_place_they_belong_to(results: Results) -> None:
    """A check of a level that is neither above nor below is of no place shown here."""
    found = shape(results)["fleets"]
    assert found["F1"]["validations"] == [
        {"code": "C-1", "where": "t3", "severity": "must_fix"},
        {"code": "C-2", "where": "F1", "severity": "note"},
        {"code": "C-3", "where": "A", "severity": "explain"},
    ]
    assert found["F1"]["can_finalise_core"] is False
    assert found["F2"]["validations"] == []
    assert found["F2"]["can_finalise_core"] is True


def test_figures_of_another_level(results: Results) -> None:
    """The second ship A is of the other fleet: its only trip has brought no list, and it has no members to pool."""
    assert [str(results.result("S.SHIP", ship).value) for ship in range(3)] == ["333/10", "100", "333/10"]
    assert [results.result("S.SHIP", ship).band for ship in range(3)] == ["mid", "top", "mid"]
    assert [results.result("S.TOP", ship).status for ship in range(4)] == ["ok", "ok", "ok", "not_applicable"]
    assert results.result("S.SHIP", 3).status == "missing"


def test_every_node_has_the_same_value_and_bits(results: Results) -> None:
    for node, value in results.values.items():
        count = results.reference.count(node.at)
        for place in range(count):
            expected = results.reference.value(node, place)
            found, bits = element(value, place, count)
            assert bits == expected.bits, (node.at, place)
            if not expected.absent:
                assert float(found) == pytest.approx(float(expected.value), abs=1e-11)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("trips.csv", "t2,F1,A,H", "t2,F1,A,P", ("D723", 3, 4)),  # lands elsewhere than its ship lies
        ("trips.csv", "t5,F2,A", "t5,F2,B", ("D716", 6, 3)),  # ship B is of the other fleet
        ("trips.csv", "t4,F2,C", "t4,F3,C", ("D716", 5, 3)),
        ("catch.csv", "F2,C,t4,1", "F2,A,t4,1", ("D716", 10, 3)),  # the trip is of another ship
        ("trips.csv", "t5,F2,A", "t5,,A", ("D716", 6, 3)),  # two ships are called A
        ("fleets.json", '"F1": {"mass"', '"F9": {"mass"', ("D716", 5, 19)),
    ],
)
def test_keys_are_looked_for_where_the_row_says(fleets: Methodology, copy: Path, file: str, old: str, new: str, told: tuple[str, int, int]) -> None:
    text = (copy / file).read_text("utf-8")
    assert old in text
    (copy / file).write_text(text.replace(old, new), "utf-8")
    with pytest.raises(engine.MethodologyError) as raised:
        engine.read_example(fleets, copy)
    assert [(one.code, one.line, one.column) for one in raised.value.problems if one.level == "error"][:1] == [told]


def test_a_row_need_not_say_where_a_lone_key_lies(fleets: Methodology, copy: Path) -> None:
    text = (copy / "catch.csv").read_text("utf-8")
    (copy / "catch.csv").write_text("".join(line.split(",", 2)[2] for line in text.splitlines(keepends=True)), "utf-8")
    assert engine.evaluate(fleets, copy)["fleets"]["F1"]["indicators"] == F1


def test_an_index_without_a_group_is_not_applicable(fleets: Methodology, copy: Path) -> None:
    text = (copy / "catch.csv").read_text("utf-8")
    (copy / "catch.csv").write_text(text.replace(",cod,", ",no,"), "utf-8")
    dataset = engine.read_example(fleets, copy)
    found = engine.compute(fleets, dataset).result("K.DIS", 0)
    assert (found.value, found.status, found.reason) == (None, "not_applicable", "not_applicable")
