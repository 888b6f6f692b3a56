"""The conditions of acts, each a question over the chain with its own reason and sentence. None means that it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.collection.standing import CLASS, Actor, Chain, Decision, Stand, Windows
from portal.network.models import Level
from portal.rounds import windows as calendar

Condition = Callable[[Actor, Chain, datetime], Decision | None]
NATIONAL, COUNTY, SCHOOL, UNIT = Level.NATIONAL.value, Level.COUNTY.value, Level.SCHOOL.value, Level.UNIT.value

# The place in a sentence: what it is called, by level, with its article.
THE = {
    CLASS: pgettext_lazy("subject", "Clasa"),
    UNIT: pgettext_lazy("subject", "Unitatea"),
    SCHOOL: pgettext_lazy("subject", "Școala"),
    COUNTY: pgettext_lazy("subject", "Inspectoratul"),
    NATIONAL: pgettext_lazy("subject", "Raportul național"),
}
WHO_IS_ABOVE = {
    CLASS: _("responsabilul unității"),
    UNIT: _("directorul școlii"),
    SCHOOL: _("inspectoratul"),
    COUNTY: _("comisia națională"),
    NATIONAL: _("comisia națională"),
}
LATE = {
    CLASS: _("Termenul a fost {when}. Inspectoratul poate da o prelungire."),
    UNIT: _("Termenul a fost {when}. Inspectoratul poate da o prelungire."),
    SCHOOL: _("Termenul a fost {when}. Inspectoratul poate da o prelungire."),
    COUNTY: _("Termenul a fost {when}. Comisia națională poate da o prelungire."),
    NATIONAL: _("Termenul a fost {when}."),
}


def no(code: str, sentence: Any, **params: object) -> Decision:
    return Decision(False, code, format_lazy(sentence, **params) if params else sentence)


def _limit_in_words(limit: datetime) -> str:
    return calendar.words(limit, limit=True)


in_words = lazy(_limit_in_words, str)


# ---- the round and the windows ---------------------------------------------------------------------------


def round_open(actor: Actor, chain: Chain, now: datetime) -> Decision | None:
    windows = chain.windows
    if windows.state == "closed":
        return no("round_closed", _("Campania este închisă; datele nu se mai pot schimba."))
    if windows.state != "open" or now < windows.opens_at:
        return no("round_not_open", _("Campania nu a început încă."))
    return None


def limit_of(stand: Stand, windows: Windows, sections: frozenset[str] | None) -> datetime:
    """When writing at a place ends: with its own window, later where it was itself reopened or extended, whole or in a section asked about.

    What was given to a place above or beside it moves nothing.
    """
    limits = [windows.close_of(stand.level)]
    limits += [windows.amend_until] if stand.reopened else []
    limits += [stand.until] if stand.until is not None else []
    limits += [until for section, until in stand.section_until.items() if sections is None or section in sections]
    return max(limits)


def _before(limit: datetime, now: datetime, late: Any) -> Decision | None:
    return None if now < limit else no("window_closed", late, when=in_words(limit))


def before_class_close(actor: Actor, chain: Chain, now: datetime) -> Decision | None:
    """The end of every class link, which nothing moves."""
    return _before(chain.windows.class_close, now, _("Termenul claselor a fost {when}; de acum tabelul se completează în unitate, fără link."))


def within_writing(actor: Actor, chain: Chain, now: datetime) -> Decision | None:
    """A class link writes until the classes close; the unit's own users write everything of the unit, class tables too, until the units close."""
    if actor.link is not None:
        return before_class_close(actor, chain, now)
    stand = chain.at(UNIT) or chain.target
    return _before(limit_of(stand, chain.windows, chain.sections), now, LATE[stand.level])


def within_own_close(actor: Actor, chain: Chain, now: datetime) -> Decision | None:
    return _before(limit_of(chain.target, chain.windows, chain.sections), now, LATE[chain.target.level])


def before_amend_end(actor: Actor, chain: Chain, now: datetime) -> Decision | None:
    return _before(chain.windows.amend_until, now, _("Corecturile s-au încheiat: {when}."))


# ---- the chain -------------------------------------------------------------------------------------------


