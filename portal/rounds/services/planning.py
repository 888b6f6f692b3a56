"""Rounds: made from a methodology's calendar, changed while they are prepared, closed. What opens them lies with the collections."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from engine.methodology import Methodology
from portal.accounts.models import User
from portal.rounds import letters, methodologies, signals, windows
from portal.rounds.models import MethodologyVersion, Round, RoundEvent
from portal.rounds.permissions import require_manager

SCHOOL_YEAR = re.compile(r"[0-9]{4}-[0-9]{4}")


class RoundRefused(Exception):
    """The act is not possible; ``field`` names the window it is about, where it is about one."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


def make_round(version: MethodologyVersion, moments: Mapping[str, datetime] | None = None, by: User | None = None) -> Round:
    """A round in preparation for the methodology's school year, on its calendar where no ``moments`` are given."""
    require_manager(by)
    if version.published_at is None:
        raise RoundRefused(_("Metodologia nu este publicată."))
    methodology = methodologies.of(version)
    school_year = _school_year(methodology)
    chosen = dict(moments if moments is not None else windows.proposal(methodology))
    _check(chosen)
    with transaction.atomic():
        if Round.objects.filter(school_year=school_year).exists():
            raise RoundRefused(_("Există deja o campanie pentru anul școlar %(year)s.") % {"year": school_year})
        made = Round.objects.create(school_year=school_year, methodology=version, letter=letters.PROPOSAL, **chosen)
        _record(made, "made", by, {name: [None, moment.isoformat()] for name, moment in chosen.items()})
    return made


def move_windows(round_: Round, moments: Mapping[str, datetime], by: User | None = None, at: datetime | None = None) -> Round:
    """Sets the windows. In an open round only limits move, and only to a moment that is still to come."""
    require_manager(by)
    with transaction.atomic():
        signals.changing.send(Round, round=round_)
        held = Round.objects.select_for_update().get(pk=round_.pk)
        changed = {name: moment for name, moment in moments.items() if moment != getattr(held, name)}
        _check({name: moments.get(name, getattr(held, name)) for name in windows.CALENDAR})
        _check_moves(held, changed, at or timezone.now())
        _change(held, "windows_moved", changed, by)
        if changed:
            signals.windows_moved.send(Round, round=held)
    return held


def rewrite_letter(round_: Round, text: str, by: User | None = None) -> Round:
    """Changes the letter to the inspectorates, as long as it has not been sent."""
    require_manager(by)
    unknown = letters.unknown_marks(text)
    if unknown:
        shown = {"mark": unknown[0], "marks": ", ".join(f"{{{mark}}}" for mark in letters.MARKS)}
        raise RoundRefused(_("Marcajul {%(mark)s} nu este cunoscut; puteți folosi %(marks)s.") % shown, "letter")
    with transaction.atomic():
        held = Round.objects.select_for_update().get(pk=round_.pk)
        if held.state != Round.State.DRAFT:
            raise RoundRefused(_("Campania a fost deschisă, deci scrisoarea a fost trimisă."))
        if held.is_opening:
            raise RoundRefused(_("Campania se deschide chiar acum; scrisoarea nu se mai schimbă."))
        _change(held, "letter_rewritten", {"letter": text} if text != held.letter else {}, by)
    return held


def close_round(round_: Round, by: User | None = None, at: datetime | None = None) -> Round:
    """Closes an open round: from now on nothing in it can be changed."""
    require_manager(by)
    with transaction.atomic():
        signals.changing.send(Round, round=round_)
        held = Round.objects.select_for_update().get(pk=round_.pk)
        if held.state != Round.State.OPEN:
            raise RoundRefused(_("Numai o campanie deschisă se poate închide."))
        _change(held, "closed", {"state": Round.State.CLOSED, "closed_at": at or timezone.now()}, by)
    return held


def _school_year(methodology: Methodology) -> str:
    """The period that the methodology is about, which a round takes as its school year."""
    period = str(methodology.declared["methodology"].get("period", ""))
    if not SCHOOL_YEAR.fullmatch(period):
        raise RoundRefused(_("Metodologia nu spune la „period” anul școlar, ca 2025-2026."))
    return period


def _check(moments: Mapping[str, datetime]) -> None:
    missing = next((name for name in windows.CALENDAR if name not in moments), None)
    if missing is not None:
        raise RoundRefused(_("Calendarul metodologiei nu spune toate termenele; alegeți-le."), missing)
    late = windows.disorder(moments)
    if late is not None:
        raise RoundRefused(_("Termenele vin unul după altul: acesta nu poate fi înaintea celui dinainte."), late)


def _check_moves(held: Round, changed: Mapping[str, datetime], now: datetime) -> None:
    if held.state == Round.State.CLOSED:
        raise RoundRefused(_("Campania este închisă; termenele nu se mai schimbă."))
    if held.state == Round.State.OPEN:
        for name, moment in changed.items():
            if name == "opens_at":
                raise RoundRefused(_("Campania este deschisă; începutul nu se mai schimbă."), name)
            if moment <= now:
                raise RoundRefused(_("Campania este deschisă; un termen se poate muta numai într-un moment viitor."), name)


def _change(held: Round, action: str, values: Mapping[str, object], by: User | None) -> None:
    if values:
        changes = {name: [_plain(getattr(held, name)), _plain(value)] for name, value in values.items()}
        for name, value in values.items():
            setattr(held, name, value)
        held.save(update_fields=[*values])
        _record(held, action, by, changes)


def _record(round_: Round, action: str, by: User | None, changes: Mapping[str, object]) -> None:
    RoundEvent.objects.create(round=round_, action=action, by=by, changes=dict(changes))


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
