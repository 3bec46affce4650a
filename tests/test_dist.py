"""What is published: wheel and sdist hold what they must and nothing else, and say of themselves what is so."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.metadata import Metadata

ROOT = Path(__file__).parents[1]
ELSEWHERE = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "MYPY"))}


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist and the wheel that is made from it."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, "-m", "build", "-q", "--no-isolation", "-o", folder, ROOT], check=True, env=ELSEWHERE)
    return folder


@pytest.fixture(scope="module")
def wheel(dist: Path) -> zipfile.ZipFile:
    (path,) = dist.glob("*.whl")
    return zipfile.ZipFile(path)


def test_the_wheel_holds_all_of_ontology_and_content(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    for folder in ("ontology", "graph_data"):
        files = {path.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob("*") if path.is_file()}
        assert len(files) > 40
        assert {f"partnergraph/{name}" for name in files} == {name for name in names if name.startswith(f"partnergraph/{folder}/")}
    # What 'serve' and 'site' show under /docs.
    pages = {path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md")}
    assert len(pages) > 15
    assert {f"partnergraph/{page}" for page in pages} | {
        "partnergraph/docs/CHANGELOG.md",
        "partnergraph/docs/CONTRIBUTING.md",
        "partnergraph/docs/zensical.toml",
        "partnergraph/docs/map.png",
        "partnergraph/docs/examples/deals.csv",
    } <= names
    assert "partnergraph/py.typed" in names
    modules = {path.relative_to(ROOT / "src").as_posix() for path in (ROOT / "src").rglob("*.py")}
    assert modules <= names
    other = [name for name in names if not name.startswith(("partnergraph/", "partnergraph-"))]
    assert other == []


def test_the_sdist_holds_what_the_tests_need(dist: Path) -> None:
    (path,) = dist.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {
        "PKG-INFO",
        "Makefile",
        ".ci/run",
        "docs/rooms.py",
        "docs/zensical.toml",
        "deploy/nginx.conf",
        ".github/workflows/release.yml",
        "tests/renew.py",
        "tests/answers/stakes.txt",
    } <= names
    assert [
        name
        for name in names
        if re.search(r"\.pyc$|(^|/)\.venv|(^|/)site/|\.html$", name) and not name.startswith(("src/", "tests/"))
    ] == []


def test_the_metadata_is_valid_and_says_where_to_go(wheel: zipfile.ZipFile) -> None:
    (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    # Raises where anything in it is not as the standards have it.
    told = Metadata.from_email(wheel.read(name), validate=True)
    assert told.name == "partnergraph"
    assert {"Homepage", "Documentation", "Changelog"} <= set(told.project_urls or {})
    assert {address.split("/")[2] for address in (told.project_urls or {}).values()} == {"w3id.org"}
    assert str(told.requires_python) == ">=3.11"
    assert told.description_content_type == "text/markdown"
    text = told.description or ""
    assert text.startswith("# partnergraph")
    # Shown apart from the repository, no link of it may be relative.
    links = re.findall(r"\]\(([^)\s]+)\)", text)
    assert links
    assert [link for link in links if not re.match(r"https://|#", link)] == []


def test_the_readme_is_one_screen() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 90


def test_the_workflow_publishes_without_a_secret_what_was_tested() -> None:
    import yaml

    flow = yaml.safe_load((ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8"))
    jobs = flow["jobs"]
    assert jobs["publish"]["needs"] == "pythons"
    assert jobs["pythons"]["needs"] == "build"
    assert jobs["publish"]["permissions"] == {"id-token": "write"}
    assert "secrets." not in str(flow)
    targets = re.findall(r"make (\w+)", str(jobs))
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert targets == ["dist"]
    assert all(f"\n{target}:" in makefile for target in targets)
    versions = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["classifiers"]
    named = {name.rpartition(" :: ")[2] for name in versions if re.search(r"Python :: 3\.\d+$", name)}
    assert named <= set(jobs["pythons"]["strategy"]["matrix"]["python"])
