"""What is asked of a drawn page: axe-core with the rules of WCAG 2.2 A and AA, and audit.js for what axe cannot see."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
QUESTIONS = Path(__file__).with_name("audit.js").read_text("utf-8")
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN = """tags => axe.run(document, {resultTypes: ["violations"], preload: false, runOnly: {type: "tag", values: tags}, rules: {"target-size": {enabled: true}}})
  .then(found => found.violations.map(one => [one.id, one.nodes.map(node => node.html.slice(0, 160) + " – " + node.failureSummary.split("\\n").slice(1).join(";"))]))"""
SPACED = "*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}p{margin-bottom:2em!important}"
"""Text as WCAG 1.4.12 lets people space it."""
HEIGHT = 800
PHONE_TARGET = 44
"""Pixels of a target on the pages of class teachers."""


def audit(page: Page) -> list[str]:
    """Everything that is wrong with a page as it comes, each with the width at which it is."""
    return list(_said(page, _as_it_comes(page)))


def audit_again(page: Page) -> list[str]:
    """What may be wrong with the same page in another state: what is chosen, what is said of mistakes."""
    return list(_said(page, _in_a_state(page)))


def _said(page: Page, found: Iterable[tuple[object, list[str]]]) -> Iterator[str]:
    if not page.evaluate("Boolean(window.axe && window.audit)"):
        page.evaluate(f"{AXE};{QUESTIONS}")
    headings = page.locator("h1").count()
    if headings != 1:
        yield f"{headings} headings of the first level"
    yield from (f"at {where}: {sentence}" for where, sentences in found for sentence in sentences)


def _as_it_comes(page: Page) -> Iterator[tuple[object, list[str]]]:
    _size(page, 1280)
    yield 1280, axe(page)
    yield 1280, _ask(page, "reflow", "focus", "still")
    yield "1280 spaced", _spaced(page)
    _size(page, 640)
    yield 640, _ask(page, "reflow", "focus")
    yield from _narrow(page)
    yield "320 spaced", _spaced(page)


def _in_a_state(page: Page) -> Iterator[tuple[object, list[str]]]:
    _size(page, 1280)
    yield 1280, axe(page)
    yield from _narrow(page)


def _narrow(page: Page) -> Iterator[tuple[object, list[str]]]:
    _size(page, 360)
    yield 360, axe(page)
    if page.locator("body.phone").count():
        yield 360, page.evaluate("least => window.audit.targets(least)", PHONE_TARGET)
    page.emulate_media(forced_colors="active")
    yield "360 forced colours", _ask(page, "chosen")
    page.emulate_media(forced_colors="none")
    _size(page, 320)
    yield 320, _ask(page, "reflow")


def axe(page: Page) -> list[str]:
    return [f"axe {rule}: {node}" for rule, nodes in page.evaluate(RUN, LEVELS) for node in nodes[:4]]


def _spaced(page: Page) -> list[str]:
    style = page.evaluate_handle(
        "css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css); document.adoptedStyleSheets.push(sheet); return sheet; }", SPACED
    )
    found = _ask(page, "clipped")
    style.evaluate("sheet => { document.adoptedStyleSheets = document.adoptedStyleSheets.filter(one => one !== sheet); }")
    return found


def _ask(page: Page, *questions: str) -> list[str]:
    found: list[str] = page.evaluate("questions => questions.flatMap(question => window.audit[question]())", list(questions))
    return found


def _size(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": HEIGHT})
