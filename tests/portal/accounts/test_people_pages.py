"""Pages of people: who sees whom, that counts equal their lists, and that nothing written by people becomes markup."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.accounts import services
from portal.accounts.models import Membership, User
from portal.network.models import Level, Place
from tests.portal.people import Cast

EVERYBODY = {"country", "alba", "cluj", "blaj", "sebes", "turda", "blaj_unit", "tiur", "sebes_unit", "turda_unit"}
ALBA = {"alba", "blaj", "sebes", "blaj_unit", "tiur", "sebes_unit"}
SEES = {
    "maria": EVERYBODY,
    "mihai": {"country"},
    "anca": {"country"},
    "gelu": ALBA,
    "ioana": ALBA,
    "andrei": {"alba"},
    "carmen": {"cluj", "turda", "turda_unit"},
    "dan": {"blaj", "blaj_unit", "tiur"},
    "rodica": {"blaj_unit"},
    "tudor": {"tiur"},
    "olga": {"blaj_unit"},
}
HOSTILE = '"><img src=x onerror=alert(1)>{{ 7|add:7 }}<script>alert(1)</script>'
Browser = Callable[[str], Client]


@pytest.mark.parametrize(("person", "seen"), SEES.items(), ids=SEES.keys())
def test_one_sees_the_people_of_ones_own_places_and_others_do_not_exist(person: str, seen: set[str], cast: Cast, browser_of: Browser) -> None:
    browser = browser_of(person)
    answers = {word: browser.get(reverse("accounts:place", args=[place.pk])).status_code for word, place in cast.places.items()}
    assert answers == {word: 200 if word in seen else 404 for word in cast.places}


@pytest.mark.parametrize("page", ["place", "invite", "invite_many", "remind"])
def test_whoever_is_not_signed_in_is_asked_to(page: str, cast: Cast, client: Client) -> None:
    address = reverse(f"accounts:{page}", args=[cast.places["blaj"].pk])
    for answer in (client.get(address), client.post(address)):
        assert answer.status_code == 302 and answer["Location"] == f"/cont/intrare/?next={address}"


def test_each_figure_equals_its_list(cast: Cast, browser_of: Browser) -> None:
    for number in range(60):
        Place.objects.create(level=Level.SCHOOL, parent=cast.places["alba"], code=f"01619{number:05d}", name=f"Școala Nr. {number}")
    Place.objects.create(level=Level.SCHOOL, parent=cast.places["alba"], code="0161800001", name="Clubul elevilor", collects=False)
    new = Place.objects.get(code="0161900007")
    services.invite(by=cast["ioana"], place=new, role="director", email="nou@example.ro")
    browser, address = browser_of("ioana"), reverse("accounts:place", args=[cast.places["alba"].pk])
    page = browser.get(address).content.decode()
    assert "Clubul elevilor" not in page
    counts = dict(re.findall(r'situatia=(\w+)#lista"[^>]*><b>(\d+)</b>', page))
    assert counts == {"missing": "59", "invited": "1", "account": "2"}
    for situation, count in counts.items():
        listed = browser.get(address, {"situatia": situation})
        assert listed.context["page"].paginator.count == int(count)
    rest = browser.get(address, {"situatia": "missing", "pagina": "2"}).content.decode()
    assert "Pagina 2 din 2" in rest and "Școala Nr. 59" in rest


def test_a_place_is_found_by_name_without_diacritics_and_by_code(cast: Cast, browser_of: Browser) -> None:
    browser, address = browser_of("ioana"), reverse("accounts:place", args=[cast.places["alba"].pk])
    for query, found in (("sebes", ["Școala Gimnazială Nr. 2 Sebeș"]), ("01611000", ["blaj", "sebes"]), ("nimic", [])):
        assert len(browser.get(address, {"q": query}).context["page"].object_list) == len(found)
    assert "Niciun loc nu corespunde." in browser.get(address, {"q": "<script>"}).content.decode()


def test_a_county_page_asks_the_database_the_same_for_any_number_of_schools(cast: Cast, browser_of: Browser) -> None:
    browser, address = browser_of("ioana"), reverse("accounts:place", args=[cast.places["alba"].pk])

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            browser.get(address)
        return len(queries)

    few = asked()
    for number in range(40):
        school = Place.objects.create(level=Level.SCHOOL, parent=cast.places["alba"], code=f"01619{number:05d}", name=f"Școala Nr. {number}")
        Membership.objects.create(user=cast["doina"], place=school, role="director")
    assert asked() == few


def test_what_people_write_never_becomes_markup(cast: Cast, browser_of: Browser, mails: Callable[[], list[EmailMessage]]) -> None:
    User.objects.filter(pk=cast["dan"].pk).update(full_name=HOSTILE[:150])
    Place.objects.filter(pk=cast.places["tiur"].pk).update(name=HOSTILE)
    cast.places["tiur"].refresh_from_db()
    invitation, _created = services.invite(
        by=cast["dan"], place=cast.places["tiur"], role="unit_manager", email="nou@example.ro", full_name=HOSTILE[:150]
    )
    dan = browser_of("dan")
    tiur, blaj, mine = cast.places["tiur"].pk, cast.places["blaj"].pk, cast.role("tudor").pk
    pages = [
        dan.get(reverse("accounts:place", args=[blaj])),
        dan.get(reverse("accounts:place", args=[tiur])),
        dan.get(reverse("accounts:invite", args=[tiur])),
        dan.get(reverse("accounts:end_role", args=[mine])),
        dan.get(reverse("accounts:replace_role", args=[mine])),
        dan.get(reverse("accounts:withdraw", args=[invitation.pk])),
        dan.get(reverse("account_profile")),
        dan.post(reverse("account_profile"), {"full_name": HOSTILE, "phone": HOSTILE}),
        dan.get(reverse("accounts:place", args=[blaj]), {"q": HOSTILE, "situatia": HOSTILE}),
        browser_of("tudor").get(reverse("help")),
        Client().get(reverse("accounts:invitation", args=[services.invitations.link_token(invitation)])),
    ]
    (mail,) = mails()
    texts = [page.content.decode() for page in pages] + [str(mail.alternatives[0][0])]
    for text in texts:
        assert "<img" not in text and "<script>alert" not in text and "{{ 7|add:7 }}<script" not in text and ">14<" not in text
        assert "\n" not in mail.subject


def test_an_empty_place_says_why_and_what_next(cast: Cast, browser_of: Browser) -> None:
    Membership.objects.filter(place=cast.places["tiur"]).delete()
    page = browser_of("dan").get(reverse("accounts:place", args=[cast.places["tiur"].pk])).content.decode()
    assert "Nimeni nu are încă un rol aici." in page and "Rolurile se dau prin invitație" in page and "Invitați o persoană" in page


def test_a_list_of_people_is_looked_at_and_then_sent(cast: Cast, browser_of: Browser, mails: Callable[[], list[EmailMessage]]) -> None:
    browser, address = browser_of("ioana"), reverse("accounts:invite_many", args=[cast.places["alba"].pk])
    rows = "Cod;E-mail;Nume\n0161100018;Nou.Blaj@example.ro;Noul Director\n0161100027;doina@example.ro;\n"
    looked = browser.post(address, {"rows": rows}).content.decode()
    assert "Trimiteți 1 invitație" in looked and "Are deja rolul; nu se trimite nimic." in looked
    assert mails() == []
    sent = browser.post(address, {"rows": rows, "trimiteti": "da"}, follow=True).content.decode()
    assert "Invitații care pleacă: 1." in sent
    (mail,) = mails()
    assert mail.to == ["nou.blaj@example.ro"] and "Noul Director" in mail.body


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("1261100013;nou@example.ro", "Codul nu este al unui loc aflat direct dedesubt"),  # another county
        ("0162100016;nou@example.ro", "Codul nu este al unui loc aflat direct dedesubt"),  # a unit, not a school
        ("0161100018;nou@", "Adresa de e-mail lipsește sau nu este completă."),
        ("0161100018;a@example.ro;<b>Ion</b>", "Numele poate avea numai litere"),
        ("0161100018;a@example.ro\n0161100018;A@example.ro", "Rândul se repetă."),
        ("a@example.ro", "Codul nu este al unui loc"),
    ],
)
def test_one_bad_row_and_nothing_is_sent(row: str, said: str, cast: Cast, browser_of: Browser, mails: Callable[[], list[EmailMessage]]) -> None:
    address = reverse("accounts:invite_many", args=[cast.places["alba"].pk])
    rows = f"0161100027\tbun@example.ro\tBun Director\n{row}".replace(";", "\t")
    page = browser_of("ioana").post(address, {"rows": rows, "trimiteti": "da"}).content.decode()
    assert said in page and "<b>Ion" not in page and mails() == []


@pytest.mark.parametrize("stranger", ["andrei", "dan", "maria", "rodica"])
def test_only_who_names_below_sends_lists(stranger: str, cast: Cast, browser_of: Browser) -> None:
    answer = browser_of(stranger).post(
        reverse("accounts:invite_many", args=[cast.places["alba"].pk]), {"rows": "0161100018;x@example.ro", "trimiteti": "da"}
    )
    assert answer.status_code in (403, 404)


def test_one_corrects_ones_own_name_and_telephone_only(cast: Cast, browser_of: Browser) -> None:
    browser = browser_of("dan")
    typed = {"full_name": "Dan Directorul", "phone": "0258 811 222", "email": "altul@example.ro", "is_active": ""}
    assert browser.post(reverse("account_profile"), typed).status_code == 303
    dan = User.objects.get(pk=cast["dan"].pk)
    assert (dan.full_name, dan.phone, dan.email, dan.is_active) == ("Dan Directorul", "+40258811222", "dan@example.ro", True)
    page = browser.get(reverse("account_profile")).content.decode()
    assert "Datele contului au fost salvate." in page and 'value="0258 811 222"' in page
