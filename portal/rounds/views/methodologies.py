"""Pages that show methodologies, to everybody: what they ask, what they compute, and a worked example with its explanation."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.rounds import selectors
from portal.rounds.permissions import may_publish


@login_not_required
def methodologies(request: HttpRequest) -> HttpResponse:
    return render(request, "rounds/methodologies.html", {"summaries": selectors.summaries(), "publishes": may_publish(request.user)})


@login_not_required
def methodology(request: HttpRequest, code: str) -> HttpResponse:
    found = selectors.methodology_or_404(code)
    context = {"methodology": found, "criteria": selectors.indicators_by_criterion(found), "header": selectors.header(found)}
    return render(request, "rounds/methodology.html", context)


@login_not_required
def forms(request: HttpRequest, code: str) -> HttpResponse:
    found = selectors.methodology_or_404(code)
    return render(request, "rounds/forms.html", {"methodology": found, "forms": found.forms})


@login_not_required
def indicator(request: HttpRequest, code: str, indicator: str) -> HttpResponse:
    found = selectors.methodology_or_404(code)
    shown = selectors.indicator_or_404(found, indicator)
    context = {"methodology": found, "indicator": shown, "results": selectors.example_results(found, shown)}
    return render(request, "rounds/indicator.html", context | {"bands": selectors.bands(shown.scale)})
