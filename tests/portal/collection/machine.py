"""A round as a state machine: random trees of places, random people, random acts at random moments, through the services that pages use.

After every step it is asked whether the promises hold (``promises``).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any
from unittest import mock

from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from portal.collection.authors import Author
from portal.collection.models import CLASS, Collection, Response
from portal.collection.refusals import Conflict, Refused
from portal.collection.services import classes, explaining, finalising, saving, supervising, tables
from portal.collection.standing import Obstacles
from portal.collection.workflow import ACTS
from portal.network.models import Level
from portal.rounds.models import Round
from portal.rounds.services import close_round
from tests.portal import small_round
from tests.portal.collection.promises import FINAL, Promises
from tests.portal.small_round import SmallRound

trees = st.fixed_dictionaries(
    {
        "A": st.fixed_dictionaries(
            {"A1": st.sampled_from([{"A1x": 1}, {"A1x": 2, "A1y": 1}])}, optional={"A2": st.just({"A2x": 1})}
        ),
    },
    optional={"B": st.just({"B1": {"B1x": 1}})},
)  # fmt: skip
PLACES = st.integers(0, 30)
"""Which place, counted around the tree there is."""
PERSON = st.sampled_from(["right"] * 6 + ["manager", "director", "inspector", "national", "link"])


class RoundMachine(Promises, RuleBasedStateMachine):
    """One round. ``small`` builds it and knows who holds which role."""

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.now = timezone.now()
        self.clock = mock.patch("django.utils.timezone.now", lambda: self.now)

    def teardown(self) -> None:
        self.clock.stop()
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    @initialize(tree=trees)
    def begin(self, tree: small_round.Tree) -> None:
        self.clock.start()
        self.small: SmallRound = small_round.build(tree)
        self.levels = {word: self.small[word].level for word in self.small.ids}
        self.began = {(one.collection_id, one.section): dict(one.values) for one in Response.objects.all()}
        self.state = self.look()

    # ---- who, where --------------------------------------------------------------------------------------

    def place(self, number: int, *levels: str) -> str:
        """A place of one of the levels."""
        fitting = [word for word, level in self.levels.items() if level in levels]
        return fitting[number % len(fitting)]

    def who(self, person: str, word: str, right: Callable[[str], Author]) -> Author:
        """The right person for an act, or somebody else near the place."""
        if person == "right":
            return right(word)
        if person == "link":
            link = getattr(self.small[self.place(0, CLASS)], "link", None)
            return Author.of_link(link) if link is not None else right(word)
        level = {"manager": "unit", "director": "school", "inspector": "county", "national": "national"}[person]
        at = next((self.small.word_of(row) for row in self.up(word) if row.level == level), self.place(0, level))
        return self.small.author({"county": "inspector"}.get(level, small_round.LEADING[level]), at)

    def up(self, word: str) -> list[Collection]:
        row = self.small[word]
        return [Collection.objects.get(pk=pk) for pk in reversed(row.chain_ids)]

    def county_of(self, word: str) -> Author:
        return self.small.author("inspector", next(self.small.word_of(row) for row in self.up(word) if row.level == Level.COUNTY))

    def supervisor(self, word: str) -> Author:
        row = self.small[word]
        return self.small.author("national_member", "nation") if row.level == Level.COUNTY else self.county_of(word)

    def signer(self, word: str) -> Author:
        return self.small.author(small_round.LEADING[self.small[word].level], word)

    def attempt(self, act: Callable[[], object]) -> None:
        """Do it, or be refused; either way nothing was written that could not be."""
        before = self.state
        with suppress(Refused, Conflict):
            act()
        self.state = self.look()
        self.nothing_closed_was_written(before)

    # ---- acts --------------------------------------------------------------------------------------------

    @rule(number=PLACES, person=PERSON, rooms=st.sampled_from([0, 1, 2, 3, 60]))
    def answer(self, number: int, person: str, rooms: int) -> None:
        word = self.place(number, "unit")
        self.attempt(lambda: saving.save_section(self.small[word], "basic", {"rooms": rooms}, self.who(person, word, self.small.manager)))

    @rule(number=PLACES, person=PERSON, teachers=st.sampled_from([0, 1, 2, 4]))
    def answer_extended(self, number: int, person: str, teachers: int) -> None:
        word = self.place(number, "unit")
        self.attempt(lambda: saving.save_section(self.small[word], "extended", {"teachers": teachers}, self.who(person, word, self.small.manager)))

    @rule(number=PLACES, person=PERSON, section=st.sampled_from(["basic", "extended"]))
    def answer_of_class(self, number: int, person: str, section: str) -> None:
        word = self.place(number, CLASS)
        values = {"cls_helper": number % 2 == 0} if section == "extended" else {"cls_name": f"{number}"}
        self.attempt(lambda: saving.save_section(self.small[word], section, values, self.who(person, word, self.small.manager)))

    @rule(number=PLACES, person=PERSON, grants=st.integers(0, 2))
    def save_table(self, number: int, person: str, grants: int) -> None:
        word = self.place(number, CLASS)
        rows = [{"row_no": one, "grant": "yes" if one <= grants else "no"} for one in (1, 2)]
        revision = tables.stored_rows(self.small[word])[1]
        self.attempt(lambda: tables.save_rows(self.small[word], [], rows, self.who(person, word, self.small.manager), base_revision=revision))

    @rule(number=PLACES, person=PERSON, grants=st.integers(0, 2))
    def send_table(self, number: int, person: str, grants: int) -> None:
        word = self.place(number, CLASS)
        rows = [{"row_no": one, "grant": "yes" if one <= grants else "no"} for one in (1, 2)]
        self.attempt(lambda: tables.submit(self.small[word], rows, self.who(person, word, self.small.manager), Obstacles()))

    @rule(number=PLACES, person=PERSON)
    def return_table(self, number: int, person: str) -> None:
        word = self.place(number, CLASS)
        self.attempt(lambda: tables.give_back(self.small[word], self.who(person, word, self.small.manager), "Corectați."))

    @rule(number=PLACES, person=PERSON)
    def recall_table(self, number: int, person: str) -> None:
        word = self.place(number, CLASS)
        self.attempt(lambda: tables.recall(self.small[word], self.who(person, word, self.small.manager)))

    @rule(number=PLACES)
    def make_link(self, number: int) -> None:
        word = self.place(number, CLASS)
        self.attempt(lambda: self.small.link(word))

    @rule(number=PLACES, person=PERSON)
    def add_class(self, number: int, person: str) -> None:
        word = self.place(number, "unit")
        if len(self.small.classes_of(word)) < 3:
            self.attempt(lambda: self._added(word, person))

    def _added(self, word: str, person: str) -> None:
        made = classes.add_class(self.small[word], self.who(person, word, self.small.manager), "Nouă")
        new = f"{word}-{made.pk}n"
        self.small.ids[new] = made.pk
        self.levels[new] = CLASS
        self.began[made.pk, "basic"] = {"cls_name": "Nouă"}

    @rule(number=PLACES, person=PERSON)
    def remove_class(self, number: int, person: str) -> None:
        word = self.place(number, CLASS)
        if len(self.small.classes_of(word.partition("-")[0])) > 1:
            self.attempt(lambda: self._removed(word, person))

    def _removed(self, word: str, person: str) -> None:
        classes.remove_class(self.small[word], self.who(person, word, self.small.manager))
        self.began = {key: values for key, values in self.began.items() if key[0] != self.small.ids[word]}
        del self.small.ids[word]
        del self.levels[word]

    @rule(number=PLACES)
    def explain(self, number: int) -> None:
        word = self.place(number, "unit")
        texts = {explaining.field_name(self.small[word], code): "Așa este." for code in ("V-MANY", "V-FEW")}
        self.attempt(lambda: explaining.explain_all(self.small[word], texts, self.small.manager(word)))

    @rule(number=PLACES)
    def prepare(self, number: int) -> None:
        """Everything a unit needs, so that walks come far."""
        word = self.place(number, "unit")
        self.attempt(lambda: self.small.fill(word))

    @rule(number=PLACES, person=PERSON)
    def finalise(self, number: int, person: str) -> None:
        word = self.place(number, "unit", "school", "county", "national")
        self.attempt(lambda: finalising.finalise(self.small[word], self.who(person, word, self.signer)))

    @rule(number=PLACES)
    def finalise_with_all_below(self, number: int) -> None:
        word = self.place(number, "unit", "school", "county", "national")
        self.attempt(lambda: self.small.finalise(word))

    @rule(number=PLACES)
    def finalise_high(self, number: int) -> None:
        """A school or a county, so that walks come under final places often."""
        word = self.place(number, "school", "county")
        self.attempt(lambda: self.small.finalise(word))

    @rule(number=PLACES, person=PERSON, full=st.booleans())
    def finalise_extended(self, number: int, person: str, full: bool) -> None:
        word = self.place(number, "unit")
        if full:
            self.attempt(lambda: self.small.answer_extended(word))
        self.attempt(lambda: finalising.finalise_extended(self.small[word], self.who(person, word, self.small.manager)))

    @rule(number=PLACES, person=PERSON)
    def reopen(self, number: int, person: str) -> None:
        word = self.place(number, "unit", "school", "county")
        self.attempt(lambda: finalising.reopen(self.small[word], self.who(person, word, self.small.above), "Greșeală."))

    @rule(number=PLACES, person=PERSON)
    def return_section(self, number: int, person: str) -> None:
        word = self.place(number, "unit")
        self.attempt(lambda: finalising.return_section(self.small[word], self.who(person, word, self.small.above), "basic", "Corectați."))

    @rule(number=PLACES, person=PERSON)
    def return_extended(self, number: int, person: str) -> None:
        word = self.place(number, "unit")
        self.attempt(lambda: finalising.return_extended(self.small[word], self.who(person, word, self.small.above), "Corectați."))

    @rule(number=PLACES, person=PERSON, off=st.booleans())
    def block(self, number: int, person: str, off: bool) -> None:
        word = self.place(number, CLASS, "unit", "school", "county")
        act = supervising.unblock if off else supervising.block
        self.attempt(lambda: act(self.small[word], self.who(person, word, self.small.above)))

    @rule(number=PLACES, person=PERSON)
    def exempt(self, number: int, person: str) -> None:
        word = self.place(number, "unit", "school", "county")
        self.attempt(lambda: supervising.exempt(self.small[word], self.who(person, word, self.supervisor), "other", "Motiv."))

    @rule(number=PLACES, person=PERSON)
    def withdraw_exemption(self, number: int, person: str) -> None:
        exempt = [word for word in self.levels if self.state.rows[self.small.ids[word]].exempt]
        if exempt:
            word = exempt[number % len(exempt)]
            self.attempt(lambda: supervising.withdraw_exemption(self.small[word], self.who(person, word, self.supervisor), "Motiv."))

    @rule(number=PLACES, person=PERSON, days=st.integers(1, 80), section=st.sampled_from(["", "basic", "extended"]))
    def extend(self, number: int, person: str, days: int, section: str) -> None:
        word = self.place(number, "unit", "school", "county")
        until = self.now + timedelta(days=days)
        self.attempt(lambda: supervising.extend(self.small[word], self.who(person, word, self.supervisor), until, "Motiv.", section))

    @rule(number=PLACES, person=PERSON, days=st.integers(1, 80))
    def request_extended(self, number: int, person: str, days: int) -> None:
        word = self.place(number, "unit")
        until = self.now + timedelta(days=days)
        self.attempt(lambda: supervising.request_extended(self.small[word], self.who(person, word, self.county_of), until, "Risc."))

    @rule(number=PLACES, teachers=st.sampled_from([2, 4]))
    def answer_what_was_asked_of_a_final_unit(self, number: int, teachers: int) -> None:
        """So that walks write under final places often."""
        final = [word for word, level in self.levels.items() if level == Level.UNIT and self.state.rows[self.small.ids[word]].state == FINAL]
        if final:
            word = final[number % len(final)]
            until = self.now + timedelta(days=20)
            self.attempt(lambda: supervising.request_extended(self.small[word], self.county_of(word), until, "Risc."))
            self.attempt(lambda: self.small.answer_extended(word, teachers=teachers))

    @rule(days=st.sampled_from([1, 3, 10]))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)
        self.state = self.look()

    @rule(sure=st.integers(0, 9))
    def close(self, sure: int) -> None:
        """Seldom, since nothing happens afterwards."""
        if sure == 0 and self.state.round.state == Round.State.OPEN:
            close_round(self.small.round)
            self.state = self.look()


def without_conditions(act: str) -> Any:
    """A program that always says yes to an act, whoever asks and whatever the state."""
    return mock.patch.dict(ACTS, {act: replace(ACTS[act], conditions=())})
