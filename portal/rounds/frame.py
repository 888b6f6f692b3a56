"""What the frame of every page shows about rounds and methodologies."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.ui import frame


@frame.navigation(order=60)
def methodologies(request: HttpRequest) -> Iterable[frame.Item]:
    yield frame.Item("rounds", _("Metodologii"), reverse("rounds:methodologies"))
