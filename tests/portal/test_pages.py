"""Every page answers in Romanian, with one h1 and a title that says where one is; also under a path prefix."""

from __future__ import annotations

import re

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db
PAGES = {
    "methodologies": (),
    "methodology": ("2025-2026",),
    "forms": ("2025-2026",),
    "indicator": ("2024-2025", "A.ROM.4"),
}


@pytest.mark.parametrize(("name", "arguments"), PAGES.items(), ids=PAGES.keys())
def test_a_page_answers(name: str, arguments: tuple[str, ...], prefix: str, client: Client) -> None:
    address = reverse(f"rounds:{name}", args=arguments)
    assert address.startswith(f"/{prefix}")
    response = client.get(address)
    page = response.content.decode()
    assert response.status_code == 200
    assert len(re.findall(r"<h1[ >]", page)) == 1
    assert re.search(r"<title>[^<]+ – Monitorizare</title>", page)
    assert '<html lang="ro">' in page
    links = re.findall(r'(?:href|src)="(/[^"]*)"', page)
    assert links
    assert all(link.startswith(f"/{prefix}") for link in links)


def test_the_links_of_the_pages_lead_somewhere(client: Client) -> None:
    seen, pending = set(), ["/"]
    while pending and len(seen) < 40:
        address = pending.pop()
        if address not in seen:
            seen.add(address)
            response = client.get(address)
            assert response.status_code == 200, address
            pending += re.findall(r'href="(/metodologii/[^"]*)"', response.content.decode())
    assert len(seen) == 40


def test_an_unknown_address_is_explained_in_romanian(client: Client, settings: LazySettings) -> None:
    settings.DEBUG = False
    for address in ("/nimic/", "/metodologii/2019-2020/", "/metodologii/2025-2026/indicatori/Z.Z.9/", "/metodologii/..%2F..%2Fetc/"):
        response = client.get(address)
        assert response.status_code == 404
        assert "Pagina nu există" in response.content.decode()


def test_a_result_shows_value_band_status_items_and_explanation(client: Client) -> None:
    page = client.get("/metodologii/2024-2025/indicatori/A.ROM.5/").content.decode()
    assert "10,00" in page and "Risc ridicat" in page and "Lipsesc date" in page
    assert "valoare pusă în locul celei care lipsește" in page
    assert "5,25" in page and "87,50\u00a0%" in page
