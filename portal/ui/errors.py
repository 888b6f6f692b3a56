"""Refusals that are pages: each says what happened, what became of the answers and where to go. 500 and 503 need no database."""

from __future__ import annotations

import errno
from dataclasses import dataclass

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise
NOTHING_LOST = _("Niciun răspuns salvat nu s-a pierdut.")
RETRY_AFTER = {429: 60, 503: 30}
"""Seconds after which trying again makes sense."""


@dataclass(frozen=True, slots=True)
class Page:
    """What an error page says."""

    title: Text
    lead: Text
    kept: Text = NOTHING_LOST


PAGES: dict[int, Page] = {
    401: Page(_("Sesiunea s-a încheiat"), _("Intrați din nou în cont. Ce ați completat se păstrează în acest browser și se trimite după aceea.")),
    400: Page(_("Cererea nu a putut fi înțeleasă"), _("Ce a trimis browserul nu este complet. Întoarceți-vă și încercați din nou.")),
    403: Page(
        _("Nu aveți acces la această pagină"),
        _("Rolul dumneavoastră nu permite această acțiune. Dacă vă este necesară, cereți-o celui care v-a invitat."),
    ),
    404: Page(_("Pagina nu există"), _("Adresa poate fi scrisă greșit, pagina a fost mutată sau nu face parte din locurile dumneavoastră.")),
    410: Page(_("Linkul nu mai este valabil"), _("A expirat, a fost retras sau a fost deja folosit. Cereți unul nou celui care l-a trimis.")),
    423: Page(_("Datele nu se pot modifica acum"), _("Locul este blocat sau finalizat, ori termenul a trecut.")),
    429: Page(_("Prea multe încercări"), _("Pentru siguranța conturilor, încercările sunt limitate. Așteptați un minut și încercați din nou.")),
    500: Page(_("Ceva nu a mers"), _("Serverul nu a putut arăta pagina. Încercați din nou peste un minut."), _("Ce era salvat a rămas salvat.")),
    503: Page(
        _("Platforma este ocupată"),
        _("Serverul nu a putut răspunde acum. Întoarceți-vă la pagina dinainte și încercați din nou peste o jumătate de minut."),
        _("Ce era salvat a rămas salvat. Ce ați scris pe pagina dinainte nu s-a salvat încă."),
    ),
}


class ErrorPage(Exception):
    """Raised by a view to answer with an error page; ``lead`` replaces its sentence, ``address`` and ``act`` its way on."""

    def __init__(self, status: int, lead: Text = "", address: str = "", act: Text = "") -> None:
        super().__init__(status, lead)
        self.status, self.lead, self.address, self.act = status, lead, address, act


def page(request: HttpRequest, status: int, lead: Text = "", address: str = "", act: Text = "", code: str = "") -> HttpResponse:
    """The error page of a status; its sentence as JSON for the script of a page. ``code``: of the decision, where one refused."""
    said = PAGES[status]
    if asks_for_json(request):
        return _later(JsonResponse({"code": code, "sentence": str(lead or said.lead)}, status=status))
    context = {"title": said.title, "lead": lead or said.lead, "kept": said.kept, "address": address, "act": act}
    # Without the request nothing is asked of the session or the database, which may be what failed, or not have been reached yet.
    whole = status < 500 and hasattr(request, "user")
    text = render_to_string("ui/errors/page.html", context, request if whole else None)
    return _later(HttpResponse(text, status=status))


def _later(response: HttpResponse) -> HttpResponse:
    if response.status_code in RETRY_AFTER:
        response["Retry-After"] = str(RETRY_AFTER[response.status_code])
    return response


def asks_for_json(request: HttpRequest) -> bool:
    """Whether a script of ours asks, and not somebody who reads a page."""
    return request.headers.get("Accept", "") == "application/json"


def is_passing(exception: BaseException | None) -> bool:
    """Whether the failure is of the moment (database away or busy, disk full), so that trying again may help."""
    full = isinstance(exception, OSError) and exception.errno in (errno.ENOSPC, errno.EDQUOT)
    return full or isinstance(exception, OperationalError)
