"""The sheet of class links on paper: A4, every slip whole, codes and addresses readable."""

from __future__ import annotations

import subprocess
from functools import partial
from pathlib import Path

import pytest
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from portal.collection.services import classes, links
from tests.portal.lasting import clients, lasting, undone
from tests.portal.route_world import begin
from tests.services import drawn
from tests.services.chromium import CHROMIUM
from tests.services.conftest import need

pytestmark = [pytest.mark.services, pytest.mark.django_db]
MANY = 9


def test_the_sheet_has_whole_slips_on_a4(django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path: Path) -> None:
    need(bool(CHROMIUM), "Chromium")
    with lasting(django_db_blocker, tmp_path), drawn.drawing() as drawing:
        world, round_ = begin()
        unit, rodica = world.row("blaj_unit", round_), world.author("rodica")
        made = [classes.create_class(unit, f"V {number}", {"cls_name": f"V {number}", "cls_pupils": 2}, "basic") for number in range(MANY)]
        tokens = [links.token_of(links.send(row, rodica)) for row in made]
        client, address = clients(world)["rodica"], reverse("collection:slips", args=[unit.pk])
        paper = drawing.show(client, address, undone(client, partial(client.get, address)), lambda page: page.pdf(prefer_css_page_size=True))
    file = tmp_path / "foaie.pdf"
    file.write_bytes(paper)
    pages = text_of(file, "-layout").rstrip("\f").split("\f")
    assert [page.count("Tabelul clasei V") for page in pages] == [4, 4, 1]
    assert all(page.count("Valabil până la") == page.count("Tabelul clasei V") for page in pages), "a slip is cut in two"
    together = "".join("".join(pages).split())
    assert all(f"/t/{token}/" in together for token in tokens)
    assert "(A4)" in size_of(file)
    assert "Ieșiți din cont" not in "".join(pages)


def text_of(file: Path, *options: str) -> str:
    return subprocess.run(["pdftotext", *options, str(file), "-"], capture_output=True, text=True, check=True).stdout


def size_of(file: Path) -> str:
    told = subprocess.run(["pdfinfo", str(file)], capture_output=True, text=True, check=True).stdout
    return next(line for line in told.splitlines() if line.startswith("Page size"))
