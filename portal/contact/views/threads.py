"""A ticket with its messages: for its people through the account, for whoever has none through the link. Looking changes nothing."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from portal.accounts.access import user_of
from portal.contact import selectors, services
from portal.contact.forms import MessageForm
from portal.contact.models import Ticket, TicketFile
from portal.ui.responses import page_with_form, see_other
from portal.ui.throttling import is_over, limited

TEN_MINUTES = 600
SHOWN = ("place", "about", "author")
FileAddress = Callable[[TicketFile], str]


def ticket(request: HttpRequest, pk: int) -> HttpResponse:
    """For whoever asked, and for those who answer at the place."""
    found = _seen_or_404(request, pk)
    answers = selectors.to_answer(user_of(request)).filter(pk=pk).exists() and found.author_id != user_of(request).pk
    form = MessageForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        services.write(found, user_of(request), form.written(), answer=answers)
        messages.success(request, _("Răspunsul a fost trimis.") if answers else _("Mesajul a fost trimis."))
        return see_other("contact:ticket", pk)
    return _page(request, found, form, answers, lambda file: reverse("contact:file", args=[pk, file.pk]))


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Done without another answer; a message of the sender opens it again."""
    found = get_object_or_404(selectors.to_answer(user_of(request)), pk=pk)
    services.close(found)
    messages.success(request, _("Discuția {reference} a fost închisă.").format(reference=found.reference))
    return see_other("contact:received")


def download(request: HttpRequest, pk: int, file: int) -> FileResponse:
    return _file(_seen_or_404(request, pk), file)


@login_not_required
@never_cache
def link(request: HttpRequest, token: str) -> HttpResponse:
    """For whoever asked without an account."""
    found = _by_link_or_404(request, token)
    form = MessageForm(request.POST or None, request.FILES or None)
    if form.is_valid() and not _too_many(request, form):
        services.write(found, None, form.written(), answer=False)
        messages.success(request, _("Mesajul a fost trimis."))
        response: HttpResponse = see_other("contact:link", token)
    else:
        response = _page(request, found, form, False, lambda file: reverse("contact:link_file", args=[token, file.pk]))
    # The address holds the token: even our own pages learn only where from, not which.
    response["Referrer-Policy"] = "strict-origin"
    response["X-Robots-Tag"] = "noindex"
    return response


@login_not_required
@never_cache
def link_download(request: HttpRequest, token: str, file: str) -> FileResponse:
    return _file(_by_link_or_404(request, token), int(file[:15]))


def _seen_or_404(request: HttpRequest, pk: int) -> Ticket:
    return get_object_or_404(selectors.seen_by(user_of(request)).select_related(*SHOWN), pk=pk)


def _by_link_or_404(request: HttpRequest, token: str) -> Ticket:
    found = selectors.by_link(token)
    if found is None:
        limited(request, "contact-link", attempts=30, seconds=60)
        raise Http404
    return found


def _too_many(request: HttpRequest, form: MessageForm) -> bool:
    over = is_over(request, "contact-reply", attempts=20, seconds=TEN_MINUTES)
    if over:
        form.add_error(None, _("S-au trimis prea multe mesaje. Așteptați zece minute și trimiteți din nou: ce ați scris rămâne pe pagină."))
    return over


def _file(ticket: Ticket, pk: int) -> FileResponse:
    """Always to be saved, never to be shown in the page."""
    found = get_object_or_404(TicketFile, pk=pk, message__ticket=ticket)
    if not found.path.is_file():
        raise Http404
    return FileResponse(found.path.open("rb"), as_attachment=True, filename=found.download_name, content_type="application/octet-stream")


def _page(request: HttpRequest, found: Ticket, form: MessageForm, answers: bool, address: FileAddress) -> HttpResponse:
    listed = [
        (message, [(file, address(file)) for file in message.files.all()])
        for message in found.messages.select_related("by", "ticket").prefetch_related("files")
    ]
    return page_with_form(request, "contact/ticket.html", {"ticket": found, "listed": listed, "form": form, "answers": answers})
