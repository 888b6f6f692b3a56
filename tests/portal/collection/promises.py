"""What a round promises, asked of the database and not of the program: under a finalised place everything is finalised; stored results equal the
data until reopened; the history replays to the present; what is blocked, exempt, frozen or closed was not written; counts are those of the rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hypothesis.stateful import invariant

from engine.storage import decode_table
from portal.collection import completeness, documents, freezing
from portal.collection.computing import compute
from portal.collection.models import CLASS, ClassTable, Collection, Event, Response
from portal.network.models import Level
from portal.rounds import methodologies
from portal.rounds.models import Round
from tests.portal.collection.counting import country_of
from tests.portal.small_round import SmallRound

FINAL = Collection.State.FINALISED
UNIT_FIGURES = ("U.SHARE", "U.ROOMS", "U.TEACHERS", "U.HELPERS")
"""Those that depend on the unit alone."""
RECEIVED = ("finalise", "submit_class")


@dataclass
class State:
    """What the database holds at one moment, as far as the promises speak of it. ``content``: answers by place and section, tables."""

    rows: dict[int, Collection]
    content: dict[tuple[int, str], Any]
    round: Round
    at: datetime


class Promises:
    """Of a round under way. ``began``: the answers with which places began, by place and section."""

    small: SmallRound
    state: State
    began: dict[tuple[int, str], dict[str, Any]]
    now: datetime

    def look(self) -> State:
        rows = {row.pk: row for row in self.small.rows}
        content: dict[tuple[int, str], Any] = {(one.collection_id, one.section): one.values for one in Response.objects.all()}
        methodology = methodologies.of(self.small.round.methodology)
        for table in ClassTable.objects.all():
            listed = decode_table(methodology, CLASS, bytes(table.content))
            content[table.collection_id, "table"] = sorted(str(row.get("grant")) for row in listed)
        return State(rows, content, Round.objects.get(pk=self.small.round.pk), self.now)

    @invariant()
    def under_a_finalised_place_everything_is_finalised_or_exempt(self) -> None:
        rows = self.state.rows
        for row in rows.values():
            chain = [rows[pk] for pk in row.chain_ids]
            if row.level != CLASS and any(above.state == FINAL for above in chain[:-1]):
                assert row.state == FINAL or any(one.exempt for one in chain), row.name
            if row.level == CLASS and rows[row.parent_id or 0].state == FINAL:
                assert row.progress == Collection.Progress.SUBMITTED

    @invariant()
    def stored_results_equal_the_data_until_reopened(self) -> None:
        for school in [row for row in self.state.rows.values() if row.level == Level.SCHOOL]:
            units = [row for row in self.state.rows.values() if row.parent_id == school.pk]
            computed = compute(school) if any(unit.state == FINAL for unit in units) else None
            for unit in units:
                self._results_of(unit, school, computed)

    def _results_of(self, unit: Collection, school: Collection, computed: Any) -> None:
        current = list(unit.results.filter(superseded_at=None))
        if unit.state != FINAL:
            assert current == []
            return
        [result] = current
        assert freezing.data_digest(computed.methodology, unit) == result.data_digest
        if not any(self.state.rows[pk].exempt for pk in unit.chain_ids):
            now = freezing.figures_of(computed, unit)
            compared = list(now) if school.state == FINAL else UNIT_FIGURES
            assert {code: now[code] for code in compared} == {code: result.figures[code] for code in compared}

    @invariant()
    def the_history_replays_to_the_present(self) -> None:
        events: dict[int, list[Event]] = {}
        for event in Event.objects.order_by("pk"):
            events.setdefault(event.collection_id, []).append(event)
        for row in self.state.rows.values():
            _replay_states(row, events.get(row.pk, []))
        for (pk, section), values in self.state.content.items():
            if section != "table":
                saves = [event for event in events.get(pk, []) if event.action == "save" and event.section == section]
                _replay_answers(self.began.get((pk, section), {}), saves, values)

    @invariant()
    def completeness_is_what_a_count_by_hand_gives(self) -> None:
        first: dict[int, datetime] = {}
        for pk, at in Event.objects.filter(action__in=RECEIVED).order_by("-pk").values_list("collection", "at"):
            first[pk] = at
        country = country_of(self.state.rows.values(), self.state.round, first)
        for row in self.state.rows.values():
            if row.level != CLASS:
                row.round = self.state.round
                found = completeness.of(row)
                assert {kind: (one.expected, one.exempt, one.received, one.on_time) for kind, one in found.items()} == country.whole(row), row.name
                assert all(0 <= (rate or 0) <= 100 for one in found.values() for rate in (one.rate, one.timely))

    def nothing_closed_was_written(self, before: State) -> None:
        """What is blocked, exempt, frozen or closed holds what it held."""
        for key in self.state.content.keys() | before.content.keys():
            held, holds = before.content.get(key), self.state.content.get(key)
            if held != holds and key[0] in before.rows and not (held is None and holds == {}):
                self._could_be_written(before, before.rows[key[0]], key[1])

    def _could_be_written(self, before: State, row: Collection, section: str) -> None:
        rows, round_, at = before.rows, before.round, before.at
        chain = [rows[pk] for pk in row.chain_ids]
        unit = next(one for one in chain if one.level == Level.UNIT)
        county = next(one for one in chain if one.level == Level.COUNTY)
        assert round_.state == Round.State.OPEN and round_.opens_at <= at < round_.amend_until + timedelta(days=80)
        assert not any(one.blocked or one.exempt for one in chain)
        asked = section == "extended" and unit.extended == "requested"
        if asked:
            assert county.state != FINAL
        else:
            assert not any(one.state == FINAL for one in chain)
            assert unit.returned_section in ("", section)
        if section != "extended" and row.level == CLASS:
            assert row.progress != Collection.Progress.SUBMITTED
        if section == "extended":
            assert unit.extended != "finalised"
        limits = [round_.unit_close, *([round_.amend_until] if unit.reopened else []), *([unit.extended_until] if asked else [])]
        limits += [one.until for one in unit.extensions.all() if one.section in ("", section)]
        assert at < max(limit for limit in limits if limit is not None)


def _replay_states(row: Collection, events: list[Event]) -> None:
    played: dict[str, Any] = {
        "state": "open", "reopened": False, "blocked": False, "exempt": False, "extended": "optional", "extended_until": None,
        "returned_section": "", "progress": "not_started",
    }  # fmt: skip
    for event in events:
        if event.action == "save" and played["progress"] == "not_started":
            played["progress"] = "in_progress"
        played |= PLAYED[event.action](event) if event.action in PLAYED else {}
    until = played["extended_until"]
    assert {name: getattr(row, name) for name in played} == played | {"extended_until": datetime.fromisoformat(until) if until else None}


def _replay_answers(began: dict[str, Any], saves: list[Event], values: dict[str, Any]) -> None:
    cells = documents.cells_of(began, {})
    for event in saves:
        for name, (held, holds) in event.changes.items():
            assert cells.get(name) == held
            cells[name] = holds
    assert {name: value for name, value in cells.items() if value is not None} == values


PLAYED: dict[str, Callable[[Event], dict[str, Any]]] = {
    "block": lambda event: {"blocked": True},
    "unblock": lambda event: {"blocked": False},
    "exempt": lambda event: {"exempt": True},
    "withdraw_exemption": lambda event: {"exempt": False},
    "finalise": lambda event: {"state": "finalised", "returned_section": "", "progress": "complete"},
    "reopen": lambda event: {"state": "open", "reopened": True, "returned_section": "", "progress": "in_progress"},
    "return_section": lambda event: {"state": "open", "reopened": True, "returned_section": event.section, "progress": "in_progress"},
    "request_extended": lambda event: {"extended": "requested", "extended_until": event.detail["until"]},
    "return_extended": lambda event: {"extended": "requested", "extended_until": event.detail["until"]},
    "finalise_extended": lambda event: {"extended": "finalised"},
    "submit_class": lambda event: {"progress": "submitted"},
    "return_class": lambda event: {"progress": "returned"},
    "recall_class": lambda event: {"progress": "in_progress"},
}
"""What an act leaves behind it, by the words of the rules."""
