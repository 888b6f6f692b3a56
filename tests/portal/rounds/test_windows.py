"""Windows in local time: exact to the minute on both sides of both changes of the clock, in order, written as people read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.methodology import Methodology
from portal.rounds import windows


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("day", "hour", "moment"),
    [
        ("12.12.2025", "16:00", utc(2025, 12, 12, 14)),
        ("1.7.2026", "9.05", utc(2026, 7, 1, 6, 5)),
        ("12.12.2025", "24:00", utc(2025, 12, 12, 22)),
        ("25.10.2025", "24:00", utc(2025, 10, 25, 21)),
        ("26.10.2025", "02:59", utc(2025, 10, 25, 23, 59)),
        ("26.10.2025", "04:00", utc(2025, 10, 26, 2)),
        ("26.10.2025", "24:00", utc(2025, 10, 26, 22)),
        ("29.03.2026", "02:59", utc(2026, 3, 29, 0, 59)),
        ("29.03.2026", "04:00", utc(2026, 3, 29, 1)),
        ("28.02.2028", "24:00", utc(2028, 2, 28, 22)),
    ],
)  # fmt: skip
def test_a_typed_moment_is_a_local_one_and_is_written_back_the_same(day: str, hour: str, moment: datetime) -> None:
    assert windows.parse(day, hour) == moment
    assert windows.parse(*windows.typed(moment, limit=True)) == moment
    assert windows.parse(*windows.typed(moment, limit=False)) == moment


@pytest.mark.parametrize(
    ("day", "hour", "why"),
    [
        ("26.10.2025", "03:00", "este de două ori"),
        ("26.10.2025", "03:59", "este de două ori"),
        ("29.03.2026", "03:00", "nu există în 29.03.2026"),
        ("29.03.2026", "03:59", "nu există în 29.03.2026"),
        ("31.11.2025", "10:00", "nu există în calendar"),
        ("2025-11-30", "10:00", "zi, lună și an"),
        ("30.11.2025", "10", "ore și minute"),
        ("30.11.2025", "24:01", "00:00 la 24:00"),
        ("30.11.2025", "12:60", "00:00 la 24:00"),
        ("", "", "zi, lună și an"),
    ],
)  # fmt: skip
def test_what_names_no_single_moment_is_refused_with_a_sentence(day: str, hour: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        windows.parse(day, hour)


def test_a_limit_at_midnight_is_the_end_of_the_day_before() -> None:
    assert windows.words(utc(2025, 12, 12, 22), limit=True) == "12 decembrie 2025, ora 24:00"
    assert windows.words(utc(2025, 12, 12, 22), limit=False) == "13 decembrie 2025, ora 00:00"
    assert windows.words(utc(2026, 6, 30, 9, 30), limit=True) == "30 iunie 2026, ora 12:30"


def test_the_calendar_of_a_methodology_is_proposed_to_the_end_of_each_day(methodology_2025: Methodology) -> None:
    proposed = windows.proposal(methodology_2025)
    assert list(proposed) == list(windows.CALENDAR)
    assert proposed["opens_at"] == utc(2025, 11, 2, 22)
    assert proposed["class_close"] == utc(2025, 12, 12, 22)
    assert windows.disorder(proposed) is None


def test_a_methodology_without_a_calendar_proposes_nothing(hospitals: Methodology) -> None:
    assert windows.proposal(hospitals) == {}


@pytest.mark.parametrize("name", windows.LIMITS)
def test_the_first_window_out_of_order_is_named(methodology_2025: Methodology, name: str) -> None:
    proposed = windows.proposal(methodology_2025)
    before = list(proposed)[list(proposed).index(name) - 1]
    assert windows.disorder(proposed | {name: proposed[before] - timedelta(minutes=1)}) == name
    same = windows.disorder(proposed | {name: proposed[before]})
    assert same == ("class_close" if name == "class_close" else None)
