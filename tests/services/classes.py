"""A site with classes of 28 pupils whose tables can be filled in: on PostgreSQL, under a path prefix, with a link each."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page
from playwright.sync_api import Error as PlaywrightError

from tests.services.chromium import answers
from tests.services.conftest import Product, eventually, free_port, on_postgresql
from tests.services.walk import PASSWORD

MANAGER = "rodica@example.ro"
PARAMETERS = {
    "cls_level": "lower_secondary", "cls_grade": "5", "cls_simultaneous": False, "cls_language": "ro", "cls_form": "day", "cls_shift": "one",
    "cls_building": "A", "cls_pupils": 28, "cls_girls": 13, "cls_has_benches": True, "cls_bench_rows": 5, "cls_seats_per_row": 6,
    "cls_derogation": "none",
}  # fmt: skip


def build(many: int) -> dict[str, Any]:
    """Run inside the product: a round with one unit and its classes."""
    from portal.collection.authors import Author
    from portal.collection.models import Collection, Response
    from portal.collection.services import classes, links, taking
    from portal.network.models import Place
    from tests.portal.people import make_cast
    from tests.portal.worked_round import open_round, published

    cast = make_cast()
    Place.objects.filter(pk=cast.places["blaj_unit"].pk).update(attributes={"residence": "rural", "locality": "Blaj"})
    manager = cast["rodica"]
    manager.set_password(PASSWORD)
    manager.save()
    round_ = open_round(published())
    taking.take_all(round_)
    unit = Collection.objects.get(round=round_, place=cast.places["blaj_unit"])
    Response.objects.create(collection=unit, section="basic", values={"residence": "rural", "buildings": [{"bld_code": "A"}]}, revision=1)
    made = []
    for number in range(many):
        name = f"V {chr(65 + number)}"
        school_class = classes.create_class(unit, name, {"cls_name": name, **PARAMETERS}, "basic")
        made.append({"pk": school_class.pk, "token": links.token_of(links.send(school_class, Author(user=manager)))})
    classes.recount(unit)
    unit.save()
    return {"unit": unit.pk, "classes": made}


def manager() -> Any:
    """The person who fills the unit."""
    from portal.accounts.models import User

    return User.objects.get(email=MANAGER)


@dataclass
class Site:
    """``fresh()``: a class nobody has touched yet."""

    product: Product
    address: str
    unit: int
    classes: list[dict[str, Any]] = field(default_factory=list)

    def fresh(self) -> dict[str, Any]:
        return self.classes.pop()

    def link(self, school_class: dict[str, Any]) -> str:
        return f"{self.address}t/{school_class['token']}/"

    def desk(self, school_class: dict[str, Any]) -> str:
        return f"{self.address}colectare/{school_class['pk']}/tabel/"

    def ask(self, code: str) -> Any:
        """The JSON that some code prints inside the product."""
        head = (
            "import json\nfrom portal.collection.models import Collection, Event\nfrom portal.collection.services import tables, supervising, links\n"
            "from portal.collection.authors import Author\nfrom portal.accounts.models import User\n"
        )
        return json.loads(self.product.command("shell", "--verbosity", "0", "-c", head + code).strip().splitlines()[-1])

    def rows(self, school_class: dict[str, Any]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ask(f"print(json.dumps(tables.stored_rows(Collection.objects.get(pk={school_class['pk']}))[0]))")
        return found

    def changes(self, school_class: dict[str, Any]) -> list[dict[str, Any]]:
        """The cells that every save of a table has changed, in order."""
        code = f"print(json.dumps([event.changes for event in Event.objects.filter(collection={school_class['pk']}, action='save').order_by('pk')]))"
        found: list[dict[str, Any]] = self.ask(code)
        return found


@contextmanager
def site_with_classes(folder: Path, many: int) -> Iterator[Site]:
    port = free_port()
    with on_postgresql(folder) as product:
        product.environment |= {"URL_PREFIX": "/mds", "SITE_URL": f"http://127.0.0.1:{port}", "DJANGO_SETTINGS_MODULE": "config.settings"}
        code = f"import json\nfrom tests.services.classes import build\nprint(json.dumps(build({many})))"
        made = json.loads(product.command("shell", "--verbosity", "0", "-c", code).strip().splitlines()[-1])
        product.start(
            sys.executable, "-m", "gunicorn", "config.wsgi:application", "--bind", f"127.0.0.1:{port}", "--workers", "2", "--log-level", "error"
        )
        address = f"http://127.0.0.1:{port}/mds/"
        eventually(lambda: answers(address), "prima pagină")
        yield Site(product, address, made["unit"], made["classes"])


class Phone:
    """Somebody with a phone: taps are counted, and what the browser complains of is kept."""

    def __init__(self, browser: Browser, *, width: int = 360, javascript: bool = True) -> None:
        self.context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": 780}, locale="ro-RO", has_touch=width < 700, java_script_enabled=javascript
        )
        self.taps = 0
        self.said: list[str] = []
        self.page = self.open()

    def open(self) -> Page:
        self.page = self.context.new_page()
        self.page.set_default_timeout(30_000)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        return self.page

    def kill(self) -> None:
        """The tab ends as when the system takes its memory: its scripts are told nothing and can send nothing more."""
        with suppress(PlaywrightError):
            self.page.goto("chrome://crash", timeout=2000)
        self.page.close()

    def tap(self, selector: str, place: int = 0) -> None:
        self.taps += 1
        self.page.locator(selector).nth(place).click()

    def press(self, name: str) -> None:
        self.taps += 1
        self.page.get_by_role("button", name=name).or_(self.page.get_by_role("link", name=name)).first.click()

    def chip(self, row: int) -> None:
        self.tap(f'.chip:has(input[value="{row}"])')

    @property
    def heading(self) -> str:
        return self.page.locator("h1").first.inner_text()

    @property
    def state(self) -> str:
        return self.page.locator(".save").first.inner_text()

    def saved(self) -> None:
        """Until everything is acknowledged."""
        eventually(lambda: self.state.startswith("Salvat la"), f"salvarea („{self.state}”)", 10)

    def reads(self, words: str) -> None:
        """Until the page says so."""
        eventually(lambda: words in " ".join(self.page.inner_text("main").split()), f"„{words}” pe pagina „{self.heading}”", 10)

    def until(self, words: str) -> None:
        eventually(lambda: self.heading.startswith(words), f"pagina „{words}”, nu „{self.heading}”", 10)
