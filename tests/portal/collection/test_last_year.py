"""Last year's numbers: kept when a place is final, found again by code, given only once their round is over."""

from __future__ import annotations

import shutil
from fractions import Fraction
from pathlib import Path

import pytest

import engine
from engine.methodology import Methodology
from portal.accounts.models import Membership, User
from portal.collection import last_year
from portal.collection.authors import Author
from portal.collection.computing import compute
from portal.collection.models import Collection, ExactValues, Explanation
from portal.collection.readiness import unexplained
from portal.collection.services import finalising, supervising, taking
from portal.network.models import Level, Place
from portal.rounds.models import Round
from tests.portal import worked_round
from tests.portal.worked_round import FOLDER, WorkedRound

pytestmark = pytest.mark.django_db


def somebody(role: str, collection: Collection) -> Author:
    user = User.objects.create_user(f"{role}.{collection.pk}@example.org", f"{role} {collection.pk}")
    Membership.objects.create(user=user, place=collection.place, role=role)
    return Author(user=user)


def kept(collection: Collection) -> dict[str, Fraction]:
    return {name: Fraction(value) for name, value in ExactValues.objects.get(collection=collection).values.items()}


def final_unit(worked: WorkedRound) -> Collection:
    """The unit of the example in which nothing must be fixed, final."""
    unit = worked.units["U3"]
    for fired in unexplained(compute(unit).fired(unit)):
        Explanation.objects.create(collection=fired.collection, check_code=fired.check.code, text="Așa este.", author="user:1")
    finalising.finalise(unit, somebody("unit_manager", unit))
    return unit


def final_county(worked: WorkedRound) -> Collection:
    """The unit final, the others exempt, and so on upwards."""
    unit, inspector = final_unit(worked), somebody("inspector", worked.county)
    for other in worked.units.values():
        if other.pk != unit.pk:
            supervising.exempt(other, inspector, "special", "Unitate specială.")
    finalising.finalise(worked.school, somebody("director", worked.school))
    finalising.finalise(worked.county, somebody("general_inspector", worked.county))
    return unit


# ---- kept --------------------------------------------------------------------------------------------------------


def test_every_final_place_keeps_its_exact_numbers(worked: WorkedRound) -> None:
    unit = final_county(worked)
    results = compute(worked.county).results
    for place in (unit, worked.school, worked.county):
        assert kept(place) == engine.exact_numbers(results, place.level, [0])[0]
    assert kept(unit)["pupils"] == kept(worked.school)["n"] == kept(worked.county)["n"] == 44
    assert kept(unit)["share_rom"] == Fraction(7, 22)
    assert kept(unit)["pupils_total"] == 44
    assert ExactValues.objects.count() == 3


def test_a_reopened_place_keeps_none_until_it_is_final_again(worked: WorkedRound) -> None:
    unit = final_unit(worked)
    finalising.reopen(unit, somebody("director", worked.school), "Lipsea o clasă.")
    assert not ExactValues.objects.exists()
    finalising.finalise(unit, Author(user=User.objects.get(email=f"unit_manager.{unit.pk}@example.org")))
    assert kept(unit)["pupils"] == 44


def test_what_looks_at_sibling_units_is_kept_anew_with_the_school(worked: WorkedRound) -> None:
    """Kept with one sibling missing, then with it exempt: the second is what next year compares with."""
    unit = final_unit(worked)
    ExactValues.objects.filter(collection=unit).update(values={})
    inspector = somebody("inspector", worked.county)
    for other in worked.units.values():
        if other.pk != unit.pk:
            supervising.exempt(other, inspector, "special", "Unitate specială.")
    finalising.finalise(worked.school, somebody("director", worked.school))
    assert kept(unit) == engine.exact_numbers(compute(worked.school).results, "unit", [0])[0]


# ---- found -------------------------------------------------------------------------------------------------------


def numbers(worked: WorkedRound) -> dict[str, tuple[object, object]]:
    """By unit of the example: last year's pupils and Roma pupils, as they reach the engine."""
    computed = compute(worked.county)
    found = {}
    for key, unit in worked.units.items():
        cells = [
            computed.dataset.cell("unit", f"previous.{name}", computed.place_of(unit), computed.methodology.quantities["unit", name].kind)[0]
            for name in ("pupils", "roma")
        ]
        found[key] = (cells[0], cells[1])
    return found


NONE = (None, None)


def test_a_closed_round_gives_its_numbers_to_the_next(worked: WorkedRound) -> None:
    assert numbers(worked) == {"U1": NONE, "U2": NONE, "U3": NONE}
    worked_round.close_year_before(worked)
    assert numbers(worked) == {"U1": (175, 30), "U2": (22, 9), "U3": NONE}
    computed = compute(worked.school)
    assert computed.dataset.before.period == "2024-2025"


def test_a_round_that_can_still_change_gives_none(worked: WorkedRound) -> None:
    before = worked_round.close_year_before(worked)
    Round.objects.filter(pk=before.pk).update(state=Round.State.OPEN)
    assert numbers(worked)["U1"] == NONE
    Collection.objects.filter(round=before, level=Level.NATIONAL).update(state=Collection.State.FINALISED)
    assert numbers(worked)["U1"] == (175, 30)


