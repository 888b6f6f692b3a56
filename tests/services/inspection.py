"""A page in all its states: as it comes, filled in, sent back with its mistakes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.test import Client
from playwright.sync_api import Page

from tests.portal.lasting import undone
from tests.services.audit import audit, audit_again
from tests.services.drawn import Drawing

Submission = tuple[str, dict[str, str]]
SUBMISSIONS = """() => [...document.querySelectorAll("main form[method=post]")].flatMap(form => {
  const typed = [...form.elements]
    .filter(one => one.name && (one.type === "hidden" || one.matches("textarea,input:not([type=radio],[type=checkbox],[type=file],[type=submit])")))
    .map(one => [one.name, one.type === "hidden" ? one.value : "@"]);
  const buttons = [...form.elements].filter(one => one.type === "submit" && (one.name || one.hasAttribute("formaction")));
  return (buttons.length ? buttons : [{ formAction: form.action }])
    .map(button => [button.formAction || form.action, Object.fromEntries(button.name ? [...typed, [button.name, button.value]] : typed)]);
})"""
"""What every button of every form would send if somebody wrote nonsense and chose nothing."""
FILL = """() => {
  const main = document.querySelector("main");
  const groups = new Set();
  for (const one of main.querySelectorAll("input,select,textarea")) {
    if (one.disabled || one.readOnly || one.type === "hidden" || one.type === "file") continue;
    if (one.type === "radio" && groups.has(one.name)) continue;
    if (one.type === "radio" || one.type === "checkbox") { groups.add(one.name); if (!one.checked) one.click(); }
    else if (one.tagName === "SELECT") { one.selectedIndex = one.options.length - 1; one.dispatchEvent(new Event("change", { bubbles: true })); }
    else { one.value = one.inputMode === "numeric" ? "7" : "Șapte"; one.dispatchEvent(new Event("input", { bubbles: true })); }
  }
  return main.querySelectorAll("input:not([type=hidden]),select,textarea").length;
}"""
"""Fills in everything that can be, and says how many fields the page has."""
DIFFERENT_EVERY_TIME = re.compile(rb'name="(csrfmiddlewaretoken|request_id)" value="[^"]*"')


class Inspector:
    """Looks at pages; one that is letter by letter what was seen before is not looked at again. ``states``: how many of each were seen."""

    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing
        self.seen: set[bytes] = set()
        self.states = {"as it is": 0, "filled in": 0, "sent back": 0}

    def faults(self, client: Client, address: str, answer: HttpResponse, sent: Mapping[str, Any] | None = None) -> list[str]:
        """What is wrong with a page in any state. ``sent``: keywords of a POST whose answer is looked at too."""
        found: list[str] = []
        submissions: list[Submission] = []
        if self._new(answer):
            found, submissions = self.drawing.show(client, address, answer, self._at_first)
        asked = [(action, {"data": data}) for action, data in submissions]
        for action, keywords in [*asked, *([(address, dict(sent))] if sent else [])]:
            back = undone(client, partial(client.post, action, **keywords))
            if drawable(back) and self._new(back):
                self.states["sent back"] += 1
                found += [f"sent back by {action}: {words}" for words in self.drawing.show(client, action, back, audit_again)]
        return found

    def _at_first(self, page: Page) -> tuple[list[str], list[Submission]]:
        found, submissions = [f"as it is: {words}" for words in audit(page)], page.evaluate(SUBMISSIONS)
        self.states["as it is"] += 1
        if page.evaluate(FILL):
            self.states["filled in"] += 1
            found += [f"filled in: {words}" for words in audit_again(page)]
        return found, submissions

    def _new(self, answer: HttpResponse) -> bool:
        letters = DIFFERENT_EVERY_TIME.sub(b"", answer.content)
        known = letters in self.seen
        self.seen.add(letters)
        return not known


def drawable(answer: HttpResponse) -> bool:
    """A page, not a file, a JSON answer or a way to another page."""
    is_html = answer.headers.get("Content-Type", "").startswith("text/html")
    return is_html and not answer.streaming and answer.status_code not in (302, 303)
