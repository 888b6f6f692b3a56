"""A fixed cast: a small country of two counties, and one person for every role in each of its places. Used everywhere, so that tests read alike.

Alba has two schools: Blaj (its own unit and a structure, Tiur) and Sebeș (its own unit). Cluj has one school with its unit.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from portal.accounts.models import Membership, User
from portal.network.models import Level, Place

PASSWORD = "trei cuvinte fără rost"


@dataclass
class Cast:
    """``places`` by a short word, ``people`` by a short word; ``cast["ion"]`` is a person."""

    places: dict[str, Place] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)

    def __getitem__(self, name: str) -> User:
        return self.people[name]

    def role(self, name: str) -> Membership:
        """The only role of a person."""
        return Membership.objects.get(user=self.people[name], ended_at=None)


PLACES = (
    # word, level, parent, code, name
    ("country", Level.NATIONAL, None, "RO", "România"),
    ("alba", Level.COUNTY, "country", "AB", "Inspectoratul Școlar Județean Alba"),
    ("cluj", Level.COUNTY, "country", "CJ", "Inspectoratul Școlar Județean Cluj"),
    ("blaj", Level.SCHOOL, "alba", "0161100018", "Școala Gimnazială „Ion Exemplescu” Blaj"),
    ("sebes", Level.SCHOOL, "alba", "0161100027", "Școala Gimnazială Nr. 2 Sebeș"),
    ("turda", Level.SCHOOL, "cluj", "1261100013", "Colegiul Exemplu Turda"),
    ("blaj_unit", Level.UNIT, "blaj", "0161100018", "Școala Gimnazială „Ion Exemplescu” Blaj"),
    ("tiur", Level.UNIT, "blaj", "0162100016", "Școala Primară Tiur"),
    ("sebes_unit", Level.UNIT, "sebes", "0161100027", "Școala Gimnazială Nr. 2 Sebeș"),
    ("turda_unit", Level.UNIT, "turda", "1261100013", "Colegiul Exemplu Turda"),
)
PEOPLE = (
    # word, full name, role, place
    ("maria", "Maria Comisaru", "national_member", "country"),
    ("mihai", "Mihai Metodescu", "methodologist", "country"),
    ("anca", "Anca Analiză", "analyst", "country"),
    ("gelu", "Gelu Inspector-Șef", "general_inspector", "alba"),
    ("ioana", "Ioana Inspectoru", "inspector", "alba"),
    ("andrei", "Andrei Analistu", "analyst", "alba"),
    ("cornel", "Cornel Inspector-Șef", "general_inspector", "cluj"),
    ("carmen", "Carmen Inspectoru", "inspector", "cluj"),
    ("dan", "Dan Directoru", "director", "blaj"),
    ("doina", "Doina Directoru", "director", "sebes"),
    ("teo", "Teodora Directoru", "director", "turda"),
    ("rodica", "Rodica Responsabilu", "unit_manager", "blaj_unit"),
    ("tudor", "Tudor Responsabilu", "unit_manager", "tiur"),
    ("sorin", "Sorin Responsabilu", "unit_manager", "sebes_unit"),
    ("titus", "Titus Responsabilu", "unit_manager", "turda_unit"),
    ("olga", "Olga Operatoru", "operator", "blaj_unit"),
)


def email_of(name: str) -> str:
    return f"{name}@example.ro"


def make_cast() -> Cast:
    """Puts the cast into the database. Nobody has a password: tests sign people in with ``client.force_login``."""
    cast = Cast()
    for word, level, parent, code, name in PLACES:
        above = cast.places[parent] if parent else None
        cast.places[word] = Place.objects.create(level=level, parent=above, code=code, name=name)
    for word, full_name, role, place in PEOPLE:
        cast.people[word] = User.objects.create_user(email_of(word), full_name, phone="+40722123456")
        Membership.objects.create(user=cast.people[word], place=cast.places[place], role=role)
    return cast
