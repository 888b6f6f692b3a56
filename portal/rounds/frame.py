"""What the frame of every page shows about rounds and methodologies."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from portal.rounds import methodologies, selectors
from portal.rounds.models import MethodologyVersion, Round
from portal.ui import frame

log = logging.getLogger(__name__)


def round_now(request: HttpRequest) -> Round | None:
    """The round that work is on, for ``frame.once``."""
    return selectors.current_round()


@frame.says("campaign")
def campaign(request: HttpRequest | None) -> frame.Campaign | None:
    current = frame.once(request, round_now) if request is not None else selectors.current_round()
    if current is None:
        return None
    words = _("Campania {year} · {state}").format(year=current.school_year, state=current.get_state_display())
    return frame.Campaign(commission(current.methodology), words)


def commission(version: MethodologyVersion) -> frame.Text:
    """The name in the language of the page. A damaged text must not take every page down with it."""
    try:
        names = selectors.header(methodologies.of(version)).get("commission", {}).get("name", {})
    except methodologies.Damaged:
        log.exception("The methodology of the current round is damaged")
        return frame.DEFAULT_COMMISSION
    return names.get(get_language() or "ro") or names.get("ro") or frame.DEFAULT_COMMISSION


@frame.navigation(order=50)
def rounds(request: HttpRequest) -> Iterable[frame.Item]:
    if request.user.is_authenticated:
        yield frame.Item("rounds", gettext_lazy("Campanii"), reverse("rounds:rounds"))


@frame.navigation(order=60)
def methodology_pages(request: HttpRequest) -> Iterable[frame.Item]:
    yield frame.Item("methodologies", gettext_lazy("Metodologii"), reverse("rounds:methodologies"))