def not_blocked(actor: Actor, chain: Chain, now: datetime) -> Decision | None:
    stand = next((stand for stand in chain.places if stand.blocked), None)
    if stand is None:
        return None
    code = "blocked_here" if stand is chain.target else "blocked_above"
    sentence = _("{who} are starea „Blocat”: nu se poate scrie, iar datele sunt păstrate. Poate debloca {whom}.")
    return no(code, sentence, who=THE[stand.level], whom=WHO_IS_ABOVE[stand.level])


def not_finalised(actor: Actor, chain: Chain, now: datetime) -> Decision | None:
    stand = next((stand for stand in reversed(chain.places) if stand.finalised), None)
    if stand is None:
        return None
    code = "finalised_here" if stand is chain.target else "finalised_above"
    if stand.level == NATIONAL:
        return no(code, _("Raportul național are starea „Finalizat”; datele campaniei nu se mai schimbă."))
    sentence = _("{who} are starea „Finalizat”; datele sunt înghețate. Poate redeschide {whom}.")
    return no(code, sentence, who=THE[stand.level], whom=WHO_IS_ABOVE[stand.level])


def not_exempt(actor: Actor, chain: Chain, now: datetime) -> Decision | None:
    stand = next((stand for stand in chain.places if stand.exempt), None)
    if stand is None:
        return None
    return no("exempt", _("{who} are starea „Exceptat” în această campanie; nu se completează nimic."), who=THE[stand.level])


WRITABLE: tuple[Condition, ...] = (round_open, not_finalised, not_exempt, not_blocked)


def nothing_above_finalised(actor: Actor, chain: Chain, now: datetime) -> Decision | None:
    return not_finalised(actor, Chain(chain.windows, (Stand(chain.target.level), *chain.above)), now)


def nothing_above_blocked(actor: Actor, chain: Chain, now: datetime) -> Decision | None:
    return not_blocked(actor, Chain(chain.windows, (Stand(chain.target.level), *chain.above)), now)


def county_not_final(actor: Actor, chain: Chain, now: datetime) -> Decision | None:
    county = chain.at(COUNTY)
    if county is None or county is chain.target or not county.finalised:
        return None
    return no("finalised_above", _("Județul are starea „Finalizat”; comisia națională îl poate redeschide."))


# ---- the target ------------------------------------------------------------------------------------------


def is_finalised(actor: Actor, chain: Chain, now: datetime) -> Decision | None:
    return None if chain.target.finalised else no("not_finalised", _("Nu are starea „Finalizat”, deci nu este nimic de redeschis."))


def is_frozen(actor: Actor, chain: Chain, now: datetime) -> Decision | None:
    """Final, or with everything but one section still frozen."""
    return None if chain.target.returned else is_finalised(actor, chain, now)


def is_not_finalised(actor: Actor, chain: Chain, now: datetime) -> Decision | None:
    return no("finalised_here", _("Are deja starea „Finalizat”; mai întâi trebuie redeschis.")) if chain.target.finalised else None


def is_blocked(actor: Actor, chain: Chain, now: datetime) -> Decision | None:
    return None if chain.target.blocked else no("not_blocked", _("Nu este blocat."))


def is_not_blocked(actor: Actor, chain: Chain, now: datetime) -> Decision | None:
    return no("blocked_here", _("Este deja blocat.")) if chain.target.blocked else None


def is_exempt(actor: Actor, chain: Chain, now: datetime) -> Decision | None:
    return None if chain.target.exempt else no("not_exempt", _("Nu are starea „Exceptat”."))


def is_not_exempt(actor: Actor, chain: Chain, now: datetime) -> Decision | None:
    return no("exempt", _("Are deja starea „Exceptat”.")) if chain.target.exempt else None


def is_submitted(actor: Actor, chain: Chain, now: datetime) -> Decision | None:
    return None if chain.target.progress == "submitted" else no("not_submitted", _("Tabelul nu a fost trimis încă."))


def not_submitted(actor: Actor, chain: Chain, now: datetime) -> Decision | None:
    if chain.target.level != CLASS or chain.target.progress != "submitted":
        return None
    return no("submitted", _("Tabelul a fost trimis și nu se mai schimbă. Responsabilul unității îl poate returna."))


