"""What the frame of every page shows about rounds and methodologies."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from portal.rounds import methodologies as loaded
from portal.rounds.selectors import current_round
from portal.ui import frame


@frame.navigation(order=50)
def rounds(request: HttpRequest) -> Iterable[frame.Item]:
    if request.user.is_authenticated:
        yield frame.Item("rounds", gettext_lazy("Campanii"), reverse("rounds:rounds"))


@frame.navigation(order=60)
def methodologies(request: HttpRequest) -> Iterable[frame.Item]:
    yield frame.Item("methodologies", gettext_lazy("Metodologii"), reverse("rounds:methodologies"))


@frame.says("commission")
def commission() -> str:
    """The commission's name as the methodology of the current round writes it; empty before the first round."""
    round_ = current_round()
    if round_ is None:
        return ""
    names = loaded.of(round_.methodology).declared["methodology"].get("commission", {}).get("name", {})
    return str(names.get(get_language()) or names.get("ro", ""))


@frame.says("round")
def current() -> str:
    round_ = current_round()
    return _("Campania %(year)s") % {"year": round_.school_year} if round_ is not None else ""
