"""``python -m config.prepare``: brings the database up to date, collects static files in production, makes the demonstration once."""

from __future__ import annotations

import os
from pathlib import Path

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
        tell_demo(settings.DATA_DIR / "demo-accounts.txt")


def tell_demo(kept: Path) -> None:
    """Makes the demonstration when nobody has an account yet; shows its accounts, as the command keeps them, at every start."""
    from portal.accounts.models import User

    if not User.objects.exists():
        print("→ Pregătesc datele demonstrative (o singură dată)", flush=True)
        try:
            call_command("seed_demo")
        except CommandError as refusal:  # somebody has begun with real data; that is no reason not to start
            print(refusal, flush=True)
    elif kept.exists():
        print(kept.read_text("utf-8").strip(), flush=True)


if __name__ == "__main__":
    main()
