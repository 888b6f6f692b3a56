"""Two people in one round at the same moment, on a database with real concurrency; each promise is also broken on purpose, and then the test sees it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.utils import timezone

from portal.collection import authors, completeness, freezing, locking, receivers
from portal.collection.computing import compute
from portal.collection.models import Collection, Event, Response
from portal.collection.permissions import link_actor
from portal.collection.refusals import Conflict, Refused, Repeated
from portal.collection.services import classes, finalising, links, saving, supervising, tables
from portal.collection.standing import Obstacles
from portal.rounds import methodologies
from portal.rounds.models import Round
from portal.rounds.services import planning
from tests.portal import small_round
from tests.portal.racing import Act, Held, at_once, meanwhile
from tests.portal.small_round import SmallRound, ahead

pytestmark = [
    pytest.mark.services,  # run on PostgreSQL by tests/services/test_races.py
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL"),
]
TURNS = 5
APPENDING, READING_STATE = "portal.collection.services.saving.append", "portal.collection.services.acting.state_word"
STOPS = {"block": "blocked_above", "exempt": "exempt"}


def code(error: Exception) -> str | None:
    if isinstance(error, Refused):
        return error.decision.code
    return {Conflict: "conflict", Repeated: "repeated"}.get(type(error))


@pytest.fixture
def small(transactional_db: None, settings: LazySettings, tmp_path: Path) -> Iterator[SmallRound]:
    settings.DATA_DIR = tmp_path / "data"
    methodologies.forget()
    made = small_round.build()
    for role, word in (("unit_manager", "A1x"), ("operator", "A1x"), ("director", "A1"), ("inspector", "A"), ("national_member", "nation")):
        made.author(role, word)
    yield made


@pytest.fixture
def no_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken variant: nobody waits for anybody."""
    for module in (locking, receivers):
        monkeypatch.setattr(module, "hold", lambda *locks: None)


def cell(small: SmallRound, name: str, value: str, role: str = "unit_manager", **how: Any) -> Act:
    """Saves one cell of the first table of A1x, read before anybody saved it."""
    proposed = [{"row_no": number, "grant": None} for number in (1, 2)]
    author, row = small.author(role, "A1x"), small["A1x-1"]
    return lambda: tables.save_cells(row, proposed, {name: value}, author, count=2, **{"base_revision": 0} | how)


def answer(small: SmallRound, rooms: int = 9) -> Act:
    row, manager = small["A1x"], small.manager("A1x")
    return lambda: saving.save_section(row, "basic", {"rooms": rooms}, manager)


def stop(small: SmallRound, act: str, word: str) -> Act:
    row = small[word]
    if act == "exempt":
        inspector = small.author("inspector", "A") if word != "A" else small.author("national_member", "nation")
        return lambda: supervising.exempt(row, inspector, "other", "Se mută.")
    above = small.above(word)
    return lambda: supervising.block(row, above, "Se verifică.")


def stored(small: SmallRound, word: str = "A1x-1") -> dict[str, Any]:
    rows, _revision = tables.stored_rows(small[word])
    return {f"{row['row_no']}.{name}": value for row in rows for name, value in row.items() if name != "row_no" and value is not None}


# ---- two people in one table (F01, F08) ------------------------------------------------------------------


def two_cells(small: SmallRound) -> None:
    for _turn in range(TURNS):
        assert at_once(cell(small, "1.grant", "yes"), cell(small, "2.grant", "no", "operator"), code=code) == ["done", "done"]
        assert stored(small) == {"1.grant": "yes", "2.grant": "no"}
        forget(small)


def forget(small: SmallRound) -> None:
    """The table as if nobody had come yet."""
    row = small["A1x-1"]
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE collection_event DISABLE TRIGGER ALL")
        cursor.execute("DELETE FROM collection_event WHERE collection_id = %s", [row.pk])
        cursor.execute("ALTER TABLE collection_event ENABLE TRIGGER ALL")
    row.table.delete()


def test_two_people_in_one_table_both_keep_their_cells(small: SmallRound) -> None:
    two_cells(small)


