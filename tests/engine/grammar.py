"""A small reader of EBNF: recognises and generates token strings, independently of the parser under test."""

from __future__ import annotations

import random
import re
from functools import cache
from pathlib import Path

GRAMMAR = Path(__file__).resolve().parents[2] / "docs" / "formula.ebnf"
KEYWORDS = {"and", "or", "not", "in", "where", "true", "false", "null"}
PIECES = re.compile(r'"[^"]*"|[a-z]+|[=|,;()\[\]{}]')

Part = tuple[str, object]


def rules() -> dict[str, Part]:
    """Each rule as a tree of (seq | alt | opt | rep | literal | ref, parts)."""
    text = re.sub(r"\(\*.*?\*\)", "", GRAMMAR.read_text("utf-8"), flags=re.DOTALL)
    tokens = PIECES.findall(text)
    found: dict[str, Part] = {}
    position = 0

    def alternatives() -> Part:
        nonlocal position
        options = [sequence()]
        while tokens[position] == "|":
            position += 1
            options.append(sequence())
        return options[0] if len(options) == 1 else ("alt", options)

    def sequence() -> Part:
        nonlocal position
        parts = [piece()]
        while tokens[position] == ",":
            position += 1
            parts.append(piece())
        return ("seq", parts)

    def piece() -> Part:
        nonlocal position
        token = tokens[position]
        position += 1
        if token in "([{":
            inner = alternatives()
            position += 1
            return inner if token == "(" else ("opt" if token == "[" else "rep", inner)
        return ("literal", token.strip('"')) if token.startswith('"') else ("ref", token)

    while position < len(tokens):
        name = tokens[position]
        position += 2
        found[name] = alternatives()
        position += 1
    return found


RULES = rules()


def accepts(tokens: tuple[str, ...]) -> bool:
    """Whether the grammar derives exactly these tokens."""

    @cache
    def ends_of_rule(name: str, start: int) -> frozenset[int]:
        return frozenset(ends(RULES[name], start))

    def ends(part: Part, start: int) -> set[int]:
        kind, inside = part
        if kind == "seq":
            reached = {start}
            for one in inside:  # type: ignore[attr-defined]
                reached = {end for place in reached for end in ends(one, place)}
            return reached
        if kind == "alt":
            return {end for one in inside for end in ends(one, start)}  # type: ignore[attr-defined]
        if kind == "opt":
            return {start} | ends(inside, start)  # type: ignore[arg-type]
        if kind == "rep":
            reached, new = {start}, {start}
            while new:
                new = {end for place in new for end in ends(inside, place)} - reached  # type: ignore[arg-type]
                reached |= new
            return reached
        return terminal(kind, str(inside), start)

    def terminal(kind: str, text: str, start: int) -> set[int]:
        if kind == "ref" and text in RULES:
            return set(ends_of_rule(text, start))
        if start >= len(tokens):
            return set()
        token = tokens[start]
        before, after = tokens[start - 1] if start else "", tokens[start + 1] if start + 1 < len(tokens) else ""
        is_word = bool(re.fullmatch(r"[a-z_]\w*", token))
        fits = {
            "number": token.isdigit(),
            "percent": token.endswith("%"),
            "text": token[0] in "\"'",
            "word": is_word and (token not in KEYWORDS or after == "." or before == "."),
        }.get(text, False) if kind == "ref" else token == text and not (token in KEYWORDS and after == ".")  # fmt: skip
        return {start + 1} if fits else set()

    return len(tokens) in ends_of_rule("formula", 0)


def sentence(seed: int) -> list[str]:
    """A random sentence of the grammar, not too long."""
    chance = random.Random(seed)
    samples = {"number": ["1", "12"], "percent": ["5%"], "text": ['"t"', "'u'"], "word": ["a", "b", "level", "max", "count"]}

    def derive(part: Part, depth: int) -> list[str]:
        kind, inside = part
        if kind == "seq":
            return [token for one in inside for token in derive(one, depth)]  # type: ignore[attr-defined]
        if kind == "alt":
            options = list(inside)  # type: ignore[call-overload]
            short = [one for one in options if "expression" not in str(one) and "negation" not in str(one) and "signed" not in str(one)]
            return derive(chance.choice(short if depth > 14 and short else options), depth)
        if kind in ("opt", "rep"):
            return derive(inside, depth) if chance.random() < (0.3 if depth < 14 else 0.02) else []  # type: ignore[arg-type]
        if kind == "literal":
            return [str(inside)]
        return derive(RULES[str(inside)], depth + 1) if inside in RULES else [chance.choice(samples[str(inside)])]

    return derive(RULES["formula"], 0)
