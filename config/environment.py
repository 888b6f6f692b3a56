"""Settings from environment variables, read strictly: nonsense stops the start with a sentence, it is never guessed."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import unquote, urlparse

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


def number(name: str, default: int) -> int:
    """A whole number above zero."""
    raw = text(name) or str(default)
    if not raw.isascii() or not raw.isdigit() or int(raw) == 0:
        raise ImproperlyConfigured(f"Variabila {name} trebuie să fie un număr întreg mai mare ca zero, nu „{raw}”.")
    return int(raw)


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


def database(name: str, default: Path) -> dict[str, object]:
    """``DATABASE_URL``: sqlite:///path or postgres://user:password@host:port/name; SQLite in the data folder without it."""
    raw = text(name)
    if raw == "" or raw.startswith("sqlite:///"):
        default.parent.mkdir(parents=True, exist_ok=True)
        # WAL and immediate transactions: with the defaults, writers that meet fail instead of waiting.
        options = {"init_command": "PRAGMA journal_mode=WAL;", "transaction_mode": "IMMEDIATE", "timeout": 20}
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": raw.removeprefix("sqlite:///") or default, "OPTIONS": options}
    parts = urlparse(raw)
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise ImproperlyConfigured(f"Variabila {name} trebuie să înceapă cu sqlite:/// sau postgres:// și să numească baza de date.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_HEALTH_CHECKS": True,
        "CONN_MAX_AGE": 60,
    }
