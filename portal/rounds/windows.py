"""The windows of a round, in local time: what the methodology's calendar proposes, how they are written and read, in which order they come.

A limit is the first moment that is too late. The end of a day is written as hour 24:00 of that day, which is how people read a last day.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from engine.methodology import Methodology

BUCHAREST = ZoneInfo("Europe/Bucharest")
CALENDAR = {
    "opens_at": "open",
    "class_close": "class_close",
    "unit_close": "unit_close",
    "school_close": "school_close",
    "county_close": "county_close",
    "amend_until": "amend_until",
}
"""Window of a round → its day in the calendar of a methodology, in the order in which they come."""
LIMITS = tuple(name for name in CALENDAR if name != "opens_at")
MONTHS = (
    gettext_noop("ianuarie"),
    gettext_noop("februarie"),
    gettext_noop("martie"),
    gettext_noop("aprilie"),
    gettext_noop("mai"),
    gettext_noop("iunie"),
    gettext_noop("iulie"),
    gettext_noop("august"),
    gettext_noop("septembrie"),
    gettext_noop("octombrie"),
    gettext_noop("noiembrie"),
    gettext_noop("decembrie"),
)
DATE = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
TIME = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})")


class BadMoment(ValueError):
    """What was typed names no single moment; ``part`` is ``day`` or ``hour``."""

    def __init__(self, part: str, sentence: str) -> None:
        super().__init__(sentence)
        self.part, self.sentence = part, sentence


def proposal(methodology: Methodology) -> dict[str, datetime]:
    """The windows of a methodology's calendar: from the beginning of the first day, each limit at the end of its day."""
    calendar = methodology.declared["methodology"].get("calendar") or {}
    days = {name: date.fromisoformat(str(calendar[key])) for name, key in CALENDAR.items() if key in calendar}
    return {name: _local(day if name == "opens_at" else day + timedelta(days=1), time()) for name, day in days.items()}


def parse(day: str, hour: str) -> datetime:
    """A moment from what was typed, ``12.12.2025`` and ``16:00`` or ``24:00``. Raises ``BadMoment`` with a sentence."""
    found_day, found_hour = DATE.fullmatch(day.strip()), TIME.fullmatch(hour.strip())
    if found_day is None:
        raise BadMoment("day", _("Scrieți data cu zi, lună și an, ca 12.12.2025."))
    if found_hour is None:
        raise BadMoment("hour", _("Scrieți ora cu ore și minute, ca 16:00; sfârșitul zilei este 24:00."))
    unknown = BadMoment("day", _("Data %(day)s nu există în calendar.") % {"day": day.strip()})
    try:
        written = date(int(found_day[3]), int(found_day[2]), int(found_day[1]))
    except ValueError:
        raise unknown from None
    try:
        return _parse_hour(written, int(found_hour[1]), int(found_hour[2]))
    except OverflowError:  # the first and the last day that there are
        raise unknown from None


def _parse_hour(day: date, hours: int, minutes: int) -> datetime:
    if (hours, minutes) == (24, 0):
        return _local(day + timedelta(days=1), time())
    if hours > 23 or minutes > 59:
        raise BadMoment("hour", _("Ora merge de la 00:00 la 24:00."))
    return _local(day, time(hours, minutes))


def _local(day: date, hour: time) -> datetime:
    """The moment of a local time; one that the change of the clock skips or repeats is refused, since it names no single moment."""
    early = datetime.combine(day, hour, BUCHAREST)
    late = early.replace(fold=1)
    if early.utcoffset() == late.utcoffset():
        return early.astimezone(UTC)
    said = {"hour": f"{hour:%H:%M}", "day": f"{day:%d.%m.%Y}"}
    if early.astimezone(UTC) < late.astimezone(UTC):
        raise BadMoment("hour", _("Ora %(hour)s este de două ori în %(day)s, când se trece la ora de iarnă; alegeți altă oră.") % said)
    raise BadMoment("hour", _("Ora %(hour)s nu există în %(day)s, când se trece la ora de vară; alegeți altă oră.") % said)


def typed(moment: datetime, *, limit: bool) -> tuple[str, str]:
    """(day, hour) as ``parse`` reads them; a limit at midnight is hour 24:00 of the day before."""
    local = moment.astimezone(BUCHAREST)
    if limit and local.time() == time():
        return f"{local - timedelta(days=1):%d.%m.%Y}", "24:00"
    return f"{local:%d.%m.%Y}", f"{local:%H:%M}"


def words(moment: datetime, *, limit: bool) -> str:
    """``12 decembrie 2025, ora 24:00``."""
    day, hour = typed(moment, limit=limit)
    number, month, year = day.split(".")
    named = {"day": int(number), "month": _(MONTHS[int(month) - 1]), "year": year, "hour": hour}
    return _("%(day)s %(month)s %(year)s, ora %(hour)s") % named


def disorder(windows: Mapping[str, datetime]) -> str | None:
    """The first window that comes before the one it must follow; None when all are in order."""
    for before, after in pairwise(CALENDAR):
        if windows[after] < windows[before] or (before == "opens_at" and windows[after] == windows[before]):
            return after
    return None
