"""Text to tokens. Every token knows its offset; what the language does not have is refused with a message of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from engine.formula.errors import FormulaSyntaxError

MAX_LENGTH = 2000
MAX_DIGITS = 15
"""Digits of a number, before the point and after it."""

PATTERN = re.compile(
    r"""(?P<space>[ \t\r\n]+)
      | (?P<comma_number>[0-9]+,[0-9]+)
      | (?P<number>[0-9]+(?:\.[0-9]+)?)(?P<percent>[ ]?%)?
      | (?P<word>[^\W\d]\w*)
      | (?P<text>"(?:[^"]|"")*"|'(?:[^']|'')*')
      | (?P<open_text>["'])
      | (?P<symbol><>|<=|>=|==|!=|[-+*/=<>(),;.])""",
    re.VERBOSE,
)
STRANGE = {
    "≤": ("F105", "<="), "≥": ("F105", ">="), "≠": ("F105", "<>"), "−": ("F105", "-"), "–": ("F105", "-"), "×": ("F105", "*"),
    "·": ("F105", "*"), "÷": ("F105", "/"), "„": ("F106", '"'), "”": ("F106", '"'), "“": ("F106", '"'), "’": ("F106", "'"),
    "‘": ("F106", "'"), "^": ("F107", ""), "[": ("F108", ""), "]": ("F108", ""), "{": ("F108", ""), "}": ("F108", ""),
    "&": ("F109", "and"), "|": ("F109", "or"), "!": ("F109", "not"), "%": ("F110", ""), "\u00a0": ("F111", " "), ":": ("F104", ""),
}  # fmt: skip
FOLD = str.maketrans("ăâîșțşţĂÂÎȘȚŞŢ", "aaiststAAISTST")


@dataclass(frozen=True, slots=True)
class Token:
    """``kind``: number, percent, word, text, symbol or end. ``value``: Fraction, word without diacritics, text or symbol."""

    kind: str
    value: Fraction | str
    start: int
    end: int


def tokenize(text: str) -> list[Token]:
    """All tokens, an ``end`` token last. Raises ``FormulaSyntaxError``."""
    if len(text) > MAX_LENGTH:
        raise FormulaSyntaxError("F101", 0, {"limit": MAX_LENGTH, "found": len(text)})
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        match = PATTERN.match(text, position)
        if match is None:
            raise _strange(text, position)
        token = _token(match)
        if token is not None:
            tokens.append(token)
        position = match.end()
    if not tokens:
        raise FormulaSyntaxError("F102", 0)
    tokens.append(Token("end", "", len(text), len(text)))
    return tokens


def _token(match: re.Match[str]) -> Token | None:
    start, end = match.span()
    match match.lastgroup:
        case "space":
            return None
        case "comma_number":
            raise FormulaSyntaxError("F103", start, {"value": match[0]}, match[0].replace(",", "."))
        case "number" | "percent":
            if match.end() < len(match.string) and (match.string[end] == "_" or match.string[end].isalpha()):
                raise FormulaSyntaxError("F112", start, {"value": match.string[start : end + 1]})
            whole, _, decimals = match["number"].partition(".")
            if max(len(whole), len(decimals)) > MAX_DIGITS:
                raise FormulaSyntaxError("F114", start, {"limit": MAX_DIGITS})
            number = Fraction(match["number"])
            return Token("percent", number / 100, start, end) if match["percent"] else Token("number", number, start, end)
        case "word":
            return Token("word", match[0].translate(FOLD), start, end)
        case "text":
            quote = match[0][0]
            return Token("text", match[0][1:-1].replace(quote * 2, quote), start, end)
        case "open_text":
            raise FormulaSyntaxError("F113", start)
    return Token("symbol", match[0], start, end)


def _strange(text: str, position: int) -> FormulaSyntaxError:
    code, suggestion = STRANGE.get(text[position], ("F104", ""))
    return FormulaSyntaxError(code, position, {"value": text[position]}, suggestion)
