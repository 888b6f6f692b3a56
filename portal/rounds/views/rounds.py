"""Rounds as pages: the list, a new one, its windows, its letter, its end. Everybody signed in reads; the commission writes."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.rounds import letters, methodologies, overview, permissions, services, windows
from portal.rounds.forms import LetterForm, WindowsForm
from portal.rounds.models import Round
from portal.ui.responses import page_with_form, see_other

# Rooms above bring their part of the page of a round, where they have one: the first template of each list that is there.
ACTIONS = ["collection/round_actions.html", "rounds/nothing.html"]
LETTERS = ["exports/round_letters.html", "rounds/nothing.html"]


@login_required
def rounds(request: HttpRequest) -> HttpResponse:
    context = {"rounds": overview.rounds_seen(request.user), "manages": permissions.may_manage(request.user)}
    return render(request, "rounds/rounds.html", context)


@login_required
def new(request: HttpRequest) -> HttpResponse:
    """A round on one of the published methodologies that have none; which one is asked only where there are several."""
    permissions.require_manager(request.user)
    versions = overview.versions_without_round()
    chosen = request.GET.get("metodologie") or (str(versions[0].pk) if len(versions) == 1 else "")
    if not chosen:
        return render(request, "rounds/choose_methodology.html", {"versions": versions})
    version = get_object_or_404(overview.published(), pk=int(chosen) if chosen.isdecimal() else 0)
    form = WindowsForm(request.POST or None, moments=windows.proposal(methodologies.of(version)))
    if request.method == "POST" and form.is_valid():
        try:
            return see_other("rounds:round", services.make_round(version, form.moments, by=_user(request)).pk)
        except services.RoundRefused as refused:
            form.refuse(refused)
    return page_with_form(request, "rounds/new.html", {"version": version, "form": form})


@login_required
def round_(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _round_or_404(request, pk)
    manages = permissions.may_manage(request.user)
    context = {"shown": shown, "limits": overview.shown_windows(shown), "manages": manages, "actions": ACTIONS, "letters_part": LETTERS}
    if manages:
        context |= {"letter": letters.sample(shown), "events": overview.events_of(shown)}
    return render(request, "rounds/round.html", context)


@login_required
def move(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _managed_or_404(request, pk)
    form = WindowsForm(
        request.POST or None, moments={name: getattr(shown, name) for name in windows.CALENDAR}, opened=shown.state == Round.State.OPEN
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.move_windows(shown, form.moments, by=_user(request))
        except services.RoundRefused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Termenele au fost salvate."))
            return see_other("rounds:round", shown.pk)
    return page_with_form(request, "rounds/windows.html", {"shown": shown, "form": form})


@login_required
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _managed_or_404(request, pk)
    form = LetterForm(request.POST or None, initial={"letter": shown.letter})
    if request.method == "POST" and form.is_valid():
        try:
            services.rewrite_letter(shown, form.cleaned_data["letter"], by=_user(request))
        except services.RoundRefused as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, _("Scrisoarea a fost salvată."))
            return see_other("rounds:round", shown.pk)
    return page_with_form(request, "rounds/letter.html", {"shown": shown, "form": form, "marks": letters.MARKS})


@login_required
def close(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _managed_or_404(request, pk)
    problems: list[tuple[str, str]] = []
    if request.method == "POST":
        try:
            services.close_round(shown, by=_user(request))
        except services.RoundRefused as refused:
            problems = [("", str(refused))]
        else:
            messages.success(request, _("Campania este închisă."))
            return see_other("rounds:round", shown.pk)
    return render(request, "rounds/close.html", {"shown": shown, "problems": problems}, status=409 if problems else 200)


def _round_or_404(request: HttpRequest, pk: int) -> Round:
    return get_object_or_404(overview.rounds_seen(request.user), pk=pk)


def _managed_or_404(request: HttpRequest, pk: int) -> Round:
    shown = _round_or_404(request, pk)
    permissions.require_manager(request.user)
    return shown


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
