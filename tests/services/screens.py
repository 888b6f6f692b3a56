"""``python -m tests.services.screens``: the main screens of the demonstration, on a telephone and on a computer, as pictures in ``docs/screens``.

The product is started over a folder of its own, with the invented county of ``manage.py seed_demo``; nothing real is ever on a picture.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.services.chromium import CHROMIUM, FLAGS, answers
from tests.services.conftest import ROOT, Product, eventually, free_port

FOLDER = ROOT / "docs" / "screens"
HEIGHTS = {360: 900, 1280: 1100}
"""By the width of the screen, how much of a page is shown at most."""
SHOWN_WIDTH = {360: 360, 1280: 1000}
"""The width of the picture."""
BOTH, PHONE, DESK = (360, 1280), (360,), (1280,)
STRANGER, MANAGER, DIRECTOR, INSPECTOR, MEMBER, AUTHOR = (
    "", "responsabil@demo.example", "director@demo.example", "inspector@demo.example", "membru.cndie@demo.example", "metodolog@demo.example",
)  # fmt: skip
SCREENS = (
    # picture, who looks, address, widths
    ("diriginte-inceput", STRANGER, "t/{token}/", PHONE),
    ("diriginte-intrebare", STRANGER, "t/{token}/intrebari/social_grant/", PHONE),
    ("diriginte-banci", STRANGER, "t/{token}/intrebari/bench/", PHONE),
    ("diriginte-elev", STRANGER, "t/{token}/elev/1/", PHONE),
    ("diriginte-rezumat", STRANGER, "t/{token}/rezumat/", PHONE),
    ("unitate-sarcini", MANAGER, "colectare/{unit}/sarcini/", BOTH),
    ("unitate-linkuri", MANAGER, "colectare/{unit}/linkuri/", BOTH),
    ("unitate-foaia-qr", MANAGER, "colectare/{unit}/linkuri/foaie/", DESK),
    ("unitate-tabel", MANAGER, "colectare/{school_class}/tabel/", DESK),
    ("unitate-pas", MANAGER, "colectare/{unit}/pasi/{step}/", BOTH),
    ("unitate-raspunsuri", MANAGER, "colectare/{unit}/raspunsuri/", DESK),
    ("unitate-rezultate", DIRECTOR, "colectare/{final}/rezultate/", BOTH),
    ("scoala-panou", DIRECTOR, "colectare/{school}/", BOTH),
    ("judet-panou", INSPECTOR, "colectare/{county}/", BOTH),
    ("judet-retea", INSPECTOR, "retea/", DESK),
    ("judet-exporturi", INSPECTOR, "colectare/{county}/exporturi/", DESK),
    ("comisie-panou", MEMBER, "colectare/{nation}/", DESK),
    ("metodologie-editor", AUTHOR, "metodologii/proiecte/{draft}/", DESK),
    ("metodologie-indicator", STRANGER, "metodologii/2025-2026/indicatori/A.ROM.6/", DESK),
)  # fmt: skip


def facts() -> dict[str, Any]:
    """Run inside the product: what the addresses need. A draft of the methodology is made, and the links that are missing are sent."""
    from django.conf import settings
    from django.utils import timezone

    from portal.accounts.models import User
    from portal.collection.authors import Author
    from portal.collection.class_links import WITHOUT, ways_of
    from portal.collection.generating import demonstration
    from portal.collection.models import Collection
    from portal.collection.readiness import step_states
    from portal.collection.services import links
    from portal.rounds.services import drafting

    demo = demonstration.found()
    assert demo is not None
    unit, by = demo.link.collection.parent, Author(user=User.objects.get(email=MANAGER))
    for way in ways_of(unit, timezone.now()):
        if way.waits and way.state in WITHOUT:
            links.send(way.row, by)
    step = step_states(unit)[0]
    above = Collection.objects.filter(round=unit.round)
    draft = drafting.from_folder(Path(settings.METHODOLOGIES_DIR) / "2025-2026", User.objects.get(email=AUTHOR))
    return {
        "token": links.token_of(demo.link), "school_class": demo.link.collection_id, "unit": unit.pk, "step": f"{step.section}/{step.step.code}",
        "final": above.filter(parent=unit.parent, state="finalised").first().pk, "school": unit.parent_id,
        "county": unit.parent.parent_id, "nation": above.get(level="national").pk, "draft": draft.pk,
    }  # fmt: skip


@contextmanager
def demonstration(folder: Path) -> Iterator[tuple[str, dict[str, Any], dict[str, str]]]:
    """(address of the site, facts, password by account) while the product runs."""
    product, port = Product(folder, f"sqlite:///{folder}/db.sqlite3"), free_port()
    product.environment |= {"DJANGO_SETTINGS_MODULE": "config.settings", "DEMO": "1", "SITE_URL": "https://monitorizare.example.ro"}
    try:
        product.command("migrate", "--verbosity", "0")
        lines = [line.split() for line in product.command("seed_demo").splitlines()]
        passwords = {line[-2]: line[-1] for line in lines if len(line) > 1 and "@" in line[-2]}
        code = "import json\nfrom tests.services.screens import facts\nprint(json.dumps(facts()))"
        made = json.loads(product.command("shell", "--verbosity", "0", "-c", code).strip().splitlines()[-1])
        product.start(sys.executable, "-m", "gunicorn", "config.wsgi:application", "--bind", f"127.0.0.1:{port}", "--log-level", "error")
        address = f"http://127.0.0.1:{port}/"
        eventually(lambda: answers(address), "prima pagină")
        yield address, made, passwords
    finally:
        product.stop()


def signed_in(browser: Browser, address: str, email: str, passwords: Mapping[str, str]) -> Page:
    page = browser.new_context(locale="ro-RO", reduced_motion="reduce").new_page()
    if email:
        page.goto(f"{address}cont/intrare/")
        page.fill("input[name=login]", email)
        page.fill("input[name=password]", passwords[email])
        page.locator("main button.btn").first.click()
        page.wait_for_load_state()
    return page


def take(page: Page, width: int, file: Path) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.wait_for_load_state("networkidle")
    high = min(int(page.evaluate("document.documentElement.scrollHeight")), HEIGHTS[width])
    page.set_viewport_size({"width": width, "height": high})
    picture = Image.open(BytesIO(page.screenshot()))
    shown = SHOWN_WIDTH[width]
    picture.convert("RGB").resize((shown, high * shown // width), Image.Resampling.LANCZOS).save(file, "WEBP", quality=78, method=6)


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, demonstration(Path(folder)) as (address, made, passwords), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        people = {email: signed_in(browser, address, email, passwords) for email in dict.fromkeys(screen[1] for screen in SCREENS)}
        for name, email, where, widths in SCREENS:
            for width in widths:
                people[email].set_viewport_size({"width": width, "height": 800})
                answer = people[email].goto(address + where.format(**made))
                assert answer is not None and answer.status == 200, (name, answer and answer.status)
                take(people[email], width, FOLDER / f"{name}-{width}.webp")
        browser.close()
    size = sum(file.stat().st_size for file in FOLDER.glob("*.webp"))
    print(f"{len(list(FOLDER.glob('*.webp')))} pictures, {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
