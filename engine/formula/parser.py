"""Tokens to a syntax tree, by precedence climbing. Grammar: docs/formula.ebnf. Limits: 500 nodes, depth 40.

Keywords and functions have Romanian names too, with or without diacritics; what people write otherwise (``==``, ``!=``) is understood
and noted as a hint.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, TypeVar

from engine.formula import nodes
from engine.formula.errors import FormulaSyntaxError
from engine.formula.functions import ALIASES, FUNCTIONS
from engine.formula.tokens import Token, tokenize

MAX_NODES = 500
MAX_DEPTH = 40

KEYWORDS = {
    "and": "and", "or": "or", "not": "not", "in": "in", "where": "where", "true": "true", "false": "false", "null": "null",
    "si": "and", "sau": "or", "nu": "not", "unde": "where", "adevarat": "true", "fals": "false", "nimic": "null",
}  # fmt: skip
COMPARISONS = ("=", "<>", "<", "<=", ">", ">=", "==", "!=")
CANONICAL = {"==": "=", "!=": "<>"}
LEVELS: tuple[tuple[str, ...], ...] = (("+", "-"), ("*", "/"))

Hint = tuple[str, int, dict[str, Any]]
Made = TypeVar("Made", bound=nodes.Node)


def parse(text: str, hints: list[Hint] | None = None) -> nodes.Node:
    """The syntax tree of a formula. Raises ``FormulaSyntaxError`` at the first mistake; ``hints`` collects what to write instead."""
    parser = _Parser(tokenize(text), hints if hints is not None else [])
    tree = parser.expression()
    parser.finish()
    return tree


@dataclass(slots=True)
class _Parser:
    tokens: list[Token]
    hints: list[Hint]
    position: int = 0
    depth: int = 0
    count: int = 0
    separators: list[str] = field(default_factory=list)

    # ---- tokens --------------------------------------------------------------------------------------

    @property
    def token(self) -> Token:
        return self.tokens[self.position]

    def take(self) -> Token:
        token = self.tokens[self.position]
        self.position += 1
        return token

    def keyword(self) -> str:
        """The keyword at hand, '' for anything else (also for a word before ``.`` or ``(``, unless an operator)."""
        if self.token.kind != "word":
            return ""
        found = KEYWORDS.get(str(self.token.value).lower(), "")
        following = self.tokens[self.position + 1]
        return "" if following.kind == "symbol" and following.value == "." else found

    def is_symbol(self, *symbols: str) -> bool:
        return self.token.kind == "symbol" and self.token.value in symbols

    def expect(self, symbol: str, code: str, **params: Any) -> Token:
        if not self.is_symbol(symbol):
            raise FormulaSyntaxError(code, self.token.start, {"found": self.shown(), **params})
        return self.take()

    def shown(self) -> str:
        return "sfârșitul formulei" if self.token.kind == "end" else str(self.token.value)

    def make(self, node_type: type[Made], start: int, **parts: Any) -> Made:
        self.count += 1
        if self.count > MAX_NODES:
            raise FormulaSyntaxError("F120", start, {"limit": MAX_NODES})
        return node_type(start=start, end=self.tokens[self.position - 1].end, **parts)

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise FormulaSyntaxError("F121", self.token.start, {"limit": MAX_DEPTH})

    def finish(self) -> None:
        if self.token.kind == "end":
            return
        if self.is_symbol(")"):
            raise FormulaSyntaxError("F122", self.token.start)
        if self.is_symbol(".") or (self.is_symbol(",", ";")):
            raise FormulaSyntaxError("F123", self.token.start, {"found": self.shown()})
        if self.keyword() == "where":
            raise FormulaSyntaxError("F124", self.token.start)
        raise FormulaSyntaxError("F125", self.token.start, {"found": self.shown()})

    # ---- expressions -----------------------------------------------------------------------------------

    def expression(self) -> nodes.Node:
        self.deeper()
        tree = self.chain("or")
        self.depth -= 1
        return tree

    def chain(self, word: str) -> nodes.Node:
        """``or`` of ``and`` of ``not``."""
        start = self.token.start
        left = self.chain("and") if word == "or" else self.negation()
        while self.keyword() == word:
            self.take()
            right = self.chain("and") if word == "or" else self.negation()
            left = self.make(nodes.Binary, start, op=word, left=left, right=right)
        return left

    def negation(self) -> nodes.Node:
        if self.keyword() != "not":
            return self.comparison()
        start = self.take().start
        self.deeper()
        operand = self.negation()
        self.depth -= 1
        return self.make(nodes.Unary, start, op="not", operand=operand)

    def comparison(self) -> nodes.Node:
        start = self.token.start
        left = self.sum(0)
        if self.is_symbol(*COMPARISONS):
            left = self.compared(left, start)
        elif self.keyword() == "in" or (self.keyword() == "not" and self._word_after() == "in"):
            left = self.membership(left, start)
        if self.is_symbol(*COMPARISONS) or self.keyword() == "in":
            raise FormulaSyntaxError("F126", self.token.start, {"found": self.shown()})
        return left

    def _word_after(self) -> str:
        following = self.tokens[self.position + 1]
        return KEYWORDS.get(str(following.value).lower(), "") if following.kind == "word" else ""

    def compared(self, left: nodes.Node, start: int) -> nodes.Node:
        token = self.take()
        op = str(token.value)
        if op in CANONICAL:
            self.hints.append(("F130", token.start, {"found": op, "wanted": CANONICAL[op]}))
        right = self.sum(0)
        return self.make(nodes.Binary, start, op=CANONICAL.get(op, op), left=left, right=right)

    def membership(self, left: nodes.Node, start: int) -> nodes.Node:
        negated = self.keyword() == "not"
        if negated:
            self.take()
        self.take()
        if not self.is_symbol("("):
            named = self.token
            right = self.primary()
            if not isinstance(right, (nodes.Name, nodes.Qualified)):
                raise FormulaSyntaxError("F129", named.start, {"found": named.value})
            tree = self.make(nodes.Binary, start, op="in", left=left, right=right)
            return self.make(nodes.Unary, start, op="not", operand=tree) if negated else tree
        self.take()
        self.separators.append("")
        options = [self.sum(0)]
        while self.separator():
            options.append(self.sum(0))
        self.separators.pop()
        self.expect(")", "F127")
        return self.make(nodes.In, start, operand=left, options=tuple(options), negated=negated)

    def sum(self, level: int) -> nodes.Node:
        """Sums of products of signed parts."""
        if level == len(LEVELS):
            return self.signed()
        start = self.token.start
        left = self.sum(level + 1)
        while self.is_symbol(*LEVELS[level]):
            op = self.take()
            if op.value == "*" and self.is_symbol("*"):
                raise FormulaSyntaxError("F107", op.start)
            right = self.sum(level + 1)
            left = self.make(nodes.Binary, start, op=str(op.value), left=left, right=right)
        return left

    def signed(self) -> nodes.Node:
        if not self.is_symbol("-"):
            return self.primary()
        start = self.take().start
        self.deeper()
        operand = self.signed()
        self.depth -= 1
        return self.make(nodes.Unary, start, op="-", operand=operand)

    def primary(self) -> nodes.Node:
        token = self.token
        if token.kind in ("number", "percent"):
            self.take()
            assert isinstance(token.value, Fraction)
            return self.make(nodes.Number, token.start, value=token.value, percent=token.kind == "percent")
        if token.kind == "text":
            self.take()
            return self.make(nodes.Text, token.start, value=token.value)
        if self.is_symbol("("):
            return self.bracketed()
        if token.kind == "word":
            return self.word()
        if token.kind == "end":
            raise FormulaSyntaxError("F128", token.start)
        raise FormulaSyntaxError("F129", token.start, {"found": self.shown()})

    def bracketed(self) -> nodes.Node:
        opened = self.take().start
        tree = self.expression()
        if self.token.kind == "end":
            raise FormulaSyntaxError("F127", opened, {"found": self.shown()})
        if self.is_symbol(",", ";"):
            raise FormulaSyntaxError("F123", self.token.start, {"found": self.shown()})
        self.expect(")", "F127")
        return tree

    def word(self) -> nodes.Node:
        keyword = self.keyword()
        if keyword in ("true", "false"):
            start = self.take().start
            return self.make(nodes.Boolean, start, value=keyword == "true")
        if keyword == "null":
            return self.make(nodes.Null, self.take().start)
        if keyword:
            raise FormulaSyntaxError("F129", self.token.start, {"found": self.shown()})
        token = self.take()
        if self.is_symbol("("):
            return self.call(token)
        if self.is_symbol("."):
            return self.qualified(token)
        return self.make(nodes.Name, token.start, text=str(token.value))

    def qualified(self, level: Token) -> nodes.Node:
        self.take()
        if self.token.kind != "word":
            raise FormulaSyntaxError("F131", self.token.start, {"name": level.value})
        name = self.take()
        if self.is_symbol(".", "("):
            raise FormulaSyntaxError("F132", self.token.start, {"name": f"{level.value}.{name.value}"})
        return self.make(nodes.Qualified, level.start, level=str(level.value), name=str(name.value))

    # ---- calls -----------------------------------------------------------------------------------------

    def call(self, name: Token) -> nodes.Node:
        self.take()
        written = str(name.value)
        function = ALIASES.get(written.lower(), written.lower() if written.lower() in FUNCTIONS else written)
        self.separators.append("")
        arguments = [] if self.is_symbol(")") else [self.argument()]
        while arguments and self.separator():
            arguments.append(self.argument())
        self.separators.pop()
        if self.token.kind == "end":
            raise FormulaSyntaxError("F127", name.end, {"found": self.shown()})
        self.expect(")", "F127")
        return self.make(nodes.Call, name.start, function=function, arguments=tuple(arguments))

    def argument(self) -> nodes.Argument:
        start = self.token.start
        value = self.expression()
        where = None
        if self.keyword() == "where":
            self.take()
            where = self.expression()
        return self.make(nodes.Argument, start, value=value, where=where)

    def separator(self) -> bool:
        """Takes a ``,`` or ``;``; one kind a call."""
        if not self.is_symbol(",", ";"):
            return False
        found = str(self.token.value)
        if self.separators[-1] and self.separators[-1] != found:
            raise FormulaSyntaxError("F133", self.token.start, {"found": found, "wanted": self.separators[-1]})
        self.separators[-1] = found
        self.take()
        return True
