"""Class links: sent to many at once, and the page of one: address to copy, sent again, revoked, extended."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.collection.access import author_of, collection_or_404, require
from portal.collection.forms.links import SendForm, UntilForm
from portal.collection.models import CLASS, Collection
from portal.collection.selectors import classes_of
from portal.collection.services import links
from portal.network.models import Level


@login_required
def send_many(request: HttpRequest, pk: int) -> HttpResponse:
    """All classes without a link at once; an address beside a class mails it, the others are copied or printed."""
    unit = collection_or_404(request, pk, Level.UNIT.value)
    require(request, "manage_links", unit)
    now = timezone.now()
    rows = [row for row in classes_of(unit) if row.progress != Collection.Progress.SUBMITTED]
    rows = [row for row in rows if links.state_of(getattr(row, "link", None), now) in ("none", "expired", "revoked")]
    form = SendForm(request.POST if request.method == "POST" else None, classes=rows)
    if request.method == "POST" and form.is_valid():
        for row, email in form.chosen():
            links.send(row, author_of(request), email)
        messages.success(request, _("Linkuri pregătite: {many}.").format(many=len(form.chosen())))
        return HttpResponseRedirect(reverse("collection:tasks", args=[pk]) + "#clase", status=303)
    return render(request, "collection/links.html", {"collection": unit, "form": form, "rows": rows}, status=422 if form.errors else 200)


@login_required
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """The link of one class. Acts: send (again), revoke, extend."""
    school_class = collection_or_404(request, pk, CLASS)
    require(request, "manage_links", school_class)
    form = UntilForm(request.POST if request.POST.get("act") == "extend" else None)
    if request.method == "POST" and _done(request, school_class, form):
        return HttpResponseRedirect(reverse("collection:link", args=[pk]), status=303)
    found = getattr(school_class, "link", None)
    state = links.state_of(found, timezone.now())
    address = ""
    if found is not None and state in ("sent", "opened"):
        address = request.build_absolute_uri(reverse("collection:link_start", args=[links.token_of(found)]))
    context = {"collection": school_class, "unit": school_class.parent, "link": found, "state": state, "address": address, "form": form}
    return render(request, "collection/link.html", context, status=422 if form.errors else 200)


def _done(request: HttpRequest, school_class: Collection, form: UntilForm) -> bool:
    act, by = request.POST.get("act", ""), author_of(request)
    if act == "revoke":
        links.revoke(school_class, by)
        messages.success(request, _("Linkul a fost revocat; nicio copie a lui nu mai deschide tabelul."))
    elif act == "extend":
        if not form.is_valid():
            return False
        links.extend(school_class, by, form.cleaned_data["until"])
        messages.success(request, _("Termenul linkului a fost mutat."))
    else:
        links.send(school_class, by, request.POST.get("email", "").strip()[:254])
        messages.success(request, _("Linkul este pregătit."))
    return True
