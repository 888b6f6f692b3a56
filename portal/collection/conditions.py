"""The conditions of acts, each a question over the chain with its own reason and sentence. None means that it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.collection.standing import CLASS, Actor, Chain, Decision, Stand
from portal.network.models import Level

Condition = Callable[[Actor, Chain, datetime], Decision | None]
BUCHAREST = ZoneInfo("Europe/Bucharest")

# The place in a sentence: what it is called, by level, with its article.
THE = {
    CLASS: _("Clasa"),
    Level.UNIT.value: _("Unitatea"),
    Level.SCHOOL.value: _("Școala"),
    Level.COUNTY.value: _("Inspectoratul"),
    Level.NATIONAL.value: _("Raportul național"),
}
WHO_REOPENS = {
    CLASS: _("responsabilul unității"),
    Level.UNIT.value: _("directorul școlii"),
    Level.SCHOOL.value: _("inspectoratul"),
    Level.COUNTY.value: _("comisia națională"),
    Level.NATIONAL.value: _("comisia națională"),
}


def no(code: str, sentence: Any, **params: object) -> Decision:
    return Decision(False, code, format_lazy(sentence, **params) if params else sentence)


def moment(when: datetime) -> str:
    return when.astimezone(BUCHAREST).strftime("%d.%m.%Y, %H:%M")


# ---- the round and the windows ---------------------------------------------------------------------------


def round_open(actor: Actor, chain: Chain, now: datetime) -> Decision | None:
    windows = chain.windows
    if windows.state == "closed":
        return no("round_closed", _("Campania este închisă; datele nu se mai pot schimba."))
    if windows.state != "open" or now < windows.opens_at:
        return no("round_not_open", _("Campania nu a început încă."))
    return None


def _limit(chain: Chain, level: str) -> datetime:
    """When writing at a level ends for the target: its own window, later where it was reopened or extended, itself or from above."""
    limit = chain.windows.close_of(level)
    if any(stand.reopened for stand in chain.places):
        limit = max(limit, chain.windows.amend_until)
    return max([limit, *(stand.until for stand in chain.places if stand.until is not None)])


def _before(limit: datetime, now: datetime) -> Decision | None:
    if now < limit:
        return None
    return no("window_closed", _("Termenul a trecut la {when}. Inspectoratul poate da o prelungire."), when=moment(limit))


def within_writing(actor: Actor, chain: Chain, now: datetime) -> Decision | None:
    """A class link writes until the classes close; the unit's own users write everything until the units close."""
    if chain.target.level == CLASS:
        return _before(_limit(chain, CLASS if actor.link is not None else Level.UNIT.value), now)
    return _before(_limit(chain, chain.target.level), now)


def within_class_window(actor: Actor, chain: Chain, now: datetime) -> Decision | None:
    return _before(_limit(chain, CLASS), now)


def within_own_close(actor: Actor, chain: Chain, now: datetime) -> Decision | None:
    return _before(_limit(chain, chain.target.level), now)


def before_amend_end(actor: Actor, chain: Chain, now: datetime) -> Decision | None:
    if now < chain.windows.amend_until:
        return None
    return no("window_closed", _("Corecturile s-au încheiat la {when}."), when=moment(chain.windows.amend_until))


# ---- the chain -------------------------------------------------------------------------------------------


def not_blocked(actor: Actor, chain: Chain, now: datetime) -> Decision | None:
    stand = next((stand for stand in chain.places if stand.blocked), None)
    if stand is None:
        return None
    code = "blocked_here" if stand is chain.target else "blocked_above"
    return no(code, _("{who} are starea „Blocat”: nu se poate scrie, iar datele sunt păstrate. Poate debloca {whom}."), **_named(stand))


def not_finalised(actor: Actor, chain: Chain, now: datetime) -> Decision | None:
    stand = next((stand for stand in reversed(chain.places) if stand.finalised), None)
    if stand is None:
        return None
    code = "finalised_here" if stand is chain.target else "finalised_above"
    return no(code, _("{who} are starea „Finalizat”; datele sunt înghețate. Poate redeschide {whom}."), **_named(stand))


def not_exempt(actor: Actor, chain: Chain, now: datetime) -> Decision | None:
    stand = next((stand for stand in chain.places if stand.exempt), None)
    if stand is None:
        return None
    return no("exempt", _("{who} are starea „Exceptat” în această campanie; nu se completează nimic."), who=THE[stand.level])


def _named(stand: Stand) -> dict[str, object]:
    return {"who": THE[stand.level], "whom": WHO_REOPENS[stand.level]}


WRITABLE: tuple[Condition, ...] = (round_open, not_finalised, not_exempt, not_blocked)


def nothing_above_finalised(actor: Actor, chain: Chain, now: datetime) -> Decision | None:
    return not_finalised(actor, Chain(chain.windows, (Stand(chain.target.level), *chain.above)), now)


def nothing_above_blocked(actor: Actor, chain: Chain, now: datetime) -> Decision | None:
    return not_blocked(actor, Chain(chain.windows, (Stand(chain.target.level), *chain.above)), now)


def county_not_final(actor: Actor, chain: Chain, now: datetime) -> Decision | None:
    county = chain.at(Level.COUNTY.value)
    if county is None or county is chain.target or not county.finalised:
        return None
    return no("finalised_above", _("Județul are starea „Finalizat”; comisia națională îl poate redeschide."))


# ---- the target ------------------------------------------------------------------------------------------


def is_finalised(actor: Actor, chain: Chain, now: datetime) -> Decision | None:
    return None if chain.target.finalised else no("not_finalised", _("Nu are starea „Finalizat”, deci nu este nimic de redeschis."))


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
    """What is missing for finalising, the heaviest first."""
    found = chain.obstacles
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


# ---- the extended part -----------------------------------------------------------------------------------


def extended_not_final(actor: Actor, chain: Chain, now: datetime) -> Decision | None:
    unit = chain.at(Level.UNIT.value)
    if unit is not None and unit.extended == "finalised":
        return no("extended_finalised", _("Monitorizarea extinsă a unității este deja finalizată."))
    return None


def extended_writable(actor: Actor, chain: Chain, now: datetime) -> Decision | None:
    """A request opens only the extended fields, also under a final unit and school, until its date or until the county is final.

    Without a request the extended part is written with the rest.
    """
    shared = (round_open, extended_not_final, not_exempt, county_not_final, not_blocked)
    refusal = first_refusal(shared, actor, chain, now)
    unit = chain.at(Level.UNIT.value)
    if refusal is not None or unit is None:
        return refusal
    if unit.extended == "requested":
        return _before(unit.extended_until, now) if unit.extended_until is not None else None
    return first_refusal((not_finalised, within_writing), actor, chain, now)


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
