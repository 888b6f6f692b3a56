"""Making, moving and closing rounds: by the commission only, in order, with everything recorded."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from portal.accounts.models import User
from portal.rounds import letters, methodologies, selectors, services, windows
from portal.rounds.models import MethodologyVersion, Round

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 12, 1, 12, tzinfo=UTC)


@pytest.fixture
def round_(published: MethodologyVersion, member: User) -> Round:
    return services.make_round(published, by=member)


def opened(round_: Round) -> Round:
    Round.objects.filter(pk=round_.pk).update(state=Round.State.OPEN)
    round_.refresh_from_db()
    return round_


def test_a_round_is_made_on_the_calendar_of_its_methodology(round_: Round, published: MethodologyVersion, member: User) -> None:
    assert (round_.school_year, round_.state, round_.methodology) == ("2025-2026", Round.State.DRAFT, published)
    assert round_.class_close == windows.parse("12.12.2025", "24:00")
    event = round_.events.get()
    assert (event.action, event.by, event.changes["class_close"]) == ("made", member, [None, "2025-12-12T22:00:00+00:00"])


def test_a_year_has_one_round(round_: Round, published: MethodologyVersion) -> None:
    with pytest.raises(services.RoundRefused, match="Există deja"):
        services.make_round(published)


def test_a_round_stands_on_a_published_methodology() -> None:
    with pytest.raises(services.RoundRefused, match="nu este publicată"):
        services.make_round(MethodologyVersion.objects.create(code="x", version="1", digest="0" * 64))


def test_a_calendar_that_lacks_a_window_asks_for_it(folder: Path) -> None:
    head = folder / "methodology.yaml"
    head.write_text(head.read_text("utf-8").replace(", amend_until: '2026-02-27'", ""), "utf-8")
    version = services.publish(folder)
    with pytest.raises(services.RoundRefused) as refused:
        services.make_round(version)
    assert refused.value.field == "amend_until"
    proposed = windows.proposal(methodologies.of(version))
    made = services.make_round(version, proposed | {"amend_until": proposed["county_close"]})
    assert made.amend_until == made.county_close


@pytest.mark.parametrize("period", ["", "period: anul trecut\n"])
def test_a_methodology_that_names_no_school_year_has_no_round(folder: Path, period: str) -> None:
    head = folder / "methodology.yaml"
    head.write_text(head.read_text("utf-8").replace("period: 2025-2026\n", period), "utf-8")
    version = services.publish(folder)
    with pytest.raises(services.RoundRefused, match="period"):
        services.make_round(version)


def test_nobody_else_makes_or_changes_rounds(round_: Round, published: MethodologyVersion, inspector: User) -> None:
    for act in (
        lambda: services.make_round(published, by=inspector),
        lambda: services.move_windows(round_, {}, by=inspector),
        lambda: services.rewrite_letter(round_, "x", by=inspector),
        lambda: services.close_round(round_, by=inspector),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_a_role_that_has_ended_gives_nothing(round_: Round, member: User) -> None:
    member.memberships.update(ended_at=NOW)
    with pytest.raises(PermissionDenied):
        services.close_round(round_, by=member)


def test_windows_out_of_order_are_refused_and_named(round_: Round) -> None:
    with pytest.raises(services.RoundRefused) as refused:
        services.move_windows(round_, {"school_close": round_.unit_close - timedelta(minutes=1)})
    assert refused.value.field == "school_close"
    with pytest.raises(IntegrityError, match="round_windows_in_order"), transaction.atomic():
        Round.objects.update(opens_at=round_.amend_until)


def test_moved_windows_are_recorded_once(round_: Round, member: User) -> None:
    later = round_.class_close + timedelta(days=1)
    moved = services.move_windows(round_, {"class_close": later, "unit_close": round_.unit_close}, by=member)
    services.move_windows(moved, {"class_close": later}, by=member)
    event = moved.events.exclude(action="made").get()
    assert (event.action, event.by) == ("windows_moved", member)
    assert event.changes == {"class_close": ["2025-12-12T22:00:00+00:00", "2025-12-13T22:00:00+00:00"]}


def test_in_an_open_round_limits_move_only_into_the_future(round_: Round) -> None:
    opened(round_)
    with pytest.raises(services.RoundRefused, match="începutul nu se mai schimbă"):
        services.move_windows(round_, {"opens_at": round_.opens_at - timedelta(days=1)}, at=NOW)
    with pytest.raises(services.RoundRefused, match="moment viitor"):
        services.move_windows(round_, {"class_close": NOW}, at=NOW)
    assert services.move_windows(round_, {"class_close": NOW + timedelta(minutes=1)}, at=NOW).class_close > NOW


def test_a_closed_round_stays_as_it_is(round_: Round, member: User) -> None:
    with pytest.raises(services.RoundRefused, match="Numai o campanie deschisă"):
        services.close_round(round_, by=member)
    closed = services.close_round(opened(round_), by=member, at=NOW)
    assert (closed.state, closed.closed_at) == (Round.State.CLOSED, NOW)
    with pytest.raises(services.RoundRefused, match="închisă"):
        services.move_windows(closed, {"amend_until": closed.amend_until + timedelta(days=1)})
    with pytest.raises(services.RoundRefused, match="Numai"):
        services.close_round(closed)


def test_the_letter_names_the_inspectorate_and_the_windows_as_they_are_when_it_is_sent(round_: Round) -> None:
    services.move_windows(round_, {"class_close": round_.class_close + timedelta(days=1)})
    round_.refresh_from_db()
    text = letters.filled(round_, "Inspectoratul Școlar Județean Alba")
    assert text.startswith("Către Inspectoratul Școlar Județean Alba\n")
    assert "tabelele claselor: până la 13 decembrie 2025, ora 24:00;" in text
    assert "{" not in text


def test_the_letter_takes_only_marks_that_mean_something(round_: Round, member: User) -> None:
    with pytest.raises(services.RoundRefused, match="judet") as refused:
        services.rewrite_letter(round_, "Stimate {judet},", by=member)
    assert refused.value.field == "letter"
    services.rewrite_letter(round_, "Către {inspectorat}: {clase}.", by=member)
    round_.refresh_from_db()
    assert letters.filled(round_, "ISJ Alba") == "Către ISJ Alba: 12 decembrie 2025, ora 24:00."
    with pytest.raises(services.RoundRefused, match="a fost trimisă"):
        services.rewrite_letter(opened(round_), "Alta.", by=member)


def test_the_current_round_is_the_open_one_else_the_last_that_was(round_: Round, published: MethodologyVersion) -> None:
    assert selectors.current_round() is None
    Round.objects.filter(pk=round_.pk).update(state=Round.State.CLOSED)
    assert selectors.current_round() == round_
    moments = {name: getattr(round_, name) + timedelta(days=365) for name in windows.CALENDAR}
    following = Round.objects.create(school_year="2026-2027", methodology=published, **moments)
    assert selectors.current_round() == round_
    opened(following)
    assert selectors.current_round() == following
