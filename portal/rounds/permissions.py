"""Who may make rounds and publish methodologies: roles held at the national place."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from portal.accounts.models import Membership, User
from portal.network.models import Level

MANAGERS = frozenset({"national_member"})
EDITORS = frozenset({"methodologist"})
PUBLISHERS = frozenset({"national_member", "methodologist"})


def may_manage(user: User | AnonymousUser) -> bool:
    """Making rounds, moving their windows, opening and closing them."""
    return _holds(user, MANAGERS)


def may_publish(user: User | AnonymousUser) -> bool:
    return _holds(user, PUBLISHERS)


def require_manager(user: User | AnonymousUser | None) -> None:
    """Raises ``PermissionDenied`` for a person without the right; None is a command at the server itself."""
    if user is not None and not may_manage(user):
        raise PermissionDenied


def may_edit(user: User | AnonymousUser) -> bool:
    """Writing drafts. Who only publishes reads them, and may take a text as it is to be published."""
    return _holds(user, EDITORS)


def require_publisher(user: User | AnonymousUser) -> None:
    """Raises ``PermissionDenied`` for a person without the right."""
    if not may_publish(user):
        raise PermissionDenied


def require_editor(user: User | AnonymousUser) -> None:
    """Raises ``PermissionDenied`` for a person without the right."""
    if not may_edit(user):
        raise PermissionDenied


def _holds(user: User | AnonymousUser, roles: frozenset[str]) -> bool:
    if not isinstance(user, User):
        return False
    held = Membership.objects.filter(user=user, place__level=Level.NATIONAL, role__in=roles, ended_at=None)
    return held.exists()
