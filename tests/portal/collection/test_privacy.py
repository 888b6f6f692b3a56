"""Nothing personal is kept in any free text: steps, reasons, explanations, names of classes. What was typed stays on the page."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.models import Membership, User
from portal.collection.models import Collection, Draft, Event, Explanation, Response
from portal.collection.review import review_of
from tests.engine.test_personal_data import CODE
from tests.portal.worked_round import WorkedRound

pytestmark = pytest.mark.django_db
PERSONAL = [f"elevul {CODE}", f"{CODE}.0", " ".join(CODE), "mama are 0733 123 456", "scrieți la ion@example.ro"]


def person(role: str, collection: Collection) -> tuple[User, Client]:
    user = User.objects.create_user(f"{role}.{collection.pk}@example.org", "Ana Pop")
    assert collection.place is not None
    Membership.objects.create(user=user, place=collection.place, role=role)
    client = Client()
    client.force_login(user)
    return user, client


def refused(page: str, typed: str) -> Iterator[bool]:
    yield "Există o problemă" in page
    yield re.search(r"<title>Eroare: ", page) is not None
    yield "Textul pare să conțină" in page and "Ștergeți-" in page
    yield typed in page


def test_a_step_keeps_no_personal_data(worked: WorkedRound) -> None:
    unit = worked.units["U1"]
    _user, client = person("unit_manager", unit)
    address = reverse("collection:step", args=[unit.pk, "basic", "practice"])
    for typed in PERSONAL:
        answer = client.post(address, {"practice-allocation_5": "other", "practice-allocation_other": typed})
        assert answer.status_code == 422 and all(refused(answer.content.decode(), typed))
        assert typed not in str(Response.objects.filter(collection=unit).values_list("values"))
        assert Draft.objects.get(collection=unit).data == {"practice-allocation_5": ["other"]}  # nor does what waits on the page


def test_a_reason_keeps_no_personal_data(worked: WorkedRound) -> None:
    _user, client = person("inspector", worked.county)
    for act, typed in [(act, typed) for act in ("block", "exempt") for typed in PERSONAL]:
        address = reverse("collection:deed", args=[worked.school.pk, act])
        answer = client.post(address, {"reason": typed} if act == "block" else {"reason": "other", "text": typed})
        assert answer.status_code == 422 and all(refused(answer.content.decode(), typed))
        assert not Event.objects.filter(collection=worked.school, action=act).exists()


def test_an_explanation_keeps_no_personal_data_and_loses_nothing_typed(worked: WorkedRound) -> None:
    unit = worked.units["U1"]
    user, client = person("unit_manager", unit)
    asked = [remark for remark in review_of(unit, user).remarks if remark.severity == "explain"]
    assert asked
    before = list(Explanation.objects.order_by("pk").values_list("text", flat=True))
    typed = {remark.name: f"explicația {number}" for number, remark in enumerate(asked)} | {asked[0].name: f"elevul {CODE}"}
    answer = client.post(reverse("collection:explain", args=[unit.pk]), typed)
    page = answer.content.decode()
    assert answer.status_code == 422 and all(refused(page, f"elevul {CODE}"))
    assert f'<a href="#{asked[0].name}">' in page and all(text in page for text in typed.values())
    assert list(Explanation.objects.order_by("pk").values_list("text", flat=True)) == before


def test_a_class_is_not_called_after_a_person(worked: WorkedRound) -> None:
    unit = worked.units["U1"]
    _user, client = person("unit_manager", unit)
    answer = client.post(reverse("collection:add_class", args=[unit.pk]), {"name": CODE})
    assert answer.status_code == 422 and all(refused(answer.content.decode(), CODE))
