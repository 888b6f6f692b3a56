"""Invented answers: what a form would accept and no check would refuse, the same for the same seed, with cases whose results are known."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import LazySettings
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from engine.answers import clean, clean_rows
from engine.methodology import table_of
from engine.storage import decode_table
from portal.accounts.models import Membership, User
from portal.collection import computing, generating
from portal.collection.computing import Computed
from portal.collection.contexts import class_context, methodology_of, stored_answers
from portal.collection.generating import Order, Written, answering, classes, county, demonstration, finishing
from portal.collection.generating.county import BEGUN, COMPLETE, UNTOUCHED
from portal.collection.models import CLASS, ClassTable, Collection, Response
from portal.collection.readiness import step_states
from portal.collection.services import opening
from portal.collection.services.classes import recount
from portal.network import services as network
from portal.network.importing import applying
from portal.network.models import Level, Place
from portal.network.synthetic import Size
from portal.rounds import methodologies
from portal.rounds.models import Round
from portal.rounds.services import publish
from tests.portal.network.books import dry
from tests.portal.worked_round import draft_round

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "indicators" / "2025-2026"
UNIT = Level.UNIT.value


@pytest.fixture(autouse=True)
def _own_data_folder(settings: LazySettings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "data"
    settings.DEMO = True
    methodologies.forget()


Make = Callable[..., Collection]


@pytest.fixture
def make() -> Make:
    """An open round over an invented network of one county; gives the county."""

    def made(folder: Path = FOLDER, year: str = "2025-2026", size: Size | None = None) -> Collection:
        network.seed([0], size or Size(4, 8, 40), 3, "2025-2026")
        opening.open_round(draft_round(publish(folder), school_year=year))
        return Collection.objects.get(level=Level.COUNTY)

    return made


def fill(collection: Collection, **order: Any) -> Written:
    [written] = generating.generate([collection], Order(**{"seed": 4, "filled": 1.0} | order))
    return written


def units_of(collection: Collection) -> list[Collection]:
    return list(Collection.objects.filter(level=UNIT, path__startswith=collection.path).order_by("code"))


def classes_of(unit: Collection) -> list[Collection]:
    return list(Collection.objects.filter(level=CLASS, parent=unit).select_related("round__methodology", "parent__parent").order_by("code"))


def must_fix(computed: Computed) -> set[tuple[str, str]]:
    fired = [(unit, one) for unit in computed.rows[UNIT] for one in computed.fired(unit) if one.check.severity == "must_fix"]
    return {(one.check.code, unit.code) for unit, one in fired}


def wrong_answers(collection: Collection) -> Counter[Any]:
    """Everything that forms and tables would not accept, of the sections that are answered."""
    found: Counter[Any] = Counter()
    for unit in units_of(collection):
        answered = set(stored_answers(unit))
        found.update(("unit", problem) for state in step_states(unit) if state.section in answered for problem in state.problems)
        for one in classes_of(unit):
            methodology, context, sections = methodology_of(one), class_context(one), set(stored_answers(one))
            wrong = clean(methodology, CLASS, {}, context).problems
            found.update(("class", problem) for problem in wrong if methodology.fields[CLASS][problem.field].section in sections)
            rows = decode_table(methodology, CLASS, bytes(one.table.content))
            cleaned = clean_rows(methodology, CLASS, rows, context)
            found.update(("rows", problem) for problem in cleaned.problems)
            number = table_of(methodology, CLASS).number
            assert cleaned.rows == [{code: cell for code, cell in row.items() if code != number} for row in rows]
    return found


# ---- what is written ---------------------------------------------------------------------------------------------------


def test_forms_accept_every_answer_and_no_check_is_left_to_mend_but_the_planted_one(make: Make) -> None:
    written = fill(make())
    assert (written.units, written.classes) == (8, 40)
    assert not wrong_answers(written.county)
    computed = computing.compute(written.county)
    assert must_fix(computed) == {("V-T-04", written.planted["no_bench"])}
    bands = Counter(computed.results.result("R.MAX", place).band for place in range(len(computed.rows[UNIT])))
    assert bands["none"] and bands["risk"] + bands["high"]


def test_the_results_of_the_planted_cases_are_known(make: Make) -> None:
    written = fill(make(size=Size(6, 14, 120)))
    computed = computing.compute(written.county)
    unit = {row.code: place for place, row in enumerate(computed.rows[UNIT])}
    nobody = unit[written.planted["nobody"]]
    assert [computed.results.result(code, nobody).value for code in ("A.ROM.1", "B.CES.1")] == [0, 0]
    apart = unit[written.planted["apart"]]
    found = computed.results.result("A.ROM.4", apart)
    shares = {item.own for item in found.items}
    assert found.band == "high" and found.value is not None and found.value >= 5
    assert {0, 100} <= shares, "one of the parallel classes is Roma, its neighbours are not"


def test_the_counters_are_those_that_the_acts_would_have_left(make: Make) -> None:
    written = fill(make(), filled=0.5)
    progress = {row.progress for row in Collection.objects.filter(level=CLASS)}
    assert progress == {"submitted", "in_progress", "not_started"}
    for unit in units_of(written.county):
        counted = Collection.objects.get(pk=unit.pk)
        recount(counted)
        assert (unit.classes, unit.classes_submitted, unit.pupils) == (counted.classes, counted.classes_submitted, counted.pupils)
        assert unit.classes and unit.path.startswith(written.county.path)
    for table in ClassTable.objects.select_related("collection"):
        assert table.rows == table.collection.pupils and table.revision == 1
        assert table.collection.path.startswith(written.county.path)
        assert (len(table.confirmed) == 16) == (table.collection.progress == "submitted")


def test_units_come_as_far_as_they_are_told(make: Make) -> None:
    collection = make()
    first, second, third = (unit.code for unit in units_of(collection)[:3])
    fill(collection, begun={first: COMPLETE, second: BEGUN, third: UNTOUCHED})
    complete, begun, untouched = units_of(collection)[:3]
    assert [unit.progress for unit in (complete, begun, untouched)] == ["in_progress", "in_progress", "not_started"]
    assert complete.classes_submitted == complete.classes
    assert "residence" in stored_answers(begun)["basic"] and "allocation_prep" not in stored_answers(begun)["basic"]
    assert stored_answers(untouched) == {} and untouched.classes_submitted == 0
    assert "cls_girls" not in stored_answers(classes_of(untouched)[0])["basic"]


def test_what_somebody_has_touched_stays(make: Make) -> None:
    collection = make()
    answered, begun = units_of(collection)[:2]
    Response.objects.create(collection=answered, section="basic", values={"pupils_total": 7}, revision=1)
    Collection.objects.filter(pk=classes_of(begun)[0].pk).update(progress=Collection.Progress.IN_PROGRESS)
    assert fill(collection).units == 6
    assert stored_answers(answered) == {"basic": {"pupils_total": 7}}
    assert not ClassTable.objects.filter(collection__parent__in=[answered, begun]).exists()
    before = json.dumps(list(Response.objects.order_by("pk").values_list("values", flat=True)))
    assert fill(collection, seed=9).units == 0
    assert json.dumps(list(Response.objects.order_by("pk").values_list("values", flat=True))) == before


def test_units_without_classes_get_them_from_their_pupils(make: Make) -> None:
    collection = make()
    bare = units_of(collection)[0]
    Response.objects.filter(collection__parent=bare).delete()
    Collection.objects.filter(parent=bare).delete()
    fill(collection)
    made = classes_of(bare)
    assert sum(one.pupils for one in made) == bare.attributes["pupils_total"] == stored_answers(bare)["basic"]["pupils_total"]
    assert all(one.path == f"{bare.path}{one.pk}/" for one in made)


def test_sending_is_in_the_history_when_asked_for(make: Make) -> None:
    fill(make(), events=True)
    one = Collection.objects.filter(level=CLASS).select_related("table").first()
    assert one is not None
    [event] = one.events.all()
    assert (event.action, event.through, event.after, event.at) == ("submit_class", "command", "submitted", one.submitted_at)
    assert one.round.opens_at <= event.at


# ---- chance ------------------------------------------------------------------------------------------------------------


def invented(collection: Collection, seed: int) -> list[tuple[str, dict[str, Any], bytes]]:
    drawn = county.gather(collection, Order(seed=seed, filled=0.8))
    found = [(one.plan.code, one.documents, one.table) for one in answering.answer(drawn)]
    return [*found, *((unit.row.code, unit.documents, b"") for unit in drawn.units)]


def test_the_same_seed_gives_the_same_answers_and_another_seed_others(make: Make) -> None:
    collection = make()
    first = invented(collection, 1)
    assert first == invented(collection, 1)
    assert first != invented(collection, 2)


LEVELS = st.lists(
    st.sampled_from(["early", "preschool", "primary", "lower_secondary", "upper_secondary", "vocational", "post_secondary"]), min_size=1, unique=True
)


@given(levels=LEVELS, pupils=st.integers(1, 3000), seed=st.integers(0, 50))
def test_the_pupils_of_a_unit_are_split_into_classes_without_rest(levels: list[str], pupils: int, seed: int) -> None:
    made = classes.split({"levels": levels, "pupils_total": pupils, "teaching_languages": ["ro", "hu"]}, Random(seed))
    if pupils < len(levels):
        assert made == []
        return
    assert sum(one.pupils for one in made) == pupils
    assert all(1 <= one.pupils <= 45 and len(one.name) <= 20 for one in made)
    assert len({one.name for one in made}) == len({one.code for one in made}) == len(made)
    assert all(len(one.grades) > 1 or one.known["cls_grade"] == one.grades[0] for one in made)


# ---- other methodologies -----------------------------------------------------------------------------------------------


def test_last_years_methodology_is_answered_as_well(make: Make) -> None:
    written = fill(make(ROOT / "indicators" / "2024-2025", "2024-2025", Size(3, 7, 30)))
    assert not wrong_answers(written.county)
    assert must_fix(computing.compute(written.county)) == set()
    table = ClassTable.objects.first()
    assert table is not None
    row = decode_table(methodology_of(written.county), CLASS, bytes(table.content))[0]
    assert "absences" in row and "support_level" not in row


def test_questions_nobody_has_foreseen_are_answered_within_their_limits(make: Make, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(FOLDER, tmp_path / "2025-2026"))
    _insert(
        folder / "forms_unit.yaml",
        before="          - {code: unit_status,",
        lines=[
            "{code: canteen, type: choice, label: {ro: Cantină}, choices: yes_no, required: true}",
            "{code: canteen_seats, type: integer, label: {ro: Locuri}, min: 40, max: 45, show_if: 'canteen = \"yes\"', required_if: 'canteen = \"yes\"'}",
            "{code: canteen_meals, type: multichoice, label: {ro: Pentru}, choices: education_level, required: true}",
        ],
    )
    _insert(
        folder / "forms_class_table.yaml",
        before="        - code: kindergarten",
        lines=["{code: meals, type: integer, label: {ro: Mese}, min: 1, max: 3, required: true}"],
        indent=8,
    )
    written = fill(make(folder))
    assert not wrong_answers(written.county)
    documents = [stored_answers(unit)["basic"] for unit in units_of(written.county)]
    assert {document["canteen"] for document in documents} == {"yes", "no"}
    assert all((document["canteen"] == "yes") == (40 <= document.get("canteen_seats", 0) <= 45) for document in documents)


def _insert(path: Path, before: str, lines: list[str], indent: int = 10) -> None:
    text = path.read_text("utf-8")
    assert before in text
    more = "".join(f"{' ' * indent}- {line}\n" for line in lines)
    path.write_text(text.replace(before, more + before, 1), "utf-8")


# ---- finalising --------------------------------------------------------------------------------------------------------


def test_schools_are_finalised_by_the_services_and_what_is_to_be_mended_stays_open(make: Make) -> None:
    written = fill(make())
    done = finishing.finalise(written.county, 1, 4)
    units = units_of(written.county)
    stayed = {unit.code for unit in units if unit.state != Collection.State.FINALISED}
    assert stayed == {written.planted["no_bench"]}
    assert (done.units, done.refused, done.schools, done.county) == (7, 1, 3, False)
    assert all(unit.results.filter(superseded_at=None).count() == 1 for unit in units if unit.code not in stayed)
    assert not Membership.objects.filter(user__email=finishing.EMAIL, ended_at=None).exists()
    assert not User.objects.get(email=finishing.EMAIL).has_usable_password()


def test_a_whole_county_is_finalised_and_units_without_pupils_are_exempt(make: Make) -> None:
    county = make()
    empty = units_of(county)[-1]
    Response.objects.filter(collection__parent=empty).delete()
    Collection.objects.filter(parent=empty).delete()
    Collection.objects.filter(pk=empty.pk).update(
        classes=0, attributes={key: value for key, value in empty.attributes.items() if key != "pupils_total"}
    )
    fill(county, blank=False)
    done = finishing.finalise(county, 1, 4)
    assert (done.units, done.refused, done.exempted, done.county) == (7, 0, 1, True)
    county.refresh_from_db()
    assert county.state == Collection.State.FINALISED
    assert units_of(county)[-1].exemptions.get().reason == "no_pupils"


# ---- commands ----------------------------------------------------------------------------------------------------------


def test_the_command_fills_a_county_and_says_what_is_where(make: Make) -> None:
    make()
    told = shown_by("generate_round", "--county", "ab", "--filled", "1", "--finalise", "0.25")
    assert "Alba: 8 unități, 40 clase." in told and "finalizate: " in told
    assert Collection.objects.filter(level=CLASS, progress="submitted").count() == 40


def test_the_command_refuses_where_answers_could_be_real(make: Make, settings: LazySettings) -> None:
    with pytest.raises(CommandError, match="campanie deschisă"):
        call_command("generate_round", "--all")
    make()
    with pytest.raises(CommandError, match="CJ"):
        call_command("generate_round", "--county", "CJ")
    with pytest.raises(CommandError, match="Alegeți"):
        call_command("generate_round")
    with pytest.raises(CommandError, match="între 0 și 1"):
        call_command("generate_round", "--all", "--filled", "7")
    settings.DEMO = False
    with pytest.raises(CommandError, match="demonstrativă"):
        call_command("generate_round", "--all")
    assert not ClassTable.objects.exists()


def test_the_demonstration_is_made_once_shows_every_state_and_keeps_its_accounts_to_itself(settings: LazySettings, client: Client) -> None:
    told = shown_by("seed_demo")
    kept = settings.DATA_DIR / "demo-accounts.txt"
    assert kept.stat().st_mode & 0o777 == 0o600 and kept.read_text("utf-8") == told
    assert shown_by("seed_demo") == told and Round.objects.count() == 1
    for person in demonstration.PEOPLE:
        line = next(line for line in told.splitlines() if person.email in line)
        assert authenticate(username=person.email, password=line.split()[-1]) is not None
    count = Counter(Collection.objects.values_list("level", flat=True))
    assert (count["county"], count["school"], count["unit"], count["class"]) == (1, 12, 30, 200)
    units = Collection.objects.filter(level=UNIT)
    assert units.filter(state="finalised").count() == 1 and units.filter(reopened=True, state="open").count() == 1
    assert units.filter(exempt=True).count() == 1 and units.filter(extended="requested").count() == 1
    assert units.filter(progress="not_started", exempt=False).exists()
    assert Collection.objects.filter(level=Level.SCHOOL, blocked=True).count() == 1
    assert client.get(urlsplit(told.split()[-1]).path).status_code == 200, "the class link opens"
    kept.unlink()
    assert shown_by("seed_demo") != told, "lost passwords are given anew"


def shown_by(*command: str) -> str:
    told = StringIO()
    call_command(*command, stdout=told)
    return told.getvalue()


def test_no_demonstration_where_somebody_has_begun(make: Make) -> None:
    make()
    before = Collection.objects.count()
    with pytest.raises(CommandError, match="numai într-o bază goală"):
        call_command("seed_demo")
    assert Collection.objects.count() == before and not User.objects.exists()


# ---- the real network --------------------------------------------------------------------------------------------------


def test_alba_has_the_classes_that_its_pupils_need(official_lists: Path) -> None:
    scope = frozenset({"AB"})
    _, plan = dry((official_lists / "retea-scolara-2024-2025-fara-contact.xlsx").read_bytes(), scope=scope)
    applying.write_places(plan)
    rows = (official_lists / "unitati_profil.csv").read_text("utf-8-sig").splitlines()
    own = "\n".join([rows[0], *(row for row in rows if row.startswith("01"))])
    applying.write_places(dry(own.encode(), "pupils", scope=scope)[1])
    opening.open_round(draft_round(publish(FOLDER)))
    call_command("generate_round", "--county", "AB", "--filled", "1", stdout=StringIO())
    filled = Collection.objects.filter(level=UNIT, classes__gt=0)
    assert filled.count() == filled.filter(progress="in_progress").count() == 431
    assert Place.objects.filter(level=Level.SCHOOL, collects=True).count() == len(set(filled.values_list("parent", flat=True))) == 146
    many = Collection.objects.filter(level=CLASS, progress="submitted").count()
    assert abs(many - 2501) <= 0.05 * 2501
    assert sum(filled.values_list("pupils", flat=True)) == 48_049
