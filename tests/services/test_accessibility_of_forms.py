"""The forms of the methodology that the product comes with: every step and question, empty, filled in and sent back, with the rules of every page."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from portal.collection.class_table import table_now
from portal.collection.models import Collection
from portal.collection.readiness import step_states
from tests.portal.lasting import lasting, undone
from tests.services import classes
from tests.services.inspection import Inspector

pytestmark = [pytest.mark.services, pytest.mark.django_db]


@pytest.fixture(scope="module")
def forms(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Client, dict[str, list[str]]]]:
    """The manager of a unit with a class of 28 pupils, and the addresses of everything that is asked."""
    with lasting(django_db_blocker, tmp_path_factory.mktemp("data")):
        made = classes.build(1)
        unit, school_class = (Collection.objects.get(pk=pk) for pk in (made["unit"], made["classes"][0]["pk"]))
        addresses = {
            "unit": [reverse("collection:step", args=[unit.pk, one.section, one.step.code]) for one in step_states(unit)],
            "class": [reverse("collection:step", args=[school_class.pk, one.section, one.step.code]) for one in step_states(school_class)],
            "table": [reverse("collection:table_question", args=[school_class.pk, field.code]) for field in table_now(school_class).asked],
            "desk": [reverse(f"collection:table_{page}", args=[school_class.pk]) for page in ("grid", "overview", "summary", "upload")],
            "link": [reverse(f"collection:link_{page}", args=[made["classes"][0]["token"]]) for page in ("start", "overview", "summary")],
            "pupil": [reverse("collection:link_row", args=[made["classes"][0]["token"], 7])],
            "read": [reverse(f"collection:{page}", args=[unit.pk]) for page in ("tasks", "answers", "results")]
            + [reverse("exports:report", args=[unit.pk])],
            "methodology": [reverse(f"rounds:{page}", args=[unit.round.methodology.code]) for page in ("methodology", "forms")],
        }
        client = Client()
        client.force_login(classes.manager())
        yield client, addresses


@pytest.mark.parametrize("what", ["unit", "class", "table", "desk", "link", "pupil", "read", "methodology"])
def test_the_forms_of_the_product_keep_the_rules(what: str, forms: tuple[Client, dict[str, list[str]]], inspector: Inspector) -> None:
    client, addresses = forms
    found = {address: inspector.faults(client, address, undone(client, partial(client.get, address))) for address in addresses[what]}
    assert len(found) == len(addresses[what]) > 0
    assert not any(found.values()), "\n".join(f"{address}: {words}" for address, said in found.items() for words in said)
