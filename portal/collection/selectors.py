"""What one may look at: every query of collections starts from the places of the person who asks."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from portal.accounts.models import Membership, User
from portal.collection.models import CLASS, Collection
from portal.rounds.models import Round

PARENT = Collection._meta.get_field("parent")


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


def way_up(collection: Collection) -> list[Collection]:
    """The collection and everything above it, lowest first; what has been read already is not asked again."""
    rows = [collection]
    while (above := rows[-1]).parent_id is not None:
        if not PARENT.is_cached(above):
            found = Collection.objects.in_bulk(above.chain_ids[:-1])
            return rows + [found[pk] for pk in reversed(above.chain_ids[:-1])]
        assert above.parent is not None
        rows.append(above.parent)
    return rows


def classes_of(unit: Collection) -> QuerySet[Collection]:
    """The classes of a unit, in the order of their names, with their links and without the rows of their tables."""
    return Collection.objects.filter(parent=unit, level=CLASS).select_related("link", "table").defer("table__content").order_by("sort_key")
