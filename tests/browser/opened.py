"""A page that a test has opened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page

Open = Callable[..., "Opened"]


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
        self.page.evaluate("(state) => { location.hash = state; }", state)
        self.page.wait_for_timeout(60)

    def count(self) -> str:
        """The line that says how much is shown."""
        return self.page.locator("#count").inner_text()
