"""Two school years, one after the other: the first round closed, the second begun from what the first left behind."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.models import Membership, User
from portal.collection import class_table
from portal.collection.authors import Author
from portal.collection.comparing import Compared, compare
from portal.collection.computing import compute
from portal.collection.models import CLASS, ClassTable, Collection, Explanation, Response
from portal.collection.readiness import obstacles_of, step_states, unexplained
from portal.collection.refusals import Refused
from portal.collection.services import classes, copying, finalising, opening, tables, taking
from portal.collection.standing import Obstacles
from portal.network.models import ClassRecord, Level
from portal.rounds.models import Round
from portal.rounds.services import close_round
from portal.ui.templatetags.romanian import difference, figure
from tests.portal import worked_round
from tests.portal.collection.test_steps import posted, step_url
from tests.portal.worked_round import YEAR_BEFORE, WorkedRound

pytestmark = pytest.mark.django_db


@dataclass
class Years:
    """``before``: the round of 2024-2025, closed, with every unit final; ``unit``: its first unit in the round of 2025-2026."""

    before: WorkedRound
    round: Round
    unit: Collection
    manager: User
    client: Client

    def page(self, name: str) -> str:
        return html.unescape(self.client.get(reverse(f"collection:{name}", args=[self.unit.pk])).content.decode())

    def save(self, url: str, **changed: object) -> None:
        response = self.client.post(url, posted(self.client, url) | changed)
        assert response.status_code == 303, text_of(response.content.decode())

    @property
    def author(self) -> Author:
        return Author(user=self.manager)


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html.unescape(page)).split())


@pytest.fixture
def years() -> Years:
    before = worked_round.build(YEAR_BEFORE)
    for key in before.units:
        before.freeze(key)
    close_round(before.round)
    round_ = worked_round.open_round(worked_round.published(), state=Round.State.DRAFT)
    opening.open_round(round_)
    round_.refresh_from_db()
    unit = Collection.objects.get(round=round_, place=before.units["U1"].place)
    manager = User.objects.create_user("responsabil@example.org", "Ana Pop")
    Membership.objects.create(user=manager, place=unit.place, role="unit_manager")
    client = Client()
    client.force_login(manager)
    return Years(before, round_, unit, manager, client)


# ---- steps -------------------------------------------------------------------------------------------------------


def test_a_step_proposes_last_years_answers_and_says_so(years: Years) -> None:
    url = step_url(years.unit, "general")
    page = text_of(years.client.get(url).content.decode())
    assert "Unele răspunsuri sunt propuse din anul școlar 2024-2025." in page
    assert "Niveluri de învățământ De anul trecut (2024-2025): Preșcolar, Primar, Gimnazial. Confirmați sau schimbați." in page
    assert "De anul trecut (2024-2025): 2,4. Confirmați sau schimbați." in page
    assert posted(years.client, url)["general-distance_next_unit_km"] == ["2,4"]


def test_a_proposal_is_no_answer_until_it_is_saved(years: Years) -> None:
    for step in ("general", "buildings", "community", "practice"):
        assert years.client.get(step_url(years.unit, step)).status_code == 200
    assert not Response.objects.filter(collection=years.unit).exists()
    assert {one.state for one in step_states(years.unit)} == {"not_started"}
    years.save(step_url(years.unit, "general"))
    stored = Response.objects.get(collection=years.unit, section="basic").values
    then = Response.objects.get(collection=years.before.units["U1"], section="basic").values
    asked = ("levels", "teaching_languages", "distance_next_unit_km", "access_ramp", "school_bus")
    assert {code: stored[code] for code in asked} == {code: then[code] for code in asked}
    page = text_of(years.client.get(step_url(years.unit, "general")).content.decode())
    assert "anul trecut" not in page.lower()


def test_an_answer_that_differs_shows_what_it_was(years: Years) -> None:
    url = step_url(years.unit, "general")
    years.save(url, **{"general-distance_next_unit_km": "7"})
    page = text_of(years.client.get(url).content.decode())
    assert "Anul trecut (2024-2025): 2,4." in page
    assert "Confirmați sau schimbați" not in page


def test_a_question_of_another_step_does_not_hang_on_a_proposal(years: Years) -> None:
    """What another step proposes is no answer yet: only what is saved shows or hides a question."""
    general = years.client.get(step_url(years.unit, "general")).context["form"]
    practice = years.client.get(step_url(years.unit, "practice")).context["form"]
    assert set(general.context.previous) <= {question.code for question in general.questions}
    assert not set(practice.context.previous) & set(general.context.previous)


def test_buildings_stand_as_they_stood_last_year(years: Years) -> None:
    url = step_url(years.unit, "buildings")
    page = text_of(years.client.get(url).content.decode())
    assert "Lista de mai jos este cea din anul școlar 2024-2025." in page
    years.save(url)
    stored = Response.objects.get(collection=years.unit, section="basic").values["buildings"]
    then = Response.objects.get(collection=years.before.units["U1"], section="basic").values["buildings"]
    assert [{code: value for code, value in item.items() if value is not None} for item in stored] == then
    assert len(stored) == 3
    extended = text_of(years.client.get(step_url(years.unit, "buildings", "extended")).content.decode())
    assert "De anul trecut (2024-2025):" in extended, "details of the same building, found by its code"


def test_a_place_without_a_year_before_is_asked_as_ever(years: Years) -> None:
    Round.objects.filter(pk=years.before.round.pk).update(state=Round.State.OPEN)
    page = text_of(years.client.get(step_url(years.unit, "general")).content.decode())
    assert "anul trecut" not in page.lower()
    assert "Copiați clasele" not in years.page("tasks")


# ---- classes -----------------------------------------------------------------------------------------------------


def test_classes_are_copied_with_their_words_and_without_their_numbers(years: Years) -> None:
    assert "Copiați clasele de anul trecut (8)" in years.page("tasks")
    assert "Nicio clasă nu se promovează" in years.page("copy_classes")
    response = years.client.post(reverse("collection:copy_classes", args=[years.unit.pk]))
    assert response.status_code == 303
    then = list(years.before.units["U1"].children.filter(level=CLASS).order_by("sort_key"))
    now = list(years.unit.children.filter(level=CLASS).order_by("sort_key"))
    assert [(row.name, row.code) for row in now] == [(row.name, row.code) for row in then]
    for row, old in zip(now, then, strict=True):
        values = Response.objects.get(collection=row).values
        last = Response.objects.get(collection=old, section="basic").values
        assert (values["cls_level"], values["cls_language"]) == (last["cls_level"], last["cls_language"])
        assert not {"cls_pupils", "cls_girls", "cls_building"} & values.keys()
    years.unit.refresh_from_db()
    assert (years.unit.classes, years.unit.pupils) == (8, 0)
    event = years.unit.events.get(action="define_classes")
    assert (event.detail["of"], len(event.detail["copied"])) == ("2024-2025", 8)
    assert "Copiați clasele" not in years.page("tasks")


def test_classes_are_copied_once_and_only_into_a_unit_without_any(years: Years) -> None:
    copying.copy_classes(years.unit, years.author)
    with pytest.raises(Refused) as refused:
        copying.copy_classes(years.unit, years.author)
    assert refused.value.decision.code == "has_classes"
    other = Collection.objects.get(round=years.round, place=years.before.units["U2"].place)
    with pytest.raises(Refused) as refused:
        copying.copy_classes(other, years.author)
    assert refused.value.decision.code == "role"
    assert not other.children.exists()


def test_a_unit_that_had_no_classes_has_none_to_copy(years: Years) -> None:
    Collection.objects.filter(parent=years.before.units["U1"]).update(parent=None)
    with pytest.raises(Refused) as refused:
        copying.copy_classes(years.unit, years.author)
    assert refused.value.decision.code == "no_classes_before"
    assert "Nu este nimic de copiat" in years.page("copy_classes")


def test_an_imported_list_goes_before_copying(years: Years) -> None:
    """Classes that the inspectorate imports for the new year are taken over; nothing is offered beside them."""
    assert years.unit.place is not None
    ClassRecord.objects.create(unit=years.unit.place, school_year="2025-2026", code="VA", name="V A", pupils=21)
    taking.take_all(years.round)
    assert [row.name for row in years.unit.children.filter(level=CLASS)] == ["V A"]
    assert "Copiați clasele" not in years.page("tasks")


def test_a_class_proposes_the_building_it_was_in(years: Years) -> None:
    years.save(step_url(years.unit, "buildings"))
    copying.copy_classes(years.unit, years.author)
    row = years.unit.children.filter(level=CLASS).order_by("sort_key")[0]
    old = years.before.units["U1"].children.get(level=CLASS, name=row.name)
    building = Response.objects.get(collection=old, section="basic").values["cls_building"]
    url = step_url(row, "parameters")
    assert f"De anul trecut (2024-2025): {building}. Confirmați sau schimbați." in text_of(years.client.get(url).content.decode())
    assert posted(years.client, url)["parameters-cls_building"] == [building]
    classes.take_parameters(row)
    assert "cls_building" not in Response.objects.get(collection=row).values


def test_a_building_that_is_gone_is_not_proposed(years: Years) -> None:
    copying.copy_classes(years.unit, years.author)
    row = years.unit.children.filter(level=CLASS).order_by("sort_key")[0]
    page = text_of(years.client.get(step_url(row, "parameters")).content.decode())
    assert "De anul trecut" not in page


# ---- from one end to the other -----------------------------------------------------------------------------------


def fill(years: Years) -> None:
    """The second year of a unit, by its pages as far as a person would confirm what they propose."""
    years.save(step_url(years.unit, "general"), **{"general-pupils_total": "80"})
    years.save(step_url(years.unit, "buildings"))
    years.save(step_url(years.unit, "community"), **{"community-pop_date": "15.10.2025"})
    asked_anew = {"practice-allocation_prep": "none", "practice-allocation_5": "none", "practice-ethnicity_source": ["declaration"]}
    years.save(step_url(years.unit, "practice"), **asked_anew)
    years.client.post(reverse("collection:copy_classes", args=[years.unit.pk]))
    for row in years.unit.children.filter(level=CLASS).order_by("sort_key"):
        years.save(step_url(row, "parameters"), **{"parameters-cls_pupils": "10", "parameters-cls_girls": "4"})
        send(row, years.author)


def send(row: Collection, by: Author) -> None:
    row = Collection.objects.get(pk=row.pk)
    now = class_table.table_now(row)
    rows = [dict(one) for one in now.rows]
    for problem in now.problems:
        field = now.column(problem.field)
        assert field is not None and problem.row is not None
        rows[problem.row - 1][field.code] = answer_for(now, field)
    tables.submit(row, class_table.cleaned(now, rows, [])[0], by, Obstacles())


def answer_for(now: class_table.TableNow, field: Any) -> Any:
    """Some answer to a question of the table that has no default."""
    return now.methodology.choices[field.choices].choices[0].code if field.choices else 1


def explain_all(unit: Collection) -> None:
    for one in unexplained(compute(unit).fired(unit)):
        Explanation.objects.create(collection=one.collection, check_code=one.check.code, text="Așa este.", author="user:1")


def test_a_second_round_goes_from_proposals_to_finalising_and_its_checks_know_the_first(years: Years) -> None:
    fill(years)
    unit = Collection.objects.get(pk=years.unit.pk)
    assert ClassTable.objects.filter(collection__parent=unit).count() == 8
    computed = compute(unit)
    kind = computed.methodology.quantities["unit", "pupils"].kind
    assert computed.dataset.cell("unit", "previous.pupils", computed.place_of(unit), kind) == (Fraction(136), 0)
    assert "V-U-10" in {one.check.code for one in computed.fired(unit)}, "from 136 to 80 pupils"
    answers = text_of(years.page("answers"))
    assert "Numărul elevilor s-a schimbat mult față de anul trecut." in answers
    assert "previous.pupils (anul școlar 2024-2025) → 136" in answers
    explain_all(unit)
    obstacles = obstacles_of(unit)
    assert (obstacles.sections, obstacles.classes, obstacles.must_fix, obstacles.explain) == (0, 0, 0, 0)
    finalising.finalise(unit, years.author)
    assert unit.exact_values.values["pupils"] == 80
    assert unit.results.get().figures["Q.SUM"]["value"] == 0


def test_figures_stand_beside_those_of_the_year_before(years: Years) -> None:
    """The same digits on the page and in the report; broken series say why, new indicators have nothing to stand beside."""
    fill(years)
    unit = Collection.objects.get(pk=years.unit.pk)
    explain_all(unit)
    finalising.finalise(unit, years.author)
    unit.refresh_from_db()
    now, then = unit.results.get().figures, years.before.units["U1"].results.get(superseded_at=None).figures
    found = compare(unit, worked_round.methodologies.of(years.round.methodology), now)
    assert found is not None and found.year == "2024-2025"
    for code in ("A.ROM.1", "A.ROM.6", "X.MAR"):
        value, before = Fraction(str(now[code]["value"])), Fraction(str(then[code]["value"]))
        assert found.compared[code] == Compared(before, value - before)
    assert found.compared["D.REZ.1"].break_words == "întrerupere de serie: înlocuiește indicatorul D.RUR.1"
    assert found.compared["A.ROM.5"].break_words == "întrerupere de serie: formula s-a schimbat"
    assert found.compared["B.CES.2"].break_words == "întrerupere de serie: un prag s-a schimbat"
    assert found.compared["R.MAX"].break_words == "întrerupere de serie: metodologia indicatorului s-a schimbat"
    assert "A.ROM.7" not in found.compared
    one = found.compared["A.ROM.6"]
    shown = f"{figure(one.value, 'score')} ({difference(one.difference, 'score')})"
    page = text_of(years.page("results"))
    assert "Față de 2024-2025" in page and shown in page
    assert "întrerupere de serie: formula s-a schimbat" in page
    single = text_of(years.client.get(reverse("collection:indicator", args=[unit.pk, "A.ROM.6"])).content.decode())
    assert f"Anul școlar 2024-2025: {shown}" in single


def test_a_first_year_stands_beside_nothing(years: Years) -> None:
    unit = years.before.units["U1"]
    assert compare(unit, years.before.methodology, unit.results.get(superseded_at=None).figures) is None
    client, director = Client(), User.objects.create_user("director@example.org", "Dan Pop")
    assert years.before.school.place is not None
    Membership.objects.create(user=director, place=years.before.school.place, role="director")
    client.force_login(director)
    page = client.get(reverse("collection:results", args=[unit.pk])).content.decode()
    assert "Față de" not in page and "întrerupere de serie" not in page


def test_opening_the_second_round_says_when_the_first_is_still_open(years: Years) -> None:
    member = User.objects.create_user("membru@example.org", "Ion Pop")
    nation = Collection.objects.get(round=years.round, level=Level.NATIONAL)
    Membership.objects.create(user=member, place=nation.place, role="national_member")
    Round.objects.filter(pk=years.round.pk).update(state=Round.State.DRAFT, opening_at=None)
    client, url = Client(), reverse("collection:open_round", args=[years.round.pk])
    client.force_login(member)
    words = "Campania 2024-2025 nu este închisă"
    Round.objects.filter(pk=years.round.pk).update(state=Round.State.DRAFT, opening_at=None)
    assert words not in client.get(url).content.decode()
    Round.objects.filter(pk=years.before.round.pk).update(state=Round.State.OPEN)
    assert words in client.get(url).content.decode()
