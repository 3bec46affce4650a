"""What the tests of hostile input share: a listener that counts who calls, servers that misbehave, folders of somebody else's."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sysconfig
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hostile import Listener
from typer.testing import CliRunner, Result

from partnergraph.cli import app
from partnergraph.content.folders import find_content


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.close()


@pytest.fixture
def foreign(tmp_path: Path) -> Callable[[str, str], Path]:
    """A folder with one claimless entity and the shipped ontology, to which one file of somebody else's is added."""

    def make(name: str, text: str) -> Path:
        shutil.copytree(find_content().ontology, tmp_path / "ontology", dirs_exist_ok=True)
        data = tmp_path / "graph_data"
        data.mkdir(exist_ok=True)
        (data / "a.ttl").write_text(ENTITY, encoding="utf-8")
        if name:
            (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path

    return make


ENTITY = """@prefix ent: <https://w3id.org/partnergraph/entity/> . @prefix pg: <https://w3id.org/partnergraph/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
ent:a a pg:Company ; rdfs:label "s" .
"""


@pytest.fixture(scope="module")
def oxigraph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of an empty server of Oxigraph's."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    program = Path(sysconfig.get_path("scripts")) / "oxigraph"
    folder = str(tmp_path_factory.mktemp("oxigraph"))
    process = subprocess.Popen(
        [program, "serve", "--location", folder, "--bind", f"127.0.0.1:{port}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            time.sleep(0.1)
    try:
        yield port
    finally:
        process.terminate()
        process.wait()


@pytest.fixture
def run_any() -> Callable[..., Result]:
    """Runs the command line as a shell would, whatever comes out of it."""

    def call(*words: str) -> Result:
        return CliRunner().invoke(app, list(words), terminal_width=120)

    return call
