"""Stores and caches: what is not ours is neither trusted nor removed, what is broken is one sentence, what is hashed is what is read."""

from __future__ import annotations

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
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import Result

import partnergraph
from partnergraph.base.errors import ContentError, StoreError
from partnergraph.content.folders import Content, find_content
from partnergraph.stores import disk
from partnergraph.stores.cache import KEPT, LEAST_BYTES, OURS
from partnergraph.stores.disk import build
from partnergraph.stores.engine import Embedded
from partnergraph.stores.loading import load_store
from partnergraph.stores.manifest import LOCK, MANIFEST, QUADS, check_files, read_checked, read_manifest

Run = Callable[..., Result]
PROGRAM = [sys.executable, "-m", "partnergraph"]
ASKED = "ASK { ent:a a pg:Company }"
CLAIM = (
    "@prefix pg: <https://w3id.org/partnergraph/ontology#> . @prefix ent: <https://w3id.org/partnergraph/entity/> .\n"
    "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
)


@pytest.fixture(scope="module")
def mine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Content of two hundred companies, small and yet several blocks of a store."""
    folder = tmp_path_factory.mktemp("mine")
    (folder / "graph_data").mkdir()
    lines = "".join(f'ent:e{number} a pg:Company ; rdfs:label "Company {number}" .\n' for number in range(200))
    (folder / "graph_data" / "a.ttl").write_text(f'{CLAIM}ent:a a pg:Company ; rdfs:label "A" .\n{lines}')
    return folder


@pytest.fixture(scope="module")
def built(mine: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("built") / "store"
    build(find_content(mine), place)
    return place


@pytest.fixture
def store(built: Path, tmp_path: Path) -> Path:
    """A copy of the store that a test may break."""
    return shutil.copytree(built, tmp_path / "store")


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache that takes content of any size."""
    monkeypatch.setenv("PARTNERGRAPH_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("partnergraph.stores.cache.LEAST_BYTES", 0)
    return tmp_path / "cache" / OURS


def copied(mine: Path, place: Path, number: int = 0) -> Path:
    shutil.copytree(mine, place, dirs_exist_ok=True)
    with (place / "graph_data" / "a.ttl").open("a") as file:
        file.write(f'ent:more{number} a pg:Company ; rdfs:label "More {number}" .\n' if number else "")
    return place


# What is ours


def test_folders_in_the_cache_that_are_not_ours_stay(cache: Path, mine: Path, tmp_path: Path, run: Run) -> None:
    names = ["thesis", "photos", "client-a", "client-b", "taxes", "0" * 64, "f" * 64]
    for base in (cache.parent, cache):
        base.mkdir(parents=True, exist_ok=True)
        base.chmod(0o700)
        for name in names:
            (base / name).mkdir()
            (base / name / "f").write_text("mine")
            os.utime(base / name, (1, 1))
    elsewhere = tmp_path / "elsewhere"
    build(find_content(mine), elsewhere)
    os.utime(elsewhere, (1, 1))
    (cache / ("e" * 64)).symlink_to(elsewhere)
    for number in range(KEPT + 3):
        run("query", ASKED, "--content", str(copied(mine, tmp_path / "c", number)))
    for base in (cache.parent, cache):
        assert all((base / name / "f").read_text() == "mine" for name in names)
    assert read_manifest(elsewhere)
    entries = [path for path in cache.iterdir() if (path / MANIFEST).exists() and not path.is_symlink()]
    assert 1 <= len(entries) <= KEPT


def test_what_somebody_put_into_an_entry_stays(cache: Path, mine: Path, tmp_path: Path, run: Run) -> None:
    run("query", ASKED, "--content", str(mine))
    (entry,) = cache.iterdir()
    (entry / "notes.txt").write_text("mine")
    (entry / "store-photos").mkdir()
    (tmp_path / "victim").mkdir()
    (tmp_path / "victim" / "f").write_text("mine")
    (entry / "store-0000abcd").symlink_to(tmp_path / "victim")
    disk.discard(entry)
    assert {path.name for path in entry.iterdir()} == {"notes.txt", "store-photos", "store-0000abcd"}
    assert (tmp_path / "victim" / "f").read_text() == "mine"


@pytest.mark.parametrize("what", ["cache", "entry"])
def test_a_cache_through_a_link_is_not_used(what: str, cache: Path, mine: Path, tmp_path: Path, run: Run) -> None:
    place = tmp_path / "place"
    place.mkdir(mode=0o700)
    if what == "cache":
        cache.parent.mkdir()
        cache.symlink_to(place)
    else:
        cache.mkdir(parents=True, mode=0o700)
        (cache / find_content(mine).identity).symlink_to(place)
    assert run("query", ASKED, "--content", str(mine)).output == "yes\n"
    assert list(place.iterdir()) == []


@pytest.mark.parametrize(
    "inside", [["notes.txt"], [MANIFEST], [LOCK], ["store-0000abcd"], ["store-0000abcd", LOCK], [MANIFEST, "x"]]
)
def test_build_takes_no_folder_that_holds_something_else(inside: list[str], mine: Path, tmp_path: Path, run: Run) -> None:
    place = tmp_path / "place"
    place.mkdir()
    for name in inside:
        (place / name).write_text("mine")
    said = run("build", str(place), "--content", str(mine), code=1).stderr
    assert said == f"partnergraph: {place}: is not empty and holds no store; name a new folder\n"
    assert {path.name: path.read_text() for path in place.iterdir()} == dict.fromkeys(inside, "mine")


def test_build_goes_on_where_one_was_stopped_in_its_first_moment(mine: Path, tmp_path: Path, run: Run) -> None:
    place = tmp_path / "place"
    place.mkdir()
    (place / LOCK).touch()
    run("build", str(place), "--content", str(mine))
    assert read_manifest(place)


def test_build_replaces_only_stores_and_follows_no_link(store: Path, mine: Path, tmp_path: Path, run: Run) -> None:
    victim = tmp_path / "victim"
    victim.mkdir()
    (victim / "f").write_text("mine")
    (store / "store-0000abcd").symlink_to(victim)
    (store / "store-photos").mkdir()
    (store / "store-12345678").mkdir()
    (store / "store-12345678" / "thesis.txt").write_text("mine")
    (store / "notes.txt").write_text("mine")
    old = read_manifest(store).store
    run("build", str(store), "--content", str(mine))
    run("build", str(store), "--content", str(mine))
    assert (victim / "f").read_text() == "mine"
    assert (store / "notes.txt").read_text() == "mine"
    assert (store / "store-photos").is_dir()
    assert (store / "store-12345678" / "thesis.txt").read_text() == "mine"
    assert not (store / old).exists()
    for name in (MANIFEST, LOCK):
        kept = (store / name).read_bytes()
        (store / name).rename(victim / name)
        (store / name).symlink_to(victim / name)
        assert f"{name} is a link" in run("build", str(store), "--content", str(mine), code=1).stderr
        assert (victim / name).read_bytes() == kept
        (store / name).unlink()
        (victim / name).rename(store / name)


# Who may have written it


def give_away(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if os.geteuid() == 0:
        os.chown(path, 12345, -1)
    else:
        monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)


PARTS = [".", MANIFEST, "{store}", "{store}/oxigraph", "{store}/oxigraph/CURRENT"]


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("harm", ["others", "group", "another user"])
def test_a_store_of_others_is_not_trusted(part: str, harm: str, store: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    path = store / part.format(store=read_manifest(store).store)
    if harm == "another user":
        give_away(path, monkeypatch)
    else:
        path.chmod(path.stat().st_mode | (0o002 if harm == "others" else 0o020))
    said = run("query", ASKED, "--store", str(store), code=1).stderr
    assert said.startswith(f"partnergraph: {store}: is not trusted: ")
    assert "build" in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("harm", ["others", "another user"])
@pytest.mark.parametrize("part", ["", "*", f"*/{MANIFEST}", "*/store-*/oxigraph"])
def test_a_cache_of_others_is_not_used(
    part: str, harm: str, cache: Path, mine: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("query", ASKED, "--content", str(mine))
    used: list[object] = []
    for name in ("read_quads", "open_store"):
        real = getattr(disk, name)
        monkeypatch.setattr(f"partnergraph.stores.cache.{name}", lambda *a, real=real: used.append(done := real(*a)) or done)
    assert run("query", ASKED, "--content", str(mine)).output == "yes\n"
    assert len(used) == 1
    path = next(cache.glob(part)) if part else cache
    path.chmod(path.stat().st_mode | 0o002) if harm == "others" else give_away(path, monkeypatch)
    assert run("query", ASKED, "--content", str(mine)).output == "yes\n"
    assert len(used) == 1


@pytest.mark.parametrize("name", [QUADS, "columns/entries"])
def test_what_others_may_write_is_not_read(name: str, store: Path) -> None:
    manifest = read_manifest(store)
    assert read_checked(store, manifest, name)
    path = store / manifest.store / name
    path.chmod(path.stat().st_mode | 0o002)
    with pytest.raises(StoreError, match="is not trusted"):
        read_checked(store, manifest, name)


@pytest.mark.parametrize("part", ["{store}", "{store}/oxigraph", "{store}/oxigraph/CURRENT", MANIFEST])
def test_paths_that_lead_out_of_a_store_are_not_followed(part: str, store: Path, tmp_path: Path, run: Run) -> None:
    path = store / part.format(store=read_manifest(store).store)
    path.rename(tmp_path / "out")
    path.symlink_to(tmp_path / "out")
    said = run("query", ASKED, "--store", str(store), code=1).stderr
    assert f"build it with 'partnergraph build {store}' again" in said
    assert said.count("\n") == 1


# What is broken


def change(place: Path, said: dict[str, object]) -> None:
    found = json.loads((place / MANIFEST).read_text())
    (place / MANIFEST).write_text(json.dumps(found | said))


def refused(store: Path) -> str:
    started = time.monotonic()
    problems = []
    for whole in (False, True):
        with pytest.raises(StoreError) as caught:
            partnergraph.open_store(store, whole=whole).engine.size()
        problems.append(str(caught.value))
    assert time.monotonic() - started < 20
    assert all(len(problem) < 500 and "\n" not in problem for problem in problems)
    return problems[0]


@pytest.mark.parametrize(
    "said",
    [
        {"store": "../outside"},
        {"store": "/etc"},
        {"store": "store-0000abcd/../.."},
        {"store": 5},
        {"store": None},
        {"content": "0" * 63},
        {"content": ["0" * 64]},
        {"triples": "many"},
        {"triples": -1},
        {"triples": True},
        {"triples": 10**4000},
        {"triples": 1e300},
        {"files": []},
        {"files": {}},
        {"files": {"../../etc/passwd": [1, 1]}},
        {"files": {"oxigraph/../../x": [1, 1]}},
        {"files": {QUADS: [2**62, 1]}},
        {"files": {QUADS: [1, 1, 1]}},
        {"files": {QUADS: None}},
        {"format": 2.5},
        {"format": "2"},
        {"format": None},
        {"package": "\x1b]0;owned\x07"},
        {"package": 7},
        {"package": "9" * 5000},
    ],
    ids=str,
)
def test_a_manifest_that_says_anything_else(said: dict[str, object], store: Path) -> None:
    change(store, said)
    problem = refused(store)
    assert f"partnergraph build {store}'" in problem
    assert "\x1b" not in problem


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"null", b"[]", b"5", b'"x"', b"\xff\xfe", b"\0" * 100, b"[" * 200_000, b'{"a":' * 100_000, b"9" * 100_000, b"{}"],
    ids=lambda data: repr(data[:8]),
)
def test_a_manifest_that_is_none(data: bytes, store: Path) -> None:
    (store / MANIFEST).write_bytes(data)
    assert refused(store) == f"{store}: the store cannot be read; build it with 'partnergraph build {store}' again"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([QUADS, "oxigraph/CURRENT", ""]), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(["format", "package", "content", "triples", "store", "files", "more"]), JSON, min_size=1))
