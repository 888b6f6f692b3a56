"""Accounts under a path prefix: every link, redirect and mail keeps it."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse

from portal.accounts import services
from tests.portal.people import PASSWORD, Cast


def test_from_the_mail_to_the_first_page_everything_stays_under_the_prefix(
    prefix: str, cast: Cast, client: Client, mails: Callable[[], list[EmailMessage]]
) -> None:
    services.invite(by=cast["dan"], place=cast.places["tiur"], role="unit_manager", email="nou@example.ro")
    link = re.search(r"http://\S+/invitatii/\S+", str(mails()[0].body))
    assert link is not None and urlsplit(link[0]).path.startswith(f"/{prefix}invitatii/")
    form = {"full_name": "Noua Persoană", "phone": "0722123456", "password1": PASSWORD, "password2": PASSWORD}
    joined = client.post(urlsplit(link[0]).path, form, follow=True)
    assert [address for address, _status in joined.redirect_chain] == [f"/{prefix}", f"/{prefix}oameni/{cast.places['tiur'].pk}/"]
    for address in ("cont/", "ajutor/", f"oameni/{cast.places['tiur'].pk}/", f"oameni/{cast.places['tiur'].pk}/invitati/", "accesibilitate/"):
        page = client.get(f"/{prefix}{address}").content.decode()
        links = re.findall(r'(?:href|src|action)="(/[^"]*)"', page)
        assert links and all(found.startswith(f"/{prefix}") for found in links), address
    client.post(reverse("account_logout"))
    assert client.get(f"/{prefix}oameni/")["Location"].startswith(f"/{prefix}cont/intrare/?next=/{prefix}oameni/")
