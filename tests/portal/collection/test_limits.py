"""The windows of a round to the second, in the time of Bucharest: every limit is the first moment that is too late."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django import forms

from portal.collection.forms.deeds import UntilField
from portal.collection.standing import CLASS, Actor, Chain, LinkState, Stand, Windows
from portal.collection.workflow import decide
from portal.rounds import windows as calendar

ZONE = ZoneInfo("Europe/Bucharest")
SECOND = timedelta(seconds=1)
LEVELS = (CLASS, "unit", "school", "county", "national")
ROUND = Windows(
    "open",
    opens_at=datetime(2025, 10, 20, tzinfo=ZONE),
    class_close=datetime(2025, 10, 26, 4, tzinfo=ZONE),
    unit_close=datetime(2025, 10, 27, tzinfo=ZONE),
    school_close=datetime(2025, 11, 1, tzinfo=ZONE),
    county_close=datetime(2025, 11, 10, tzinfo=ZONE),
    amend_until=datetime(2025, 12, 1, tzinfo=ZONE),
)
"""On 26 October 2025 the hour from 3 to 4 comes twice in Bucharest: the classes close at its second end, the units at the end of that day."""
LINK = Actor(link=LinkState())
MANAGER = Actor({"unit": frozenset({"unit_manager"})})
DIRECTOR = Actor({"school": frozenset({"director"})})
INSPECTOR = Actor({"county": frozenset({"inspector"})})
GENERAL = Actor({"county": frozenset({"general_inspector", "inspector"})})
NATIONAL = Actor({"national": frozenset({"national_member"})})


def chain(level: str, windows: Windows = ROUND, **changed: Stand) -> Chain:
    return Chain(windows, tuple(changed.get(one, Stand(one)) for one in LEVELS[LEVELS.index(level) :]))


LIMITS: list[tuple[str, Actor, str, str, datetime]] = [
    ("fill", LINK, CLASS, "class close", ROUND.class_close),
    ("submit_class", LINK, CLASS, "class close", ROUND.class_close),
    ("manage_links", MANAGER, CLASS, "class close", ROUND.class_close),
    ("fill", MANAGER, CLASS, "unit close", ROUND.unit_close),
    ("fill", MANAGER, "unit", "unit close", ROUND.unit_close),
    ("fill_extended", MANAGER, "unit", "unit close", ROUND.unit_close),
    ("define_classes", MANAGER, "unit", "unit close", ROUND.unit_close),
    ("finalise", MANAGER, "unit", "unit close", ROUND.unit_close),
    ("finalise", DIRECTOR, "school", "school close", ROUND.school_close),
    ("finalise", GENERAL, "county", "county close", ROUND.county_close),
    ("finalise", NATIONAL, "national", "amend until", ROUND.amend_until),
]


@pytest.mark.parametrize(("act", "who", "level", "name", "limit"), LIMITS, ids=[f"{act} {level} until {name}" for act, _w, level, name, _l in LIMITS])
def test_the_last_second_is_in_time_and_the_limit_itself_is_too_late(act: str, who: Actor, level: str, name: str, limit: datetime) -> None:
    moment = limit.astimezone(UTC)
    for zone in (UTC, ZONE):
        assert decide(act, who, chain(level), (moment - SECOND).astimezone(zone))
        late = decide(act, who, chain(level), moment.astimezone(zone))
        assert late.code == "window_closed"
        assert calendar.words(limit, limit=True) in str(late.sentence)


@pytest.mark.parametrize("level", ["unit", "school", "county"])
def test_corrections_of_a_reopened_place_end_to_the_second(level: str) -> None:
    who = {"unit": MANAGER, "school": DIRECTOR, "county": GENERAL}[level]
    reopened = chain(level, **{level: Stand(level, reopened=True)})
    moment = ROUND.amend_until.astimezone(UTC)
    assert decide("finalise", who, reopened, moment - SECOND)
    assert decide("finalise", who, reopened, moment).code == "window_closed"
    above = {"unit": DIRECTOR, "school": INSPECTOR, "county": NATIONAL}[level]
    final = chain(level, **{level: Stand(level, finalised=True)})
    assert decide("reopen", above, final, moment - SECOND)
    assert decide("reopen", above, final, moment).code == "window_closed"


def test_a_round_begins_to_the_second() -> None:
    moment = ROUND.opens_at.astimezone(UTC)
    assert decide("fill", MANAGER, chain("unit"), moment - SECOND).code == "round_not_open"
    assert decide("fill", MANAGER, chain("unit"), moment)


# ---- the change of the clock -----------------------------------------------------------------------------


def test_the_hour_that_comes_twice_in_october_is_two_hours() -> None:
    """Half past three comes at 00:30 and at 01:30 UTC; the limit at four is 02:00 UTC."""
    first, second = (datetime(2025, 10, 26, 3, 30, tzinfo=ZONE, fold=fold) for fold in (0, 1))
    assert (second.astimezone(UTC) - first.astimezone(UTC)) == timedelta(hours=1)
    assert decide("fill", LINK, chain(CLASS), first) and decide("fill", LINK, chain(CLASS), second)
    last = datetime(2025, 10, 26, 1, 59, 59, tzinfo=UTC)
    assert decide("fill", LINK, chain(CLASS), last)
    assert decide("fill", LINK, chain(CLASS), last + SECOND).code == "window_closed"


def test_a_limit_inside_the_hour_that_comes_twice_is_one_moment_and_not_its_clock() -> None:
    """A limit kept as 01:10 UTC shows 03:10; at 03:20 the first time it is still to come, at 03:05 the second time as well."""
    windows = replace(ROUND, class_close=datetime(2025, 10, 26, 1, 10, tzinfo=UTC).astimezone(ZONE))
    for moment, in_time in ((datetime(2025, 10, 26, 3, 20, tzinfo=ZONE), True), (datetime(2025, 10, 26, 3, 5, tzinfo=ZONE, fold=1), True), (datetime(2025, 10, 26, 3, 10, tzinfo=ZONE, fold=1), False)):  # fmt: skip
        assert bool(decide("fill", LINK, chain(CLASS, windows), moment)) == in_time, moment


def test_the_day_of_the_change_has_twenty_five_hours() -> None:
    assert ROUND.unit_close.astimezone(UTC) - datetime(2025, 10, 26, tzinfo=ZONE).astimezone(UTC) == timedelta(hours=25)
    assert decide("fill", MANAGER, chain("unit"), datetime(2025, 10, 26, 23, 59, 59, tzinfo=ZONE))
    assert calendar.words(ROUND.unit_close, limit=True) == "26 octombrie 2025, ora 24:00"


# ---- limits as people type them --------------------------------------------------------------------------


def typed(text: str) -> datetime:
    class Asked(forms.Form):
        until = UntilField("Până când")

    form = Asked({"until": text})
    if not form.is_valid():
        raise ValueError(str(form.errors["until"][0]))
    return form.cleaned_data["until"]  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("15.12.2035 16:00", datetime(2035, 12, 15, 16, tzinfo=ZONE)),
        ("15.12.2035, 16.00", datetime(2035, 12, 15, 16, tzinfo=ZONE)),
        (" 15.12.2035  24:00 ", datetime(2035, 12, 16, tzinfo=ZONE)),
        ("15.12.2035", datetime(2035, 12, 16, tzinfo=ZONE)),
        ("5.7.2035", datetime(2035, 7, 6, tzinfo=ZONE)),
    ],
)
def test_a_limit_is_read_in_the_time_of_bucharest_and_a_day_alone_to_its_end(text: str, moment: datetime) -> None:
    assert typed(text) == moment


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Scrieți data."), ("mâine", "zi, lună și an"), ("31.02.2035", "nu există în calendar"), ("15.12.2035 25:00", "de la 00:00 la 24:00"),
        ("15.12.2035 la prânz", "ore și minute"), ("28.10.2035 03:30", "de două ori"), ("25.03.2035 03:30", "nu există în 25.03.2035"),
        ("31.12.9999", "nu există în calendar"), ("01.01.0001 00:00", "nu există în calendar"), ("15.12.2005 16:00", "din viitor"),
        ("1" * 41, "40"), ("１５.12.2035", "zi, lună și an"),
    ],
)  # fmt: skip
def test_a_limit_that_names_no_moment_still_to_come_is_refused_with_what_to_write(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        typed(text)
