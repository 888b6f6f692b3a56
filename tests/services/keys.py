"""Somebody who has no mouse: goes from stop to stop with the keys, and sees at each of them where one is."""

from __future__ import annotations

from playwright.sync_api import Browser, Page

from tests.services.conftest import eventually

HERE = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const stands = [one, one.closest("label"), one.nextElementSibling].filter(Boolean);
  const ringed = part => { const { boxShadow, outlineStyle, outlineWidth, outlineColor } = getComputedStyle(part);
    return boxShadow !== "none" || (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && !outlineColor.endsWith(", 0)")); };
  const { left, top, width, height } = (one.closest("label") ?? one).getBoundingClientRect();
  const points = [[left + 3, top + 3], [left + width / 2, top + height / 2], [left + width - 3, top + height - 3]];
  const uncovered = points.some(([x, y]) => { const top = document.elementFromPoint(x, y); return top && stands.some(part => part.contains(top) || top.contains(part)); });
  const words = one.getAttribute("aria-label") || one.labels?.[0]?.innerText || one.innerText || one.value || "";
  return { words: words.trim().replace(/\\s+/g, " "), kind: one.tagName.toLowerCase(), value: one.value ?? "", ringed: one.matches(".err,main") || stands.some(ringed), uncovered };
}"""
"""Where the focus is: the words of the element, whether it is marked, whether it can be seen."""
MOST_STOPS = 80


class Keyboard:
    def __init__(self, browser: Browser, width: int) -> None:
        self.page: Page = browser.new_context(viewport={"width": width, "height": 700}, locale="ro-RO").new_page()
        self.page.set_default_timeout(30_000)
        self.stops: list[str] = []
        self.unseen: list[str] = []
        """Stops where one could not see where one was."""

    def tab(self) -> dict[str, str]:
        self.page.keyboard.press("Tab")
        here: dict[str, str] = self.page.evaluate(HERE) or {"words": "", "kind": "", "value": ""}
        self.stops.append(here["words"])
        if here["kind"] and not (here["ringed"] and here["uncovered"]):
            self.unseen.append(f"{here['words']} ({'not marked' if not here['ringed'] else 'covered'}) on „{self.heading}”")
        return here

    def to(self, words: str, value: str = "") -> None:
        """Tab by tab to the element of these words (and this value)."""
        stops = []
        for _ in range(MOST_STOPS):
            here = self.tab()
            stops.append(here["words"])
            if words in here["words"] and value in ("", here["value"]):
                return
        raise AssertionError(f"„{words}” is not reached on „{self.heading}”: {stops}")

    def follow(self, words: str, heading: str) -> None:
        """To a link or button, and on to the page it leads to."""
        self.to(words)
        self.page.keyboard.press("Enter")
        eventually(lambda: self.heading.startswith(heading), f"pagina „{heading}”, nu „{self.heading}”", 20)

    def write(self, text: str) -> None:
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    @property
    def heading(self) -> str:
        return self.page.locator("h1").first.inner_text()

    @property
    def focused(self) -> str:
        """A selector-like name of what has the focus."""
        named: str = self.page.evaluate("document.activeElement.id || document.activeElement.className || document.activeElement.tagName")
        return named
