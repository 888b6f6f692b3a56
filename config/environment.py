"""Settings from environment variables, read strictly: nonsense stops the start with a sentence, it is never guessed."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Sequence
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import ParseResult, parse_qsl, unquote, urlparse

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def flag(name: str, default: bool) -> bool:
    """A yes/no: 1, 0, true, false, yes, no."""
    raw = text(name).lower()
    if raw in ("1", "true", "yes", "da"):
        return True
    if raw in ("0", "false", "no", "nu"):
        return False
    if raw == "":
        return default
    raise ImproperlyConfigured(f"Variabila {name} trebuie să fie 1 sau 0, nu „{raw}”.")


def number(name: str, default: int, least: int = 1) -> int:
    """A whole number, ``least`` or more."""
    raw = text(name) or str(default)
    if not raw.isascii() or not raw.isdigit() or int(raw) < least:
        raise ImproperlyConfigured(f"Variabila {name} trebuie să fie un număr întreg, cel puțin {least}, nu „{raw}”.")
    return int(raw)


def one_of(name: str, default: str, choices: Sequence[str]) -> str:
    raw = text(name) or default
    if raw not in choices:
        raise ImproperlyConfigured(f"Variabila {name} trebuie să fie una dintre {', '.join(choices)}, nu „{raw}”.")
    return raw


def origin(name: str, default: str) -> str:
    """An address without path, such as ``https://monitorizare.example.ro``."""
    raw = text(name, default).rstrip("/")
    parts = urlparse(raw)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query or parts.fragment or parts.username:
        raise ImproperlyConfigured(f"Variabila {name} trebuie să fie o adresă fără cale, precum https://monitorizare.example.ro, nu „{raw}”.")
    return raw


def words(name: str, default: str = "") -> list[str]:
    """A list separated by commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def prefix(name: str) -> str:
    """A path prefix such as ``/mds``, as ``mds/`` for URL patterns; '' for none."""
    raw = text(name).strip("/")
    if raw and not all(part.replace("-", "").replace("_", "").isalnum() for part in raw.split("/")):
        raise ImproperlyConfigured(f"Variabila {name} trebuie să fie o cale precum /mds, nu „{raw}”.")
    return f"{raw}/" if raw else ""


def secret_key(folder: Path, required: bool) -> str:
    """SECRET_KEY; in development one is made once and kept in an untracked file."""
    given = text("SECRET_KEY")
    if given:
        if len(given) < 50:
            raise ImproperlyConfigured("Variabila SECRET_KEY trebuie să aibă cel puțin 50 de caractere.")
        return given
    if required:
        raise ImproperlyConfigured("Lipsește variabila SECRET_KEY: în producție (DEBUG=0) ea este obligatorie.")
    file = folder / "secret_key"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        file.write_text(secrets.token_urlsafe(60), "ascii")
        file.chmod(0o600)
    return file.read_text("ascii")


def address(name: str, default: str) -> str:
    """An e-mail address, alone or as ``Nume <adresa>``."""
    raw = text(name) or default
    shown, found = parseaddr(raw)
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", found) or (shown == "" and raw != found) or "\n" in raw:
        raise ImproperlyConfigured(f"Variabila {name} trebuie să fie o adresă de e-mail, nu „{raw}”.")
    return raw


def mail(name: str, required: bool) -> dict[str, Any]:
    """``EMAIL_URL`` as Django's settings of mail: smtp://user:password@host:port?tls=1, smtps:// for TLS from the first byte, file: for files."""
    raw = text(name)
    if raw == "file:" or (raw == "" and not required):
        return {"EMAIL_BACKEND": "portal.outbox.mail.FileBackend"}
    parts = urlparse(raw)
    options = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
    tls = options.pop("tls", "0")
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.path.strip("/") or options or tls not in ("0", "1"):
        raise ImproperlyConfigured(f"Variabila {name} trebuie să arate ca smtp://utilizator:parola@server:587?tls=1, smtps://… sau file:.")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port(name, parts) or (465 if parts.scheme == "smtps" else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and tls == "1",
        "EMAIL_TIMEOUT": 20,
    }


def port(name: str, parts: ParseResult) -> int | None:
    """The port of an address, None where it has none."""
    try:
        return parts.port
    except ValueError:
        raise ImproperlyConfigured(f"Variabila {name} are un port care nu este un număr între 0 și 65535.") from None


def queue(name: str, default: str) -> str:
    """``REDIS_URL``: redis://host:port/0, rediss:// for TLS, unix:///path?db=0."""
    raw = text(name) or default
    parts = urlparse(raw)
    if not (parts.scheme in ("redis", "rediss") and parts.hostname) and not (parts.scheme == "unix" and parts.path):
        raise ImproperlyConfigured(f"Variabila {name} trebuie să înceapă cu redis://, rediss:// sau unix://.")
    port(name, parts)
    return raw


def database(name: str, default: Path, statement_seconds: int) -> dict[str, object]:
    """``DATABASE_URL``: sqlite:///path or postgres://user:password@host:port/name; SQLite in the data folder without it.

    On PostgreSQL no statement runs longer than ``statement_seconds``, none waits for a lock longer than 20, no transaction is left open.
    """
    raw = text(name)
    if raw == "" or raw.startswith("sqlite:///"):
        default.parent.mkdir(parents=True, exist_ok=True)
        # WAL and immediate transactions: with the defaults, writers that meet fail instead of waiting.
        options = {"init_command": "PRAGMA journal_mode=WAL;", "transaction_mode": "IMMEDIATE", "timeout": 20}
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": raw.removeprefix("sqlite:///") or default, "OPTIONS": options}
    parts, wait = urlparse(raw), 1000 * statement_seconds
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise ImproperlyConfigured(f"Variabila {name} trebuie să înceapă cu sqlite:/// sau postgres:// și să numească baza de date.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(port(name, parts) or ""),
        "OPTIONS": {"options": f"-c statement_timeout={wait} -c lock_timeout={min(wait, 20_000)} -c idle_in_transaction_session_timeout={2 * wait}"},
        "CONN_HEALTH_CHECKS": True,
        "CONN_MAX_AGE": 60,
    }
