"""JSON Schemas of the files, turned into problems with a place and a sentence; one problem for one mistake."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.validators import extend

from engine.errors import Problems, nearest
from engine.yaml_source import Source

FOLDER = Path(__file__).parent / "schemas"
TYPES = {
    "string": "un text", "integer": "un număr întreg", "number": "un număr", "boolean": "true sau false", "object": "un grup de chei",
    "array": "o listă", "null": "nimic",
}  # fmt: skip


def _is_number(_: object, instance: object) -> bool:
    return isinstance(instance, (int, Decimal)) and not isinstance(instance, bool)


@cache
def validator(kind: str) -> Draft202012Validator:
    """The validator of one kind of file; decimals are numbers."""
    checker = Draft202012Validator.TYPE_CHECKER.redefine("number", _is_number)
    strict = extend(Draft202012Validator, type_checker=checker)  # type: ignore[no-untyped-call]
    return strict(json.loads((FOLDER / f"{kind}.json").read_text("utf-8")))  # type: ignore[no-any-return]


def validate(source: Source, kind: str, problems: Problems) -> bool:
    """Report everything in a file that its schema does not allow.

    False when a whole part of the file cannot be used: what it declares is not known then.
    """
    told: set[tuple[str | int, ...]] = set()
    for error in sorted(validator(kind).iter_errors(source.data), key=lambda e: [str(part) for part in e.absolute_path]):
        for found in _causes(error):
            path = tuple(found.absolute_path)
            if not any(path[: len(earlier)] == earlier and earlier for earlier in told):
                told |= set(_report(source, found, path, problems))
    return all(len(path) > 1 for path in told)


def _causes(error: Any) -> Iterator[Any]:
    """The mistake itself: of several alternatives the one that fits the kind of the value, else the choice as a whole."""
    if error.validator != "anyOf" or not error.context:
        yield error
        return
    branches: dict[int, list[Any]] = {}
    for cause in error.context:
        branches.setdefault(int(cause.schema_path[0]), []).append(cause)
    fitting = [causes for causes in branches.values() if not any(_wrong_type(c, error) for c in causes)]
    if len(fitting) == 1:
        for cause in fitting[0]:
            yield from _causes(cause)
    else:
        yield error


def _wrong_type(cause: Any, error: Any) -> bool:
    return cause.validator == "type" and len(cause.absolute_path) == len(error.absolute_path)


def _report(source: Source, error: Any, path: tuple[str | int, ...], problems: Problems) -> list[tuple[str | int, ...]]:
    """Adds the problem; gives the paths below which nothing more is to be said."""
    match error.validator:
        case "additionalProperties":
            return _unknown_keys(source, error, path, problems)
        case "required":
            _missing_keys(source, error, path, problems)
            return []
        case "type" | "anyOf":
            _add(source, "S103", path, problems, wanted=_wanted(error), found=_shown(error.instance))
        case "enum" | "const":
            allowed = [str(value) for value in error.validator_value] if error.validator == "enum" else [str(error.validator_value)]
            suggestion = nearest(str(error.instance), allowed)
            _add(source, "S104", path, problems, suggestion, value=error.instance, allowed=", ".join(allowed))
        case "pattern":
            _add(source, "S105", path, problems, value=error.instance, wanted=error.schema.get("description", error.validator_value))
        case "uniqueItems":
            _add(source, "S110", path, problems)
        case "minItems" | "minProperties":
            _add(source, "S108", path, problems, found=len(error.instance), wanted=error.validator_value)
        case _:
            shown = error.instance if not isinstance(error.instance, (dict, list)) else len(error.instance)
            _add(source, "S109", path, problems, value=shown, wanted=f"{error.validator} {error.validator_value}")
    return [path]


def _missing_keys(source: Source, error: Any, path: tuple[str | int, ...], problems: Problems) -> None:
    """Keys that are not there; one that is only misspelt is told as the unknown key that it is."""
    known = list(error.schema.get("properties", {}))
    slips = {nearest(key, known): key for key in error.instance if key not in known}
    missing = [key for key in error.validator_value if key not in error.instance]
    wanting = [key for key in missing if key not in slips]
    if wanting:
        _add(source, "S102", path, problems, name="”, „".join(wanting))
    if error.schema.get("additionalProperties") is False:
        return
    for key in (slips[one] for one in missing if one in slips):
        _unknown_key(source, (*path, key), known, problems)


def _unknown_key(source: Source, path: tuple[str | int, ...], allowed: list[str], problems: Problems) -> None:
    mark, key = source.key_mark(path), str(path[-1])
    problems.add("S101", mark, nearest(key, allowed), source.line(mark.line), name=key, allowed=", ".join(allowed))


def _unknown_keys(source: Source, error: Any, path: tuple[str | int, ...], problems: Problems) -> list[tuple[str | int, ...]]:
    allowed = list(error.schema.get("properties", {}))
    unknown = [key for key in error.instance if key not in allowed]
    for key in unknown:
        _unknown_key(source, (*path, key), allowed, problems)
    return [(*path, key) for key in unknown]


def _add(source: Source, code: str, path: tuple[str | int, ...], problems: Problems, suggestion: str = "", **params: Any) -> None:
    mark = source.mark(path)
    problems.add(code, mark, suggestion, source.line(mark.line), **params)


def _wanted(error: Any) -> str:
    if error.validator == "type":
        types = error.validator_value if isinstance(error.validator_value, list) else [error.validator_value]
        return " sau ".join(TYPES[name] for name in types)
    return str(error.schema.get("description", "altceva"))


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "un grup de chei"
    if isinstance(value, list):
        return "o listă"
    if value is None:
        return "nimic"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"„{value}”" if isinstance(value, str) else str(value)
