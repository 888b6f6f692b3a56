"""What pages read about people: the roles somebody holds, who is at a place, who is missing below it, who may help."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import QuerySet

from portal.accounts.models import Invitation, Membership, User
from portal.accounts.roles import NAMES_BELOW, ROLES
from portal.network.models import ABOVE, Level, Place
from portal.network.ordering import folded

LEVELS = [level.value for level in Level]
BELOW = {above: below for below, above in ABOVE.items()}


def memberships_of(user: User) -> list[Membership]:
    """The roles held now, the highest level and the highest rank first."""
    held = Membership.objects.held().filter(user=user).select_related("place", "user")
    return sorted(held, key=lambda one: (LEVELS.index(one.place.level), one.place.sort_key, one.place_id, -ROLES[one.role].rank))


def by_place(memberships: Iterable[Membership]) -> dict[Place, list[Membership]]:
    grouped: dict[Place, list[Membership]] = {}
    for membership in memberships:
        grouped.setdefault(membership.place, []).append(membership)
    return grouped


def people_at(place: Place) -> list[Membership]:
    """The roles held at a place now, the highest first."""
    held = Membership.objects.held().filter(place=place).select_related("user", "place")
    return sorted(held, key=lambda membership: (-ROLES[membership.role].rank, membership.user.full_name))


def invitations_to(place: Place) -> QuerySet[Invitation]:
    """Invitations to a place that are neither accepted nor withdrawn."""
    return Invitation.objects.open_().filter(place=place).select_related("invited_by__user").order_by("created_at", "pk")


def chain_of(place: Place) -> list[Place]:
    """The place and everything above it, from the top."""
    ids = [int(part) for part in place.path.split("/") if part]
    found = Place.objects.in_bulk(ids)
    return [found[pk] for pk in ids]


# ---- below -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """A place directly below, with those who lead it and the open invitations to lead it."""

    place: Place
    leaders: list[Membership] = field(default_factory=list)
    invitations: list[Invitation] = field(default_factory=list)

    @property
    def situation(self) -> str:
        """``account``, ``invited`` or ``missing``."""
        return "account" if self.leaders else "invited" if self.invitations else "missing"


def leading_role_below(place: Place) -> str | None:
    """The role that leads the places directly below; None under a unit."""
    level = BELOW.get(place.level)
    return next((role.code for role in ROLES.values() if role.leading and level in role.levels), None)


def lines_below(place: Place) -> list[Line]:
    """The places directly below that take part, in the order of their names, each with its leading people. Three queries for any number."""
    role = leading_role_below(place)
    if role is None:
        return []
    lines = {child.pk: Line(child) for child in place.children.filter(collects=True, closed_on=None).order_by("sort_key", "pk")}
    for membership in Membership.objects.held().filter(role=role, place__parent=place).select_related("user"):
        if membership.place_id in lines:
            lines[membership.place_id].leaders.append(membership)
    for invitation in Invitation.objects.open_().filter(role=role, place__parent=place):
        if invitation.place_id in lines:
            lines[invitation.place_id].invitations.append(invitation)
    return list(lines.values())


def matches(place: Place, query: str) -> bool:
    """Whether a place is meant by what somebody typed: a part of its name, in any spelling, or the start of its code."""
    return folded(query) in folded(place.name) or place.code.startswith(query)


def to_remind(place: Place) -> list[Invitation]:
    """The open invitations to lead a place directly below that nobody leads yet."""
    waiting = (line.invitations for line in lines_below(place) if line.situation == "invited")
    return [invitation for invitations in waiting for invitation in invitations]


# ---- help ------------------------------------------------------------------------------------------------


def helpers_of(membership: Membership) -> list[Membership]:
    """Whom a person asks first: those who lead the same place, else those who name people from the nearest place above that has any."""
    role = ROLES[membership.role]
    if not role.leading:
        return [other for other in people_at(membership.place) if ROLES[other.role].rank > role.rank]
    for above in reversed(chain_of(membership.place)[:-1]):
        found = [other for other in people_at(above) if other.role in NAMES_BELOW]
        if found:
            return found
    return []
