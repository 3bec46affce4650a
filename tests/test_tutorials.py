"""The tutorials of docs/ do what they say: their files are written, their commands run, and what they show is printed."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

import dirty

Run = Callable[..., Result]
DOCS = Path(__file__).parents[1] / "docs"
TUTORIALS = sorted(DOCS.glob("tutorial-*.md"))
STEP = re.compile(
    r"^(?P<indent> *)(?:<!-- (?P<mark>[a-z]+)(?:: (?P<what>.*?))? -->\n(?P=indent))?```(?P<kind>\w+)\n(?P<text>.*?)^(?P=indent)```$",
    re.MULTILINE | re.DOTALL,
)


@pytest.mark.slow
@pytest.mark.parametrize("path", TUTORIALS, ids=lambda path: path.stem)
def test_a_tutorial_does_what_it_says(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run):
    monkeypatch.chdir(tmp_path)
    said = ""
    commands = 0
    for step in STEP.finditer(path.read_text(encoding="utf-8")):
        text = "".join(line.removeprefix(step["indent"]) for line in step["text"].splitlines(keepends=True))
        mark, what = step["mark"], step["what"] or ""
        if mark == "file":
            Path(what).parent.mkdir(parents=True, exist_ok=True)
            Path(what).write_text(text, encoding="utf-8")
        elif step["kind"] == "text":
            for line in filter(str.strip, text.splitlines()):
                assert " ".join(line.split()) in " ".join(said.split()), line
        elif step["kind"] == "sh":
            if mark == "copy":
                origin, target = what.split(" | ")
                shutil.copy(DOCS.parent / origin, target)
            if mark == "replace":
                name, old, new = what.split(" | ")
                before = Path(name).read_text(encoding="utf-8")
                assert old in before
                Path(name).write_text(before.replace(old, new), encoding="utf-8")
            keys = "\n".join(what.split(" | ")) + "\n" if mark == "keys" else None
            said = ""
            for line in text.splitlines():
                result = run(*shlex.split(line)[1:], code=1 if mark == "fails" else 0, stdin=keys)
                said += result.output
                commands += 1
    assert commands > 4


def test_there_are_three_and_the_table_is_the_one_that_is_tested():
    assert [path.stem for path in TUTORIALS] == ["tutorial-article", "tutorial-quantum", "tutorial-spreadsheet"]
    lines = (DOCS / "examples" / "deals.csv").read_text(encoding="utf-8")
    assert all(row.cells["Startup"] in lines for row in dirty.rows())
