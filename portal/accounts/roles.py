"""The roles of the product and their ranks: who is above whom at a place, and who may invite whom. Data, and the few questions asked of it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.network.models import ABOVE, Level


@dataclass(frozen=True, slots=True)
class Role:
    """``rank``: within its place, higher names lower. ``leading``: the one role that the level above may name."""

    code: str
    levels: tuple[str, ...]
    rank: int
    leading: bool
    label: str | Promise


ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        Role("national_member", (Level.NATIONAL,), 3, True, _("Membru CNDIE")),
        Role("methodologist", (Level.NATIONAL,), 1, False, _("Metodolog")),
        Role("general_inspector", (Level.COUNTY,), 3, True, _("Inspector școlar general")),
        Role("inspector", (Level.COUNTY,), 2, False, _("Inspector")),
        Role("analyst", (Level.NATIONAL, Level.COUNTY), 1, False, _("Analist")),
        Role("director", (Level.SCHOOL,), 3, True, _("Director")),
        Role("unit_manager", (Level.UNIT,), 3, True, _("Responsabil de unitate")),
        Role("operator", (Level.UNIT,), 1, False, _("Operator")),
    )
}
# Inspectors lead a county beside the general inspector when it comes to naming the directors of its schools.
NAMES_BELOW = frozenset({"national_member", "general_inspector", "inspector", "director"})
SECOND_FACTOR = frozenset({"national_member", "methodologist", "general_inspector", "inspector", "analyst"})
"""Roles of the commission and of inspectorates: who holds one signs in with a second factor."""
INCLUDES: dict[str, tuple[str, ...]] = {"general_inspector": ("inspector",)}
"""Roles whose rights another role has as well."""


def with_included(roles: frozenset[str]) -> frozenset[str]:
    """The roles held, and those whose rights they include."""
    return roles | {included for role in roles for included in INCLUDES.get(role, ())}


def may_invite(inviter: str, inviter_level: str, role: str, level: str) -> bool:
    """Whether a role at a place may invite to a role at the same place (``level`` equal) or directly below it."""
    wanted = ROLES[role]
    if level not in wanted.levels:
        return False
    if level == inviter_level:
        return wanted.rank < ROLES[inviter].rank or (inviter == role == "national_member")
    return wanted.leading and ABOVE.get(level) == inviter_level and inviter in NAMES_BELOW