def no_obstacles(actor: Actor, chain: Chain, now: datetime) -> Decision | None:
    """What is missing for finalising or sending, the heaviest first."""
    found = chain.obstacles
    if found.sections and chain.target.level == CLASS:
        return no("sections", _("Celule de completat sau de corectat în tabel: {many}."), many=found.sections)
    if found.sections:
        return no("sections", _("Secțiuni obligatorii necompletate: {many}."), many=found.sections)
    if found.classes:
        return no("classes", _("Tabele de clasă care nu au fost trimise: {many}."), many=found.classes)
    if found.children:
        return no("children", _("Locuri de dedesubt care nu sunt finalizate: {many}."), many=found.children)
    if found.must_fix:
        return no("must_fix", _("Verificări de corectat: {many}."), many=found.must_fix)
    if found.explain:
        return no("explain", _("Verificări care cer o explicație: {many}."), many=found.explain)
    return None


# ---- partial return --------------------------------------------------------------------------------------


def section_open(actor: Actor, chain: Chain, now: datetime) -> Decision | None:
    """After a partial return only the section sent back is written."""
    unit = chain.at(UNIT)
    if unit is None or not unit.returned or chain.sections is None or unit.returned in chain.sections:
        return None
    return no("rest_frozen", _("Numai o secțiune a unității a fost trimisă înapoi; restul rămâne înghețat. Directorul școlii poate redeschide tot."))


def all_open(actor: Actor, chain: Chain, now: datetime) -> Decision | None:
    """Classes and their tables belong to no section: a partial return leaves them frozen."""
    return section_open(actor, Chain(chain.windows, chain.places, sections=frozenset()), now)


# ---- the extended part -----------------------------------------------------------------------------------


def extended_not_final(actor: Actor, chain: Chain, now: datetime) -> Decision | None:
    unit = chain.at(UNIT)
    if unit is not None and unit.extended == "finalised":
        return no("extended_finalised", _("Monitorizarea extinsă a unității este deja finalizată."))
    return None


def extended_is_final(actor: Actor, chain: Chain, now: datetime) -> Decision | None:
    if chain.target.extended == "finalised":
        return None
    return no("extended_not_finalised", _("Monitorizarea extinsă nu este finalizată, deci nu este nimic de returnat."))


def extended_writable(actor: Actor, chain: Chain, now: datetime) -> Decision | None:
    """A request opens only the extended fields, also under a final unit and school, until its date or until the county is final.

    Without a request the extended part is written with the rest.
    """
    shared = (round_open, extended_not_final, not_exempt, county_not_final, not_blocked)
    refusal = first_refusal(shared, actor, chain, now)
    unit = chain.at(UNIT)
    if refusal is not None or unit is None:
        return refusal
    if unit.extended != "requested":
        return first_refusal((not_finalised, within_writing, section_open), actor, chain, now)
    if unit.extended_until is None:
        return None
    given = [until for section, until in unit.section_until.items() if chain.sections is None or section in chain.sections]
    return _before(max([unit.extended_until, *given]), now, _("Termenul cererii a fost {when}. Inspectoratul poate cere din nou."))


def first_refusal(conditions: Iterable[Condition], actor: Actor, chain: Chain, now: datetime) -> Decision | None:
    """The reason of the first condition that does not hold (a refusal is falsy: never join conditions with ``or``)."""
    return next((refusal for condition in conditions if (refusal := condition(actor, chain, now)) is not None), None)


# ---- the class link --------------------------------------------------------------------------------------


def link_alive(actor: Actor, chain: Chain, now: datetime) -> Decision | None:
    """Grace extends only the link's own end: never a window, a block or a freeze."""
    link = actor.link
    if link is None:
        return None
    if link.revoked:
        return no("link_revoked", _("Linkul a fost revocat. Cereți unul nou responsabilului unității."))
    end = link.grace_until or link.expires_at
    if end is not None and now >= end:
        return no("link_expired", _("Linkul a expirat. Cereți unul nou responsabilului unității."))
    return None
