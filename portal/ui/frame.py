"""The frame of every page: commission, round, person, navigation. Rooms above say what they know here; ui imports none of them.

A room puts its sources in a module ``frame`` of its own, which is loaded at the start::

    @frame.navigation(order=30)
    def network(request: HttpRequest) -> Iterable[frame.Item]: ...

    @frame.says("campaign")
    def campaign(request: HttpRequest | None) -> frame.Campaign | None: ...
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.http import HttpRequest
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _

Text = str | Promise
Source = TypeVar("Source", bound=Callable[..., Any])
Answer = TypeVar("Answer")
DEFAULT_COMMISSION = _("Comisia Națională pentru Desegregare și Incluziune Educațională")


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of the main navigation. ``area``: the word that a page gives in its block ``nav_current``."""

    area: str
    label: Text
    url: str


@dataclass(frozen=True, slots=True)
class Campaign:
    """The round that is on: the commission as its methodology names it, the round in a few words."""

    commission: Text
    words: Text


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in, as the header shows them."""

    name: str
    standing: Text
    url: str


@dataclass(frozen=True, slots=True)
class Session:
    """How long the person stays signed in without asking for another page, and where that can be asked and prolonged."""

    seconds: int
    warned_before: int
    url: str


Navigation = Callable[[HttpRequest], Iterable[Item]]
_navigations: list[tuple[int, Navigation]] = []
_sources: dict[str, Callable[..., Any]] = {}


def navigation(order: int) -> Callable[[Navigation], Navigation]:
    """Registers entries of the main navigation; lower orders come first."""

    def register(source: Navigation) -> Navigation:
        _navigations.append((order, source))
        _navigations.sort(key=lambda pair: pair[0])
        return source

    return register


def says(what: str) -> Callable[[Source], Source]:
    """Registers who knows the ``campaign``, the ``person`` or ``session`` of a request, the ``help_address`` of a place."""

    def register(source: Source) -> Source:
        _sources[what] = source
        return source

    return register


def said(what: str, *arguments: object) -> Any:
    """What the source of ``what`` says; None where nobody knows."""
    source = _sources.get(what)
    return source(*arguments) if source is not None else None


def once(request: HttpRequest, source: Callable[[HttpRequest], Answer]) -> Answer:
    """What a source says of a request, asked once a page however many rooms want to know it."""
    known: dict[Callable[[HttpRequest], Answer], Answer] = request.__dict__.setdefault("said_once", {})
    if source not in known:
        known[source] = source(request)
    return known[source]


def commission() -> Text:
    """The name of the commission, for mails and documents."""
    campaign: Campaign | None = said("campaign", None)
    return campaign.commission if campaign is not None else DEFAULT_COMMISSION


def about(request: HttpRequest, place: int | None) -> None:
    """Tells which place the page of a request is about, so that help is asked with the place known."""
    request.about_place = place  # type: ignore[attr-defined]


class Frame:
    """What the base template asks, computed once a page and only when it is asked."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def campaign(self) -> Campaign | None:
        found: Campaign | None = said("campaign", self.request)
        return found

    @property
    def commission(self) -> Text:
        return self.campaign.commission if self.campaign is not None else DEFAULT_COMMISSION

    @property
    def round(self) -> Text:
        return self.campaign.words if self.campaign is not None else ""

    @cached_property
    def person(self) -> Person | None:
        return said("person", self.request)  # type: ignore[no-any-return]

    @property
    def session(self) -> Session | None:
        return said("session", self.request)  # type: ignore[no-any-return]

    @cached_property
    def items(self) -> list[Item]:
        return [item for _order, source in _navigations for item in source(self.request)]

    @property
    def area(self) -> str:
        """The room the page belongs to, by the namespace of its address."""
        match = self.request.resolver_match
        return match.namespace if match is not None else ""


def context(request: HttpRequest) -> dict[str, object]:
    """Context processor: ``frame`` in every template."""
    return {"frame": Frame(request)}
