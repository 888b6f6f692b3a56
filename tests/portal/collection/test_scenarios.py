"""The stories of the workflow, each told once from beginning to end, through the services that pages use."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from exports.models import Document
from portal.collection import freezing
from portal.collection.computing import compute
from portal.collection.models import Collection, Exemption, Response
from portal.collection.readiness import obstacles_of, obstacles_of_extended
from portal.collection.refusals import Refused
from portal.collection.services import classes, explaining, finalising, links, saving, supervising, tables
from portal.collection.standing import Obstacles
from tests.portal.small_round import SmallRound, ago, ahead

OPEN, FINAL = Collection.State.OPEN, Collection.State.FINALISED


def refusal(act: Callable[[], object]) -> str:
    """The code with which an act is refused; '' when it is done."""
    try:
        act()
    except Refused as refused:
        assert str(refused.decision.sentence).endswith(".")
        return refused.decision.code
    return ""


# ---- ready when all children are done --------------------------------------------------------------------


def test_each_level_is_ready_when_everything_below_is_final_or_exempt_and_not_before(small: SmallRound) -> None:
    director, inspector = small.author("director", "A1"), small.author("general_inspector", "A")
    small.finalise("A1x")
    assert refusal(lambda: finalising.finalise(small["A1"], director)) == "children"
    assert obstacles_of(small["A1"]).children == 1
    supervising.exempt(small["A1y"], inspector, "no_pupils", "Nu are elevi.")
    assert refusal(lambda: finalising.finalise(small["A"], inspector)) == "children"
    finalising.finalise(small["A1"], director)
    finalising.finalise(small["A"], inspector)
    nation = small.author("national_member", "nation")
    assert refusal(lambda: finalising.finalise(small["nation"], nation)) == "children"
    small.finalise("B")
    finalising.finalise(small["nation"], nation)
    assert {small[word].state for word in ("A1x", "A1", "A", "B1x", "B", "nation")} == {FINAL}


def test_a_unit_is_ready_when_its_steps_tables_checks_and_reasons_are(small: SmallRound) -> None:
    manager = small.manager("A1x")

    def missing() -> str:
        return refusal(lambda: finalising.finalise(small["A1x"], manager))

    assert missing() == "sections"
    small.answer("A1x", rooms=0)
    assert missing() == "classes"
    for school_class in small.classes_of("A1x"):
        small.send(school_class)
    assert missing() == "must_fix"
    small.answer("A1x", rooms=60)
    assert missing() == "explain"
    explaining.explain_all(small["A1x"], {explaining.field_name(small["A1x"], "V-MANY"): "Campus mare."}, manager)
    assert missing() == ""


# ---- freezing --------------------------------------------------------------------------------------------


def every_write(small: SmallRound, word: str) -> dict[str, Callable[[], object]]:
    """Every way in which something of a unit can be changed by its own people or through a link."""
    manager, school_class, link = small.manager(word), f"{word}-1", small.link(f"{word}-1")
    rows = [{"row_no": 1, "grant": "yes"}, {"row_no": 2, "grant": "yes"}]
    return {
        "answers": lambda: saving.save_section(small[word], "basic", {"rooms": 9}, manager),
        "extended answers": lambda: saving.save_section(small[word], "extended", {"teachers": 9}, manager),
        "parameters": lambda: saving.save_section(small[school_class], "basic", {"cls_pupils": 5}, manager),
        "table": lambda: tables.save_rows(small[school_class], [], rows, manager, base_revision=0),
        "table through the link": lambda: tables.save_rows(small[school_class], [], rows, link, base_revision=0),
        "sending through the link": lambda: tables.submit(small[school_class], rows, link, Obstacles()),
        "returning a table": lambda: tables.give_back(small[school_class], manager, "Corectați."),
        "recalling a table": lambda: tables.recall(small[school_class], manager),
        "a new class": lambda: classes.add_class(small[word], manager, "Nouă"),
        "no class": lambda: classes.remove_class(small[school_class], manager),
        "a new link": lambda: links.send(small[school_class], manager),
        "reasons": lambda: explaining.explain_all(small[word], {}, manager),
        "finalising": lambda: finalising.finalise(small[word], manager),
    }


@pytest.mark.parametrize("frozen", ["A1x", "A1", "A"])
def test_a_freeze_stops_every_path_of_writing_also_through_its_ancestors(small: SmallRound, frozen: str) -> None:
    writes = every_write(small, "A1x")
    small.finalise(frozen)
    before = freezing.data_digest(compute(small["A1x"]).methodology, small["A1x"])
    own = {"answers", "extended answers", "a new class", "no class", "reasons", "finalising"} if frozen == "A1x" else set()
    expected = {name: "finalised_here" if name in own else "finalised_above" for name in writes}
    assert {name: refusal(write) for name, write in writes.items()} == expected
    assert freezing.data_digest(compute(small["A1x"]).methodology, small["A1x"]) == before


@pytest.mark.parametrize("blocked", ["A1x", "A1", "A"])
def test_a_block_stops_every_path_of_writing_and_deletes_nothing(small: SmallRound, blocked: str) -> None:
    small.answer("A1x")
    writes = every_write(small, "A1x")
    supervising.block(small[blocked], small.above(blocked), "Se verifică.")
    assert {refusal(write) for write in writes.values()} <= {"blocked_above", "blocked_here"}
    assert Response.objects.get(collection=small["A1x"], section="basic").values == {"rooms": 3}
    supervising.unblock(small[blocked], small.above(blocked))
    assert refusal(writes["answers"]) == ""


@pytest.mark.parametrize("exempt", ["A1x", "A1"])
def test_nothing_is_written_in_an_exempt_place_or_below_it(small: SmallRound, exempt: str) -> None:
    writes = every_write(small, "A1x")
    supervising.exempt(small[exempt], small.author("inspector", "A"), "other", "Se mută.")
    assert {refusal(write) for write in writes.values()} == {"exempt"}


# ---- reopening -------------------------------------------------------------------------------------------


def test_reopening_needs_a_reason_goes_from_the_top_down_and_opens_nothing_below(small: SmallRound) -> None:
    small.finalise("A")
    director, inspector, nation = small.author("director", "A1"), small.author("inspector", "A"), small.author("national_member", "nation")
    assert refusal(lambda: finalising.reopen(small["A1x"], director, "Greșeală.")) == "finalised_above"
    assert refusal(lambda: finalising.reopen(small["A1"], inspector, "Greșeală.")) == "finalised_above"
    assert refusal(lambda: finalising.reopen(small["A"], nation, " ")) == "reason"
    finalising.reopen(small["A"], nation, "O școală are date greșite.")
    assert (small["A"].state, small["A1"].state) == (OPEN, FINAL)
    finalising.reopen(small["A1"], inspector, "O unitate are date greșite.")
    finalising.reopen(small["A1x"], director, "Numărul sălilor.")
    assert (small["A1x"].state, small["A1y"].state) == (OPEN, FINAL)
    assert [event.reason for event in small["A1x"].events.filter(action="reopen")] == ["Numărul sălilor."]


def test_reopening_marks_the_report_outdated_and_keeps_it_with_its_digest(small: SmallRound) -> None:
    small.finalise("A1x")
    first = Document.objects.get(collection=small["A1x"])
    finalising.reopen(small["A1x"], small.author("director", "A1"), "Greșeală.")
    small.answer("A1x", rooms=1)
    small.finalise("A1x")
    kept, second = Document.objects.filter(collection=small["A1x"]).order_by("number")
    assert kept.outdated_at is not None and kept.data_digest == first.data_digest
    assert (second.number, second.outdated_at) == (2, None) and second.data_digest != kept.data_digest


# ---- partial return --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("role", "place"), [("director", "A1"), ("inspector", "A")])
def test_one_section_is_returned_with_a_message_and_the_rest_stays_frozen(small: SmallRound, role: str, place: str) -> None:
    small.answer_extended("A1x")
    writes = every_write(small, "A1x")
    small.finalise("A1x")
    finalising.return_section(small["A1x"], small.author(role, place), "basic", "Numărați din nou sălile.")
    event = small["A1x"].events.get(action="return_section")
    assert (event.section, event.reason, event.before, event.after) == ("basic", "Numărați din nou sălile.", "finalised", "reopened")
    answers = {name: refusal(write) for name, write in writes.items() if name != "finalising"}
    assert answers == dict.fromkeys(answers, "rest_frozen") | {"answers": "", "parameters": "submitted", "reasons": "", "no class": "rest_frozen"}
    finalising.finalise(small["A1x"], small.manager("A1x"))
    assert (small["A1x"].state, small["A1x"].returned_section) == (FINAL, "")
    assert [one.number for one in small["A1x"].results.order_by("number")] == [1, 2]
    assert small["A1x"].results.get(number=2).figures["U.ROOMS"]["value"] != small["A1x"].results.get(number=1).figures["U.ROOMS"]["value"]


def test_a_section_is_returned_only_where_reopening_would_be_allowed(small: SmallRound) -> None:
    director, inspector = small.author("director", "A1"), small.author("inspector", "A")
    assert refusal(lambda: finalising.return_section(small["A1x"], director, "basic", "Corectați.")) == "not_finalised"
    small.finalise("A1")
    assert refusal(lambda: finalising.return_section(small["A1x"], director, "basic", "Corectați.")) == "finalised_above"
    assert refusal(lambda: finalising.return_section(small["A1x"], inspector, "basic", "Corectați.")) == "finalised_above"
    finalising.reopen(small["A1"], inspector, "O secțiune.")
    assert refusal(lambda: finalising.return_section(small["A1x"], director, "extended", "Corectați.")) == "section"
    assert refusal(lambda: finalising.return_section(small["A1x"], small.manager("A1x"), "basic", "Corectați.")) == "role"
    assert refusal(lambda: finalising.return_section(small["A1x"], director, "basic", "")) == "reason"
    assert refusal(lambda: finalising.return_section(small["A1x"], director, "basic", "Corectați.")) == ""


def test_after_one_section_was_returned_the_director_may_still_open_everything(small: SmallRound) -> None:
    small.finalise("A1x")
    director = small.author("director", "A1")
    finalising.return_section(small["A1x"], director, "basic", "Sălile.")
    assert refusal(lambda: tables.recall(small["A1x-1"], small.manager("A1x"))) == "rest_frozen"
    finalising.reopen(small["A1x"], director, "Și o clasă.")
    assert refusal(lambda: tables.recall(small["A1x-1"], small.manager("A1x"))) == ""


def test_one_class_is_returned_with_a_message_and_the_others_stay_sent(small: SmallRound) -> None:
    small.fill("A1x")
    manager = small.manager("A1x")
    assert refusal(lambda: tables.give_back(small["A1x-1"], manager, "")) == "reason"
    assert refusal(lambda: tables.give_back(small["A1x-1"], small.author("director", "A1"), "Bursele.")) == "role"
    tables.give_back(small["A1x-1"], manager, "Bursele.")
    assert [small[word].progress for word in ("A1x-1", "A1x-2")] == ["returned", "submitted"]
    rows = [{"row_no": 1, "grant": "yes"}, {"row_no": 2, "grant": "yes"}]
    assert refusal(lambda: tables.save_rows(small["A1x-2"], [], rows, manager, base_revision=1)) == "submitted"
    assert refusal(lambda: tables.submit(small["A1x-1"], rows, small.link("A1x-1"), Obstacles())) == ""


# ---- the extended part -----------------------------------------------------------------------------------


def test_a_request_opens_only_the_extended_fields_also_under_a_final_school(small: SmallRound) -> None:
    writes = every_write(small, "A1x")
    small.finalise("A1")
    supervising.request_extended(small["A1x"], small.author("inspector", "A"), ahead(5), "Risc ridicat.")
    answers = {name: refusal(write) for name, write in writes.items()}
    assert answers == dict.fromkeys(answers, "finalised_above") | {"extended answers": ""}
    assert refusal(lambda: saving.save_section(small["A1x-1"], "extended", {"cls_helper": True}, small.manager("A1x"))) == ""


def test_what_is_written_on_request_is_not_published_before_it_is_finalised(small: SmallRound) -> None:
    small.answer_extended("A1x", teachers=2)
    small.finalise("A1")
    frozen = small["A1x"].results.get(superseded_at=None)
    supervising.request_extended(small["A1x"], small.author("inspector", "A"), ahead(5), "Risc ridicat.")
    small.answer_extended("A1x", teachers=0)
    computed = compute(small["A1x"])
    assert freezing.figures_of(computed, small["A1x"]) == frozen.figures
    assert freezing.data_digest(computed.methodology, small["A1x"]) == frozen.data_digest
    assert obstacles_of_extended(small["A1x"]).must_fix == 1
    assert refusal(lambda: finalising.finalise_extended(small["A1x"], small.manager("A1x"))) == "must_fix"


def test_the_extended_part_is_finalised_by_itself_and_the_report_is_issued_again(small: SmallRound) -> None:
    small.finalise("A1")
    before = small["A1x"].results.get(superseded_at=None)
    manager = small.manager("A1x")
    assert refusal(lambda: finalising.finalise_extended(small["A1x"], manager)) == "finalised_above"
    supervising.request_extended(small["A1x"], small.author("national_member", "nation"), ahead(5), "Risc ridicat.")
    assert refusal(lambda: finalising.finalise_extended(small["A1x"], manager)) == "sections"
    small.answer_extended("A1x", teachers=2)
    finalising.finalise_extended(small["A1x"], manager)
    after = small["A1x"].results.get(superseded_at=None)
    assert (small["A1x"].extended, small["A1"].state, after.number) == ("finalised", FINAL, before.number + 1)
    assert (before.figures["U.TEACHERS"]["value"], after.figures["U.TEACHERS"]["value"]) == (None, 2.0)
    assert {code: after.figures[code] for code in ("U.SHARE", "U.ROOMS", "S.GAP")} == {
        code: before.figures[code] for code in ("U.SHARE", "U.ROOMS", "S.GAP")
    }
    assert Document.objects.filter(collection=small["A1x"], outdated_at=None).get().number == after.number
    assert refusal(lambda: small.answer_extended("A1x", teachers=9)) == "extended_finalised"


def test_a_request_ends_with_its_date_and_with_the_county(small: SmallRound) -> None:
    small.finalise("A1")
    supervising.request_extended(small["A1x"], small.author("inspector", "A"), ahead(5), "Risc ridicat.")
    Collection.objects.filter(pk=small.ids["A1x"]).update(extended_until=ago(0.01))
    assert refusal(lambda: small.answer_extended("A1x")) == "window_closed"
    supervising.request_extended(small["A1x"], small.author("inspector", "A"), ahead(6), "Un termen nou.")
    assert refusal(lambda: small.answer_extended("A1x")) == ""
    small.finalise("A")
    assert refusal(lambda: small.answer_extended("A1x")) == "finalised_above"


def test_a_returned_extended_part_is_written_again_and_what_was_published_stays(small: SmallRound) -> None:
    small.answer_extended("A1x", teachers=2)
    manager, director = small.manager("A1x"), small.author("director", "A1")
    assert refusal(lambda: finalising.return_extended(small["A1x"], director, "Corectați.")) == "extended_not_finalised"
    finalising.finalise_extended(small["A1x"], manager)
    small.finalise("A1x")
    first = small["A1x"].results.get(superseded_at=None)
    assert first.figures["U.TEACHERS"]["value"] == 2.0
    finalising.return_extended(small["A1x"], director, "Numărați din nou profesorii.")
    small.answer_extended("A1x", teachers=4)
    assert freezing.figures_of(compute(small["A1x"]), small["A1x"]) == first.figures
    assert refusal(lambda: small.answer("A1x", rooms=9)) == "finalised_here"
    finalising.finalise_extended(small["A1x"], manager)
    assert small["A1x"].results.get(superseded_at=None).figures["U.TEACHERS"]["value"] == 1.0


def test_reasons_of_the_extended_part_are_written_under_a_final_unit(small: SmallRound) -> None:
    small.finalise("A1x")
    field = explaining.field_name(small["A1x"], "V-FEW")
    manager = small.manager("A1x")
    supervising.request_extended(small["A1x"], small.author("inspector", "A"), ahead(5), "Risc ridicat.")
    small.answer_extended("A1x", teachers=1)
    assert refusal(lambda: finalising.finalise_extended(small["A1x"], manager)) == "explain"
    assert explaining.explain_all(small["A1x"], {field: "Școală mică."}, manager) == 1
    assert refusal(lambda: finalising.finalise_extended(small["A1x"], manager)) == ""


# ---- exemptions and extensions ---------------------------------------------------------------------------


def test_an_exemption_carries_a_reason_from_the_list_and_words_and_is_withdrawn_with_a_reason(small: SmallRound) -> None:
    inspector = small.author("inspector", "A")
    for reason, text in (("", "Se mută."), ("nimic", "Se mută."), ("other", "  ")):
        assert refusal(lambda reason=reason, text=text: supervising.exempt(small["A1x"], inspector, reason, text)) == "reason"
    supervising.exempt(small["A1x"], inspector, "other", "Se mută.")
    assert refusal(lambda: supervising.withdraw_exemption(small["A1x"], inspector, "")) == "reason"
    supervising.withdraw_exemption(small["A1x"], inspector, "Nu se mai mută.")
    kept = Exemption.objects.get()
    assert kept.withdrawn_at is not None and kept.given_by == inspector.person
    assert [event.action for event in small["A1x"].events.order_by("pk")] == ["exempt", "withdraw_exemption"]


def test_an_exemption_under_a_final_school_is_not_withdrawn_before_the_school_is_reopened(small: SmallRound) -> None:
    """Else an open unit would lie under a final school."""
    inspector = small.author("inspector", "A")
    supervising.exempt(small["A1y"], inspector, "other", "Se mută.")
    small.finalise("A1")
    assert refusal(lambda: supervising.withdraw_exemption(small["A1y"], inspector, "Rămâne.")) == "finalised_above"
    finalising.reopen(small["A1"], inspector, "Rămâne o unitate.")
    assert refusal(lambda: supervising.withdraw_exemption(small["A1y"], inspector, "Rămâne.")) == ""


def test_an_extension_moves_one_place_carries_reason_author_and_end_and_expires_by_itself(small: SmallRound) -> None:
    small.move_windows(class_close=ago(2), unit_close=ago(1))
    inspector = small.author("inspector", "A")
    assert refusal(lambda: supervising.extend(small["A1x"], inspector, ago(1), "Inundație.")) == "past"
    supervising.extend(small["A1x"], inspector, ahead(2), "Inundație.")
    assert (refusal(lambda: small.answer("A1x")), refusal(lambda: small.answer("A1y"))) == ("", "window_closed")
    given = small["A1x"].extensions.get()
    assert (given.reason, given.given_by) == ("Inundație.", inspector.person)
    event = small["A1x"].events.get(action="extend")
    assert (event.reason, event.by, event.detail["until"]) == ("Inundație.", inspector.person, given.until.isoformat())
    small["A1x"].extensions.update(until=ago(0.001))
    assert refusal(lambda: small.answer("A1x")) == "window_closed"


def test_an_extension_of_a_school_moves_its_own_limit_and_not_that_of_its_units(small: SmallRound) -> None:
    small.finalise("A1x")
    small.finalise("A1y")
    small.move_windows(class_close=ago(4), unit_close=ago(3), school_close=ago(2))
    inspector, director = small.author("inspector", "A"), small.author("director", "A1")
    assert refusal(lambda: finalising.finalise(small["A1"], director)) == "window_closed"
    supervising.extend(small["A1"], inspector, ahead(1), "Director nou.")
    finalising.finalise(small["A1"], director)
    supervising.extend(small["B1"], small.author("inspector", "B"), ahead(1), "Director nou.")
    assert refusal(lambda: small.answer("B1x")) == "window_closed"


def test_an_extension_of_one_section_moves_that_section_alone(small: SmallRound) -> None:
    small.fill("A1x")
    small.move_windows(class_close=ago(2), unit_close=ago(1))
    inspector, manager = small.author("inspector", "A"), small.manager("A1x")
    assert refusal(lambda: supervising.extend(small["A1x"], inspector, ahead(2), "Bolnavi.", "nimic")) == "section"
    assert refusal(lambda: supervising.extend(small["A1"], inspector, ahead(2), "Bolnavi.", "basic")) == "section"
    supervising.extend(small["A1x"], inspector, ahead(2), "Bolnavi.", "extended")
    assert refusal(lambda: small.answer_extended("A1x")) == ""
    assert refusal(lambda: small.answer("A1x")) == "window_closed"
    assert refusal(lambda: finalising.finalise(small["A1x"], manager)) == "window_closed"
    supervising.extend(small["A1x"], inspector, ahead(2), "Bolnavi.", "basic")
    assert refusal(lambda: small.answer("A1x")) == ""
    assert refusal(lambda: tables.recall(small["A1x-1"], manager)) == ""
    assert refusal(lambda: small.send("A1x-1")) == "window_closed"


# ---- delegated block with precedence ---------------------------------------------------------------------


def test_unblocking_below_does_not_override_a_block_above(small: SmallRound) -> None:
    nation, inspector, director = small.author("national_member", "nation"), small.author("inspector", "A"), small.author("director", "A1")
    supervising.block(small["A"], nation, "Se verifică județul.")
    supervising.block(small["A1"], inspector, "Se verifică școala.")
    supervising.unblock(small["A1"], inspector)
    supervising.block(small["A1x"], director)
    supervising.unblock(small["A1x"], director)
    assert refusal(lambda: small.answer("A1x")) == "blocked_above"
    assert refusal(lambda: supervising.unblock(small["A"], inspector)) == "role"
    assert refusal(lambda: supervising.unblock(small["A"], director)) == "role"
    supervising.unblock(small["A"], nation)
    assert refusal(lambda: small.answer("A1x")) == ""


def test_a_block_above_does_not_change_the_blocks_below(small: SmallRound) -> None:
    nation, director = small.author("national_member", "nation"), small.author("director", "A1")
    supervising.block(small["A1x"], director)
    supervising.block(small["A"], nation)
    supervising.unblock(small["A"], nation)
    assert refusal(lambda: small.answer("A1x")) == "blocked_here"
    assert refusal(lambda: small.answer("A1y")) == ""


# ---- reminders -------------------------------------------------------------------------------------------


def test_those_who_lead_a_place_are_reminded_once_a_day(small: SmallRound) -> None:
    inspector = small.author("inspector", "A")
    assert refusal(lambda: supervising.remind(small["A1"], inspector)) == "nobody"
    small.author("director", "A1")
    assert refusal(lambda: supervising.remind(small["A1"], inspector)) == ""
    assert refusal(lambda: supervising.remind(small["A1"], inspector)) == "reminded"
