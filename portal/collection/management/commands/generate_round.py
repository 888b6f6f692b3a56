"""``manage.py generate_round --county AB [--seed 1] [--filled 0.9]``: invented answers for the untouched units of an open round."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import QuerySet

from portal.collection import generating
from portal.collection.generating import finishing
from portal.collection.models import Collection
from portal.network.models import Level
from portal.rounds.models import Round
from portal.rounds.selectors import current_round

CASES = {"apart": "romi într-una din clasele paralele", "nobody": "niciun elev vulnerabil", "no_bench": "două bănci lipsă într-o clasă"}


class Command(BaseCommand):
    help = "Completează unitățile neîncepute ale unei campanii deschise cu răspunsuri inventate; aceeași sămânță dă aceleași răspunsuri."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--county", action="append", default=[], metavar="XX", help="județul, prin cele două litere; se poate repeta")
        parser.add_argument("--all", action="store_true", help="toate județele")
        parser.add_argument("--round", default="", metavar="YEAR", help="anul școlar al campaniei; implicit campania curentă")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--filled", type=float, default=0.9, help="partea unităților care au completat tot (0–1)")
        parser.add_argument(
            "--finalise", type=float, default=0.0, help="partea școlilor care se finalizează cu tot cu unitățile lor (0–1); 1: toate, și județul"
        )
        parser.add_argument("--events", action="store_true", help="scrie și istoricul trimiterii tabelelor")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Răspunsuri inventate se scriu numai într-o instalare demonstrativă (DEMO=1).")
        if not all(0 <= options[name] <= 1 for name in ("filled", "finalise")):
            raise CommandError("Părțile sunt între 0 și 1.")
        order = generating.Order(options["seed"], options["filled"], options["events"], blank=options["finalise"] < 1)
        for county in _counties(_round(options["round"]), options):
            self._county(county, order, options["finalise"])

    def _county(self, county: Collection, order: generating.Order, share: float) -> None:
        [written] = generating.generate([county], order)
        self.stdout.write(f"{county.name}: {written.units} unități, {written.classes} clase.")
        for case, code in written.planted.items():
            self.stdout.write(f"  {CASES[case]}: unitatea {code}")
        if share:
            done = finishing.finalise(county, share, order.seed)
            self.stdout.write(f"  finalizate: {done.units} unități și {done.schools} școli; au probleme de corectat: {done.refused}.")
            if share == 1:
                self.stdout.write(f"  exceptate: {done.exempted} unități fără elevi; județul {'este' if done.county else 'nu este'} finalizat.")


def _round(year: str) -> Round:
    found = Round.objects.filter(school_year=year).first() if year else current_round()
    if found is None or found.state != Round.State.OPEN:
        raise CommandError("Nu există o campanie deschisă pentru acest an școlar.")
    return found


def _counties(round_: Round, options: dict[str, Any]) -> QuerySet[Collection]:
    every = Collection.objects.filter(round=round_, level=Level.COUNTY).select_related("round__methodology").order_by("code")
    if options["all"]:
        return every
    codes = {code.upper() for code in options["county"]}
    unknown = codes - set(every.values_list("code", flat=True))
    if unknown or not codes:
        raise CommandError(f"Nu sunt în campanie: {', '.join(sorted(unknown))}." if unknown else "Alegeți județul (--county AB) sau --all.")
    return every.filter(code__in=codes)
