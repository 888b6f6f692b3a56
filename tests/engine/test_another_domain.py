"""The engine knows no domain: hospitals, wings, wards and patients load and compute; no word of any domain stands in its code."""

from __future__ import annotations

import re
from pathlib import Path

import engine
from engine.methodology import Methodology

ROOT = Path(__file__).resolve().parents[2]
WORDS = re.compile(
    r"\b(roma|romi|rrom\w*|bench(es)?|banc\w+|bănci|etni\w+|ethnic\w*|segreg\w+|peers|paralel\w*|pupils?|elev(i|ii|ilor)?|teachers?|diriginte|"
    r"classroom\w*|clasei|clase|clasă|clasa|schools?|școal\w+|scoal\w+|units?|unitat\w+|grades?|pj|sen|ces|county|județ\w*|inspector\w*)\b",
    re.IGNORECASE,
)
ALLOWED = {"catalogue"}


def test_hospitals_are_computed(hospitals: Methodology) -> None:
    result = engine.run(hospitals, ROOT / "tests" / "fixtures" / "hospitals" / "examples")["examples"]["small"]
    first = result["hospitals"]["H1"]
    assert result["patients"] == 9
    assert first["indicators"]["I.OLD.2"] == {
        "value": 2.86,
        "status": "ok",
        "band": "fair",
        "items": [
            {"item": "W1", "value": 2.14, "sub": 50.0, "ref": 28.57, "status": "ok"},
            {"item": "W2", "value": 2.86, "sub": 0.0, "ref": 28.57, "status": "ok"},
        ],
    }
    assert first["indicators"]["I.STAY"] == {"value": 99, "status": "partial", "band": "bad"}
    assert [check["code"] for check in first["validations"]] == ["V-2", "V-3", "V-4"]
    assert first["can_finalise_main"] is False
    assert result["region_bands"]["I.OLD.2"] == {"fair": 1, "not_applicable": 1}


def test_no_word_of_the_domain_stands_in_the_engine() -> None:
    found = []
    for path in sorted((ROOT / "engine").rglob("*.py")):
        if path.parent.name in ALLOWED:
            continue
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            found += [f"{path.name}:{number}: {match[0]}" for match in WORDS.finditer(line)]
    assert found == []
