"""Who answers what: the people of a place who are asked, and the level that is proposed to whoever asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.accounts.models import Membership, User
from portal.accounts.roles import ROLES
from portal.accounts.selectors import chain_of
from portal.network.models import Level, Place

ANSWERERS = frozenset({"national_member", "methodologist", "general_inspector", "inspector", "director", "unit_manager"})
"""Roles that answer at their place. Analysts and operators change nothing, so they promise nothing either."""


@dataclass(frozen=True, slots=True)
class Addressee:
    """A place that may be asked. ``answers``: whether anybody there has an account to answer with."""

    place: Place
    answers: bool


def addressees_of(about: Place | None) -> list[Addressee]:
    """The place itself and every place above it, from the lowest; the nation alone where no place is known. The nation can always be asked."""
    chain = list(reversed(chain_of(about))) if about is not None else list(Place.objects.filter(level=Level.NATIONAL))
    peopled = set(Membership.objects.held().filter(place__in=chain, role__in=ANSWERERS).values_list("place", flat=True))
    return [Addressee(place, place.pk in peopled or place.level == Level.NATIONAL) for place in chain]


def proposed(addressees: Sequence[Addressee], memberships: Sequence[Membership]) -> Place | None:
    """One level up from whoever asks: above the place they lead, or those who lead the place they work at; from outside, the place itself."""
    positions = {one.place.pk: number for number, one in enumerate(addressees)}
    starts = [positions[held.place_id] + ROLES[held.role].leading for held in memberships if held.place_id in positions]
    ready = [number for number, one in enumerate(addressees) if one.answers]
    above = [number for number in ready if number >= max(starts, default=0)]
    return addressees[(above or ready[-1:])[0]].place if ready else None


def people_asked(place: Place) -> list[User]:
    """Whom a message to a place is mailed to."""
    return list(User.objects.filter(memberships__in=Membership.objects.held().filter(place=place, role__in=ANSWERERS), is_active=True).distinct())
