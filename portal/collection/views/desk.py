"""Who sits at a class table, and by which addresses: a unit user in the product, or the class teacher with a link and no account."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from portal.collection.access import author_of, collection_or_404
from portal.collection.authors import Author
from portal.collection.models import CLASS, ClassLink, Collection
from portal.collection.permissions import chain_of, chain_rows
from portal.collection.refusals import Refused
from portal.collection.services import links
from portal.collection.standing import TABLE, Actor, Decision
from portal.collection.workflow import decide
from portal.ui import frame


@dataclass(frozen=True)
class Desk:
    """A class table and its author. ``found``: the class as it was found; ``token``: of the link, '' for a unit user."""

    found: Collection
    author: Author
    token: str = ""

    @cached_property
    def rows(self) -> list[Collection]:
        """The chain of the class as the request found it, lowest first."""
        return chain_rows(self.found)

    @property
    def school_class(self) -> Collection:
        return self.rows[0]

    def url(self, name: str, *arguments: object) -> str:
        """An address of this desk's pages; class links have their own family."""
        if self.token:
            return reverse(f"collection:link_{name}", args=[self.token, *arguments])
        return reverse(f"collection:table_{name}", args=[self.school_class.pk, *arguments])

    def go(self, name: str, *arguments: object) -> HttpResponseRedirect:
        return HttpResponseRedirect(self.url(name, *arguments), status=303)

    @cached_property
    def actor(self) -> Actor:
        return self.author.actor(self.rows)

    def may(self, act: str) -> Decision:
        """For what a page offers; a service that writes reads the chain again, under its locks."""
        return decide(act, self.actor, chain_of(self.school_class, self.rows, sections=[TABLE]), timezone.now())

    def require(self, act: str) -> None:
        decision = self.may(act)
        if not decision:
            raise Refused(decision)

    @property
    def frame(self) -> dict[str, Any]:
        """What the frame of pages opened through a link leaves out: account, navigation."""
        return {"frame": None} if self.token else {}


View = Callable[..., HttpResponse]


def for_unit(view: View, writes: bool = False) -> View:
    """A page of the desk for a signed-in user of the unit (or its school's director, who reads); ``writes`` as for ``for_link``."""

    @wraps(view)
    def wrapped(request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponse:
        desk = Desk(collection_or_404(request, pk, CLASS), author_of(request))
        if not writes:
            desk.require("view_rows")
        return view(request, desk, *args, **kwargs)

    return wrapped


def for_link(view: View, writes: bool = False) -> View:
    """The same for whoever holds the link. What is opened is remembered in the browser, for the grace after the link's end.

    ``writes``: the view only calls a service that decides under its locks, so that the chain need not be read twice.
    """

    @login_not_required
    @never_cache
    @wraps(view)
    def wrapped(request: HttpRequest, token: str, *args: Any, **kwargs: Any) -> HttpResponse:
        link = links.find(token)
        if link is None:
            raise Http404
        since = _open_since(request, link)
        desk = Desk(link.collection, Author.of_link(link, since), token)
        if not writes:
            frame.about(request, desk.rows[1].place_id)
            desk.require("view_rows")
        if link.opened_at is None:
            links.opened(link)
        response = view(request, desk, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex"
        if since is None:
            response.set_signed_cookie(_cookie(link), timezone.now().isoformat(), httponly=True, samesite="Lax", secure=request.is_secure())
        return response

    return wrapped


def _cookie(link: ClassLink) -> str:
    return f"table-{link.pk}"


def _open_since(request: HttpRequest, link: ClassLink) -> datetime | None:
    try:
        return datetime.fromisoformat(request.get_signed_cookie(_cookie(link)) or "")
    except (KeyError, BadSignature, ValueError):
        return None
