"""Strict YAML: what is refused, what is warned about, and that every character knows its place."""

from __future__ import annotations

import tracemalloc

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.errors import Problems
from engine.yaml_source import read_text

REFUSED = {
    "an anchor": (b"a: &x 1\nb: 2\n", "Y112", 1, 4),
    "an alias bomb": (b"a: &a [x,x]\nb: &b [*a,*a]\n", "Y112", 1, 4),
    "a merge key": (b"a:\n  <<: 1\n", "Y118", 2, 3),
    "a python tag": (b"a: !!python/object/apply:os.system [ls]\n", "Y115", 1, 4),
    "a tab": (b"a:\n\tb: 1\n", "Y109", 2, 1),
    "latin-1": ("a: școală".encode("iso-8859-16"), "Y107", 1, 4),
    "a NUL byte": (b"a: x\x00y\n", "Y108", 1, 5),
    "two documents": (b"a: 1\n---\nb: 2\n", "Y113", 2, 1),
    "nothing": (b"# only a comment\n", "Y111", 1, 1),
    "a colon in a plain text": (b"a: Elevi: romi\n", "Y110", 1, 9),
    "an open bracket": (b"a: [1, 2\n", "Y110", 2, 1),
}


@pytest.mark.parametrize(("raw", "code", "line", "column"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_not_allowed_is_refused_at_its_place(raw: bytes, code: str, line: int, column: int) -> None:
    problems = Problems()
    assert read_text(raw, "f.yaml", problems) is None
    assert [(p.code, p.line, p.column, p.level) for p in problems.sorted()] == [(code, line, column, "error")]


BOMBS = {
    "five megabytes": (b"a: " + b"x" * 5_000_000, "1 MB"),
    "three thousand nested lists": (b"a: " + b"[" * 3000 + b"]" * 3000, "20"),
    "deep block lists": (b"- " * 3000 + b"x", "20"),
    "sixty thousand nodes": (b"a: [" + b"1," * 60_000 + b"1]", "50.000"),
    "merge keys": (b"a: &a {b: 1}\nc: {<<: *a}\n" * 20, "&a"),
}


@pytest.mark.parametrize(("raw", "limit"), BOMBS.values(), ids=BOMBS.keys())
def test_a_bomb_is_refused_with_a_message_that_names_the_limit(raw: bytes, limit: str) -> None:
    problems = Problems()
    tracemalloc.start()
    assert read_text(raw, "f.yaml", problems) is None
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert limit in problems.found[-1].message
    assert peak < 100_000_000


@pytest.mark.parametrize("text", ["no", "Yes", "off", "12:30", "0461100123", "2026.10", "1_000", "0x1F", ".inf", "2024-10-15", "1e5"])
def test_what_older_yaml_would_change_stays_text_with_a_warning(text: str) -> None:
    problems = Problems()
    source = read_text(f"a: {text}\n".encode(), "f.yaml", problems)
    assert source is not None
    assert source.data == {"a": text}
    assert [(p.code, p.level, p.line, p.column) for p in problems.found] == [("Y120", "warning", 1, 4)]


def test_of_two_equal_keys_the_first_is_kept_and_both_lines_are_named() -> None:
    problems = Problems()
    source = read_text(b"a: 1\nb: 2\na: 3\n", "f.yaml", problems)
    assert source is not None
    assert source.data == {"a": 1, "b": 2}
    assert [(p.code, p.line) for p in problems.found] == [("Y119", 3)]
    assert "rândul 1" in problems.found[0].message


TEXTS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), min_size=1, max_size=60)


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.sampled_from(["'", '"', "|", None]))
@example("0000000000000\U00010000\U00010000 01", '"')  # a space where a line is broken
def test_every_character_of_a_text_knows_its_place(text: str, style: str | None) -> None:
    dumped = yaml.safe_dump({"k": {"v": text}}, default_style=style, allow_unicode=True, width=40)
    source = read_text(dumped.encode(), "f.yaml", Problems())
    if source is None or source.data["k"]["v"] != text:
        return  # a plain text that reads as a number, or a character that is not allowed
    for offset, character in enumerate(text):
        mark = source.text_mark(("k", "v"), offset)
        found = source.line(mark.line)[mark.column - 1 : mark.column]
        assert character.isspace() or found in (character, "\\"), (dumped, offset)
