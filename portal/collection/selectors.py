"""What one may look at: every query of collections starts from the places of the person who asks."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from portal.accounts.models import Membership, User
from portal.collection.models import CLASS, Collection
from portal.rounds.models import Round
from portal.rounds.selectors import current_round


def visible_to(user: User) -> QuerySet[Collection]:
    """The collections at and below the places where the person holds a role. Others do not exist for them (404), nor for anybody those of a
    round that is not open yet."""
    if not user.is_authenticated:
        return Collection.objects.none()
    held = Membership.objects.filter(user=user, ended_at=None).values("place")
    paths = Collection.objects.filter(place__in=held).exclude(round__state=Round.State.DRAFT).values_list("path", flat=True)
    below = Q(pk__in=[])
    for path in paths:
        below |= Q(path__startswith=path)
    return Collection.objects.filter(below).select_related("round__methodology", "place", "parent__parent")


def places_of(user: User) -> list[int]:
    """The places where the person holds a role."""
    return list(Membership.objects.filter(user=user, ended_at=None).values_list("place", flat=True))


def classes_of(unit: Collection) -> QuerySet[Collection]:
    """The classes of a unit, in the order of their names, with their links and without the rows of their tables."""
    return Collection.objects.filter(parent=unit, level=CLASS).select_related("link", "table").defer("table__content").order_by("sort_key")


def own_collections(user: User) -> QuerySet[Collection]:
    """The collections of the current round at the places where the person holds a role, from the top."""
    held = Membership.objects.filter(user=user, ended_at=None).values("place")
    return Collection.objects.filter(place__in=held, round=current_round()).order_by("path")
