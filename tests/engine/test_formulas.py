"""The formula language as text: what parses, what is refused and where, and the limits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.formula import nodes
from engine.formula.errors import FormulaSyntaxError
from engine.formula.parser import parse

SAME = [
    ("a + b * c", "a + (b * c)"),
    ("a - b - c", "(a - b) - c"),
    ("not a and b", "(not a) and b"),
    ("a or b and c", "a or (b and c)"),
    ("a = 1 and b <> 2", "(a = 1) and (b <> 2)"),
    ("-a * b", "(-a) * b"),
    ("a == 1", "a = 1"),
    ("a != 1", "a <> 1"),
    ("numără(x unde x.y)", "count(x where x.y)"),
    ("numara(x UNDE x.y)", "count(x where x.y)"),
    ("dacă(a și nu b; 1; 2)", "if(a and not b, 1, 2)"),
    ("a sau adevărat", "a or true"),
    ("max(1; 2)", "max(1, 2)"),
    ("x not in (1, 2)", "x not in (1, 2)"),
    ("20%", "20 %"),
    ("'a'", '"a"'),
]


@pytest.mark.parametrize(("written", "meant"), SAME)
def test_two_ways_of_writing_mean_the_same(written: str, meant: str) -> None:
    assert parse(written) == parse(meant)


REFUSED = {
    "n * 12,5": ("F103", 4),
    "n ≤ 5": ("F105", 2),
    "etnie = „roma”": ("F106", 8),
    "a ^ 2": ("F107", 2),
    "a ** 2": ("F107", 2),
    "x in [1]": ("F108", 5),
    "a & b": ("F109", 2),
    "n % 2": ("F110", 2),
    "2n": ("F112", 0),
    '"abc': ("F113", 0),
    "": ("F102", 0),
    "n)": ("F122", 1),
    "n, 2": ("F123", 1),
    "n where n > 0": ("F124", 2),
    "n n": ("F125", 2),
    "0 < n < 5": ("F126", 6),
    "max(1, 2": ("F127", 3),
    "n +": ("F128", 3),
    "n + * 2": ("F129", 4),
    "a.b.c": ("F132", 3),
    "max(1, 2; 3)": ("F133", 8),
    "n # 2": ("F104", 2),
}


@pytest.mark.parametrize(("formula", "expected"), REFUSED.items(), ids=REFUSED.keys())
def test_a_mistake_is_told_at_its_character(formula: str, expected: tuple[str, int]) -> None:
    with pytest.raises(FormulaSyntaxError) as caught:
        parse(formula)
    assert (caught.value.code, caught.value.offset) == expected


@pytest.mark.parametrize(
    ("formula", "code"),
    [("1+" * 50_000 + "1", "F101"), ("(" * 900 + "1" + ")" * 900, "F121"), ("+".join(["1"] * 600), "F120"), ("not " * 400 + "a", "F121"), ("-" * 900 + "1", "F121")],
    ids=["characters", "brackets", "terms", "negations", "signs"],
)  # fmt: skip
def test_a_formula_beyond_a_limit_is_refused(formula: str, code: str) -> None:
    with pytest.raises(FormulaSyntaxError) as caught:
        parse(formula)
    assert caught.value.code == code


@given(st.text(max_size=200))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    try:
        assert isinstance(parse(text), nodes.Node)
    except FormulaSyntaxError as error:
        assert 0 <= error.offset <= len(text)


def test_hints_tell_the_canonical_sign() -> None:
    hints: list[tuple[str, int, dict[str, object]]] = []
    parse("a == 1 and b != 2", hints=hints)
    assert [(code, offset) for code, offset, _ in hints] == [("F130", 2), ("F130", 13)]
