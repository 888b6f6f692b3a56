"""Who sits at a class table, and by which addresses: a unit user in the product, or the class teacher with a link and no account."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
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
from portal.collection.standing import TABLE, Decision
from portal.collection.workflow import decide
from portal.ui import frame


@dataclass(frozen=True, slots=True)
class Desk:
    """A class table and its author. ``token``: of the link, '' for a unit user."""

    school_class: Collection
    author: Author
    token: str = ""

    def url(self, name: str, *arguments: object) -> str:
        """An address of this desk's pages; class links have their own family."""
        if self.token:
            return reverse(f"collection:link_{name}", args=[self.token, *arguments])
        return reverse(f"collection:table_{name}", args=[self.school_class.pk, *arguments])

    def go(self, name: str, *arguments: object) -> HttpResponseRedirect:
        return HttpResponseRedirect(self.url(name, *arguments), status=303)

    def may(self, act: str, rows: list[Collection] | None = None) -> Decision:
        """``rows``: the chain of the class, where it has just been read."""
        rows = rows or chain_rows(self.school_class)
        return decide(act, self.author.actor(rows), chain_of(self.school_class, rows, sections=[TABLE]), timezone.now())

    def require(self, act: str, rows: list[Collection] | None = None) -> None:
        decision = self.may(act, rows)
        if not decision:
            raise Refused(decision)

    @property
    def frame(self) -> dict[str, Any]:
        """What the frame of pages opened through a link leaves out: account, navigation."""
        return {"frame": None} if self.token else {}


View = Callable[..., HttpResponse]


def for_unit(view: View) -> View:
    """A page of the desk for a signed-in user of the unit (or its school's director, who reads)."""

    @wraps(view)
    def wrapped(request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponse:
        desk = Desk(collection_or_404(request, pk, CLASS), author_of(request))
        desk.require("view_rows")
        return view(request, desk, *args, **kwargs)

    return wrapped


def for_link(view: View) -> View:
    """The same for whoever holds the link. What is opened is remembered in the browser, for the grace after the link's end."""

    @login_not_required
    @never_cache
    @wraps(view)
    def wrapped(request: HttpRequest, token: str, *args: Any, **kwargs: Any) -> HttpResponse:
        link = links.find(token)
        if link is None:
            raise Http404
        rows = chain_rows(link.collection)
        link.collection = rows[0]
        frame.about(request, rows[1].place_id)
        since = _open_since(request, link)
        desk = Desk(link.collection, Author.of_link(link, since), token)
        desk.require("view_rows", rows)
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
