"""``python -m config.prepare``: brings the database up to date, collects static files in production, makes the demonstration once."""

from __future__ import annotations

import os
from contextlib import suppress

import django
from django.core.management import CommandError, call_command, get_commands

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def main() -> None:
    django.setup()
    from django.conf import settings

    call_command("migrate", verbosity=0)
    if not settings.DEBUG:
        call_command("collectstatic", interactive=False, verbosity=0)
    if settings.DEMO and "seed_demo" in get_commands():
        show_demo()


def show_demo() -> None:
    """Makes the demonstration in an empty database and shows its accounts at every start; a database with data of its own is left alone."""
    from portal.accounts.models import User

    if not User.objects.exists():
        print("→ Pregătesc datele demonstrative (o singură dată)", flush=True)
    with suppress(CommandError):
        call_command("seed_demo")


if __name__ == "__main__":
    main()
