"""Where a person's work at a place begins. Rooms above register their page; until one knows the place, its people page is the beginning."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse

from portal.network.models import Place

Page = Callable[[Place], str | None]
_pages: list[Page] = []


def place_page(source: Page) -> Page:
    """Registers a function that gives the address of the page of a place, or None when it has none now."""
    _pages.append(source)
    return source


def address(place: Place) -> str:
    """The page of a place: the first that a room above knows, else its people."""
    known = (page(place) for page in _pages)
    return next((found for found in known if found), reverse("accounts:place", args=[place.pk]))
