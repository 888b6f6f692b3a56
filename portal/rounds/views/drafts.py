"""Drafts of methodologies: brought, read with everything that is wrong, changed file by file, published. For the commission's methodologists."""

from __future__ import annotations

from pathlib import Path

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.models import User
from portal.rounds import drafted, permissions, selectors
from portal.rounds.forms import ArchiveForm, FileForm, PublishForm
from portal.rounds.models import MethodologyDraft, MethodologyVersion
from portal.rounds.services import PublishRefused, drafting
from portal.ui.responses import page_with_form, see_other


@login_required
def drafts(request: HttpRequest) -> HttpResponse:
    """The drafts there are, and where a new one can begin: an archive, a published version, a text that the product brings."""
    permissions.require_publisher(request.user)
    if request.method == "POST":
        permissions.require_editor(request.user)
    form = ArchiveForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        archive = form.cleaned_data["archive"]
        try:
            return see_other("rounds:draft", drafting.from_archive(archive.name, archive.read(), _user(request)).pk)
        except drafting.DraftRefused as refused:
            form.add_error("archive", str(refused))
    begun = MethodologyDraft.objects.select_related("changed_by").defer("files")
    context = {
        "form": form,
        "edits": permissions.may_edit(request.user),
        "drafts": begun,
        "versions": selectors.published().values(),
        "folders": selectors.folders(),
    }
    return page_with_form(request, "rounds/drafts.html", context)


@login_required
@require_POST
def bring(request: HttpRequest) -> HttpResponse:
    """A draft out of a published version or of a folder that the product brings."""
    permissions.require_publisher(request.user)
    version = request.POST.get("version", "")
    try:
        if version.isdecimal():
            published = get_object_or_404(MethodologyVersion, pk=int(version), published_at__isnull=False)
            made = drafting.from_version(published, _user(request))
        else:
            made = drafting.from_folder(_folder_or_404(request.POST.get("folder", "")), _user(request))
    except PublishRefused as refused:
        messages.error(request, str(refused))
        return see_other("rounds:drafts")
    return see_other("rounds:draft", made.pk)


@login_required
@require_safe
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    found = _draft_or_404(request, pk)
    state = drafted.state_of(found)
    groups = [("erori", state.errors), ("avertismente", state.warnings)]
    context = {"draft": found, "state": state, "groups": groups, "files": sorted(found.files.items())}
    context |= {"edits": permissions.may_edit(request.user)}
    return render(request, "rounds/draft.html", context)


@login_required
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """One file (``?cale=``), or a new one; saving shows what is wrong in it."""
    found = _draft_or_404(request, pk)
    if request.method == "POST":
        permissions.require_editor(request.user)
    path = request.GET.get("cale", "")
    if path and path not in found.files:
        raise Http404(path)
    text = found.files.get(path, "")
    form = FileForm(request.POST or None, initial={"path": path, "text": text})
    mark, theirs = form["mark"].value() if form.is_bound else drafting.mark_of(text), None
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            drafting.save_file(found, typed["path"], typed["text"], typed["mark"], _user(request))
        except drafting.DraftChanged as changed:
            theirs = changed.text
            form.add_error("text", _("%(why)s Textul dumneavoastră este mai jos, al său sub el: uniți-le și salvați din nou.") % {"why": changed})
            mark = drafting.mark_of(theirs)
        except drafting.DraftRefused as refused:
            form.add_error("text", str(refused))
        else:
            messages.success(request, _("Fișierul a fost salvat."))
            return see_other(f"{request.path}?cale={typed['path']}")
    context = {"draft": found, "path": path, "form": form, "mark": mark, "theirs": theirs, "edits": permissions.may_edit(request.user)}
    if path and not form.is_bound:
        context |= {"lines": drafted.marked_lines(drafted.state_of(found), path, text)}
    return page_with_form(request, "rounds/draft_file.html", context)


@login_required
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    found = _draft_or_404(request, pk)
    state = drafted.state_of(found)
    if state.examined.methodology is None or state.examined.against:
        messages.error(request, _("Proiectul nu se poate publica încă. Corectați ce este însemnat mai jos."))
        return see_other("rounds:draft", found.pk)
    methodology = state.examined.methodology
    form = PublishForm(request.POST or None, wanted=f"{methodology.code} {methodology.version}", revision=found.revision)
    if request.method == "POST" and form.is_valid():
        try:
            version = drafting.publish_draft(found, form.cleaned_data["revision"], _user(request), form.cleaned_data["note"])
        except (PublishRefused, drafting.DraftRefused) as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Metodologia %(version)s este publicată.") % {"version": version})
            return see_other("rounds:methodology", version.code)
    return page_with_form(request, "rounds/publish.html", {"draft": found, "methodology": methodology, "state": state, "form": form})


@login_required
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft is thrown away whole, or one file of it (``cale``)."""
    found = _draft_or_404(request, pk)
    permissions.require_editor(request.user)
    path = request.GET.get("cale", "")
    if path and path not in found.files:
        raise Http404(path)
    if request.method != "POST":
        return render(request, "rounds/remove_draft.html", {"draft": found, "path": path})
    if path:
        drafting.remove_file(found, path, _user(request))
        messages.success(request, _("Fișierul a fost șters din proiect."))
        return see_other("rounds:draft", found.pk)
    found.delete()
    messages.success(request, _("Proiectul a fost șters."))
    return see_other("rounds:drafts")


@login_required
@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponse:
    found = _draft_or_404(request, pk)
    response = HttpResponse(drafting.archived(found.files, found.code), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{found.code}.zip"'
    return response


def _draft_or_404(request: HttpRequest, pk: int) -> MethodologyDraft:
    permissions.require_publisher(request.user)
    return get_object_or_404(MethodologyDraft.objects.select_related("changed_by"), pk=pk)


def _folder_or_404(name: str) -> Path:
    for folder in selectors.folders():
        if folder.name == name:
            return folder
    raise Http404(name)


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
