"""The parser against the grammar of docs/formula.ebnf, which is read and run by itself."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.formula.errors import FormulaSyntaxError
from engine.formula.parser import parse
from tests.engine.grammar import accepts, sentence

TOKENS = ["a", "b", "max", "1", "5%", '"t"', "true", "and", "or", "not", "in", "where", "+", "-", "*", "/", "=", "<>", "<=", "(", "(", ")", ")", ",", ";", "."]  # fmt: skip
LIMITS = {"F101", "F120", "F121"}


def parses(tokens: list[str]) -> bool | None:
    """True or False; None where a limit was met."""
    try:
        parse(" ".join(tokens))
    except FormulaSyntaxError as error:
        return None if error.code in LIMITS else False
    return True


@settings(max_examples=400, deadline=None)
@given(st.integers(0, 10**9))
def test_every_sentence_of_the_grammar_parses(seed: int) -> None:
    tokens = sentence(seed)
    assert accepts(tuple(tokens)) or len(tokens) > 400
    assert parses(tokens) is not False, " ".join(tokens)


@settings(max_examples=800, deadline=None)
@given(st.lists(st.sampled_from(TOKENS), min_size=1, max_size=9))
def test_parser_and_grammar_agree_on_any_tokens(tokens: list[str]) -> None:
    assert parses(tokens) == accepts(tuple(tokens)), " ".join(tokens)


@settings(max_examples=400, deadline=None)
@given(st.integers(0, 10**9), st.integers(0, 30), st.sampled_from(TOKENS))
def test_parser_and_grammar_agree_on_spoilt_sentences(seed: int, place: int, token: str) -> None:
    tokens = sentence(seed)[:25]
    tokens[place % len(tokens)] = token
    found = parses(tokens)
    assert found is None or found == accepts(tuple(tokens)), " ".join(tokens)


@pytest.mark.parametrize("text", ["a in ( 1 ; 2 , 3 )", "a < b < c", "a where b", ". a", "a ."])
def test_the_oracle_itself_refuses(text: str) -> None:
    assert not accepts(tuple(text.split()))