def test_any_other_manifest_is_refused_or_does_no_harm(built: Path, tmp_path: Path, said: dict[str, object]) -> None:
    place = tmp_path / "store"
    if not place.exists():
        shutil.copytree(built, place)
    (place / MANIFEST).write_bytes((built / MANIFEST).read_bytes())
    change(place, said)
    with suppress(StoreError):
        assert partnergraph.open_store(place).engine.size() > 200


def test_every_file_that_is_changed_is_noticed_before_the_engine_opens_it(store: Path) -> None:
    manifest = read_manifest(store)
    rng = random.Random(7)  # noqa: S311  # places, not secrets
    assert {name.partition("/")[0] for name in manifest.files} == {QUADS, "oxigraph", "columns"}
    for name, (size, _) in manifest.files.items():
        path = store / manifest.store / name
        good = path.read_bytes()
        assert len(good) == size
        places = [0, size - 1, *(rng.randrange(size) for _ in range(20))] if size else []
        changed = [good[:at] + bytes([good[at] ^ 1 << rng.randrange(8)]) + good[at + 1 :] for at in places]
        for bad in [*changed, good[: size // 2], good + b"\0", b""]:
            if bad == good:
                continue
            path.write_bytes(bad)
            with pytest.raises(StoreError, match="the store cannot be read; build it with"):
                check_files(store, manifest) if name.startswith("oxigraph") else read_checked(store, manifest, name)
        path.unlink()
        with pytest.raises(StoreError, match="the store cannot be read; build it with"):
            check_files(store, manifest) if name.startswith("oxigraph") else read_checked(store, manifest, name)
        path.write_bytes(good)
    check_files(store, manifest)
    (store / manifest.store / "oxigraph" / "000999.log").write_bytes(b"more")
    with pytest.raises(StoreError):
        check_files(store, manifest)


def test_a_broken_store_is_built_anew(store: Path, mine: Path, run: Run) -> None:
    (store / MANIFEST).write_bytes(b"\0")
    run("query", ASKED, "--store", str(store), code=1)
    run("build", str(store), "--content", str(mine))
    assert run("query", ASKED, "--store", str(store)).output == "yes\n"


def test_what_the_engine_says_after_opening_is_one_sentence(store: Path) -> None:
    manifest = read_manifest(store)
    opened, path = disk.open_store(store, manifest)
    tables = sorted((store / manifest.store / "oxigraph").glob("*.sst"), key=lambda table: table.stat().st_size)
    for table in tables:
        # The disk fails where the data are; what says where they are has been read already.
        table.write_bytes(b"\xff" * (table.stat().st_size // 2) + table.read_bytes()[table.stat().st_size // 2 :])
    engine = Embedded(opened, path)
    with pytest.raises(StoreError) as caught:
        engine.answer("SELECT * { ?a ?b ?c }", {}).rows  # noqa: B018  # evaluated when looked at
    assert str(caught.value).startswith(f"{store}: the store cannot be read any more (")
    assert "\n" not in str(caught.value)


# What is hashed


def test_no_two_folders_run_into_the_same_identity(tmp_path: Path) -> None:
    def content(name: str, files: dict[str, bytes]) -> Content:
        base = tmp_path / name
        for path, data in files.items():
            (base / path).parent.mkdir(parents=True, exist_ok=True)
            (base / path).write_bytes(data)
        (base / "ontology").mkdir(exist_ok=True)
        return Content(base / "ontology", base / "data")

    folders = [
        {"data/a.ttl": b"1\0b.ttl\0002"},
        {"data/a.ttl": b"1", "data/b.ttl": b"2"},
        {"data/a.ttl": b"1\0", "data/b.ttl": b"2"},
        {"data/a.ttl": b"2", "data/b.ttl": b"1"},
        {"data/x/a.ttl": b"1", "data/b.ttl": b"2"},
        {"data/a.ttl": b"1", "ontology/b.ttl": b"2"},
        {"data/b.ttl": b"2", "ontology/a.ttl": b"1"},
        {"data/a.ttl": b"1", "data/b.ttl": b"2", "ontology/rules/c.rq": b""},
        {"data/a.ttl": b"1", "data/b.ttl": b"2", "data/c.ttl": b""},
    ]
    found = [content(str(number), files) for number, files in enumerate(folders)]
    assert len({one.identity for one in found}) == len(folders)
    assert all(len(one.identity) == 64 and one.version == one.identity[:12] for one in found)
    assert content("again", folders[1]).identity == found[1].identity


@pytest.mark.usefixtures("cache")
@pytest.mark.parametrize("kind", ["graph_data/a.ttl", "graph_data/new.ttl", "ontology/rules/shortcuts.rq"])
def test_a_save_between_hashing_and_loading_poisons_nothing(kind: str, mine: Path, tmp_path: Path, run: Run) -> None:
    base = copied(mine, tmp_path / "c")
    shutil.copytree(find_content().ontology, base / "ontology")
    if kind.endswith(".rq"):
        kind = str(next((base / "ontology" / "rules").glob("*.rq")).relative_to(base))
    content = find_content(base)
    first = content.identity
    before = (base / kind).read_bytes() if (base / kind).exists() else None
    addition = f"{CLAIM}ent:late a pg:Company .\n".encode() if kind.endswith(".ttl") else b"\n# later\n"
    (base / kind).write_bytes((before or b"") + addition)
    if kind == "graph_data/a.ttl":
        with pytest.raises(ContentError, match="was saved while the content was being read; run this again"):
            load_store(content)
    else:
        # Which files there are was found out once, and rules are kept.
        assert not partnergraph.Graph(Embedded(load_store(content)), content).query("ASK { ent:late a pg:Company }")
    assert content.identity == first
    assert find_content(base).identity != first
    late = "ASK { ent:late a pg:Company }"
    assert run("query", late, "--content", str(base)).output == ("yes\n" if kind.endswith(".ttl") else "no\n")
    if before is None:
        (base / kind).unlink()
    else:
        (base / kind).write_bytes(before)
    for _ in range(2):
        assert run("query", late, "--content", str(base)).output == "no\n"


def test_identities_are_compared_whole(store: Path, mine: Path) -> None:
    identity = find_content(mine).identity
    change(store, {"content": identity[:-1] + ("0" if identity[-1] != "0" else "1")})
    with pytest.raises(StoreError, match="but the content is now"):
        partnergraph.open_store(store, mine)


# Killed, full, two at once


MOMENTS = int(os.environ.get("PARTNERGRAPH_MOMENTS", "4"))


@pytest.mark.slow
def test_a_cache_killed_at_any_moment_is_right_or_not_there(tmp_path: Path) -> None:
    place = tmp_path / "cache"
    # Just as much as is kept at all, so that many moments cost little.
    content = tmp_path / "mine" / "graph_data"
    content.mkdir(parents=True)
    size = 0
    for path in sorted(find_content().data_files(), key=lambda path: -path.stat().st_size):
        if size < LEAST_BYTES:
            size += path.stat().st_size
            shutil.copy(path, content)
    words = [*PROGRAM, "query", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "-f", "csv", "--content", str(content.parent)]
    env = {**os.environ, "PARTNERGRAPH_CACHE": str(place)}
    started = time.monotonic()
    right = subprocess.run(words, env=env, check=True, capture_output=True).stdout
    length = time.monotonic() - started
    rng = random.Random(3)  # noqa: S311  # moments, not secrets
    killed = 0
    for _ in range(5 * MOMENTS):
        shutil.rmtree(place, ignore_errors=True)
        started = time.monotonic()
        process = subprocess.Popen(words, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with suppress(subprocess.TimeoutExpired):
            process.wait(length * (1 - rng.random() ** 2))
            # It ended before it was killed: the machine has become faster since the length was taken.
            length = min(length, time.monotonic() - started)
        process.kill()
        killed += process.wait() < 0
        assert subprocess.run(words, env=env, check=True, capture_output=True).stdout == right
        if killed == MOMENTS:
            break
    assert killed == MOMENTS
    assert subprocess.run(words, env=env, check=True, capture_output=True).stdout == right


def test_a_cache_on_a_full_disk_or_made_by_two_at_once_changes_nothing(tmp_path: Path) -> None:
    def small() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    words = [*PROGRAM, "query", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "-f", "csv"]
    right = subprocess.run(words, check=True, capture_output=True).stdout
    env = {**os.environ, "PARTNERGRAPH_CACHE": str(tmp_path / "cache")}
    done = subprocess.run(words, env=env, preexec_fn=small, check=True, capture_output=True)
    assert (done.stdout, done.stderr) == (right, b"")
    assert list((tmp_path / "cache" / OURS).glob("*/store-*")) == []
    both = [subprocess.Popen(words, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(3)]
    assert [process.communicate() for process in both] == [(right, b"")] * 3
    assert len(list((tmp_path / "cache" / OURS).glob("*/store-*"))) == 1
