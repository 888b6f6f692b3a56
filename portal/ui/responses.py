"""Answers that every room gives alike."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url


def see_other(to: str, *arguments: object) -> HttpResponseRedirect:
    """After a POST: the browser is led to a page, so that reloading it repeats nothing."""
    return HttpResponseRedirect(resolve_url(to, *arguments), status=303)


def page_with_form(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    """A page with ``form`` in it: 422 when what was sent is not right, with everything typed kept."""
    form = context["form"]
    invalid = bool(getattr(form, "errors", None)) if getattr(form, "is_bound", False) else False
    return render(request, template, context, status=422 if invalid else 200)
