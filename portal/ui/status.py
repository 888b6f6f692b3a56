"""The words of states, as every screen writes them, and the tint that goes with each. Nothing else may be called a state."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

WORDS: dict[str, tuple[str, str | Promise]] = {
    # rounds
    "draft": ("o", _("Pregătire")),
    "round_open": ("i", _("Deschisă")),
    "closed": ("", _("Închisă")),
    # places
    "not_started": ("o", _("Neînceput")),
    "in_progress": ("i", _("În lucru")),
    "complete": ("ok", _("Complet")),
    "finalised": ("final", _("Finalizat")),
    "reopened": ("w", _("Redeschis")),
    "blocked": ("d", _("Blocat")),
    "exempt": ("", _("Exceptat")),
    # class tables
    "submitted": ("ok", _("Trimis")),
    "returned": ("w", _("Returnat")),
    # links
    "sent": ("i", _("Link trimis")),
    "opened": ("i", pgettext_lazy("link", "Deschis")),
    "expired": ("w", _("Expirat")),
    "revoked": ("w", _("Revocat")),
    # the extended part
    "optional": ("", _("Opțional")),
    "requested": ("w", _("Cerut")),
    # messages of the contact form
    "ticket_new": ("w", _("Nou")),
    "ticket_again": ("w", _("Revenit")),
    "ticket_answered": ("ok", _("Cu răspuns")),
    "ticket_closed": ("", _("Închis")),
}
"""State → tint class of ``.tag``, word."""
