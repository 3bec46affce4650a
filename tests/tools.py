"""The programs that the tests need beside Python packages: each is seen to start, and root on Debian gets what is missing.

``make test`` runs this before the first test, since no test installs anything.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
INSTALL = HERE.parent / ".ci" / "install"
# PySpark 4 runs on no older one.
OLDEST_JAVA = 17


class DoesNotStartError(Exception):
    """Why a tool does not start, in a few words."""


@dataclass(frozen=True)
class Tool:
    """A program, Debian's packages with all it needs, and what raises DoesNotStartError or any other error unless it starts."""

    name: str
    packages: tuple[str, ...]
    start: Callable[[], None]


def say(*command: str) -> str:
    """All that a command prints, however it ends."""
    if not shutil.which(command[0]):
        raise DoesNotStartError("not found")
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=300)
    return done.stdout


def expect(pattern: str, *command: str) -> re.Match[str]:
    """Where the pattern is in what a command prints."""
    printed = say(*command)
    if found := re.search(pattern, printed):
        return found
    raise DoesNotStartError(" ".join(printed.split())[:300] or "it says nothing")


def start_driver() -> None:
    expect(r"^Version \d", sys.executable, "-m", "playwright", "--version")


def start_chromium() -> None:
    start_driver()
    from playwright.sync_api import sync_playwright

    sys.path.insert(0, str(HERE / "browser"))
    from chromium import launch

    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page()
        blank = page.screenshot()
        page.set_content("<h1>Map</h1>")
        if page.screenshot() == blank:
            raise DoesNotStartError("it draws no letters; fonts are missing")
        browser.close()


def start_virtuoso() -> None:
    expect("Virtuoso", "virtuoso-t", "-?")
    expect("Usage", "isql-vt", "-?")


def start_java() -> None:
    version = expect(r'version "(\d+)', "java", "-version")[1]
    if int(version) < OLDEST_JAVA:
        raise DoesNotStartError(f"version {version}, but {OLDEST_JAVA} or newer is needed")


def start_apache() -> None:
    # It stands where only root looks for programs.
    expect("Apache/2", shutil.which("apache2") or "/usr/sbin/apache2", "-v")


TOOLS = (
    Tool("playwright's driver", ("libatomic1",), start_driver),
    Tool("Chromium", ("chromium", "fonts-liberation"), start_chromium),
    Tool("Virtuoso", ("virtuoso-opensource-7-bin",), start_virtuoso),
    Tool("Apache", ("apache2-bin",), start_apache),
    Tool("Java", ("default-jre-headless",), start_java),
)


def missing() -> dict[Tool, str]:
    """The tools that do not start, and why."""
    found = {}
    for tool in TOOLS:
        try:
            tool.start()
        except Exception as error:  # noqa: BLE001  # whatever went wrong, the tool is not there
            found[tool] = " ".join(str(error).split())[:300]
    return found


def main() -> str:
    """Nothing if all tools start, after installing them where that is possible; else the sentence that says what to install."""
    tried: set[str] = set()
    # What one tool hides (without its driver no Chromium starts) comes to light in the second round.
    while lacking := missing():
        packages = [package for tool in lacking for package in tool.packages]
        if set(packages) <= tried or os.geteuid() != 0 or not shutil.which("apt-get"):
            reasons = ", ".join(f"{tool.name} ({why})" for tool, why in lacking.items())
            return f"the tests need what does not start here: {reasons}; install it (in Debian: {' '.join(packages)}) and try again"
        subprocess.run([INSTALL, *packages], check=False)
        tried.update(packages)
    return ""


if __name__ == "__main__":
    sys.exit(main() or 0)
