"""The engine knows no domain: hospitals, wings, wards and patients load and compute; no word of any domain stands in its code."""

from __future__ import annotations

import re
from pathlib import Path

import engine
from engine.methodology import Methodology

ROOT = Path(__file__).resolve().parents[2]
WORDS = re.compile(
    r"\b("
    r"r?rom[aăi]|romilor|romani|roma_\w+|\w+_roma?|ethnic\w*|etni\w+|ethnicity|minorit\w+|"
    r"bench(es)?|banc[aăi]|bănci\w*|băncii|desk|peers?|paralel\w*|parallel_classes|seating|așezare\w*|"
    r"pupils?|elev(i|ii|ilor|ul|ei|a)?|copi(i|ii|ilor|l|lul)|children_of|student\w*|teachers?|învăță\w+|profesor\w*|diriginte|"
    r"classroom\w*|clas(a|ei|e|elor|ă)|school\w*|școl(i|ii|ilor|ar|are|ară)|școal\w+|scoal\w+|units?|unită\w+|unitat\w+|"
    r"grades?|note școlare|pj|siiir|sen|ces|disabilit\w+|dizabilit\w+|county|counties|județ\w*|inspector\w*|isj|cndie|cnds|cado|minist\w+|"
    r"segreg\w+|desegreg\w+|derog\w+|simultan\w*|gimnazi\w*|lice[ue]\w*|preșcolar\w*|building\w*|clădir\w*|toilet\w*|"
    r"rural\w*|urban\w*|residence|rezidenț\w+|burs[aăe]\w*|scholarship\w*|dropout\w*|abandon\w*|scores?|scorul\w*|scoruri\w*"
    r")\b",
    re.IGNORECASE,
)
ALLOWED = {"score"}
"""A format of the language is called so; a form's class and Python's keyword are no words of a domain and not looked for."""


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
    files = [path for path in sorted((ROOT / "engine").rglob("*")) if path.suffix in (".py", ".json", ".ebnf", ".md", ".yaml")]
    assert len(files) > 80
    for path in files:
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            found += [f"{path.name}:{number}: {match[0]}" for match in WORDS.finditer(line) if match[0] not in ALLOWED]
    assert found == []
