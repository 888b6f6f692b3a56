"""What the frame of every page shows of this room: the way to the reports of the person's places."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.collection.frame import own_collections
from portal.ui import frame


@frame.navigation(order=40)
def reports(request: HttpRequest) -> Iterable[frame.Item]:
    """Reports of the highest place where the person holds a role."""
    for highest in own_collections(request)[:1]:
        yield frame.Item("exports", _("Rapoarte"), reverse("exports:documents", args=[highest.pk]))
