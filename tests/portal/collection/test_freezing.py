"""From sent tables to frozen figures and back: finalising, freezing on every path, reopening."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from engine.storage import content_digest, decode_table
from portal.accounts.models import Membership, User
from portal.collection import boards, completeness, freezing, signals
from portal.collection.authors import Author
from portal.collection.completeness import Tally
from portal.collection.computing import compute
from portal.collection.models import CLASS, ClassTable, Collection, Explanation, Response
from portal.collection.readiness import obstacles_of, unexplained
from portal.collection.refusals import Conflict, Refused
from portal.collection.services import finalising, saving, supervising, tables
from portal.collection.standing import Obstacles
from tests.portal.worked_round import WorkedRound

pytestmark = pytest.mark.django_db


def somebody(role: str, collection: Collection) -> Author:
    user = User.objects.create_user(f"{role}.{collection.pk}@example.org", f"{role} {collection.pk}")
    assert collection.place is not None
    Membership.objects.create(user=user, place=collection.place, role=role)
    return Author(user=user)


def ready_unit(worked: WorkedRound) -> Collection:
    """The unit of the example in which nothing must be fixed, with every reason written that is asked for."""
    unit = worked.units["U3"]
    for fired in unexplained(compute(unit).fired(unit)):
        Explanation.objects.create(collection=fired.collection, check_code=fired.check.code, text="Așa este.", author="user:1")
    return unit


def code(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.decision.code


def test_a_unit_with_open_checks_is_not_finalised_and_says_how_many(worked: WorkedRound) -> None:
    unit = worked.units["U1"]
    found = obstacles_of(unit)
    assert found.explain > 0
    with pytest.raises(Refused) as refused:
        finalising.finalise(unit, somebody("unit_manager", unit))
    assert code(refused) in ("explain", "must_fix", "sections")
    unit.refresh_from_db()
    assert unit.state == Collection.State.OPEN
    assert not unit.results.exists()
    assert not unit.events.exists()


def test_a_finalised_unit_has_its_figures_stored_with_both_digests(worked: WorkedRound) -> None:
    unit = ready_unit(worked)
    told: list[object] = []
    signals.finalised.connect(lambda sender, **news: told.append(news["result"]), weak=False, dispatch_uid="told")
    try:
        finalising.finalise(unit, somebody("unit_manager", unit))
    finally:
        signals.finalised.disconnect(dispatch_uid="told")
    result = unit.results.get()
    assert told == [result]
    assert result.number == 1
    assert result.figures == freezing.figures_of(compute(unit), unit)
    assert result.methodology_digest == worked.methodology.digest
    assert result.data_digest == freezing.data_digest(worked.methodology, unit)
    assert unit.events.get(action="finalise").after == "finalised"


def test_rows_are_mixed_at_finalisation_and_nothing_else_changes(worked: WorkedRound) -> None:
    unit = ready_unit(worked)
    before = {table.pk: decode_table(worked.methodology, CLASS, bytes(table.content)) for table in ClassTable.objects.filter(collection__parent=unit)}
    digest = freezing.data_digest(worked.methodology, unit)
    finalising.finalise(unit, somebody("unit_manager", unit))
    assert freezing.data_digest(worked.methodology, unit) == digest
    moved = False
    for table in ClassTable.objects.filter(collection__parent=unit):
        rows = decode_table(worked.methodology, CLASS, bytes(table.content))
        assert content_digest(worked.methodology, CLASS, rows) == content_digest(worked.methodology, CLASS, before[table.pk])
        assert [row["row_no"] for row in rows] == list(range(1, len(rows) + 1))
        moved = moved or rows != before[table.pk]
    assert moved or not before


def test_nothing_under_a_finalised_unit_can_be_written(worked: WorkedRound) -> None:
    unit = ready_unit(worked)
    manager = somebody("unit_manager", unit)
    finalising.finalise(unit, manager)
    school_class = next(row for (key, _), row in worked.classes.items() if key == "U3")
    for refusing in (
        lambda: saving.save_section(unit, "basic", {"measures": "x"}, manager),
        lambda: tables.recall(school_class, manager),
        lambda: saving.save_section(school_class, "basic", {"cls_girls": 1}, manager),
    ):
        with pytest.raises(Refused) as refused:
            refusing()
        assert code(refused).startswith("finalised")


def test_reopening_keeps_the_old_figures_and_the_next_freeze_gets_a_new_number(worked: WorkedRound) -> None:
    unit = ready_unit(worked)
    manager = somebody("unit_manager", unit)
    finalising.finalise(unit, manager)
    director = somebody("director", worked.school)
    finalising.reopen(unit, director, "Lipsea o clasă.")
    unit.refresh_from_db()
    assert (unit.state, unit.reopened) == ("open", True)
    assert unit.results.get().superseded_at is not None
    finalising.finalise(unit, manager)
    assert list(unit.results.order_by("number").values_list("number", flat=True)) == [1, 2]
    assert [event.action for event in unit.events.order_by("pk")] == ["finalise", "reopen", "finalise"]
    assert unit.events.get(action="reopen").reason == "Lipsea o clasă."


def test_a_school_is_final_only_when_every_unit_is_final_or_exempt(worked: WorkedRound) -> None:
    director = somebody("director", worked.school)
    with pytest.raises(Refused) as refused:
        finalising.finalise(worked.school, director)
    assert code(refused) == "children"
    manager_unit = ready_unit(worked)
    finalising.finalise(manager_unit, somebody("unit_manager", manager_unit))
    inspector = somebody("inspector", worked.county)
    for unit in worked.units.values():
        if unit.pk != manager_unit.pk:
            supervising.exempt(unit, inspector, "special", "Unitate specială.")
    finalising.finalise(worked.school, director)
    worked.school.refresh_from_db()
    assert worked.school.state == Collection.State.FINALISED


def test_figures_that_look_at_sibling_units_are_provisional_until_the_school_is_settled(worked: WorkedRound) -> None:
    unit = ready_unit(worked)
    finalising.finalise(unit, somebody("unit_manager", unit))
    first = unit.results.get()
    assert any(figure["provisional"] for figure in first.figures.values())
    inspector = somebody("inspector", worked.county)
    for other in worked.units.values():
        if other.pk != unit.pk:
            supervising.exempt(other, inspector, "special", "Unitate specială.")
    finalising.finalise(worked.school, somebody("director", worked.school))
    latest = unit.results.get(superseded_at=None)
    assert latest.number == 2
    assert not any(figure["provisional"] for figure in latest.figures.values())


def test_two_people_saving_different_fields_lose_nothing(worked: WorkedRound) -> None:
    unit = worked.units["U1"]
    one, two = somebody("unit_manager", unit), somebody("operator", unit)
    seen = Response.objects.get(collection=unit, section="basic").revision
    saving.save_section(unit, "basic", {"measures": "Prima."}, one, base_revision=seen)
    saving.save_section(unit, "basic", {"pop_total": 999}, two, base_revision=seen)
    values = Response.objects.get(collection=unit, section="basic").values
    assert (values["measures"], values["pop_total"]) == ("Prima.", 999)


def test_two_people_saving_the_same_field_get_a_conflict_with_both_values(worked: WorkedRound) -> None:
    unit = worked.units["U1"]
    one, two = somebody("unit_manager", unit), somebody("operator", unit)
    seen = Response.objects.get(collection=unit, section="basic").revision
    saving.save_section(unit, "basic", {"pop_total": 998}, one, base_revision=seen)
    with pytest.raises(Conflict) as conflict:
        saving.save_section(unit, "basic", {"pop_total": 999, "measures": "A doua."}, two, base_revision=seen)
    assert conflict.value.cells == {"pop_total": (999, 998)}
    assert Response.objects.get(collection=unit, section="basic").values.get("measures") != "A doua."


def test_a_request_sent_twice_is_done_once(worked: WorkedRound) -> None:
    unit = worked.units["U1"]
    manager = somebody("unit_manager", unit)
    first = saving.save_section(unit, "basic", {"pop_total": 998}, manager, request_id="abc")
    second = saving.save_section(unit, "basic", {"pop_total": 998}, manager, request_id="abc")
    assert (second.revision, second.again) == (first.revision, True)
    assert unit.events.filter(action="save").count() == 1


def test_a_class_is_sent_once_returned_with_a_message_and_sent_again(worked: WorkedRound) -> None:
    unit = worked.units["U1"]
    school_class = next(row for (key, _), row in worked.classes.items() if key == "U1")
    manager = somebody("unit_manager", unit)
    rows, _ = tables.stored_rows(school_class)
    with pytest.raises(Refused) as refused:
        tables.submit(school_class, rows, manager, Obstacles())
    assert code(refused) == "submitted"
    tables.give_back(school_class, manager, "Lipsesc băncile.")
    unit.refresh_from_db()
    sent = unit.classes_submitted
    assert compute(unit).dataset.tables["pupil"].received.sum() == len([1 for key, _ in worked.classes]) - 1
    with pytest.raises(Refused):
        finalising.finalise(unit, manager)
    tables.submit(school_class, rows, manager, Obstacles())
    unit.refresh_from_db()
    assert unit.classes_submitted == sent + 1
    assert school_class.events.filter(action="return_class").get().reason == "Lipsesc băncile."


def test_an_extension_lets_one_unit_write_after_everybody_else(worked: WorkedRound) -> None:
    unit, other = worked.units["U1"], worked.units["U2"]
    now = timezone.now()
    worked.round.class_close = worked.round.unit_close = now - timezone.timedelta(days=1)
    worked.round.save()
    unit, other = Collection.objects.get(pk=unit.pk), Collection.objects.get(pk=other.pk)
    supervising.extend(unit, somebody("inspector", worked.county), now + timezone.timedelta(days=2), "Inundație.")
    saving.save_section(unit, "basic", {"pop_total": 998}, somebody("unit_manager", unit))
    with pytest.raises(Refused) as refused:
        saving.save_section(other, "basic", {"pop_total": 998}, somebody("unit_manager", other))
    assert code(refused) == "window_closed"


# ---- many units at once ------------------------------------------------------------------------------------------------


def test_units_frozen_together_are_frozen_as_each_alone(worked: WorkedRound) -> None:
    first = worked.freeze("U2")
    computed = compute(worked.school)
    units = list(computed.rows["unit"])
    found = {result.collection_id: result for result in finalising.freeze_all(computed, units, timezone.now())}
    assert len(units) == 3 and set(found) == {unit.pk for unit in units}
    assert {unit.pk: found[unit.pk].number for unit in units} == {unit.pk: 2 if unit.pk == first.collection_id else 1 for unit in units}
    first.refresh_from_db()
    assert first.superseded_at is not None and unit_results(worked, "U2") == 1
    for unit in units:
        assert found[unit.pk].figures == freezing.figures_of(computed, unit)
        assert found[unit.pk].checks == freezing.checks_of(computed, unit, {})
        assert found[unit.pk].data_digest == freezing.data_digest(worked.methodology, unit)
    assert len({result.data_digest for result in found.values()}) == 3


def unit_results(worked: WorkedRound, key: str) -> int:
    return worked.units[key].results.filter(superseded_at=None).count()


# ---- places that are left out ------------------------------------------------------------------------------------------


def test_nothing_below_an_exempt_place_is_computed_and_no_check_fires_there(worked: WorkedRound) -> None:
    unit = worked.units["U1"]
    inspector = somebody("inspector", worked.county)
    supervising.exempt(unit, inspector, "too_small", "Prea puțini copii.")
    unit.refresh_from_db()
    rows = compute(worked.county).rows
    assert unit not in rows["unit"] and len(rows["unit"]) == 2
    assert all(row.parent_id != unit.pk for row in rows[CLASS]) and rows[CLASS]
    assert compute(unit).fired(unit) == []
    assert obstacles_of(unit).must_fix == 0
    supervising.exempt(worked.school, inspector, "other", "Se desființează.")
    assert {level: len(listed) for level, listed in compute(worked.county).rows.items()} == {"county": 1, "school": 0, "unit": 0, CLASS: 0}


def test_the_pages_of_an_exempt_unit_open(worked: WorkedRound, client: Client) -> None:
    unit, inspector = worked.units["U1"], somebody("inspector", worked.county)
    supervising.exempt(unit, inspector, "too_small", "Prea puțini copii.")
    client.force_login(inspector.person)
    for page in ("sarcini", "raspunsuri", "rezultate"):
        assert client.get(f"/colectare/{unit.pk}/{page}/").status_code == 200


def test_units_of_an_exempt_school_are_not_expected(worked: WorkedRound) -> None:
    before = completeness.of(worked.county)
    assert (before["unit"].expected, before["unit"].exempt, before["class"].exempt) == (3, 0, 0)
    supervising.exempt(worked.school, somebody("inspector", worked.county), "closed", "Școala a fost desființată.")
    after = completeness.of(worked.county)
    assert after == {"class": Tally(0, before["class"].expected, 0, 0), "unit": Tally(0, 3, 0, 0), "school": Tally(0, 1, 0, 0)}
    line = boards.lines(somebody("general_inspector", worked.county).person, worked.county)[0]
    assert (line.counts.units.expected, line.counts.tables.expected) == (0, 0)
