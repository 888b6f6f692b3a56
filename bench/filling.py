"""``python -m bench.filling``: the pages and saves of class tables (``bench.class_pages``), as production serves them.

Needs an empty database in DATABASE_URL (PostgreSQL for the figures of the database; SQLite counts itself to the web process). Writes
bench/results/filling.json.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import django

FILE = Path(__file__).resolve().parent / "results" / "filling.json"
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings",
    "DEBUG": "0",
    "SECRET_KEY": "bench" * 12,
    "ALLOWED_HOSTS": "127.0.0.1",
    "SECURE_SSL_REDIRECT": "0",
    "SITE_URL": "https://127.0.0.1",
    "EMAIL_URL": "smtps://mail.example.org",
}


def main() -> None:
    os.environ |= PRODUCTION | os.environ
    django.setup()
    from bench.class_pages import measured

    found = json.dumps(measured(), indent=1, ensure_ascii=False)
    FILE.write_text(found + "\n", "utf-8")
    print(found)


if __name__ == "__main__":
    main()