def test_without_the_lock_of_the_table_a_cell_would_be_lost(small: SmallRound, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test above can fail: each writes the table as it was when they read it."""
    cell(small, "1.grant", "no")()
    monkeypatch.setattr(tables, "_locked_table", lambda row, methodology: tables.ClassTable.objects.get(collection=row))
    held = meanwhile(cell(small, "1.grant", "yes", base_revision=1), APPENDING, cell(small, "2.grant", "no", base_revision=1), code)
    assert held.outcomes == {"first": "done", "second": "done"}
    with pytest.raises(AssertionError):
        assert stored(small) == {"1.grant": "yes", "2.grant": "no"}


def test_the_same_cell_is_a_conflict_for_one_of_them_and_never_overwritten(small: SmallRound) -> None:
    for _turn in range(TURNS):
        outcomes = at_once(cell(small, "1.grant", "yes"), cell(small, "1.grant", "no", "operator"), code=code)
        assert sorted(outcomes) == ["conflict", "done"]
        assert stored(small)["1.grant"] == ("yes" if outcomes[0] == "done" else "no")
        forget(small)


def test_a_request_that_comes_twice_at_once_is_one_event(small: SmallRound) -> None:
    for turn in range(TURNS):
        act = cell(small, "1.grant", "yes", request_id=f"r{turn}")
        assert at_once(act, act, act, code=code) == ["done"] * 3
        assert Event.objects.filter(collection=small.ids["A1x-1"], action="save").count() == 1
        forget(small)


def test_a_double_click_on_a_deed_is_one_deed(small: SmallRound) -> None:
    director, row = replace(small.author("director", "A1"), request_id="d1"), small["A1x"]
    outcomes = at_once(*[lambda: supervising.block(row, director, "Se verifică.")] * 3, code=code)
    assert sorted(outcomes) == ["done", "repeated", "repeated"]
    assert Event.objects.filter(collection=row, action="block").count() == 1


# ---- a save and what stops it (F02) ----------------------------------------------------------------------


def nothing_was_saved_after(small: SmallRound, stop_: str, word: str) -> None:
    """No save of the unit stands in the history after what stopped it."""
    stopped = Event.objects.get(collection=small.ids[word], action=stop_)
    assert not Event.objects.filter(collection=small.ids["A1x"], action="save", pk__gt=stopped.pk).exists()


@pytest.mark.parametrize("act", STOPS)
@pytest.mark.parametrize("word", ["A1x", "A1", "A"])
def test_what_stops_a_place_waits_for_a_save_that_has_been_decided(small: SmallRound, act: str, word: str) -> None:
    held = meanwhile(answer(small), APPENDING, stop(small, act, word), code)
    assert held == Held(["first", "second"], {"first": "done", "second": "done"})
    nothing_was_saved_after(small, act, word)
    assert Response.objects.get(collection=small.ids["A1x"]).values == {"rooms": 9}


@pytest.mark.parametrize("act", STOPS)
@pytest.mark.parametrize("word", ["A1x", "A1", "A"])
def test_a_save_waits_for_what_stops_its_place_and_is_refused(small: SmallRound, act: str, word: str) -> None:
    held = meanwhile(stop(small, act, word), READING_STATE, answer(small), code)
    refused = "blocked_here" if (act, word) == ("block", "A1x") else STOPS[act]
    assert held == Held(["first", "second"], {"first": "done", "second": refused})
    assert not Response.objects.filter(collection=small.ids["A1x"]).exists()


def test_without_the_locks_a_save_would_come_after_what_stopped_it(small: SmallRound, no_locks: None) -> None:
    """The tests above can fail."""
    held = meanwhile(answer(small), APPENDING, stop(small, "block", "A"), code)
    assert held == Held(["second", "first"], {"first": "done", "second": "done"})
    with pytest.raises(AssertionError):
        nothing_was_saved_after(small, "block", "A")


def frozen_as_published(small: SmallRound) -> bool:
    unit = small["A1x"]
    return freezing.data_digest(compute(unit).methodology, unit) == unit.results.get(superseded_at=None).data_digest


def finalise(small: SmallRound) -> Act:
    row, manager = small["A1x"], small.manager("A1x")
    return lambda: finalising.finalise(row, manager)


FREEZING = "portal.collection.services.finalising.keep"


def test_a_save_waits_for_a_freeze_and_is_refused_and_the_figures_are_those_of_the_data(small: SmallRound) -> None:
    small.fill("A1x")
    held = meanwhile(finalise(small), FREEZING, answer(small), code)
    assert held == Held(["first", "second"], {"first": "done", "second": "finalised_here"})
    assert frozen_as_published(small)


def test_without_the_locks_figures_would_be_published_of_other_data(small: SmallRound, no_locks: None) -> None:
    """The test above can fail."""
    small.fill("A1x")
    held = meanwhile(finalise(small), FREEZING, answer(small), code)
    assert held.outcomes["second"] == "done"
    with pytest.raises(AssertionError):
        assert frozen_as_published(small)


def test_saves_beside_each_other_wait_for_nobody(small: SmallRound) -> None:
    """Locks of savers are shared: two units, and two classes of one unit, are saved at the same time."""
    other, manager = small["A1y"], small.author("unit_manager", "A1y")
    held = meanwhile(answer(small), APPENDING, lambda: saving.save_section(other, "basic", {"rooms": 4}, manager), code)
    assert held == Held(["second", "first"], {"first": "done", "second": "done"})


# ---- freezing and opening again (F02, F14) ---------------------------------------------------------------


def no_open_unit_under_a_final_school(small: SmallRound) -> bool:
    return not (small["A1"].state == "finalised" and small["A1x"].state == "open")


def reopen(small: SmallRound) -> Act:
    row, director = small["A1x"], small.author("director", "A1")
    return lambda: finalising.reopen(row, director, "Greșeală.")


def finalise_school(small: SmallRound) -> Act:
    row, director = small["A1"], small.author("director", "A1")
    return lambda: finalising.finalise(row, director)


def test_a_school_is_not_final_over_a_unit_that_is_just_being_reopened(small: SmallRound) -> None:
    for word in ("A1x", "A1y"):
        small.finalise(word)
    held = meanwhile(reopen(small), READING_STATE, finalise_school(small), code)
    assert held == Held(["first", "second"], {"first": "done", "second": "children"})
    assert no_open_unit_under_a_final_school(small)


def test_a_unit_is_not_reopened_under_a_school_that_is_just_made_final(small: SmallRound) -> None:
    for word in ("A1x", "A1y"):
        small.finalise(word)
    held = meanwhile(finalise_school(small), READING_STATE, reopen(small), code)
    assert held == Held(["first", "second"], {"first": "done", "second": "finalised_above"})
    assert no_open_unit_under_a_final_school(small)


def test_without_the_locks_a_unit_would_be_open_under_a_final_school(small: SmallRound, no_locks: None) -> None:
    """The tests above can fail."""
    for word in ("A1x", "A1y"):
        small.finalise(word)
    meanwhile(reopen(small), READING_STATE, finalise_school(small), code)
    assert not no_open_unit_under_a_final_school(small)


def test_a_table_is_not_taken_back_from_a_unit_that_is_just_made_final(small: SmallRound) -> None:
    small.fill("A1x")
    row, manager = small["A1x-1"], small.manager("A1x")
    held = meanwhile(finalise(small), FREEZING, lambda: tables.recall(row, manager), code)
    assert held == Held(["first", "second"], {"first": "done", "second": "finalised_above"})
    assert (small["A1x"].state, small["A1x-1"].progress) == ("finalised", "submitted")


# ---- the link of a class (F11) ---------------------------------------------------------------------------


def save_by_link(small: SmallRound) -> Act:
    by, row = small.link("A1x-1"), small["A1x-1"]
    proposed = [{"row_no": number, "grant": None} for number in (1, 2)]
    return lambda: tables.save_cells(row, proposed, {"1.grant": "yes"}, by, count=2, base_revision=0)


def revoke(small: SmallRound) -> Act:
    row, manager = small["A1x-1"], small.manager("A1x")
    return lambda: links.revoke(row, manager)


def test_who_waits_while_their_link_is_revoked_is_refused(small: SmallRound) -> None:
    act = save_by_link(small)
    held = meanwhile(revoke(small), READING_STATE, act, code)
    assert held == Held(["first", "second"], {"first": "done", "second": "link_revoked"})
    assert stored(small) == {}


def test_a_link_that_is_not_read_again_under_the_lock_would_save_after_its_end(small: SmallRound, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test above can fail."""
    monkeypatch.setattr(authors.Author, "actor", lambda self, rows: link_actor(self.link) if self.link else authors.actor_of(self.user, rows))
    act = save_by_link(small)
    held = meanwhile(revoke(small), READING_STATE, act, code)
    assert held.outcomes["second"] == "done" and stored(small) != {}


# ---- the round itself (F13, F31) -------------------------------------------------------------------------


def close(small: SmallRound) -> Act:
    nation = small.author("national_member", "nation").person
    return lambda: planning.close_round(small.round, nation)


RECORDING = "portal.rounds.services.planning._record"


def test_a_save_waits_for_the_end_of_the_round_and_is_refused(small: SmallRound) -> None:
    held = meanwhile(close(small), RECORDING, answer(small), code)
    assert held == Held(["first", "second"], {"first": "done", "second": "round_closed"})


def test_the_end_of_the_round_waits_for_a_save_that_has_been_decided(small: SmallRound) -> None:
    held = meanwhile(answer(small), APPENDING, close(small), code)
    assert held == Held(["first", "second"], {"first": "done", "second": "done"})


def test_a_class_is_added_while_the_round_ends_without_the_two_waiting_for_each_other(small: SmallRound) -> None:
    row, manager = small["A1x"], small.manager("A1x")
    held = meanwhile(lambda: classes.add_class(row, manager, "VII"), "portal.collection.services.classes.create_class", close(small), code)
    assert held == Held(["first", "second"], {"first": "done", "second": "done"})


def test_without_the_locks_a_save_would_come_into_a_closed_round(small: SmallRound, no_locks: None) -> None:
    """The tests above can fail."""
    held = meanwhile(answer(small), APPENDING, close(small), code)
    assert held.order == ["second", "first"] and held.outcomes["first"] == "done"
    assert Response.objects.get(collection=small.ids["A1x"]).saved_at <= timezone.now()
    assert Round.objects.get(pk=small.round.pk).state == "closed"


# ---- counters --------------------------------------------------------------------------------------------


def send(small: SmallRound, word: str) -> Act:
    row, manager = small[word], small.manager("A1x")
    rows = [{"row_no": number, "grant": "yes"} for number in (1, 2)]
    return lambda: tables.submit(row, rows, manager, Obstacles())


def counted(small: SmallRound) -> tuple[int, int]:
    tally = completeness.of(small["A1x"])["class"]
    return tally.received, tally.on_time


COUNTING = "portal.collection.services.classes.count"


def test_two_tables_sent_at_once_are_both_counted(small: SmallRound) -> None:
    held = meanwhile(send(small, "A1x-1"), "portal.collection.services.tables._snapshot", send(small, "A1x-2"), code)
    assert set(held.outcomes.values()) == {"done"} and counted(small) == (2, 2)


def test_a_counter_that_is_read_first_and_written_later_would_lose_one(small: SmallRound, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test above can fail."""

    def read_then_write(unit_id: int, sent: Collection | None = None, **named: Any) -> None:
        unit = Collection.objects.get(pk=unit_id)
        tables.classes.write_later(unit)

    def write_later(unit: Collection) -> None:
        Collection.objects.filter(pk=unit.pk).update(classes_submitted=unit.classes_submitted + 1, classes_on_time=unit.classes_on_time + 1)

    monkeypatch.setattr(classes, "write_later", write_later, raising=False)
    monkeypatch.setattr(classes, "count", read_then_write)
    meanwhile(send(small, "A1x-1"), "portal.collection.services.classes.write_later", send(small, "A1x-2"), code)
    assert counted(small) == (1, 1)


def test_a_limit_moved_while_a_table_is_sent_counts_it_by_the_new_one(small: SmallRound) -> None:
    Round.objects.filter(pk=small.round.pk).update(class_close=timezone.now())
    nation = small.author("national_member", "nation").person
    move = partial(planning.move_windows, small.round, {"class_close": ahead(1)}, nation)
    held = meanwhile(send(small, "A1x-1"), "portal.collection.services.tables._snapshot", move, code)
    assert held == Held(["first", "second"], {"first": "done", "second": "done"}) and counted(small) == (1, 1)


def test_without_the_locks_a_table_would_be_counted_by_the_old_limit(small: SmallRound, no_locks: None) -> None:
    """The test above can fail."""
    Round.objects.filter(pk=small.round.pk).update(class_close=timezone.now())
    nation = small.author("national_member", "nation").person
    move = partial(planning.move_windows, small.round, {"class_close": ahead(1)}, nation)
    meanwhile(send(small, "A1x-1"), "portal.collection.services.classes.count", move, code)
    assert counted(small) == (1, 0)
