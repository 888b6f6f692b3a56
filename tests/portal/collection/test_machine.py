"""The workflow as a state machine over random trees. Few walks here; many on PostgreSQL (``tests/services/test_workflow.py``)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from unittest import mock

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from portal.collection.models import Collection, Response
from portal.rounds.services import publish
from tests.portal import small_round
from tests.portal.collection.machine import RoundMachine, without_conditions

pytestmark = pytest.mark.django_db
WALKS = int(os.environ.get("WALKS", "6"))
ROOMY = settings(deadline=None, stateful_step_count=30, suppress_health_check=list(HealthCheck), database=None)
SLOW = pytest.mark.services


@pytest.fixture(autouse=True)
def _methodology(db: None) -> None:
    publish(small_round.FOLDER)


def test_every_promise_holds_on_random_walks() -> None:
    run_state_machine_as_test(RoundMachine, settings=settings(ROOMY, max_examples=WALKS, phases=[Phase.explicit, Phase.generate]))


def found_by_some_walk() -> None:
    """Raises what the first walk raises that breaks a promise."""
    walks = settings(ROOMY, max_examples=200, phases=[Phase.generate], derandomize=True, report_multiple_bugs=False)
    run_state_machine_as_test(RoundMachine, settings=walks)


@pytest.mark.parametrize("act", ["fill", pytest.param("reopen", marks=SLOW), pytest.param("finalise", marks=SLOW)])
def test_a_program_that_always_says_yes_is_found(act: str) -> None:
    """The machine is sensitive: without the conditions of one act some walk breaks a promise."""
    with without_conditions(act), pytest.raises(AssertionError):
        found_by_some_walk()


TREE = {"A": {"A1": {"A1x": 1, "A1y": 1}}}
SCHOOL, UNIT = 1, 2
"""Numbers of the school among the high places of this tree, of its first unit among those that can be exempt."""


@pytest.fixture
def machine() -> Iterator[RoundMachine]:
    """One walk, led by hand to where random ones seldom come."""
    made = RoundMachine()
    made.begin(tree=TREE)
    yield made
    made.teardown()


def test_an_exemption_withdrawn_under_a_final_school_is_found(machine: RoundMachine) -> None:
    machine.exempt(number=UNIT, person="right")
    with without_conditions("withdraw_exemption"):
        machine.finalise_high(number=SCHOOL)
        machine.withdraw_exemption(number=0, person="right")
    with pytest.raises(AssertionError):
        machine.under_a_finalised_place_everything_is_finalised_or_exempt()


def test_answers_published_before_they_are_finalised_are_found(machine: RoundMachine) -> None:
    machine.answer_extended(number=0, person="right", teachers=1)
    machine.finalise_high(number=SCHOOL)
    with mock.patch("portal.collection.holding.hold", lambda unit: None):
        machine.answer_what_was_asked_of_a_final_unit(number=0, teachers=2)
    with pytest.raises(AssertionError):
        machine.stored_results_equal_the_data_until_reopened()


def test_a_state_changed_without_an_event_is_found(machine: RoundMachine) -> None:
    Collection.objects.filter(pk=machine.small.ids["A1x"]).update(blocked=True)
    machine.state = machine.look()
    with pytest.raises(AssertionError):
        machine.the_history_replays_to_the_present()


def test_an_answer_changed_without_an_event_is_found(machine: RoundMachine) -> None:
    machine.answer(number=0, person="right", rooms=2)
    Response.objects.filter(section="basic", collection__level="unit").update(values={"rooms": 3})
    machine.state = machine.look()
    with pytest.raises(AssertionError):
        machine.the_history_replays_to_the_present()


def test_a_counter_that_drifts_is_found(machine: RoundMachine) -> None:
    machine.send_table(number=0, person="right", grants=1)
    machine.completeness_is_what_a_count_by_hand_gives()
    Collection.objects.filter(pk=machine.small.ids["A1x"]).update(classes_on_time=0)
    with pytest.raises(AssertionError):
        machine.completeness_is_what_a_count_by_hand_gives()


def test_led_by_hand_a_walk_of_the_program_as_it_is_breaks_nothing(machine: RoundMachine) -> None:
    machine.exempt(number=UNIT, person="right")
    machine.finalise_high(number=SCHOOL)
    machine.withdraw_exemption(number=0, person="right")
    machine.answer_what_was_asked_of_a_final_unit(number=0, teachers=2)
    machine.under_a_finalised_place_everything_is_finalised_or_exempt()
    machine.stored_results_equal_the_data_until_reopened()
    machine.the_history_replays_to_the_present()
