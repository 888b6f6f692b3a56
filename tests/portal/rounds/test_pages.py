"""Pages of rounds: who sees what, forms that keep what was typed, POST → 303 → GET, acts in two steps."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.models import User
from portal.rounds import services, windows
from portal.rounds.models import MethodologyVersion, Round

pytestmark = pytest.mark.django_db


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def commission(member: User) -> Client:
    return browser(member)


@pytest.fixture
def round_(published: MethodologyVersion) -> Round:
    return services.make_round(published)


def set_state(round_: Round, state: str) -> None:
    Round.objects.filter(pk=round_.pk).update(state=state)


def typed(round_: Round, **changed: str) -> dict[str, str]:
    values = {}
    for name in windows.CALENDAR:
        values[f"{name}_day"], values[f"{name}_hour"] = windows.typed(getattr(round_, name), limit=name != "opens_at")
    return values | changed


def address(name: str, round_: Round | None = None) -> str:
    return reverse(f"rounds:{name}", args=[round_.pk] if round_ is not None else [])


def test_a_new_round_is_proposed_from_the_calendar_and_made(published: MethodologyVersion, commission: Client) -> None:
    page = commission.get(address("new")).content.decode()
    assert 'value="03.11.2025"' in page and 'value="00:00"' in page
    assert 'value="12.12.2025"' in page and 'value="24:00"' in page
    proposed = dict(re.findall(r'name="(\w+_(?:day|hour))" value="([^"]+)"', page))
    answer = commission.post(address("new"), proposed | {"class_close_day": "13.12.2025", "class_close_hour": "16:30"})
    made = Round.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, address("round", made))
    assert made.class_close == windows.parse("13.12.2025", "16:30")
    page = commission.get(address("round", made)).content.decode()
    assert "13 decembrie 2025, ora 16:30" in page and "Pregătire" in page
    assert "a făcut campania" in page and "Ana Pop" in page
    assert "Către Inspectoratul Școlar Județean …" in page


def test_typed_values_stay_and_each_error_stands_beside_its_window(round_: Round, commission: Client) -> None:
    wrong = typed(round_, class_close_day="31.11.2025", unit_close_hour="25:00", school_close_day="")
    answer = commission.post(address("windows", round_), wrong)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.index("Există o problemă") < page.index("<form method")
    assert "<title>Eroare: " in page
    for name in ("class_close_day", "unit_close_hour", "school_close_day"):
        assert f'href="#id_{name}"' in page
    assert 'value="31.11.2025"' in page and 'value="25:00"' in page
    assert "Data 31.11.2025 nu există în calendar." in page and "Scrieți ziua, ca 12.12.2025." in page


def test_what_the_service_refuses_is_told_at_the_window(round_: Round, commission: Client) -> None:
    page = commission.post(address("windows", round_), typed(round_, unit_close_day="01.12.2025")).content.decode()
    assert 'href="#id_unit_close_day">Termenele vin unul după altul' in page


def test_moved_windows_show_on_the_page(round_: Round, commission: Client) -> None:
    answer = commission.post(address("windows", round_), typed(round_, amend_until_day="06.03.2026", amend_until_hour="12:00"), follow=True)
    assert answer.redirect_chain == [(address("round", round_), 303)]
    assert "6 martie 2026, ora 12:00" in answer.content.decode() and "Termenele au fost salvate." in answer.content.decode()


def test_in_an_open_round_the_beginning_is_not_asked(round_: Round, commission: Client) -> None:
    set_state(round_, Round.State.OPEN)
    page = commission.get(address("windows", round_)).content.decode()
    assert "opens_at_day" not in page and "class_close_day" in page and "valabil imediat" in page


def test_the_letter_is_rewritten_with_known_marks_only(round_: Round, commission: Client) -> None:
    page = commission.get(address("letter", round_)).content.decode()
    assert "<code>{inspectorat}</code>" in page
    answer = commission.post(address("letter", round_), {"letter": "Stimate {județ}"})
    assert answer.status_code == 422 and "Marcajul {județ} nu este cunoscut" in answer.content.decode()
    assert "Stimate {județ}" in answer.content.decode()
    assert commission.post(address("letter", round_), {"letter": "Către {inspectorat}"}).status_code == 303
    assert "Către Inspectoratul Școlar Județean …" in commission.get(address("round", round_)).content.decode()


def test_closing_takes_two_steps_and_only_an_open_round(round_: Round, commission: Client) -> None:
    assert commission.post(address("close", round_)).status_code == 409
    set_state(round_, Round.State.OPEN)
    assert commission.get(address("close", round_)).status_code == 200
    round_.refresh_from_db()
    assert round_.state == Round.State.OPEN
    assert commission.post(address("close", round_)).status_code == 303
    round_.refresh_from_db()
    assert round_.state == Round.State.CLOSED
    page = commission.get(address("round", round_)).content.decode()
    assert "Închideți campania" not in page and "Mutați termenele" not in page


@pytest.mark.parametrize("name", ["new", "windows", "letter", "close"])
def test_others_do_not_reach_the_commissions_pages(round_: Round, inspector: User, name: str) -> None:
    set_state(round_, Round.State.OPEN)
    before = Round.objects.values().get()
    target = address(name, None if name == "new" else round_)
    for client, status in ((browser(inspector), 403), (Client(), 302)):
        assert client.get(target).status_code == status
        assert client.post(target, {"letter": "x"}).status_code == status
    assert Round.objects.values().get() == before


def test_a_round_in_preparation_exists_only_for_the_commission(round_: Round, inspector: User, commission: Client) -> None:
    others = browser(inspector)
    assert others.get(address("round", round_)).status_code == 404
    assert "2025-2026" not in others.get(address("rounds")).content.decode()
    assert commission.get(address("round", round_)).status_code == 200
    set_state(round_, Round.State.OPEN)
    page = others.get(address("round", round_)).content.decode()
    assert "Termene" in page and "12 decembrie 2025, ora 24:00" in page
    assert "Istoric" not in page and "Mutați termenele" not in page and "Către Inspectoratul" not in page


def test_lists_say_what_to_do_when_they_are_empty(commission: Client, inspector: User) -> None:
    assert "Pregătiți o campanie" in commission.get(address("rounds")).content.decode()
    assert "nu a deschis încă" in browser(inspector).get(address("rounds")).content.decode()
    assert "Nu există o metodologie pentru o campanie nouă." in commission.get(address("new")).content.decode()


def test_where_several_methodologies_wait_one_is_chosen(folder: object, published: MethodologyVersion, commission: Client) -> None:
    services.publish("indicators/2024-2025")
    other = services.publish("indicators/2025-2026")
    page = commission.get(address("new")).content.decode()
    assert f"?metodologie={other.pk}" in page and f"?metodologie={published.pk}" in page
    chosen = commission.get(address("new"), {"metodologie": str(other.pk)}).content.decode()
    assert str(other) in chosen and "opens_at_day" in chosen
    for nonsense in ("x", "0", "999999", "²"):
        assert commission.get(address("new"), {"metodologie": nonsense}).status_code == 404


def test_the_header_names_the_commission_and_the_round(round_: Round, inspector: User) -> None:
    set_state(round_, Round.State.OPEN)
    page = browser(inspector).get(address("rounds")).content.decode()
    assert '<li class="round">Campania 2025-2026 · Deschisă</li>' in page
    assert "Comisia Spitalelor" in page


def test_where_the_methodology_names_no_commission_the_laws_name_stands(folder: Path, inspector: User) -> None:
    head = folder / "methodology.yaml"
    head.write_text("".join(line for line in head.read_text("utf-8").splitlines(True) if not line.startswith("commission")), "utf-8")
    set_state(services.make_round(services.publish(folder)), Round.State.OPEN)
    assert "Comisia Națională pentru Desegregare" in browser(inspector).get(address("rounds")).content.decode()


def test_a_published_methodology_is_marked_in_the_public_list(client: Client) -> None:
    version = services.publish("indicators/2025-2026")
    assert version.published_at is not None
    page = client.get(address("methodologies")).content.decode()
    assert page.count("Publicată la") == 1 and page.count(">Proiect<") == 1
