"""Who may do what, when: sentences about the rules, on plain data."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.collection.standing import CLASS, Actor, Chain, LinkState, Obstacles, Stand, Windows
from portal.collection.workflow import ACTS, decide

ZONE = ZoneInfo("Europe/Bucharest")
WINDOWS = Windows(
    "open",
    opens_at=datetime(2025, 11, 3, tzinfo=ZONE),
    class_close=datetime(2025, 12, 13, tzinfo=ZONE),
    unit_close=datetime(2025, 12, 20, tzinfo=ZONE),
    school_close=datetime(2026, 1, 17, tzinfo=ZONE),
    county_close=datetime(2026, 1, 31, tzinfo=ZONE),
    amend_until=datetime(2026, 2, 28, tzinfo=ZONE),
)
NOW = datetime(2025, 11, 20, 12, tzinfo=ZONE)
LEVELS = (CLASS, "unit", "school", "county", "national")
SECOND = timedelta(seconds=1)

NATIONAL_MEMBER = Actor({"national": frozenset({"national_member"})})
GENERAL_INSPECTOR = Actor({"county": frozenset({"general_inspector", "inspector"})})
INSPECTOR = Actor({"county": frozenset({"inspector"})})
DIRECTOR = Actor({"school": frozenset({"director"})})
UNIT_MANAGER = Actor({"unit": frozenset({"unit_manager"})})
OPERATOR = Actor({"unit": frozenset({"operator"})})
ANALYST = Actor({"county": frozenset({"analyst"})})
LINK = Actor(link=LinkState(expires_at=WINDOWS.class_close))
STRANGER = Actor()


def chain(level: str, windows: Windows = WINDOWS, **changed: Stand) -> Chain:
    places = tuple(changed.get(one, Stand(one)) for one in LEVELS[LEVELS.index(level) :])
    return Chain(windows, places)


def code(act: str, actor: Actor, where: Chain, now: datetime = NOW) -> str:
    decision = decide(act, actor, where, now)
    assert decision.allowed == (decision.code == "")
    assert decision.allowed or str(decision.sentence).endswith((".", "…"))
    return decision.code


def test_a_unit_is_filled_by_its_own_people_only() -> None:
    for actor in (UNIT_MANAGER, OPERATOR):
        assert code("fill", actor, chain("unit")) == ""
    for actor in (DIRECTOR, INSPECTOR, NATIONAL_MEMBER, ANALYST, STRANGER, LINK):
        assert code("fill", actor, chain("unit")) == "role"


def test_a_class_table_is_filled_by_its_link_and_by_its_unit() -> None:
    for actor in (LINK, UNIT_MANAGER, OPERATOR):
        assert code("fill", actor, chain(CLASS)) == ""


@pytest.mark.parametrize("level", ["unit", "school", "county", "national"])
def test_nothing_is_written_under_a_finalised_or_blocked_place(level: str) -> None:
    assert code("fill", UNIT_MANAGER, chain(CLASS, **{level: Stand(level, finalised=True)})) == "finalised_above"
    assert code("fill", UNIT_MANAGER, chain(CLASS, **{level: Stand(level, blocked=True)})) == "blocked_above"


def test_a_class_link_writes_to_the_last_second_of_the_classes_and_its_unit_to_that_of_the_units() -> None:
    never = Actor(link=LinkState())
    assert code("fill", never, chain(CLASS), WINDOWS.class_close - SECOND) == ""
    assert code("fill", never, chain(CLASS), WINDOWS.class_close) == "window_closed"
    assert code("fill", UNIT_MANAGER, chain(CLASS), WINDOWS.class_close) == ""
    assert code("fill", UNIT_MANAGER, chain(CLASS), WINDOWS.unit_close - SECOND) == ""
    assert code("fill", UNIT_MANAGER, chain(CLASS), WINDOWS.unit_close) == "window_closed"


def test_an_extension_moves_the_limit_of_its_place_and_ends_by_itself() -> None:
    later = WINDOWS.unit_close + timedelta(days=3)
    extended = chain("unit", unit=Stand("unit", until=later))
    assert code("fill", UNIT_MANAGER, extended, later - SECOND) == ""
    assert code("fill", UNIT_MANAGER, extended, later) == "window_closed"


def test_a_reopened_place_is_written_until_corrections_end() -> None:
    reopened = chain("unit", unit=Stand("unit", reopened=True))
    assert code("fill", UNIT_MANAGER, reopened, WINDOWS.amend_until - SECOND) == ""
    assert code("fill", UNIT_MANAGER, reopened, WINDOWS.amend_until) == "window_closed"


def test_grace_extends_the_end_of_a_link_but_no_window_and_no_revocation() -> None:
    end = NOW - timedelta(minutes=5)
    grace = LinkState(expires_at=end, grace_until=end + timedelta(minutes=30))
    assert code("fill", Actor(link=grace), chain(CLASS)) == ""
    assert code("fill", Actor(link=LinkState(expires_at=end)), chain(CLASS)) == "link_expired"
    assert code("fill", Actor(link=replace(grace, revoked=True)), chain(CLASS)) == "link_revoked"
    late = LinkState(expires_at=WINDOWS.class_close, grace_until=WINDOWS.class_close + timedelta(minutes=30))
    assert code("fill", Actor(link=late), chain(CLASS), WINDOWS.class_close) == "window_closed"


def test_a_submitted_class_is_closed_for_everybody_until_it_is_returned() -> None:
    sent = chain(CLASS, **{CLASS: Stand(CLASS, progress="submitted")})
    for actor in (LINK, UNIT_MANAGER, OPERATOR):
        assert code("fill", actor, sent) == "submitted"
    assert code("return_class", UNIT_MANAGER, sent) == ""
    assert code("return_class", OPERATOR, sent) == "role"
    assert code("return_class", UNIT_MANAGER, chain(CLASS)) == "not_submitted"


DIRECTLY_ABOVE = {CLASS: UNIT_MANAGER, "unit": DIRECTOR, "school": INSPECTOR, "county": NATIONAL_MEMBER}


@pytest.mark.parametrize("level", DIRECTLY_ABOVE)
def test_only_the_level_directly_above_blocks_and_reopens(level: str) -> None:
    final = chain(level, **{level: Stand(level, finalised=True)})
    for other, actor in DIRECTLY_ABOVE.items():
        assert (code("block", actor, chain(level)) == "") == (other == level)
        assert (code("reopen", actor, final) == "") == (other == level)


def test_a_place_cannot_reopen_itself() -> None:
    for level, actor in (("unit", UNIT_MANAGER), ("school", DIRECTOR), ("county", GENERAL_INSPECTOR)):
        assert code("reopen", actor, chain(level, **{level: Stand(level, finalised=True)})) == "role"


def test_a_unit_under_a_finalised_school_is_reopened_from_the_school_down() -> None:
    both = chain("unit", unit=Stand("unit", finalised=True), school=Stand("school", finalised=True))
    assert code("reopen", DIRECTOR, both) == "finalised_above"


def test_the_general_inspector_signs_the_county_and_an_inspector_does_not() -> None:
    assert code("finalise", GENERAL_INSPECTOR, chain("county")) == ""
    assert code("finalise", INSPECTOR, chain("county")) == "role"


@pytest.mark.parametrize("name", ["sections", "classes", "children", "must_fix", "explain"])
def test_each_obstacle_stops_finalising_and_is_named(name: str) -> None:
    blocked = replace(chain("unit"), obstacles=Obstacles(**{name: 3}))
    assert code("finalise", UNIT_MANAGER, blocked) == name
    assert "3" in str(decide("finalise", UNIT_MANAGER, blocked, NOW).sentence)


def test_a_request_opens_only_the_extended_part_also_under_a_final_school() -> None:
    asked = chain(
        "unit",
        unit=Stand("unit", finalised=True, extended="requested", extended_until=NOW + timedelta(days=5)),
        school=Stand("school", finalised=True),
    )
    assert code("fill_extended", UNIT_MANAGER, asked) == ""
    assert code("fill", UNIT_MANAGER, asked) == "finalised_above"
    assert code("fill_extended", UNIT_MANAGER, asked, NOW + timedelta(days=5)) == "window_closed"
    final = chain("unit", unit=asked.places[0], county=Stand("county", finalised=True))
    assert code("fill_extended", UNIT_MANAGER, final) == "finalised_above"


def test_class_rows_are_seen_by_the_unit_and_the_director_and_nobody_above() -> None:
    for actor in (UNIT_MANAGER, OPERATOR, DIRECTOR, LINK):
        assert code("view_rows", actor, chain(CLASS)) == ""
    for actor in (INSPECTOR, GENERAL_INSPECTOR, NATIONAL_MEMBER, ANALYST, STRANGER):
        assert code("view_rows", actor, chain(CLASS)) == "role"


def test_a_class_link_does_nothing_but_see_fill_and_send_its_table() -> None:
    for act, rule in ACTS.items():
        if CLASS in rule.who:
            assert (code(act, LINK, chain(CLASS)) == "") == (act in {"view_rows", "fill", "submit_class"})


def test_nothing_is_written_before_the_round_opens_or_after_it_closes() -> None:
    assert code("fill", UNIT_MANAGER, chain("unit"), WINDOWS.opens_at - SECOND) == "round_not_open"
    assert code("fill", UNIT_MANAGER, chain("unit", replace(WINDOWS, state="draft"))) == "round_not_open"
    assert code("fill", UNIT_MANAGER, chain("unit", replace(WINDOWS, state="closed"))) == "round_closed"
