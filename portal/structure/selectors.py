"""What pages show of the network: only places at and below those where the person holds a role; others do not exist (404)."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils import timezone

from engine.forms import text_in
from portal.accounts.models import Membership, User
from portal.network import selectors as network
from portal.network.importing.columns import Columns, columns_of
from portal.network.models import Level, Place
from portal.rounds import methodologies
from portal.rounds.selectors import current_round
from portal.structure.models import NetworkImport
from portal.ui.templatetags.romanian import SOURCE, language

LEVELS = [level.value for level in Level]


def own_places(user: User) -> list[Place]:
    """The places where a person holds a role now, highest first; those below another of them are left out."""
    held = Place.objects.filter(pk__in=Membership.objects.held().filter(user=user).values("place"))
    places = sorted(held, key=lambda place: (LEVELS.index(place.level), place.sort_key))
    return [place for place in places if not any(place.path.startswith(other.path) and place != other for other in places)]


def visible_to(user: User) -> QuerySet[Place]:
    """The places that a person may look at."""
    return network.at_or_below(own_places(user))


def chain_of(place: Place) -> list[Place]:
    """The place and everything above it, from the top."""
    ids = [int(part) for part in place.path.split("/") if part]
    found = Place.objects.in_bulk(ids)
    return [found[pk] for pk in ids]


def school_year() -> str:
    """The school year that work is on: of the current round, else by today's date."""
    round_ = current_round()
    return round_.school_year if round_ else network.school_year_of(timezone.localdate())


def columns(kind: str) -> Columns:
    """The columns of a list, with the choices of the current round's methodology."""
    round_ = current_round()
    if round_ is None:
        return columns_of(kind)
    lists = methodologies.of(round_.methodology).choices
    labels = {name: {choice.code: choice.label.get("ro", choice.code) for choice in entry.choices} for name, entry in lists.items()}
    return columns_of(kind).with_values(labels)


def spoken_columns(kind: str) -> Columns:
    """The same in the language of the page; a value that no methodology translates is marked as Romanian."""
    round_, said = current_round(), language()
    lists = methodologies.of(round_.methodology).choices if round_ is not None else {}
    labels = {name: {choice.code: text_in(choice.label, said) for choice in entry.choices} for name, entry in lists.items()}
    return columns(kind).spoken(labels, lambda label: text_in({SOURCE: label}, said))


# ---- imports ---------------------------------------------------------------------------------------------


def imports_seen(user: User) -> QuerySet[NetworkImport]:
    """The imports for places that a person may look at; a national member sees those of commands as well."""
    own = own_places(user)
    seen = Q(place__in=network.at_or_below(own).filter(level__in=(Level.NATIONAL, Level.COUNTY)))
    if any(place.level == Level.NATIONAL for place in own):
        seen |= Q(place=None)
    found = NetworkImport.objects.filter(seen).select_related("place", "uploaded_by", "applied_by", "undone_by")
    return found.defer("content", "difference", "changes")


def imports_of(place: Place, user: User) -> QuerySet[NetworkImport]:
    """The imports for a place, latest first."""
    here = Q(place=place) | (Q(place=None) if place.level == Level.NATIONAL else Q(pk__in=[]))
    return imports_seen(user).filter(here).defer("preview", "report").order_by("-uploaded_at", "-pk")
