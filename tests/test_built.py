"""Stores on disk and the cache: the same answers, no half stores, one sentence for what is wrong."""

from __future__ import annotations

import contextlib
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from typer.testing import Result

import partnergraph
from partnergraph.base.errors import StoreError
from partnergraph.content.folders import find_content
from partnergraph.stores import disk
from partnergraph.stores.cache import OURS
from partnergraph.stores.disk import build
from partnergraph.stores.manifest import MANIFEST, read_manifest

Run = Callable[..., Result]
Folder = Callable[[str], Path]
BUILD = [sys.executable, "-m", "partnergraph", "build"]
SHOWN = ["ask", "investments-in", "entity=OpenAI"]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built") / "store"
    build(find_content(), folder)
    return folder


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that holds the shipped content, as the command line made it."""
    folder = tmp_path_factory.mktemp("cache")
    environment = {**os.environ, "PARTNERGRAPH_CACHE": str(folder)}
    subprocess.run([sys.executable, "-m", "partnergraph", *SHOWN], check=True, capture_output=True, env=environment)
    assert len(list(folder.glob(f"{OURS}/*/{MANIFEST}"))) == 1
    return folder


@pytest.mark.parametrize("needed", [0, 2**60], ids=["in memory", "on disk"])
def test_a_store_holds_what_loading_gives(
    needed: int, tmp_path: Path, graph: partnergraph.Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("partnergraph.stores.disk.MEMORY_TO_WRITE", needed)
    build(find_content(), tmp_path)
    built = partnergraph.open_store(tmp_path)
    assert len(built.store) == len(graph.store)
    assert built.version == graph.version
    for question in ("investments-in", "competitors-of"):
        assert set(built.ask(question, entity="OpenAI")) == set(graph.ask(question, entity="OpenAI"))


def test_a_store_is_read_into_memory_only_where_most_of_it_is_read_and_fits(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = partnergraph.load().ask("investments-in", entity="OpenAI")
    for whole, free, in_memory in ((True, 2**60, True), (True, 0, False), (False, 2**60, False)):
        monkeypatch.setattr("partnergraph.stores.disk._free_memory", lambda free=free: free)
        opened = partnergraph.open_store(store, whole=whole)
        assert (opened.engine.path is None) == in_memory
        assert set(opened.ask("investments-in", entity="OpenAI")) == set(asked)


@pytest.mark.parametrize(
    "command",
    [
        SHOWN,
        [*SHOWN, "--as-of", "2023-06-01"],
        ["query", "SELECT ?who { ?who pg:investedIn ent:openai } ORDER BY ?who"],
        ["query", "SELECT ?who { ?who pg:investedIn ent:openai } ORDER BY ?who", "--known-by", "2020-01-01"],
        ["show", "Nvidia"],
        ["claim", "microsoft-openai-2019-investment"],
        ["find", "copilot"],
        ["loops"],
    ],
    ids=" ".join,
)
def test_commands_say_the_same_from_a_store_and_from_the_cache(
    command: list[str], store: Path, cache: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARTNERGRAPH_CACHE", "off")
    loaded = run(*command).output
    assert run(*command, "--store", str(store)).output == loaded
    monkeypatch.setenv("PARTNERGRAPH_CACHE", str(cache))
    assert run(*command).output == loaded


def test_many_processes_read_at_once_while_one_builds(store: Path) -> None:
    words = [sys.executable, "-m", "partnergraph", "query", "ASK { ent:openai a pg:Entity }", "--store", str(store)]
    with ThreadPoolExecutor(4) as pool:
        building = pool.submit(subprocess.run, [*BUILD, str(store)], check=True, capture_output=True)
        answers = [pool.submit(subprocess.run, words, check=True, capture_output=True, text=True) for _ in range(8)]
        assert {answer.result().stdout for answer in answers} == {"yes\n"}
        building.result()


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"package": "0.0.9"}, "the store is of partnergraph 0.0.9, this is "),
        ({"format": 0}, "the store is of partnergraph "),
        ({"content": "0123456789abcdef" * 4}, "the store is of content 0123456789ab, but the content is now "),
        ({"store": "store-gone"}, "the store cannot be read; build it with 'partnergraph build "),
    ],
)
def test_a_store_that_does_not_fit_offers_the_rebuild(
    change: dict[str, object], problem: str, tmp_path: Path, folder: Folder, run: Run
) -> None:
    mine = folder('ent:one a pg:Company ; rdfs:label "One" .')
    build(find_content(mine), tmp_path / "store")
    manifest = tmp_path / "store" / MANIFEST
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | change))
    result = run("query", "ASK {}", "--store", str(tmp_path / "store"), "--content", str(mine), code=1)
    assert result.stderr.startswith(f"partnergraph: {tmp_path / 'store'}: {problem}")
    assert f"build it with 'partnergraph build {tmp_path / 'store'}'" in result.stderr
    assert result.stderr.count("\n") == 1


def test_what_is_no_store(tmp_path: Path, run: Run) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    for folder in (tmp_path, tmp_path / "none"):
        result = run("query", "ASK {}", "--store", str(folder), code=1)
        assert result.stderr == f"partnergraph: {folder}: holds no store; build it with 'partnergraph build {folder}'\n"
    result = run("build", str(tmp_path), code=1)
    assert result.stderr == f"partnergraph: {tmp_path}: is not empty and holds no store; name a new folder\n"
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_two_builds_at_once(tmp_path: Path) -> None:
    builds = [subprocess.Popen([*BUILD, str(tmp_path / "s")], stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [(build.communicate()[1], build.returncode) for build in builds]
    assert sorted(code for _, code in said) in ([0, 0], [0, 1])
    for words, code in said:
        assert words.count("\n") == 1
        assert "another build of this store is under way; wait for it" in words if code else "triples" in words
    assert len(partnergraph.open_store(tmp_path / "s").store) > 1000


def test_a_full_disk_leaves_the_old_store(tmp_path: Path) -> None:
    manifest = build(find_content(), tmp_path / "s")

    def small_disk() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    done = subprocess.run([*BUILD, str(tmp_path / "s")], preexec_fn=small_disk, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert done.stderr.startswith(f"partnergraph: {tmp_path / 's'}: the store could not be built: ")
    assert done.stderr.endswith("; what was there before is as it was\n")
    assert done.stderr.count("\n") == 1
    assert read_manifest(tmp_path / "s") == manifest
    assert [path.name for path in (tmp_path / "s").glob("store-*")] == [manifest.store]


@pytest.mark.slow
@pytest.mark.parametrize("old", ["", "a store before"])
def test_a_build_that_is_killed_leaves_the_old_store_or_none(old: str, tmp_path: Path, folder: Folder) -> None:
    place = tmp_path / "s"
    mine = folder("".join(f'ent:e{n} a pg:Company ; rdfs:label "Company {n}" .\n' for n in range(2000)))
    words = [*BUILD, str(place), "--content", str(mine)]
    started = time.monotonic()
    subprocess.run(words, check=True, capture_output=True)
    length = time.monotonic() - started
    expected = len(partnergraph.open_store(place, mine).store)
    if not old:
        shutil.rmtree(place)
    rng = random.Random(9 + len(old))  # noqa: S311  # moments, not secrets
    killed = 0
    while killed < 12:
        started = time.monotonic()
        process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(rng.uniform(0.05, length))
            # It ended before it was killed: the machine has become faster since the length was taken.
            length = min(length, time.monotonic() - started)
        process.send_signal(signal.SIGKILL)
        killed += process.wait() == -signal.SIGKILL
        try:
            assert len(partnergraph.open_store(place, mine).store) == expected
        except StoreError as error:
            said = str(error)
        else:
            continue
        assert not old
        assert said.startswith(f"{place}: holds no store; build it with ")
    # The next build clears away what the killed ones have left.
    subprocess.run(words, check=True, capture_output=True)
    assert len(partnergraph.open_store(place, mine).store) == expected
    assert len(list(place.glob("store-*"))) <= 2


@pytest.mark.parametrize("harm", ["manifest", "quads", "store", "unwritable"])
def test_a_cache_that_is_broken_is_never_trusted(
    harm: str, cache: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = run(*SHOWN).output
    own = tmp_path / "cache"
    monkeypatch.setenv("PARTNERGRAPH_CACHE", str(own))
    if harm == "unwritable":
        own.write_text("a file where the folder should be")
    else:
        shutil.copytree(cache, own)
    if harm == "manifest":
        next(own.glob(f"{OURS}/*/{MANIFEST}")).write_bytes(b"\0\0")
    elif harm == "quads":
        quads = next(own.glob("*/*/*/graph.nq"))
        quads.write_bytes(quads.read_bytes()[: quads.stat().st_size // 2])
    elif harm == "store":
        shutil.rmtree(next(own.glob("*/*/*/oxigraph")))
    assert run(*SHOWN).output == loaded
    assert run(*SHOWN, "--as-of", "2024-01-01").output == run(*SHOWN, "--as-of", "2024-01-01").output


def test_the_cache_is_for_one_content_only(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTNERGRAPH_CACHE", str(tmp_path / "cache"))
    content = tmp_path / "mine"
    shutil.copytree(find_content().data, content / "graph_data")
    assert "yes" in run("query", "ASK { ent:openai a pg:Entity }", "--content", str(content)).output
    (content / "graph_data" / "more.ttl").write_text(
        "@prefix pg: <https://w3id.org/partnergraph/ontology#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        '<https://w3id.org/partnergraph/entity/mine> a pg:Company ; rdfs:label "Mine" .\n'
    )
    assert "yes" in run("query", "ASK { ent:mine a pg:Entity }", "--content", str(content)).output
    for number in range(2):
        (content / "graph_data" / "more.ttl").write_text(f"<x:s> <x:p> {number} .\n")
        run("query", "ASK {}", "--content", str(content))
    assert len(list((tmp_path / "cache" / OURS).iterdir())) <= 3


def test_a_query_on_a_store_on_disk_is_bounded_too(store: Path) -> None:
    built = partnergraph.open_store(store)
    assert bool(built.query("ASK { ent:openai a pg:Entity }"))
    path = disk.open_store(store, read_manifest(store))[1]
    assert path.is_dir()
    assert os.access(path, os.R_OK)
