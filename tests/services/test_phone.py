"""A class teacher with a phone: few taps, nothing lost when the network, the tab or the link goes, both values where two have answered."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Route

from tests.services.chromium import CHROMIUM
from tests.services.classes import MANAGER, Phone, Site, site_with_classes
from tests.services.conftest import eventually, need
from tests.services.walk import PASSWORD

pytestmark = pytest.mark.services
MOST_TAPS = 90


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    need(bool(CHROMIUM), "Chromium")
    with site_with_classes(tmp_path_factory.mktemp("phone"), 14) as made:
        yield made


def value(phone: Phone, label: str) -> None:
    phone.tap(f'.opts label:has-text("{label}")')


def test_a_typical_class_of_28_takes_at_most_90_taps(site: Site, browser: Browser) -> None:
    """1 Roma, 2 with SEN and their levels of support, 6 scholarships, benches left as proposed; read, sent, confirmed."""
    school_class, phone = site.fresh(), Phone(browser)
    phone.page.goto(site.link(school_class))
    phone.press("Începeți completarea")
    seen = []
    for _ in range(20):
        question = phone.heading
        seen.append(question)
        if question == "Ce etnie au declarat familiile?":
            value(phone, "Romă")
            phone.chip(5)
        elif question == "Care elevi au CES sau o dizabilitate?" or question == "Ce nivel de sprijin au elevii cu CES?":
            phone.chip(9)
            phone.chip(17)
        elif question == "Care elevi au bursă socială?":
            for row in (3, 7, 12, 18, 21, 26):
                phone.chip(row)
            assert "6 elevi din 28" in phone.page.inner_text("main")
        assert phone.page.evaluate("document.documentElement.scrollWidth") <= 360
        phone.press("Salvați și continuați")
        eventually(lambda question=question: phone.heading != question, f"pagina de după „{question}”", 10)  # type: ignore[misc]
        if phone.heading.startswith("Verificați"):
            break
    assert len(seen) == 16
    words = " ".join(phone.page.inner_text("main").split())
    assert "Bursă socială: Nu – 22 de elevi; Da – 6 elevi" in words
    assert "Etnie: Română – 27 de elevi; Romă – 1 elev" in words
    assert "Există o problemă" not in words, words
    phone.press("Trimiteți tabelul clasei")
    phone.until("Tabelul a fost trimis")
    assert phone.taps <= MOST_TAPS
    assert phone.said == []
    rows = site.rows(school_class)
    assert [row["row_no"] for row in rows if row["ethnicity"] == "roma"] == [5]
    assert [row["row_no"] for row in rows if row["sen"] == "sen" and row["support_level"] == "basal"] == [9, 17]
    assert [row["row_no"] for row in rows if row["social_grant"] == "yes"] == [3, 7, 12, 18, 21, 26]
    assert [row["bench"] for row in rows] == [min((row["row_no"] + 5) // 6, 5) for row in rows]
    print(f"{phone.taps} taps")


def test_fifty_cells_typed_without_a_network_in_a_tab_that_is_killed_arrive_once(site: Site, browser: Browser) -> None:
    school_class, phone = site.fresh(), Phone(browser)
    phone.page.goto(f"{site.link(school_class)}intrebari/social_grant/")
    phone.context.set_offline(True)
    for row in range(1, 29):
        phone.chip(row)
    eventually(lambda: phone.state == "28 de modificări netrimise", f"starea, nu „{phone.state}”", 15)
    for question in ("În ce situație", "Care elevi au domiciliul"):
        phone.press("Salvați și continuați")
        phone.until(question)
    for row in range(1, 23):
        phone.chip(row)
    eventually(lambda: "50 de modificări netrimise" in phone.state, f"starea, nu „{phone.state}”", 15)
    phone.page.wait_for_timeout(3000)
    phone.kill()
    assert site.rows(school_class) == []
    phone.context.set_offline(False)
    phone.open().goto(site.link(school_class))
    phone.reads("Aveți modificări netrimise de data trecută")
    phone.press("Trimiteți-le acum")
    eventually(lambda: not phone.page.locator("[data-note]").count() and phone.heading.startswith("Tabelul"), "trimiterea", 15)
    eventually(lambda: bool(site.rows(school_class)), "rândurile")
    rows = site.rows(school_class)
    assert sum(row["social_grant"] == "yes" for row in rows) == 28
    assert sum(row["home_residence"] == "urban" for row in rows) == 22
    changed = [name for changes in site.changes(school_class) for name in changes]
    assert len(changed) == len(set(changed)) == 50
    phone.page.reload()
    assert "netrimise" not in phone.page.inner_text("main")
    assert phone.page.evaluate("localStorage.length") == 0


def test_an_answer_lost_on_the_way_back_is_asked_for_again_and_counts_once(site: Site, browser: Browser) -> None:
    school_class, phone = site.fresh(), Phone(browser)
    phone.page.goto(f"{site.link(school_class)}intrebari/social_grant/")
    lost: list[str] = []

    def lose_the_first(route: Route) -> None:
        response = route.fetch()
        lost.append(route.request.post_data or "")
        route.abort() if len(lost) == 1 else route.fulfill(response=response)

    phone.page.route("**/salvare/", lose_the_first)
    phone.chip(4)
    eventually(lambda: phone.state == "o modificare netrimisă", "starea", 10)
    phone.saved()
    assert len(lost) == 2
    assert lost[0] == lost[1]
    assert [set(changes) for changes in site.changes(school_class)] == [{"4.social_grant"}]


def test_those_not_tapped_get_the_value_that_the_page_says_they_have(site: Site, browser: Browser) -> None:
    school_class, phone = site.fresh(), Phone(browser)
    blank = {f"{row}.repeating": None for row in range(1, 29)}
    cells = f"tables.save_cells(one, class_table.table_now(one).rows, {blank}, by, count=28, base_revision=0)"
    head = "from portal.collection import class_table\n"
    by = f"one = Collection.objects.get(pk={school_class['pk']})\nby = Author(user=User.objects.get(email='{MANAGER}'))\n"
    site.ask(f"{head}{by}{cells}\nprint(0)")
    phone.page.goto(f"{site.link(school_class)}intrebari/repeating/")
    phone.reads("Lipsește răspunsul la: 1, 2, 3")
    phone.chip(4)
    phone.press("Salvați și continuați")
    phone.until("Ce rezultate")
    phone.saved()
    assert [row["repeating"] for row in site.rows(school_class)] == ["no"] * 3 + ["yes"] + ["no"] * 24


def test_two_who_answered_differently_are_both_shown_and_one_chooses(site: Site, browser: Browser) -> None:
    school_class, first, second = site.fresh(), Phone(browser), Phone(browser)
    for phone in (first, second):
        phone.page.goto(f"{site.link(school_class)}intrebari/ethnicity/")
    value(first, "Romă")
    first.chip(2)
    first.chip(6)
    first.saved()
    value(second, "Maghiară")
    second.chip(2)
    second.chip(3)
    note = second.page.locator("[data-note=conflict]")
    note.wait_for()
    words = note.inner_text()
    assert "Elevul 2, Etnie" in words
    assert "Ce ați completat: Maghiară" in words
    assert "Ce a salvat celălalt: Romă" in words
    assert second.state == "2 modificări netrimise"
    assert site.rows(school_class)[2]["ethnicity"] == "romanian"
    second.tap("[data-note=conflict] label:has-text('celălalt')")
    second.press("Salvați alegerea")
    second.saved()
    assert [row["ethnicity"] for row in site.rows(school_class)][:6] == ["romanian", "roma", "hungarian", "romanian", "romanian", "roma"]
    assert "Rom" in second.page.locator(".chip", has=second.page.locator("input[value='6']")).inner_text()


def test_what_was_typed_stays_when_the_class_is_blocked_meanwhile(site: Site, browser: Browser) -> None:
    school_class, phone = site.fresh(), Phone(browser)
    phone.page.goto(f"{site.link(school_class)}intrebari/social_grant/")
    by = f"Collection.objects.get(pk={school_class['pk']}), Author(user=User.objects.get(email='{MANAGER}'))"
    site.ask(f"supervising.block({by})\nprint(0)")
    phone.chip(8)
    note = phone.page.locator("[data-note=stopped]")
    note.wait_for()
    assert "„Blocat”" in note.inner_text()
    assert "Elevul 8, Bursă socială: Da" in note.inner_text()
    assert phone.state == "o modificare netrimisă"
    assert phone.page.locator("input[value='8']").is_checked()
    site.ask(f"supervising.unblock({by})\nprint(0)")
    phone.page.on("dialog", lambda dialog: dialog.accept())
    phone.page.reload()
    phone.press("Trimiteți-le acum")
    phone.saved()
    assert [row["row_no"] for row in site.rows(school_class) if row["social_grant"] == "yes"] == [8]


def test_a_page_is_left_without_questions_only_when_everything_was_sent(site: Site, browser: Browser) -> None:
    phone = Phone(browser)
    asked: list[str] = []
    phone.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    phone.page.goto(f"{site.link(site.fresh())}intrebari/social_grant/")
    phone.chip(1)
    phone.saved()
    phone.page.reload()
    assert asked == []
    phone.context.set_offline(True)
    phone.chip(2)
    eventually(lambda: "netrimis" in phone.state, "starea", 10)
    phone.page.route("**/salvare/", lambda route: route.abort())  # before the network is back: what is unsent goes out at once
    phone.context.set_offline(False)
    phone.page.reload()
    assert asked == ["beforeunload"]


def test_what_is_tapped_before_the_scripts_are_there_is_kept(site: Site, browser: Browser) -> None:
    """On a slow network the page can be tapped for seconds before its scripts have come."""
    school_class, phone, held = site.fresh(), Phone(browser), []
    phone.page.route("**/collection/phone*.js", lambda route: held.append(route))
    phone.page.goto(f"{site.link(school_class)}intrebari/social_grant/", wait_until="commit")
    phone.chip(3)
    eventually(lambda: bool(held), "cererea scriptului", 15)
    assert site.rows(school_class) == []
    held[0].continue_()
    phone.page.unroute("**/collection/phone*.js")
    phone.saved()
    phone.chip(5)
    phone.saved()
    eventually(lambda: [row["row_no"] for row in site.rows(school_class) if row["social_grant"] == "yes"] == [3, 5], "cei doi elevi", 15)
    phone.press("Salvați și continuați")
    phone.page.go_back()
    phone.page.reload()
    phone.page.wait_for_timeout(1500)
    assert [row["row_no"] for row in site.rows(school_class) if row["social_grant"] == "yes"] == [3, 5]
    assert phone.said == []


def test_all_none_and_undo_are_one_tap_each(site: Site, browser: Browser) -> None:
    school_class, phone = site.fresh(), Phone(browser)
    phone.page.goto(f"{site.link(school_class)}intrebari/social_grant/")
    for row in (1, 2, 3):
        phone.chip(row)
    phone.press("Toți: Nu")
    assert phone.page.locator(".chip input:checked").count() == 0
    phone.press("Anulați")
    assert phone.page.locator(".chip input:checked").count() == 3
    phone.saved()
    assert [row["row_no"] for row in site.rows(school_class) if row["social_grant"] == "yes"] == [1, 2, 3]


def test_a_pupil_as_the_one_before_and_back(site: Site, browser: Browser) -> None:
    school_class, phone = site.fresh(), Phone(browser)
    phone.page.goto(f"{site.link(school_class)}intrebari/gender/")
    phone.press("Elev cu elev")
    phone.until("Elevul 1 din 28")
    phone.page.get_by_label("Etnie").select_option(label="Maghiară")
    phone.tap("fieldset:has-text('Bursă socială') label:has-text('Da')")
    phone.press("Salvați și continuați")
    phone.until("Elevul 2 din 28")
    phone.press("La fel ca elevul 1")
    phone.saved()
    rows = site.rows(school_class)
    assert [(row["ethnicity"], row["social_grant"]) for row in rows[:3]] == [("hungarian", "yes"), ("hungarian", "yes"), ("romanian", "no")]
    phone.press("Anulați")
    phone.saved()
    assert site.rows(school_class)[1]["ethnicity"] == "romanian"
    phone.page.go_back()
    phone.until("Elevul 1 din 28")


def test_a_pupil_is_moved_to_another_bench_with_keys_alone(site: Site, browser: Browser) -> None:
    school_class, phone = site.fresh(), Phone(browser)
    phone.page.goto(f"{site.link(school_class)}intrebari/bench/")
    phone.page.locator(".bench input[value='1']").focus()
    phone.page.keyboard.press("Space")
    assert "Ați ales elevul 1" in phone.page.inner_text("main")
    for _ in range(30):
        phone.page.keyboard.press("Tab")
        if phone.page.evaluate("document.activeElement.closest('.bench')?.getAttribute('aria-label')") == "Banca 5" and phone.page.evaluate(
            "document.activeElement.tagName"
        ) == ("BUTTON"):
            break
    phone.page.keyboard.press("Enter")
    phone.saved()
    assert site.rows(school_class)[0]["bench"] == 5
    assert "5 elevi pe 6 locuri" in phone.page.locator(".bench").first.inner_text()


def test_a_support_level_that_is_missing_is_marked_and_reached_from_the_overview(site: Site, browser: Browser) -> None:
    phone = Phone(browser)
    school_class = site.fresh()
    phone.page.goto(f"{site.link(school_class)}intrebari/sen/")
    phone.chip(11)
    phone.saved()
    phone.page.goto(f"{site.link(school_class)}intrebari/")
    line = phone.page.locator("li", has_text="nivel de sprijin")
    assert "lipsește la 1 elev" in line.inner_text()
    line.get_by_role("link").click()
    phone.reads("Lipsește răspunsul la: 11.")
    phone.chip(11)
    phone.saved()
    assert "Lipsește" not in phone.page.inner_text("main")


def test_everything_works_without_scripts(site: Site, browser: Browser) -> None:
    school_class, phone = site.fresh(), Phone(browser, javascript=False)
    phone.page.goto(site.link(school_class))
    phone.press("Începeți completarea")
    for _ in range(20):
        if phone.heading.startswith("Verificați"):
            break
        if phone.heading == "Care elevi au bursă socială?":
            phone.chip(2)
        if phone.heading == "În ce bancă stau elevii?":
            phone.page.select_option("#v-1", "5")
        phone.press("Salvați și continuați")
    phone.press("Trimiteți tabelul clasei")
    assert phone.heading == "Tabelul a fost trimis"
    rows = site.rows(school_class)
    assert rows[1]["social_grant"] == "yes"
    assert rows[0]["bench"] == 5


def test_a_session_that_has_ended_keeps_what_was_typed_until_one_is_back(site: Site, browser: Browser) -> None:
    school_class, manager = site.fresh(), Phone(browser, width=1280)

    def sign_in() -> None:
        manager.page.fill("input[name=login]", MANAGER)
        manager.page.fill("input[name=password]", PASSWORD)
        manager.page.locator("main button.btn").first.click()

    manager.page.goto(f"{site.desk(school_class)}intrebari/social_grant/")
    sign_in()
    manager.until("Care elevi au bursă socială?")
    manager.context.clear_cookies(name=re.compile("session"))
    manager.chip(13)
    note = manager.page.locator("[data-note=stopped]")
    note.wait_for()
    assert "Intrați din nou în cont" in note.inner_text()
    manager.page.on("dialog", lambda dialog: dialog.accept())
    manager.press("Reîncărcați pagina")
    sign_in()
    manager.press("Trimiteți-le acum")
    manager.saved()
    assert site.rows(school_class)[12]["social_grant"] == "yes"
