"""Questions as people send them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse

from portal.contact import services
from portal.contact.models import Ticket
from tests.portal.people import Cast

Browser = Callable[[str], Client]
Mails = Callable[[], list[EmailMessage]]
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 100
TEXT = "Nu văd clasa a V-a în lista unității.\nCe este de făcut?"


def typed(cast: Cast, to: str, **more: Any) -> dict[str, Any]:
    given = {"to": cast.places[to].pk, "subject": "Clasă care lipsește", "text": TEXT, "request_id": uuid4().hex}
    return given | more


def stranger(cast: Cast, to: str, **more: Any) -> dict[str, Any]:
    return typed(cast, to) | {"name": "Vasile Învățătoru", "email": "Vasile@example.org", "phone": ""} | more


def address(cast: Cast, about: str) -> str:
    return f"{reverse('contact:ask')}?loc={cast.places[about].pk}"


def asked(cast: Cast, client: Client, to: str = "tiur", **more: Any) -> Ticket:
    """A question of somebody without an account."""
    answer = client.post(address(cast, "tiur"), stranger(cast, to, **more))
    assert answer.status_code == 303, answer.content.decode()
    return Ticket.objects.latest("pk")


def link_of(ticket: Ticket) -> str:
    return reverse("contact:link", args=[services.link_token(ticket)])


def chosen(page: str) -> str:
    found = re.search(r'<input type="radio" name="to" value="(\d+)"[^>]*checked', page)
    return found[1] if found else ""
