"""The second factor: a code from a telephone (TOTP) besides the password, with recovery codes for lost telephones.

Compulsory for whoever holds a role of the commission or of an inspectorate, free for everybody else. The demonstration does not insist.
"""

from __future__ import annotations

from collections.abc import Iterable

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from portal.accounts.frame import held
from portal.accounts.models import Membership, User
from portal.accounts.roles import SECOND_FACTOR


def is_compulsory(memberships: Iterable[Membership]) -> bool:
    return not settings.DEMO and any(membership.role in SECOND_FACTOR for membership in memberships)


def is_compulsory_for(user: User) -> bool:
    return is_compulsory(Membership.objects.held().filter(user=user))


def is_missing(request: HttpRequest) -> bool:
    """Whether the person who is signed in must set one up first."""
    return isinstance(request.user, User) and is_compulsory(held(request)) and not has_one(request.user)


def has_one(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists())


def who_have_one(users: Iterable[User]) -> set[int]:
    """The ids of those who have a second factor."""
    found = Authenticator.objects.filter(user__in=[user.pk for user in users], type=Authenticator.Type.TOTP)
    return set(found.values_list("user_id", flat=True))
