"""Help is asked for with the place known: of the unit whose page it is, also from the pages of its classes and from class links."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.models import Membership, User
from portal.collection.authors import Author
from portal.collection.models import CLASS, Collection
from portal.collection.services import links, tables
from tests.portal import worked_round

pytestmark = pytest.mark.django_db


def test_every_page_of_a_unit_and_its_classes_leads_to_help_about_the_unit(client: Client) -> None:
    unit = worked_round.build().units["U1"]
    user = User.objects.create_user("m@example.org", "Maria Responsabilu")
    Membership.objects.create(user=user, place=unit.place, role="unit_manager")
    school_class = Collection.objects.filter(parent=unit, level=CLASS).earliest("pk")
    tables.give_back(school_class, Author(user=user), "Corectați.")
    token = links.token_of(links.send(school_class, Author(user=user)))
    help_link = f'<a class="help" href="{reverse("contact:ask")}?loc={unit.place_id}">'
    assert help_link in client.get(reverse("collection:link_start", args=[token])).content.decode()
    client.force_login(user)
    for page in (reverse("collection:tasks", args=[unit.pk]), reverse("collection:table", args=[school_class.pk])):
        assert help_link in client.get(page).content.decode(), page
