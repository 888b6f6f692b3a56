"""Finalising what was invented, through the services: written reasons, units, schools, the county; nothing is bent."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from django.utils import timezone

from portal.accounts.models import Membership, User
from portal.collection.authors import Author
from portal.collection.computing import compute
from portal.collection.generating import magnitudes
from portal.collection.models import Collection, Event
from portal.collection.readiness import unexplained
from portal.collection.refusals import Refused
from portal.collection.services import explaining, finalising, supervising
from portal.network.models import Level

EMAIL, NAME = "generator@date-inventate.example", "Generator de date"


@dataclass(slots=True)
class Done:
    """``refused``: units that have something to mend."""

    units: int = 0
    schools: int = 0
    refused: int = 0
    exempted: int = 0
    county: bool = False


def finalise(county: Collection, share: float, seed: int) -> Done:
    """Finalise a share of the schools whose units have answered everything, with their units; those with something to mend stay open.

    All of them (1): units for which nothing can be invented are exempt, and the county is final when every school is.
    """
    done, author = Done(), generator()
    if share == 1:
        done.exempted = _exempt_the_unknown(county, author)
    schools = list(county.children.filter(level=Level.SCHOOL, exempt=False, blocked=False).order_by("code"))
    chosen = Random(f"{seed} {county.code} final").sample(schools, round(share * len(schools)))  # noqa: S311
    for school in chosen:
        units = list(school.children.filter(level=Level.UNIT, exempt=False).exclude(state=Collection.State.FINALISED).order_by("code"))
        final = [finalise_unit(unit, author) for unit in units]
        done.units += sum(final)
        done.refused += len(final) - sum(final)
        if all(final):
            done.schools += _allowed(school, author, "director")
    if share == 1:
        done.county = _allowed(county, author, "general_inspector")
    end_roles()
    return done


def finalise_unit(unit: Collection, author: Author) -> bool:
    """Give the reasons that checks ask for, then finalise."""
    take_role(unit, author, "unit_manager")
    explain(unit, author)
    return _allowed(unit, author, "unit_manager")


def explain(unit: Collection, author: Author) -> None:
    """A reason for every check that asks for one and has none."""
    waiting = unexplained(compute(unit).fired(unit))
    text = magnitudes.read()["explained"]
    if waiting:
        explaining.explain_all(unit, {explaining.field_name(one.collection, one.check.code): text for one in waiting}, author)


def _exempt_the_unknown(county: Collection, author: Author) -> int:
    """Units of which neither pupils nor classes are known; a school that has no other unit with them."""
    take_role(county, author, "inspector")
    below = Collection.objects.filter(path__startswith=county.path, exempt=False)
    unknown = [unit for unit in below.filter(level=Level.UNIT, responses=None, classes=0) if not unit.attributes.get("pupils_total")]
    for unit in unknown:
        supervising.exempt(unit, author, "no_pupils", magnitudes.read()["exempted"])
    for school in below.filter(level=Level.SCHOOL, pk__in={unit.parent_id for unit in unknown}):
        if not school.children.filter(exempt=False).exists():
            supervising.exempt(school, author, "no_pupils", magnitudes.read()["exempted"])
    return len(unknown)


def _allowed(place: Collection, author: Author, role: str) -> bool:
    take_role(place, author, role)
    try:
        finalising.finalise(place, author)
    except Refused:
        return False
    return True


# ---- who does it -----------------------------------------------------------------------------------------


def generator() -> Author:
    """An account nobody can sign in with; it holds the roles it needs as long as it needs them."""
    user = User.objects.filter(email=EMAIL).first() or User.objects.create_user(EMAIL, NAME)
    return Author(user=user, through=Event.Through.COMMAND)


def take_role(collection: Collection, author: Author, role: str) -> None:
    Membership.objects.get_or_create(user=author.person, place=collection.place, role=role, ended_at=None)


def end_roles() -> None:
    Membership.objects.filter(user__email=EMAIL, ended_at=None).update(ended_at=timezone.now())
