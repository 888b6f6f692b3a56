"""What pages read about people: the roles somebody holds, who is at a place, who may help."""

from __future__ import annotations

from django.db.models import QuerySet

from portal.accounts.models import Membership, User
from portal.accounts.roles import NAMES_BELOW, ROLES
from portal.network.models import Level, Place

LEVELS = [level.value for level in Level]


def memberships_of(user: User) -> list[Membership]:
    """The roles held now, highest level first."""
    held = Membership.objects.filter(user=user, ended_at=None).select_related("place", "user")
    return sorted(held, key=lambda membership: (LEVELS.index(membership.place.level), membership.place.sort_key, membership.role))


def people_at(place: Place) -> QuerySet[Membership]:
    """The roles held at a place now."""
    return Membership.objects.filter(place=place, ended_at=None).select_related("user", "place").order_by("role", "user__full_name")


def helpers_of(membership: Membership) -> list[Membership]:
    """Whom a person asks first: those who lead the same place, else those who name people from the nearest place above that has any."""
    role = ROLES[membership.role]
    if not role.leading:
        return [other for other in people_at(membership.place) if ROLES[other.role].rank > role.rank]
    above = membership.place.parent
    while above is not None:
        found = [other for other in people_at(above) if other.role in NAMES_BELOW]
        if found:
            return found
        above = above.parent
    return []
