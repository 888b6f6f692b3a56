"""Looking through the network: counties, schools with their units, one place with everything known of it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from portal.network.models import Level, Place
from portal.structure import listing, permissions, selectors
from portal.structure.access import place_or_404, signed_in, user_of
from portal.structure.models import Correction


@signed_in
def index(request: HttpRequest) -> HttpResponse:
    """One's own place; a choice where there are several."""
    places = selectors.own_places(user_of(request))
    if len(places) == 1:
        return redirect("network:place", places[0].pk)
    return render(request, "structure/places.html", {"places": places})


@signed_in
def place(request: HttpRequest, pk: int) -> HttpResponse:
    shown = place_or_404(request, pk)
    year = request.GET.get("an") or selectors.school_year()
    context = framed(request, shown) | {"year": year, "years": [one for one in listing.years_of(shown) if one != year]}
    if shown.level == Level.UNIT:
        return render(request, "structure/unit.html", context | _unit(shown, year))
    filters = listing.Filters.of(request.GET)
    if shown.level == Level.NATIONAL and not filters:
        return render(request, "structure/nation.html", context | {"filters": filters, "lines": listing.county_lines(shown, year)})
    page, lines = listing.schools(shown, filters, year, request.GET.get("pagina"))
    return render(request, f"structure/{shown.level}.html", context | {"filters": filters, "page": page, "lines": lines, "facts": _facts(shown)})


def framed(request: HttpRequest, shown: Place) -> dict[str, object]:
    """What every page of a place says around its own matter: the way down to it, what the person may do."""
    user, chain = user_of(request), selectors.chain_of(shown)
    seen = set(selectors.visible_to(user).filter(pk__in=[one.pk for one in chain]).values_list("pk", flat=True))
    return {
        "place": shown,
        "crumbs": [one for one in chain[:-1] if one.pk in seen],
        "may_correct": bool(permissions.allowed(user, "edit_place", shown)),
        "may_import": shown.level in (Level.NATIONAL, Level.COUNTY) and bool(permissions.allowed(user, "import_network", shown)),
        "corrections": Correction.objects.filter(place=shown).select_related("by").order_by("-at", "-pk")[:20],
    }


def _facts(shown: Place) -> list[tuple[str, object]]:
    return listing.facts(shown, selectors.spoken_columns("network"))


def _unit(unit: Place, year: str) -> dict[str, object]:
    classes = listing.classes(unit, selectors.spoken_columns("classes"), year)
    return {"facts": _facts(unit), "classes": classes, "pupils": listing.pupils_of(classes)}
