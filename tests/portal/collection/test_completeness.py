"""Completeness and timeliness: what is expected, exempt, received and on time, through the services that pages use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from fractions import Fraction

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from portal.collection import completeness
from portal.collection.completeness import Tally
from portal.collection.models import Collection
from portal.collection.services import finalising, supervising, tables
from portal.rounds.services import planning
from tests.portal import small_round
from tests.portal.small_round import SmallRound, ago, ahead

pytestmark = pytest.mark.django_db
Clock = Callable[[datetime], None]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Sets the hour for everything that asks for it."""
    return lambda now: monkeypatch.setattr("django.utils.timezone.now", lambda: now)


def units(small: SmallRound, word: str) -> Tally:
    return completeness.of(small[word])["unit"]


def sent(small: SmallRound, word: str) -> Tally:
    return completeness.of(small[word])["class"]


# ---- the arithmetic --------------------------------------------------------------------------------------


def test_at_the_beginning_everything_is_expected_and_nothing_received(small: SmallRound) -> None:
    assert completeness.of(small["nation"]) == {"class": Tally(4), "unit": Tally(3), "school": Tally(2), "county": Tally(2)}
    assert completeness.of(small["A1x"]) == {"class": Tally(2)}
    assert (units(small, "A").rate, units(small, "A").timely) == (0, 0)


def test_a_table_counts_when_it_is_sent_and_a_place_when_it_is_final(small: SmallRound) -> None:
    small.send("A1x-1")
    assert (sent(small, "A1x"), sent(small, "A"), units(small, "A")) == (Tally(2, 0, 1, 1), Tally(3, 0, 1, 1), Tally(2))
    small.finalise("A1x")
    assert (sent(small, "A"), units(small, "A"), units(small, "A").rate) == (Tally(3, 0, 2, 2), Tally(2, 0, 1, 1), 50)
    small.finalise("A")
    found = completeness.of(small["nation"])
    assert (found["school"], found["county"]) == (Tally(2, 0, 1, 1), Tally(2, 0, 1, 1))


def test_what_is_exempt_is_not_expected_nor_anything_below_it(small: SmallRound) -> None:
    small.finalise("A1x")
    supervising.exempt(small["A1"], small.author("inspector", "A"), "other", "Se mută.")
    found = completeness.of(small["A"])
    assert found == {"class": Tally(0, 3), "unit": Tally(0, 2), "school": Tally(0, 1)}
    assert [tally.rate for tally in found.values()] == [None, None, None]
    supervising.withdraw_exemption(small["A1"], small.author("inspector", "A"), "Rămâne.")
    assert units(small, "A") == Tally(2, 0, 1, 1)


def test_what_is_returned_or_reopened_is_not_received_until_it_comes_again(small: SmallRound) -> None:
    small.finalise("A1x")
    finalising.reopen(small["A1x"], small.author("director", "A1"), "Greșeală.")
    tables.give_back(small["A1x-1"], small.manager("A1x"), "Bursele.")
    assert (units(small, "A1"), sent(small, "A1")) == (Tally(2), Tally(3, 0, 1, 1))
    small.finalise("A1x")
    assert (units(small, "A1"), sent(small, "A1")) == (Tally(2, 0, 1, 1), Tally(3, 0, 2, 2))


# ---- on time ---------------------------------------------------------------------------------------------


def test_the_last_second_is_on_time_and_the_limit_itself_is_late(small: SmallRound, clock: Clock) -> None:
    small.fill("A1x")
    small.fill("B1x")
    limit = small.round.unit_close
    supervising.extend(small["B1x"], small.author("inspector", "B"), limit + timedelta(days=1), "Inundație.")
    clock(limit - timedelta(microseconds=1))
    small.finalise("A1x")
    clock(limit)
    small.finalise("B1x")
    assert (units(small, "A"), units(small, "B")) == (Tally(2, 0, 1, 1), Tally(1, 0, 1, 0))
    assert (units(small, "B").rate, units(small, "B").timely, units(small, "B").late) == (100, 0, 1)


def test_a_table_sent_by_the_unit_after_the_classes_closed_is_late(small: SmallRound) -> None:
    small.send("A1x-1")
    small.move_windows(class_close=timezone.now())
    small.send("A1x-2")
    assert sent(small, "A1x") == Tally(2, 0, 2, 1)


def test_what_came_thanks_to_an_extension_is_late(small: SmallRound) -> None:
    small.fill("A1x")
    small.move_windows(class_close=ago(2), unit_close=ago(1))
    supervising.extend(small["A1x"], small.author("inspector", "A"), ahead(1), "Inundație.")
    small.finalise("A1x")
    assert units(small, "A") == Tally(2, 0, 1, 0)


def test_what_was_on_time_stays_so_when_it_is_corrected_later(small: SmallRound) -> None:
    small.finalise("A1x")
    small.move_windows(opens_at=ago(9), class_close=ago(-0.1), unit_close=ahead(0.2))
    finalising.reopen(small["A1x"], small.author("director", "A1"), "Greșeală.")
    small.move_windows(class_close=timezone.now(), unit_close=timezone.now())
    small.finalise("A1x")
    assert units(small, "A1") == Tally(2, 0, 1, 1)


def test_a_limit_that_is_moved_counts_anew(small: SmallRound) -> None:
    small.send("A1x-1")
    small.move_windows(class_close=timezone.now())
    small.send("A1x-2")
    assert sent(small, "A1x").on_time == 1
    nation = small.author("national_member", "nation").person
    planning.move_windows(small.round, {"class_close": ahead(1)}, nation)
    assert sent(small, "A1x").on_time == sent(small, "nation").on_time == 2


# ---- rates -----------------------------------------------------------------------------------------------


@given(st.integers(0, 200_000), st.integers(0, 200_000))
def test_a_rate_is_cut_and_only_all_of_them_are_100_percent(part: int, more: int) -> None:
    rate = completeness.percent(part, part + more)
    if part + more == 0:
        assert rate is None
        return
    exact = Fraction(100 * part, part + more)
    assert rate is not None and rate <= exact < rate + Fraction(1, 100)
    assert 0 <= rate <= 100 and (rate == 100) == (more == 0)


def test_nearly_all_is_not_all() -> None:
    assert completeness.percent(144_999, 145_000) == Fraction("99.99")


# ---- many places -----------------------------------------------------------------------------------------


def test_the_numbers_of_a_list_add_up_to_those_of_the_place(small: SmallRound) -> None:
    small.finalise("A1x")
    supervising.exempt(small["B1x"], small.author("inspector", "B"), "other", "Se mută.")
    whole, counties = completeness.of(small["nation"]), completeness.by_place(small["nation"], "county")
    for kind in ("class", "unit", "school"):
        parts = [one[kind] for one in counties.values()]
        added = Tally(*(sum(getattr(part, name) for part in parts) for name in ("expected", "exempt", "received", "on_time")))
        assert added == whole[kind]


def test_a_large_place_is_counted_with_as_few_queries_as_a_small_one(db: None, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    tree = {name: {f"{name}{one}": {f"{name}{one}x": 1} for one in range(many)} for name, many in (("A", 1), ("B", 4))}
    wide = small_round.build(tree)
    for county in ("A", "B"):
        row = Collection.objects.select_related("round").get(pk=wide.ids[county])
        with django_assert_num_queries(2):
            completeness.by_place(row, "school")
