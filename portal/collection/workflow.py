"""Who may do what, when: one pure decision over data, asked by buttons, pages, raw requests, imports, jobs and class links alike.

``decide(act, actor, chain, now)`` answers yes, or no with a code and a Romanian sentence. The rules are the table ``ACTS``: for each act, at
which level, by whom, under which conditions; the first condition that does not hold gives the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.translation import gettext_lazy as _

from portal.collection import conditions as c
from portal.collection.standing import CLASS, YES, Actor, Chain, Decision
from portal.network.models import Level

NATIONAL, COUNTY, SCHOOL, UNIT = (level.value for level in (Level.NATIONAL, Level.COUNTY, Level.SCHOOL, Level.UNIT))

Who = Mapping[str, Mapping[str, frozenset[str]]]
"""Level of the target → level of the place where a role is held → the roles that may."""


def at(level: str, *roles: str) -> dict[str, frozenset[str]]:
    return {level: frozenset(roles)}


DIRECTLY_ABOVE: Who = {
    COUNTY: at(NATIONAL, "national_member"),
    SCHOOL: at(COUNTY, "inspector"),
    UNIT: at(SCHOOL, "director"),
    CLASS: at(UNIT, "unit_manager"),
}
OWN_UNIT: Who = {UNIT: at(UNIT, "unit_manager", "operator"), CLASS: at(UNIT, "unit_manager", "operator")}
UNIT_MANAGER: Who = {UNIT: at(UNIT, "unit_manager"), CLASS: at(UNIT, "unit_manager")}
SUPERVISORS: Who = {COUNTY: at(NATIONAL, "national_member"), SCHOOL: at(COUNTY, "inspector"), UNIT: at(COUNTY, "inspector")}
ASKERS: Who = {UNIT: at(COUNTY, "inspector") | at(NATIONAL, "national_member")}
RETURNERS: Who = {UNIT: at(SCHOOL, "director") | at(COUNTY, "inspector")}
SIGNERS: Who = {
    UNIT: at(UNIT, "unit_manager"),
    SCHOOL: at(SCHOOL, "director"),
    COUNTY: at(COUNTY, "general_inspector"),
    NATIONAL: at(NATIONAL, "national_member"),
}
COMMISSION: Who = {NATIONAL: at(NATIONAL, "national_member")}
NETWORK_KEEPERS: Who = {
    NATIONAL: at(NATIONAL, "national_member"),
    COUNTY: at(COUNTY, "inspector") | at(NATIONAL, "national_member"),
    SCHOOL: at(COUNTY, "inspector") | at(NATIONAL, "national_member"),
    UNIT: at(COUNTY, "inspector") | at(NATIONAL, "national_member"),
}
EVERYBODY_ABOVE: Mapping[str, frozenset[str]] = {
    UNIT: frozenset({"unit_manager", "operator"}),
    SCHOOL: frozenset({"director"}),
    COUNTY: frozenset({"inspector", "general_inspector", "analyst"}),
    NATIONAL: frozenset({"national_member", "methodologist", "analyst"}),
}
READERS: Who = dict.fromkeys((CLASS, UNIT, SCHOOL, COUNTY, NATIONAL), EVERYBODY_ABOVE)
ROW_READERS: Who = {CLASS: at(UNIT, "unit_manager", "operator") | at(SCHOOL, "director")}


@dataclass(frozen=True, slots=True)
class Act:
    """``who`` may do it; ``by_link``: the class link may too; ``conditions`` in the order in which they are looked at."""

    who: Who
    conditions: tuple[c.Condition, ...] = ()
    by_link: bool = False

    def admits(self, actor: Actor, chain: Chain, now: datetime) -> Decision | None:
        """None when the actor has the role (or the link) for it."""
        if actor.link is not None:
            return (
                None if self.by_link and chain.target.level == CLASS else Decision(False, "role", _("Linkul de clasă deschide numai tabelul clasei."))
            )
        allowed = self.who[chain.target.level]
        if any(actor.holds(level, roles) for level, roles in allowed.items()):
            return None
        return Decision(False, "role", _("Rolul dumneavoastră nu permite această acțiune aici."))


ACTS: dict[str, Act] = {
    # reading
    "view": Act(READERS),
    "view_rows": Act(ROW_READERS, (c.link_alive,), by_link=True),
    "export": Act({level: who for level, who in READERS.items() if level != CLASS}),
    # answering
    "fill": Act(OWN_UNIT, (c.link_alive, *c.WRITABLE, c.within_writing, c.section_open, c.not_submitted), by_link=True),
    "fill_extended": Act(OWN_UNIT, (c.extended_writable,)),
    "define_classes": Act({UNIT: UNIT_MANAGER[UNIT]}, (*c.WRITABLE, c.within_writing, c.all_open)),
    "submit_class": Act(
        {CLASS: OWN_UNIT[CLASS]}, (c.link_alive, *c.WRITABLE, c.within_writing, c.all_open, c.not_submitted, c.no_obstacles), by_link=True
    ),
    "return_class": Act({CLASS: UNIT_MANAGER[CLASS]}, (*c.WRITABLE, c.within_writing, c.all_open, c.is_submitted)),
    "recall_class": Act({CLASS: UNIT_MANAGER[CLASS]}, (*c.WRITABLE, c.within_writing, c.all_open, c.is_submitted)),
    "explain": Act(UNIT_MANAGER, (*c.WRITABLE, c.within_writing)),
    "explain_extended": Act({UNIT: UNIT_MANAGER[UNIT]}, (c.extended_writable,)),
    "manage_links": Act(UNIT_MANAGER, (*c.WRITABLE, c.before_class_close, c.all_open)),
    # freezing
    "finalise": Act(SIGNERS, (*c.WRITABLE, c.within_own_close, c.no_obstacles)),
    "finalise_extended": Act({UNIT: UNIT_MANAGER[UNIT]}, (c.extended_writable, c.no_obstacles)),
    "reopen": Act(DIRECTLY_ABOVE, (c.round_open, c.before_amend_end, c.is_frozen, c.nothing_above_finalised, c.nothing_above_blocked)),
    "return_section": Act(RETURNERS, (c.round_open, c.before_amend_end, c.is_finalised, c.nothing_above_finalised, c.nothing_above_blocked)),
    "return_extended": Act(
        RETURNERS, (c.round_open, c.before_amend_end, c.not_exempt, c.county_not_final, c.nothing_above_blocked, c.extended_is_final)
    ),
    # supervising
    "block": Act(DIRECTLY_ABOVE, (c.round_open, c.is_not_blocked)),
    "unblock": Act(DIRECTLY_ABOVE, (c.round_open, c.is_blocked)),
    "exempt": Act(SUPERVISORS, (c.round_open, c.nothing_above_finalised, c.is_not_exempt, c.is_not_finalised)),
    "withdraw_exemption": Act(SUPERVISORS, (c.round_open, c.nothing_above_finalised, c.is_exempt)),
    "extend": Act(SUPERVISORS, (c.round_open, c.nothing_above_finalised, c.not_exempt, c.is_not_finalised)),
    "request_extended": Act(ASKERS, (c.round_open, c.county_not_final, c.not_exempt, c.extended_not_final)),
    "remind": Act({level: who for level, who in DIRECTLY_ABOVE.items() if level != CLASS}, (c.round_open, c.not_exempt, c.is_not_finalised)),
    # the network and the people
    "edit_place": Act(NETWORK_KEEPERS),
    "import_network": Act({level: NETWORK_KEEPERS[level] for level in (NATIONAL, COUNTY)}),
    "manage_round": Act(COMMISSION),
    "edit_methodology": Act({NATIONAL: at(NATIONAL, "methodologist")}),
    "publish_methodology": Act({NATIONAL: at(NATIONAL, "methodologist", "national_member")}),
}


def decide(act: str, actor: Actor, chain: Chain, now: datetime) -> Decision:
    """Whether ``actor`` may do ``act`` on the first place of ``chain`` at ``now``. Raises ``KeyError`` for an act that is not in the table.

    Moments are compared as moments: two of the same local zone would be compared by their clocks, and the hour that comes twice would be one.
    """
    rule, now = ACTS[act], now.astimezone(UTC)
    if chain.target.level not in rule.who:
        return Decision(False, "level", _("Această acțiune nu există la acest nivel."))
    refusal = c.first_refusal((rule.admits, *rule.conditions), actor, chain, now)
    return YES if refusal is None else refusal
