"""A page that a test has opened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page

Open = Callable[..., "Opened"]
# What is there when a page can be used, and when it has said that it cannot.
USABLE = "#grid:not([aria-busy])"
FAILED = "#empty:not([hidden])"
# Run in a page before its own scripts: ``settled()`` is kept once two frames have passed (in the first the page may hear of a new
# size) and no other one is asked for. Frames are counted, not seconds; a page that is still drawing after so many never ends.
SETTLED = """
{
  const MOST = 2000;
  const ask = requestAnimationFrame.bind(window);
  const cancel = cancelAnimationFrame.bind(window);
  const asked = new Set();
  window.requestAnimationFrame = (draw) => {
    const id = ask((time) => {
      asked.delete(id);
      draw(time);
    });
    asked.add(id);
    return id;
  };
  window.cancelAnimationFrame = (id) => {
    asked.delete(id);
    cancel(id);
  };
  window.settled = async () => {
    for (let frame = 0; frame < 2 || asked.size; frame += 1) {
      if (frame > MOST) throw new Error("the page never comes to rest");
      await new Promise(ask);
    }
  };
}
"""
# The address changes at once, but the page hears of it later; where nothing changes it hears nothing.
GO = """
(state) => new Promise((resolve) => {
  const before = location.href;
  addEventListener("hashchange", resolve, { once: true });
  location.hash = state;
  if (location.href === before) resolve();
})
"""


@dataclass
class Opened:
    """A page with what it asked the network for and what it complained of."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def ask(self, script: str, value: object = None) -> Any:
        """What an expression of JavaScript is in the page."""
        return self.page.evaluate(script, value)

    def go(self, state: str) -> None:
        """Brings the page into a state, as a link to it would."""
        self.page.evaluate(GO, state)
        self.settle()

    def settle(self) -> None:
        """Waits until the page has drawn what it has to draw, however long that takes on this machine."""
        self.page.evaluate("settled()")

    def count(self) -> str:
        """The line that says how much is shown."""
        return self.page.locator("#count").inner_text()
