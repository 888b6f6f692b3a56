"""``manage.py publish_methodology FOLDER [--note TEXT]``: checks a methodology and its examples, then publishes it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.rounds import services


class Command(BaseCommand):
    help = "Verifică o metodologie și exemplele ei lucrate, apoi o publică; publicată, nu se mai schimbă."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", metavar="FOLDER")
        parser.add_argument("--note", default="", help="ce este nou în această versiune")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            version = services.publish(options["path"], note=options["note"])
        except services.PublishRefused as refused:
            raise CommandError("\n".join(["Metodologia nu a fost publicată:", *refused.problems])) from None
        self.stdout.write(f"{version}, publicată la {version.published_at:%d.%m.%Y}, amprenta {version.digest}.")
