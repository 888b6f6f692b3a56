"""Rounds as their pages show them: who sees which, windows and acts in words, methodologies that a round can still be made on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.rounds import windows
from portal.rounds.models import MethodologyVersion, Round, RoundEvent
from portal.rounds.permissions import may_manage
from portal.ui.templatetags.romanian import counted

EVENT_WORDS = {
    "made": _("a făcut campania"),
    "windows_moved": _("a mutat termene"),
    "letter_rewritten": _("a schimbat scrisoarea"),
    "opening": _("a cerut deschiderea campaniei"),
    "opened": _("a deschis campania"),
    "followed": _("a adus campania la zi cu rețeaua"),
    "closed": _("a închis campania"),
}


COUNTED_WORDS = {
    "county": _("inspectorat,inspectorate"),
    "school": _("școală,școli"),
    "unit": _("unitate,unități"),
    "class": _("clasă,clase"),
}


@dataclass(frozen=True, slots=True)
class ShownEvent:
    """An act on a round: when, who, what."""

    at: datetime
    by: str
    what: Any


@dataclass(frozen=True, slots=True)
class ShownWindow:
    """A window of a round in words."""

    label: str
    moment: str
    passed: bool


def rounds_seen(user: User | AnonymousUser) -> QuerySet[Round]:
    """The rounds a person may look at: one in preparation is the commission's alone."""
    every = Round.objects.select_related("methodology")
    return every if may_manage(user) else every.exclude(state=Round.State.DRAFT)


def shown_windows(round_: Round, now: datetime | None = None) -> list[ShownWindow]:
    """The windows in words, in order, the passed ones marked."""
    moments = {name: getattr(round_, name) for name in windows.CALENDAR}
    labels = {name: capfirst(str(Round._meta.get_field(name).verbose_name)) for name in moments}  # type: ignore[union-attr]
    return [
        ShownWindow(labels[name], windows.words(moment, limit=name != "opens_at"), moment <= (now or timezone.now()))
        for name, moment in moments.items()
    ]  # fmt: skip


def events_of(round_: Round) -> list[ShownEvent]:
    """What was done to a round, newest first, in words."""
    rows = round_.events.select_related("by").order_by("-at", "-pk")
    return [ShownEvent(row.at, str(row.by or _("comandă pe server")), _what(row)) for row in rows]


def _what(event: RoundEvent) -> str:
    """The act, and how many places and classes it brought into the round."""
    made = [counted(event.changes[level][1], str(words)) for level, words in COUNTED_WORDS.items() if level in event.changes]
    return f"{EVENT_WORDS[event.action]}: {', '.join(made)}" if made else str(EVENT_WORDS[event.action])


def published() -> QuerySet[MethodologyVersion]:
    return MethodologyVersion.objects.filter(published_at__isnull=False)


def versions_without_round() -> list[MethodologyVersion]:
    """Published versions on which a round may be made: of codes that have none yet, newest first."""
    taken = Round.objects.values("methodology__code")
    return list(published().exclude(code__in=taken).order_by("-code", "-published_at"))
