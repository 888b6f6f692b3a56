"""``manage.py work [QUEUE…]``: does jobs until stopped; exit 1 when the queue server went away, so that it is started again."""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from portal.outbox import worker


class Command(BaseCommand):
    help = "Face lucrările din coadă până este oprită; merge și fără serverul de cozi, mai rar."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("queues", nargs="*", metavar="COADĂ", choices=[*settings.RQ_QUEUES, []])

    def handle(self, *args: Any, **options: Any) -> None:
        if not worker.serve(options["queues"] or list(settings.RQ_QUEUES)):
            sys.exit(1)
