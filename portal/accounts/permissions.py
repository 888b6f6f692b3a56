"""Who may invite whom where, and who may look at the people of a place. Rights come from the roles held now."""

from __future__ import annotations

from django.db.models import QuerySet

from portal.accounts.models import Membership, User
from portal.accounts.roles import NAMES_BELOW, ROLES, may_invite
from portal.network.models import Level, Place


def roles_near(user: User, place: Place) -> list[Membership]:
    """The roles a person holds at a place or directly above it: nobody else may name its people."""
    where = [place.pk, place.parent_id] if place.parent_id else [place.pk]
    held = Membership.objects.held().filter(user=user, place__in=where).select_related("place", "user")
    return sorted(held, key=lambda membership: -ROLES[membership.role].rank)


def may_give(held: Membership, role: str, place: Place) -> bool:
    """Whether one held role may give (and take) a role at a place: its own, or one directly below."""
    near = held.ended_at is None and held.place_id in (place.pk, place.parent_id)
    return near and may_invite(held.role, held.place.level, role, place.level)


def inviting_role(user: User, role: str, place: Place) -> Membership | None:
    """The role under which a person may give (and take) a role at a place; None when they may not."""
    return next((held for held in roles_near(user, place) if may_give(held, role, place)), None)


def invitable_roles(user: User, place: Place) -> list[str]:
    """The roles a person may give at a place, the leading one first."""
    near = roles_near(user, place)
    fits = [role for role in ROLES if any(may_give(held, role, place) for held in near)]
    return sorted(fits, key=lambda role: -ROLES[role].rank)


def places_seen(user: User) -> QuerySet[Place]:
    """Places whose people a person may look at: one's own, and everything below the places whose people one may name."""
    held = list(Membership.objects.held().filter(user=user).select_related("place"))
    seen = Place.objects.filter(pk__in=[membership.place_id for membership in held])
    for membership in held:
        if membership.role in NAMES_BELOW:
            seen |= Place.objects.filter(path__startswith=membership.place.path)
    return seen


def names_below(user: User, place: Place) -> bool:
    """Whether a person names those who lead the places directly below a place."""
    return Membership.objects.held().filter(user=user, place=place, role__in=NAMES_BELOW).exists()


def looks_after_below(user: User, place: Place) -> bool:
    """Whether a person sees who is missing below a place: whoever names people there or above it."""
    above = [int(part) for part in place.path.split("/") if part]
    return Membership.objects.held().filter(user=user, place__in=above, role__in=NAMES_BELOW).exists()


def may_reset_factor(by: User, user: User) -> bool:
    """Whether a person may take away the lost second factor of another: whoever leads the place directly above the highest places of that
    other person, or a national member; nobody their own."""
    if by == user:
        return False
    leading = {held.place_id for held in Membership.objects.held().filter(user=by).select_related("place") if ROLES[held.role].leading}
    if Place.objects.filter(pk__in=leading, level=Level.NATIONAL).exists():
        return True
    places = Place.objects.filter(memberships__in=Membership.objects.held().filter(user=user))
    highest = [place for place in places if not any(place.path.startswith(other.path) for other in places if other.pk != place.pk)]
    return bool(highest) and all(place.parent_id in leading for place in highest)
