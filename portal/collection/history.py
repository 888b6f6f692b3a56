"""The history of a place: who did what, when, from which state to which, why, through what. Cells of saves are counted, never shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.collection import words
from portal.collection.models import Collection, Event
from portal.network.models import Level
from portal.rounds import windows

SAVE = "save"


@dataclass(frozen=True, slots=True)
class Entry:
    """One event in words. ``before``, ``after``: the state of the place, '' where it did not change."""

    at: datetime
    action: str
    what: str
    place: Collection
    who: str
    through: str
    before: str
    after: str
    reason: str
    section: str
    cells: int


def events_of(collection: Collection) -> QuerySet[Event]:
    """Newest first: what happened to a place, and to those directly below. Saves of answers belong to the unit they were made in."""
    below = Q(collection__parent=collection)
    if collection.level != Level.UNIT:
        below &= ~Q(action=SAVE)
    events = Event.objects.filter(Q(collection=collection) | below)
    return events.select_related("by", "collection").order_by("-at", "-pk")


def entry_of(event: Event) -> Entry:
    changed = event.before != event.after
    return Entry(
        at=event.at, action=event.action, what=_what(event), place=event.collection, who=_who(event), through=str(event.get_through_display()),
        before=words.state_in_words(event.before) if changed else "", after=words.state_in_words(event.after) if changed else "",
        reason=_reason(event), section=event.section, cells=len(event.changes),
    )  # fmt: skip


def _what(event: Event) -> str:
    what = str(words.EVENTS.get(event.action, event.action))
    if event.action == SAVE:
        return f"{what}: {words.fields_counted(len(event.changes))}"
    if event.action == "follow_network":
        return f"{what}: {'; '.join(words.taken_over(event.detail))}"
    until = event.detail.get("until")
    if until:
        return _("{what}, până la {when}").format(what=what, when=windows.words(datetime.fromisoformat(until), limit=True))
    return what


def _who(event: Event) -> str:
    """The person; who fills a table through a link has no name here, but the class has."""
    if event.by is not None:
        return event.by.full_name
    return _("cine are linkul clasei {name}").format(name=event.collection.name) if event.link_id else _("comandă pe server")


def _reason(event: Event) -> str:
    """The reason given. An exemption names its reason by the code of the list."""
    code, colon, text = event.reason.partition(": ")
    if event.action == "exempt" and colon and code in words.EXEMPTION_REASONS:
        return f"{words.EXEMPTION_REASONS[code]}: {text}"
    return event.reason


def file_name(what: str, collection: Collection, suffix: str) -> str:
    """What the file of a history is called: made of ids and the day."""
    return f"{what}-{collection.pk}-{timezone.localdate():%Y%m%d}.{suffix}"
