"""Nothing secret or personal in the log, whichever way it gets there."""

from __future__ import annotations

import logging

import pytest

from config.logs import Plain, blotted


@pytest.mark.parametrize(
    ("line", "logged"),
    [
        ("Not Found: /t/abcdefghijklmnop234567/pas/2/", "Not Found: /t/…/pas/2/"),
        ("GET /mds/invitatii/abc234/ HTTP/1.1", "GET /mds/invitatii/…/ HTTP/1.1"),
        ("/cont/parola/key/1-c8x2-99ab/", "/cont/parola/key/…/"),
        ("mail to ana.pop+x@scoala-1.example.ro refused", "mail to …@… refused"),
        ("value 1960101410019 is bad", "value … is bad"),
        ("unit 0761100123 of round 12", "unit 0761100123 of round 12"),
        ("/colectare/12/", "/colectare/12/"),
    ],
)  # fmt: skip
def test_a_line_is_blotted(line: str, logged: str) -> None:
    assert blotted(line) == logged


def test_arguments_and_tracebacks_are_blotted_too() -> None:
    try:
        raise ValueError("duplicate key (email)=(ana@example.ro)")
    except ValueError as error:
        record = logging.LogRecord("portal", logging.ERROR, "", 0, "at %s", ("/t/abcdef/",), (type(error), error, error.__traceback__))
    shown = Plain("%(message)s").format(record)
    assert "abcdef" not in shown and "ana@example.ro" not in shown and "ValueError" in shown
