"""Putting a definition in place of its call. Non-recursive: a body names only its parameters and constants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from engine.formula import nodes as syntax


def expand_call(body: syntax.Node, values: Mapping[str, syntax.Node], call: syntax.Node) -> syntax.Node:
    """``body`` with its parameters replaced. Pieces of the body point at the call, pieces of the arguments at themselves."""
    if isinstance(body, syntax.Name) and body.text in values:
        return values[body.text]
    changes: dict[str, Any] = {"start": call.start, "end": call.end}
    for part in fields(body):
        value = getattr(body, part.name)
        if isinstance(value, syntax.Node):
            changes[part.name] = expand_call(value, values, call)
        elif isinstance(value, tuple):
            changes[part.name] = tuple(expand_call(item, values, call) for item in value)
    return replace(body, **changes)
