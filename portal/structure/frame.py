"""The network's entry in the navigation of every page."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.frame import held
from portal.ui import frame


@frame.navigation(order=30)
def network(request: HttpRequest) -> Iterable[frame.Item]:
    """For whoever holds a role somewhere."""
    if held(request):
        yield frame.Item("network", _("Rețeaua școlară"), reverse("network:index"))
