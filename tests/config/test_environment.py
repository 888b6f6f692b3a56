"""Settings from environment variables: what is right is read, nonsense stops the start with a sentence that names the variable."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import environment

READERS: dict[str, Callable[[], Any]] = {
    "flag": lambda: environment.flag("X", False),
    "number": lambda: environment.number("X", 3),
    "one_of": lambda: environment.one_of("X", "a", ("a", "b")),
    "origin": lambda: environment.origin("X", ""),
    "prefix": lambda: environment.prefix("X"),
    "address": lambda: environment.address("X", "a@localhost"),
    "mail": lambda: environment.mail("X", required=True),
    "queue": lambda: environment.queue("X", "unix:///q.sock?db=0"),
    "database": lambda: environment.database("X", Path("db.sqlite3"), 30),
}


@pytest.mark.parametrize(
    ("reader", "text", "value"),
    [
        ("flag", "da", True),
        ("flag", "0", False),
        ("flag", "", False),
        ("number", "12", 12),
        ("number", "", 3),
        ("one_of", "b", "b"),
        ("origin", "https://monitorizare.example.ro/", "https://monitorizare.example.ro"),
        ("origin", "http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("prefix", "/mds/", "mds/"),
        ("prefix", "", ""),
        ("address", "Comisia <comisia@example.ro>", "Comisia <comisia@example.ro>"),
        ("queue", "rediss://:secret@queue.example.ro:6380/1", "rediss://:secret@queue.example.ro:6380/1"),
    ],
)  # fmt: skip
def test_what_is_right_is_read(monkeypatch: pytest.MonkeyPatch, reader: str, text: str, value: object) -> None:
    monkeypatch.setenv("X", text)
    assert READERS[reader]() == value


@pytest.mark.parametrize(
    ("reader", "text"),
    [
        ("flag", "perhaps"),
        ("number", "0"), ("number", "-1"), ("number", "1.5"), ("number", "٣"), ("number", "x"),
        ("one_of", "c"),
        ("origin", ""), ("origin", "example.ro"), ("origin", "ftp://example.ro"), ("origin", "https://example.ro/mds"), ("origin", "https://u:p@example.ro"),
        ("prefix", "/a b"), ("prefix", "/../etc"),
        ("address", "comisia"), ("address", "a@b@c"), ("address", "Comisia comisia@example.ro"), ("address", "a@example.ro\nBcc: b@example.ro"),
        ("mail", ""), ("mail", "smtp://"), ("mail", "http://example.ro"), ("mail", "smtp://h:port"), ("mail", "smtp://h:70000"),
        ("mail", "smtp://h?tls=yes"), ("mail", "smtp://h?ssl=1"), ("mail", "smtp://h/path"),
        ("queue", "localhost:6379"), ("queue", "redis://"), ("queue", "unix://"), ("queue", "redis://h:x"),
        ("database", "mysql://h/d"), ("database", "postgres://h"), ("database", "postgres://h:x/d"), ("database", "postgres"),
    ],
)  # fmt: skip
def test_nonsense_stops_the_start_with_a_sentence(monkeypatch: pytest.MonkeyPatch, reader: str, text: str) -> None:
    monkeypatch.setenv("X", text)
    with pytest.raises(ImproperlyConfigured, match="Variabila X "):
        READERS[reader]()


def test_the_mail_server_is_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", "smtp://user%40example.ro:p%3Ass@mail.example.ro:2525?tls=1")
    found = environment.mail("X", required=True)
    assert {name: found[f"EMAIL_{name}"] for name in ("HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "USE_TLS", "USE_SSL")} == {
        "HOST": "mail.example.ro", "PORT": 2525, "HOST_USER": "user@example.ro", "HOST_PASSWORD": "p:ss", "USE_TLS": True, "USE_SSL": False,
    }  # fmt: skip
    monkeypatch.setenv("X", "smtps://mail.example.ro")
    found = environment.mail("X", required=True)
    assert (found["EMAIL_PORT"], found["EMAIL_USE_SSL"], found["EMAIL_USE_TLS"]) == (465, True, False)


def test_mail_goes_to_files_only_where_that_is_said_or_in_development(monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"EMAIL_BACKEND": "portal.outbox.mail.FileBackend"}
    monkeypatch.delenv("X", raising=False)
    assert environment.mail("X", required=False) == files
    monkeypatch.setenv("X", "file:")
    assert environment.mail("X", required=True) == files


def test_a_postgresql_address_carries_the_time_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", "postgres://ana:p%40ss@db.example.ro:5433/date")
    found = environment.database("X", Path("unused"), 30)
    assert (found["NAME"], found["USER"], found["PASSWORD"], found["HOST"], found["PORT"]) == ("date", "ana", "p@ss", "db.example.ro", "5433")
    assert found["OPTIONS"] == {"options": "-c statement_timeout=30000 -c lock_timeout=20000 -c idle_in_transaction_session_timeout=60000"}