def test_only_the_school_year_before_is_last_year(worked: WorkedRound) -> None:
    before = worked_round.close_year_before(worked)
    Round.objects.filter(pk=before.pk).update(school_year="2023-2024")
    assert numbers(worked)["U1"] == NONE


def test_a_unit_whose_status_changed_is_the_same_unit(worked: WorkedRound) -> None:
    """Its code keeps everything but the fourth digit."""
    before = worked_round.close_year_before(worked)
    then = Collection.objects.get(round=before, place=worked.units["U1"].place)
    Collection.objects.filter(pk=then.pk).update(code=f"{then.code[:3]}9{then.code[4:]}")
    assert numbers(worked)["U1"] == (175, 30)
    Collection.objects.filter(pk=then.pk).update(code=f"{then.code[:4]}9{then.code[5:]}")
    assert numbers(worked)["U1"] == NONE


def test_a_place_of_last_year_serves_one_place_of_this_year(worked: WorkedRound) -> None:
    """The code itself goes before a code that differs in the masked digit; of two that differ alike, neither is taken."""
    before = worked_round.close_year_before(worked)
    unit = worked.units["U1"]
    twin = Place.objects.create(level=Level.UNIT, parent=worked.school.place, code=f"{unit.code[:3]}9{unit.code[4:]}", name="Geamăna")
    taking.take_all(worked.round)
    other = Collection.objects.get(round=worked.round, place=twin)
    assert last_year.same_places(before, [unit, other]) == {unit.pk: Collection.objects.get(round=before, place=unit.place).pk}
    assert last_year.same_places(before, [other]) == {}
    Collection.objects.filter(round=before, place=unit.place).update(code=f"{unit.code[:3]}7{unit.code[4:]}")
    taking.take_all(before)
    Collection.objects.filter(round=before, place=twin).update(code=f"{unit.code[:3]}8{unit.code[4:]}")
    assert last_year.same_places(before, [unit]) == {}


def test_places_of_last_year_are_found_in_a_few_questions_however_many_there_are(worked: WorkedRound, django_assert_max_num_queries: object) -> None:
    worked_round.close_year_before(worked)
    rows = list(Collection.objects.filter(round=worked.round, level=Level.UNIT))
    with django_assert_max_num_queries(4):  # type: ignore[operator]
        found = last_year.numbers(worked.methodology, worked.round, {"unit": rows})
    assert [one for one in found.values["unit"]["pupils"] if one is not None]


def test_an_exempt_place_gives_none(worked: WorkedRound) -> None:
    before = worked_round.close_year_before(worked)
    Collection.objects.filter(round=before, place=worked.units["U1"].place).update(exempt=True)
    assert numbers(worked)["U1"] == NONE


# ---- over versions -----------------------------------------------------------------------------------------------


def asking(tmp_path: Path, *names: str) -> Methodology:
    """This year's methodology with a check on each of these values of last year."""
    folder = Path(shutil.copytree(FOLDER, tmp_path / "asking", ignore=shutil.ignore_patterns("examples")))
    checks = "".join(
        f"  - {{code: V-Z-{number}, level: unit, section: basic, severity: note, fields: [], message: {{ro: Altfel., en: Other., hu: Más.}}, "
        f"formula: '{name} = previous.{name}'}}\n"
        for number, name in enumerate(names, 1)
    )
    path = folder / "validations.yaml"
    path.write_text(path.read_text("utf-8") + checks, "utf-8")
    return engine.load_methodology(folder)


def test_a_series_is_followed_over_its_names_and_ends_where_it_broke(worked: WorkedRound, tmp_path: Path) -> None:
    before = worked_round.close_year_before(worked)
    unit = worked.units["U1"]
    values = {"a_rom_4": "1055/333", "a_rom_5": "7/3", "d_rur_1": 4, "pupils": 175}
    ExactValues.objects.filter(collection__round=before, collection__place=unit.place).update(values=values)
    methodology = asking(tmp_path, "a_rom_4", "a_rom_5", "d_rez_1", "a_rom_7")
    found = last_year.numbers(methodology, worked.round, {"unit": [unit]})
    assert found.values == {"unit": {"pupils": [175], "roma": [None], "a_rom_4": ["1055/333"], "a_rom_7": [None]}}
    assert found.before.breaks == {("unit", "a_rom_5"), ("unit", "d_rez_1")}


def test_a_second_year_on_one_methodology_breaks_nothing(worked: WorkedRound, tmp_path: Path) -> None:
    before = worked_round.close_year_before(worked)
    Round.objects.filter(pk=before.pk).update(methodology=worked.round.methodology)
    unit = worked.units["U1"]
    ExactValues.objects.filter(collection__round=before, collection__place=unit.place).update(values={"a_rom_5": "7/3"})
    found = last_year.numbers(asking(tmp_path, "a_rom_5"), worked.round, {"unit": [unit]})
    assert found.values["unit"]["a_rom_5"] == ["7/3"]
    assert found.before.breaks == frozenset()


def test_a_round_before_that_is_not_over_is_no_year_to_compare_with(worked: WorkedRound) -> None:
    assert last_year.round_before(worked.round) is None
    before = worked_round.close_year_before(worked)
    assert last_year.round_before(worked.round) == before
