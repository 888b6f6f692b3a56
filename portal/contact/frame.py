"""What the frame of every page says of contact: the way to help, and to one's messages."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.frame import held
from portal.accounts.models import User
from portal.contact import selectors
from portal.contact.routing import ANSWERERS
from portal.ui import frame


@frame.says("help_address")
def help_address(place: int | None) -> str:
    """The form, with the place of the page already chosen."""
    address = reverse("contact:ask")
    return f"{address}?loc={place}" if place is not None else address


@frame.navigation(order=50)
def inbox(request: HttpRequest) -> Iterable[frame.Item]:
    """Messages received for those who answer, with how many wait; messages sent for the others."""
    if not isinstance(request.user, User) or not held(request):
        return
    if not any(membership.role in ANSWERERS for membership in held(request)):
        yield frame.Item("contact", _("Mesaje"), reverse("contact:sent"))
        return
    waiting = selectors.to_answer(request.user).waiting().count()
    yield frame.Item("contact", _("Mesaje ({waiting})").format(waiting=waiting) if waiting else _("Mesaje"), reverse("contact:received"))
