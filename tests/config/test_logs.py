"""Nothing secret or personal in the log, whichever way it gets there."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLResolver, get_resolver

from config.logs import Plain, blotted


@pytest.mark.parametrize(
    ("line", "logged"),
    [
        ("Not Found: /t/abcdefghijklmnop234567/pas/2/", "Not Found: /t/…/pas/2/"),
        ("GET /mds/invitatii/abc234/ HTTP/1.1", "GET /mds/invitatii/…/ HTTP/1.1"),
        ("/parola/noua/1-c8x2-99ab/", "/parola/noua/…/"),
        ("/parola/noua/gata/", "/parola/noua/gata/"),
        ("mail to ana.pop+x@scoala-1.example.ro refused", "mail to …@… refused"),
        ("value 1960101410019 is bad", "value … is bad"),
        ("unit 0761100123 of round 12", "unit 0761100123 of round 12"),
        ("/colectare/12/", "/colectare/12/"),
    ],
)  # fmt: skip
def test_a_line_is_blotted(line: str, logged: str) -> None:
    assert blotted(line) == logged


def test_every_address_with_a_token_is_blotted() -> None:
    """Found among the addresses of the product, so that a new one is not forgotten."""
    token = "abcdefghijklmnopqrstuvwxyz234567"
    secret = {"token", "key"}
    seen = []
    for name, patterns in all_patterns(get_resolver()):
        for pattern, parameters in patterns:
            if secret & set(parameters):
                address = "/" + pattern % {parameter: token if parameter in secret else "1" for parameter in parameters}
                seen.append(name)
                assert token not in blotted(f"GET {address} HTTP/1.1"), address
    assert {"invitation", "link_start", "account_reset_password_from_key"} <= set(seen)


def all_patterns(resolver: URLResolver) -> Iterator[Any]:
    """(name, ways to write it) of every address, in namespaces too."""
    for name in [key for key in resolver.reverse_dict if isinstance(key, str)]:
        for patterns, *_ in resolver.reverse_dict.getlist(name):
            yield name, patterns
    for _, inner in resolver.namespace_dict.values():
        yield from all_patterns(inner)


def test_arguments_and_tracebacks_are_blotted_too() -> None:
    try:
        raise ValueError("duplicate key (email)=(ana@example.ro)")
    except ValueError as error:
        record = logging.LogRecord("portal", logging.ERROR, "", 0, "at %s", ("/t/abcdef/",), (type(error), error, error.__traceback__))
    shown = Plain("%(message)s").format(record)
    assert "abcdef" not in shown and "ana@example.ro" not in shown and "ValueError" in shown
