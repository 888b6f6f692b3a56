"""Takes away a lost second factor where nobody stands above: of the last national member, for instance."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.accounts import services
from portal.accounts.models import User, normal_email


class Command(BaseCommand):
    help = "Șterge al doilea factor pierdut al unui cont; persoana îl pornește din nou la următoarea intrare."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("--reason", required=True, metavar="MOTIV", help="rămâne în istoricul contului și ajunge la persoană")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email=normal_email(options["email"])).first()
        if user is None:
            raise CommandError("Nu există un cont cu această adresă.")
        try:
            services.reset_factor(user, by=None, reason=options["reason"])
        except services.Refusal as refusal:
            raise CommandError(str(refusal.sentence)) from refusal
        self.stdout.write(f"{user.email}: al doilea factor a fost șters, sesiunile au fost închise.")
