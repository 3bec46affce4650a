"""The documentation as a web site: ``python docs/web.py DIR`` (``make site``) builds it with Zensical, offline.

Pages that the navigation does not name come at its end, so that a new page needs no line elsewhere. Links to files of the
repository that are no pages become plain words: only the repository itself has them.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from partnergraph.server.documents import BESIDE, FENCE, LINK, OUTSIDE, relinked

__all__ = ["BESIDE", "FENCE", "LINK", "OUTSIDE", "build", "sources"]

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
KINDS = ("css", "csv", "png", "svg")


def sources() -> dict[Path, Path]:
    """Where each page of the site comes from, by its path in the site."""
    found = {path.relative_to(DOCS): path for path in sorted(DOCS.rglob("*.md"))}
    return {**found, **{Path(name): ROOT / name for name in BESIDE}}


def staged(page: Path, path: Path, pages: dict[Path, Path]) -> str:
    """The text of a page with its links as they are in the site."""
    pictures = {picture.relative_to(DOCS).as_posix() for kind in KINDS for picture in DOCS.rglob(f"*.{kind}")}
    linked = relinked(path.read_text(encoding="utf-8"), page.as_posix(), {name.as_posix() for name in pages}, pictures)
    # Diagrams would be drawn by a program from elsewhere; as text they say the same.
    return linked.replace("```mermaid", "```text")


def stage(folder: Path) -> None:
    """Writes the pages and the pictures into a folder, with the settings of the builder beside them."""
    pages = sources()
    for page, path in pages.items():
        (folder / "pages" / page).parent.mkdir(parents=True, exist_ok=True)
        (folder / "pages" / page).write_text(staged(page, path, pages), encoding="utf-8")
    for picture in sorted(path for kind in KINDS for path in DOCS.rglob(f"*.{kind}")):
        target = folder / "pages" / picture.relative_to(DOCS)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(picture, target)
    settings = (DOCS / "zensical.toml").read_text(encoding="utf-8")
    (folder / "zensical.toml").write_text(with_rest(settings, pages), encoding="utf-8")


def with_rest(settings: str, pages: dict[Path, Path]) -> str:
    """The settings with the pages that their navigation does not name at its end."""
    rest = [page.as_posix() for page in pages if f'"{page.as_posix()}"' not in settings]
    if not rest:
        return settings
    listed = "".join(f'        {{ "{title(pages[Path(page)])}" = "{page}" }},\n' for page in rest)
    return settings.replace("\n]\n\n[project.theme]", f'\n    {{ "More" = [\n{listed}    ] }},\n]\n\n[project.theme]', 1)


def title(path: Path) -> str:
    """The heading of a page."""
    return path.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ").replace('"', "")


def build(target: Path) -> str:
    """Builds the site into a folder and returns what the builder said; raises RuntimeError where it found anything wrong."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        stage(folder)
        command = [sys.executable, "-m", "zensical", "build", "--strict"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603  # our own words
        said = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout + done.stderr)
        if done.returncode:
            raise RuntimeError(said)
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(folder / "site", target)
    return said


if __name__ == "__main__":
    build(Path(sys.argv[1] if len(sys.argv) > 1 else "site"))
