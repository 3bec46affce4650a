"""The notebooks run from start to end, and are stored with their pictures but without what changes by itself.

They are stored with outputs, because a code-hosting page shows what is in the file and runs nothing. What differs from run to
run is taken out: counts of executions, timings, numbers of processes, ids. Pictures are PNG, which every page shows. The pages of
maps are left to a picture of theirs: a megabyte of script that no such page would run.
``--update-answers`` runs the notebooks and stores them anew.
"""

from __future__ import annotations

import base64
import io
import os
import re
import struct
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode
from PIL import Image

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
PICTURE = "image/png"
# Larger ones are slow to show, or not shown at all.
MAX_BYTES = 1_000_000
MIN_WIDTH = 600
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
pytestmark = pytest.mark.slow


def read(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)


def run(path: Path) -> NotebookNode:
    """The notebook after a run in a kernel of its own, without its stored outputs."""
    notebook = read(path)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    # A picture has the same size wherever it is made.
    os.environ.pop("MPLBACKEND", None)
    # Within the usual times a busy machine starts no kernel, and outputs that come late would be left out.
    patience = {"timeout": 600, "startup_timeout": 600, "iopub_timeout": 600}
    NotebookClient(notebook, kernel_name="python3", resources={"metadata": {"path": str(FOLDER)}}, **patience).execute()
    return normal(notebook)


def normal(notebook: NotebookNode) -> NotebookNode:
    """The notebook without what changes by itself from run to run."""
    notebook.metadata = METADATA
    for number, cell in enumerate(notebook.cells, 1):
        cell.id = f"cell-{number:02}"
        cell.metadata = {}
        if cell.cell_type != "code":
            continue
        cell.execution_count = None
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = None
            output.pop("transient", None)
            if "metadata" in output:
                output.metadata = {}
            if "data" in output:
                output.data = normal_data(output.data)
    return notebook


def normal_data(data: dict[str, str]) -> dict[str, str]:
    if PICTURE in data:
        # Beside the picture there is only its name, or a page that needs scripts.
        return {PICTURE: small(data[PICTURE]), "text/plain": re.sub(r" at 0x[0-9a-f]+", "", data["text/plain"])}
    # pandas gives the elements of a styled table a new id each time.
    html = re.sub(r"T_[0-9a-f]{5}", "T_table", data["text/html"]) if "text/html" in data else ""
    plain = re.sub(r" at 0x[0-9a-f]+", "", data.get("text/plain", ""))
    return {**({"text/html": html} if html else {}), "text/plain": plain}


def small(picture: str) -> str:
    """The picture with 256 colours, which is half of the bytes in every later copy of this repository."""
    image = Image.open(io.BytesIO(base64.b64decode(picture)))
    if image.mode == "P":
        return picture
    out = io.BytesIO()
    image.convert("RGB").quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
        out, format="PNG", optimize=True
    )
    return base64.b64encode(out.getvalue()).decode() + "\n"


def shape(notebook: NotebookNode) -> list[list[tuple[str, ...]]]:
    """For each cell the kinds of its outputs: these stay when the content grows."""
    return [
        [(output.output_type, *sorted(output.get("data", {}))) for output in cell.get("outputs", [])] for cell in notebook.cells
    ]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_runs_and_shows_what_is_stored(path: Path, request: pytest.FixtureRequest):
    done = run(path)
    if request.config.getoption("--update-answers"):
        nbformat.write(done, path)
    outputs = [output for cell in done.cells for output in cell.get("outputs", [])]
    assert not [output for output in outputs if output.output_type == "error" or output.get("name") == "stderr"]
    assert shape(done) == shape(read(path)), f"pytest {Path(__file__).name} --update-answers stores {path.name} anew"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_is_stored_without_what_changes(path: Path):
    stored = read(path)
    nbformat.validate(stored)
    before = nbformat.writes(stored)
    assert nbformat.writes(normal(stored)) == before, f"pytest {Path(__file__).name} --update-answers stores {path.name} anew"
    assert str(FOLDER.parent) not in before
    assert len(before) < MAX_BYTES


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_its_pictures_can_be_seen(path: Path):
    pictures = [
        base64.b64decode(output.data[PICTURE])
        for cell in read(path).cells
        for output in cell.get("outputs", [])
        if PICTURE in output.get("data", {})
    ]
    assert pictures
    for picture in pictures:
        assert picture.startswith(b"\x89PNG")
        width, height = struct.unpack(">II", picture[16:24])
        assert width >= MIN_WIDTH <= 3 * height


def test_there_are_notebooks():
    assert [path.name[:2] for path in NOTEBOOKS] == ["1-", "2-", "3-", "4-"]
