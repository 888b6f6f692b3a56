"""The whole table of rights, asked question by question: role × act × state × (own, below, sibling, other branch)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.utils import translation

from portal.accounts.roles import ROLES
from portal.collection.conditions import Condition
from portal.collection.models import Collection
from portal.collection.permissions import actor_of, chain_rows
from portal.collection.selectors import visible_to
from portal.collection.services import taking
from portal.collection.standing import Chain, Decision
from portal.collection.workflow import ACTS, decide
from portal.network.models import Level
from portal.rounds import permissions as rounds
from tests.portal.collection import rights
from tests.portal.collection.rights import AMEND, LEVELS, NEEDS, NOON, OPENS, SECOND, TARGETS, Person, Right, Situation
from tests.portal.people import PEOPLE, Cast
from tests.portal.worked_round import open_round, published

EVERY = [pytest.param(right, id=f"{right.act} {right.on}") for right in rights.table()]


def answer(act: str, person: Person, one: Situation, chain: Chain) -> Decision:
    return decide(act, rights.actor_of(person, TARGETS[chain.target.level], one.link), chain, one.now)


def test_the_table_speaks_of_every_act_at_every_level() -> None:
    written = {(right.act, right.on) for right in rights.table()}
    assert written == {(act, level) for act, rule in ACTS.items() for level in rule.who}
    assert {need for right in rights.table() for need in right.needs} <= NEEDS.keys()
    roles = {right.split("@")[0] for row in rights.table() for right in row.who if right != "link"}
    assert roles == ROLES.keys()


@pytest.mark.parametrize("right", EVERY)
def test_whoever_the_table_does_not_name_is_refused_by_role_whatever_the_state(right: Right) -> None:
    some = [change(Situation()) for change in (lambda one: one, *rights.changes(right.on))]
    strangers = [person for person in rights.people() if not right.admits(person)]
    assert strangers
    for person in strangers:
        assert {answer(right.act, person, one, rights.chain_of(one, right.on)).code for one in some} == {"role"}, person


def disagreements(right: Right) -> Iterator[tuple[Person, Situation, Decision]]:
    """Where the program answers otherwise than the table, or with a reason that is none."""
    for person in (one for one in rights.people() if right.admits(one)):
        for one, chain in rights.situations(right.on):
            decision, failing = answer(right.act, person, one, chain), right.failing(one, person)
            reasons = {reason for need in failing for reason in NEEDS[need][1]}
            if decision.allowed != (not failing) or not (decision.allowed or decision.code in reasons):
                yield person, one, decision


@pytest.mark.parametrize("right", EVERY)
def test_whoever_the_table_names_may_exactly_when_every_need_holds(right: Right) -> None:
    assert list(disagreements(right)) == []


CONDITIONS = [pytest.param(act, condition, id=f"{act} {condition.__name__}") for act, rule in ACTS.items() for condition in rule.conditions]


@pytest.mark.parametrize(("act", "forgotten"), CONDITIONS)
def test_a_rule_that_forgets_one_condition_is_found(act: str, forgotten: Condition, monkeypatch: pytest.MonkeyPatch) -> None:
    """The table is sensitive: it tells the program as it is from every program that asks one question less."""
    rule = ACTS[act]
    monkeypatch.setitem(ACTS, act, replace(rule, conditions=tuple(one for one in rule.conditions if one is not forgotten)))
    assert any(next(disagreements(right), None) for right in rights.table() if right.act == act)


def test_an_act_that_a_level_does_not_have_is_refused_to_everybody() -> None:
    for act, rule in ACTS.items():
        for level in set(LEVELS) - set(rule.who):
            for person in rights.people():
                assert answer(act, person, Situation(), rights.chain_of(Situation(), level)).code == "level"


def test_every_reason_is_given_somewhere_and_is_a_romanian_sentence() -> None:
    """A sentence begins with a capital, ends with a full stop, has comma-below letters, and no blank left to fill in."""
    said: dict[str, set[str]] = {}
    with translation.override("ro"):
        for right in rights.table():
            for person in [next(one for one in rights.people() if right.admits(one)), Person("link", "A1x-V"), Person("nobody", "nation")]:
                for one in (change(Situation(now=now)) for now in (NOON, OPENS - SECOND, AMEND) for change in rights.changes(right.on)):
                    decision = answer(right.act, person, one, rights.chain_of(one, right.on))
                    if not decision:
                        said.setdefault(decision.code, set()).add(str(decision.sentence))
    expected = {reason for _need, reasons in NEEDS.values() for reason in reasons} | {"role"}
    assert said.keys() == expected
    for code, sentences in said.items():
        for sentence in sentences:
            assert re.fullmatch(r"[A-ZȘȚĂÂÎ][^{}%şţŞŢ]+\.", sentence), (code, sentence)
            assert not re.search(r"\b(the|is|not|cannot|closed|final)\b", sentence), (code, sentence)


@pytest.mark.django_db
def test_the_roles_of_people_along_a_chain_are_those_held_there(cast: Cast) -> None:
    """The same from the database: own, below, sibling and other branch for every person of the cast."""
    round_ = open_round(published())
    taking.take_all(round_)
    rows = {row.place_id: row for row in Collection.objects.filter(round=round_)}
    for word, _name, role, held_at in PEOPLE:
        home = cast.places[held_at]
        for place in cast.places.values():
            actor = actor_of(cast[word], chain_rows(rows[place.pk]))
            included = {"inspector"} if role == "general_inspector" else set()
            expected = {home.level: frozenset({role} | included)} if place.path.startswith(home.path) else {}
            assert actor.roles == expected, (word, place.code)
            assert visible_to(cast[word]).filter(place=place).exists() == bool(expected)


@pytest.mark.django_db
def test_the_rooms_below_the_workflow_say_the_same_of_rounds_and_methodologies(cast: Cast) -> None:
    for word, _name, role, held_at in PEOPLE:
        person = Person(role, "nation" if cast.places[held_at].level == Level.NATIONAL else "A")
        for act, may in (("manage_round", rounds.may_manage), ("publish_methodology", rounds.may_publish)):
            [right] = [one for one in rights.table() if one.act == act]
            assert may(cast[word]) == right.admits(person), (word, act)
