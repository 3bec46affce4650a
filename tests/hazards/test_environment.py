"""Where the program runs: full and closed streams, other encodings, narrow terminals, Ctrl-C, names of bytes, no home, no rights, a full disk."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parents[1]
TINY = ["--content", str(HERE / "tiny")]
PROGRAM = [sys.executable, "-m", "partnergraph"]
FULL = Path("/dev/full")
UNWRITTEN = b"partnergraph: the answer cannot be written: No space left on device\n"
CLOSED = b"partnergraph: the answer cannot be written: standard output is closed\n"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at what Linux does")


def environment(**changed: str | None) -> dict[str, str]:
    # Buffered as usual: what cannot be written is only noticed when the buffer is.
    named = {**os.environ, "PYTHONUNBUFFERED": None, "PYTHONIOENCODING": None, **changed}
    return {name: value for name, value in named.items() if value is not None}


def start(words: list[str], shell: str = "", **changed: str | None) -> subprocess.CompletedProcess[bytes]:
    """What the program says and ends with when it is started as a shell would, with ``shell`` after it, such as ``>&-``."""
    command = ["sh", "-c", f'"$@" {shell}', "sh", *PROGRAM, *words]
    return subprocess.run(command, capture_output=True, env=environment(**changed), timeout=120, check=False)


@pytest.mark.parametrize(
    "words",
    [
        ["ask", *TINY],
        ["show", "Lab", *TINY],
        ["query", "ASK {}", "-f", "json", *TINY],
        ["export", "nquads", "-", *TINY],
        ["conflicts", "-f", "csv", *TINY],
        ["--help"],
        ["ask", "--help"],
        ["--version"],
    ],
)
def test_full_output(words: list[str]) -> None:
    done = start(words, f"> {FULL}")
    assert (done.returncode, done.stderr) == (1, UNWRITTEN)


@pytest.mark.parametrize("words", [["ask", *TINY], ["query", "ASK {}", "-f", "json", *TINY], ["--version"]])
def test_closed_output(words: list[str]) -> None:
    done = start(words, ">&-")
    assert (done.returncode, done.stderr) == (1, CLOSED)


def test_closed_output_does_not_end_up_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "n.nq"
    done = start(["export", "nquads", str(file), *TINY], ">&- <&-")
    assert (done.returncode, done.stderr) == (0, f"partnergraph: wrote {file}\n".encode())
    assert all(line.endswith(b" .") for line in file.read_bytes().splitlines())


@pytest.mark.parametrize("shell", ["2>&-", f"2> {FULL}", ">&- 2>&-", "<&- >&- 2>&-"])
def test_errors_that_nobody_can_hear(shell: str) -> None:
    done = start(["show", "nobody", *TINY], shell)
    assert (done.returncode, done.stdout, done.stderr) == (1, b"", b"")


def test_closed_input() -> None:
    done = start(["query", "-", *TINY], "<&-")
    assert (done.returncode, done.stderr) == (
        1,
        b"partnergraph: -: standard input is closed; give the query as text or as a file\n",
    )


def test_a_reader_that_has_seen_enough() -> None:
    done = start(["export", "nquads", "-", *TINY], "| head -c 1")
    assert (done.returncode, len(done.stdout), done.stderr) == (0, 1, b"")


ENCODINGS: dict[str, dict[str, str | None]] = {
    "cp1252": {"PYTHONIOENCODING": "cp1252"},
    "ascii": {"PYTHONIOENCODING": "ascii"},
    "C": {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "strict UTF-8": {"PYTHONIOENCODING": "utf-8:strict"},
    "UTF-16": {"PYTHONIOENCODING": "utf-16-le"},
    "code page 437": {"PYTHONIOENCODING": "cp437:strict"},
}


def letters(text: str) -> list[str]:
    """The words of a text: runs of two letters, digits or colons and more, for one letter may stand for a sign."""
    return re.findall(r"[\w:]{2,}", text)


@pytest.mark.parametrize("name", ENCODINGS)
def test_encodings(name: str) -> None:
    encoding = {"C": "ascii", "strict UTF-8": "utf-8", "UTF-16": "utf-16-le", "code page 437": "cp437"}.get(name, name)
    for words in (["ask", *TINY], ["timeline", "Lab", *TINY], ["conflicts", *TINY], ["query", "SELECT ('→ 日本' AS ?a) {}", *TINY]):
        usual = start(words, PYTHONIOENCODING="utf-8").stdout.decode()
        done = start(words, **ENCODINGS[name])
        assert (done.returncode, done.stderr) == (0, b"")
        # Signs that the encoding has not are drawn with others or asked for; every letter and digit that it has is there.
        assert letters(done.stdout.decode(encoding)) == letters(usual.encode(encoding, "replace").decode(encoding))
    done = start(["show", "日本\udcff", *TINY], **ENCODINGS[name])
    assert done.returncode == 1
    assert done.stderr.decode(encoding).count("\n") == 1


@pytest.mark.parametrize("columns", ["1", "0", "-1", "24", "40", "999999999999999999999", "x", ""])
def test_widths(columns: str) -> None:
    many = " . ".join(f"?s{n} rdfs:label ?o{n}" for n in range(15))
    for words in (
        ["timeline", "Lab"],
        ["show", "Lab"],
        ["loops"],
        ["conflicts"],
        ["query", f"SELECT * {{ {many} }} LIMIT 2"],
        ["vocabulary"],
    ):
        done = start([*words, *TINY], COLUMNS=columns)
        assert (done.returncode, done.stderr) == (0, b"")
        assert done.stdout


def test_what_is_written_into_a_pipe_is_as_wide_as_is_said() -> None:
    assert max(map(len, start(["conflicts", *TINY], COLUMNS="60").stdout.decode().splitlines())) <= 60
    assert max(map(len, start(["loops", *TINY], COLUMNS="100").stdout.decode().splitlines())) <= 100
    usual = start(["loops", *TINY], COLUMNS=None).stdout.decode().splitlines()
    assert 100 < max(map(len, usual)) <= 120


def test_interrupts_at_any_moment() -> None:
    """Ctrl-C from the first moment that is ours on: no word, and the end that a shell expects."""
    started = time.monotonic()
    start(["find", "lab", *TINY])
    whole = time.monotonic() - started
    for part in range(1, 13):
        process = subprocess.Popen([*PROGRAM, "find", "lab", *TINY], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        # What Python itself does, and says, before it runs any program is not ours; the package itself is read before that.
        time.sleep(0.05 + whole * part / 13)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
        assert said == b"" or re.search(rb"partnergraph/(?!__init__\.py)", said) is None
        assert process.returncode in {0, -signal.SIGINT, 130, 1}


def test_interrupts_while_the_package_is_imported(tmp_path: Path) -> None:
    """The first thing that the program does is to let Ctrl-C end it: also while typer is still being looked for."""
    (tmp_path / "typer").mkdir()
    (tmp_path / "typer" / "__init__.py").write_text(
        "import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(60)\n"
    )
    path = os.pathsep.join(filter(None, [str(tmp_path), os.environ.get("PYTHONPATH", "")]))
    done = subprocess.run([*PROGRAM, "ask"], capture_output=True, env=environment(PYTHONPATH=path), timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, b"", b"")


def test_a_package_that_is_missing(tmp_path: Path) -> None:
    (tmp_path / "typer").mkdir()
    (tmp_path / "typer" / "__init__.py").write_text("raise ImportError('no typer here')\n")
    path = os.pathsep.join(filter(None, [str(tmp_path), os.environ.get("PYTHONPATH", "")]))
    done = start(["ask"], PYTHONPATH=path, XDG_STATE_HOME=str(tmp_path))
    assert (done.returncode, done.stdout) == (1, b"")
    assert re.fullmatch(
        rb"partnergraph: ImportError: no typer here \([^()]+, line \d+\); this should not happen: "
        rb"please send us \S+\.txt, which says what led to it\n",
        done.stderr,
    )


def test_names_of_bytes(tmp_path: Path) -> None:
    name = os.fsdecode(b"\xff\xfe\x1b[31m")
    for words in (
        ["find", name],
        ["ask", name],
        ["ask", "investments-in", name],
        ["query", name],
        ["show", name],
        ["export", name, "x"],
    ):
        done = start([*words, *TINY])
        assert (done.returncode, done.stdout) == (1, b"")
        assert done.stderr.startswith(b"partnergraph: ")
        assert done.stderr.count(b"\n") == 1
        assert b"\x1b" not in done.stderr
    shown = f"{tmp_path}/\\xff\\xfe[31m"
    done = start(["export", "nquads", f"{tmp_path}/{name}", *TINY])
    assert (done.returncode, done.stderr.decode()) == (0, f"partnergraph: wrote {shown}\n")
    assert (tmp_path / name).is_file()
    done = start(["fmt", f"{tmp_path}/{name}{name}"])
    assert (done.returncode, done.stderr.decode()) == (
        1,
        f"partnergraph: {shown}\\xff\\xfe[31m: cannot be read: No such file or directory\n",
    )
    content = tmp_path / "content"
    shutil.copytree(HERE / "tiny", content)
    (content / "graph_data" / f"{name}.ttl").write_bytes(b"<x:s> <x:p> 1 .\nbad")
    done = start(["find", "lab", "--content", str(content)])
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.decode().startswith(f"partnergraph: {content}/graph_data/\\xff\\xfe[31m.ttl:2: not valid Turtle: ")


def test_without_a_home() -> None:
    for changed in ({"HOME": None}, {"HOME": ""}, {"HOME": "/nonexistent"}, {"HOME": "/dev/null"}):
        done = start(["find", "lab", *TINY], **changed, XDG_CACHE_HOME=None, PARTNERGRAPH_CACHE=None)  # type: ignore[arg-type]
        assert (done.returncode, done.stderr) == (0, b"")
        assert b"ent:lab" in done.stdout


@pytest.fixture
def content(tmp_path: Path) -> Path:
    shutil.copytree(HERE / "tiny", tmp_path / "mine")
    return tmp_path / "mine"


def without_rights(words: list[str]) -> subprocess.CompletedProcess[bytes]:
    """What the program says to somebody for whom the rights of files count, as they do not for root."""
    drop = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
    return subprocess.run([*drop, *PROGRAM, *words], capture_output=True, timeout=120, check=False)


FORBIDDEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "a file": (
        lambda place: (place / "graph_data" / "claims.ttl").chmod(0),
        "/graph_data/claims.ttl: cannot be read: Permission denied\n",
    ),
    "a folder in the place of a folder": (
        lambda place: (shutil.rmtree(place / "graph_data"), (place / "graph_data").write_text("")),
        ": has no graph_data/ folder; put the Turtle files of your claims there\n",
    ),
    "a file with a NUL": (
        lambda place: (place / "graph_data" / "n.ttl").write_bytes(b"a\x00b"),
        "/graph_data/n.ttl:1: not valid Turtle: a is not a valid subject or graph name\n",
    ),
}


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="needs setpriv")
@pytest.mark.parametrize("name", FORBIDDEN)
def test_what_cannot_be_read(name: str, content: Path) -> None:
    spoil, problem = FORBIDDEN[name]
    spoil(content)
    for words in (["find", "lab"], ["export", "csv", str(content / "x.csv")], ["build", str(content / "store")]):
        done = without_rights([*words, "--content", str(content)])
        assert (done.returncode, done.stdout, done.stderr.decode()) == (1, b"", f"partnergraph: {content}{problem}")


@pytest.mark.parametrize("spoil", [lambda data: (data / "d.ttl").mkdir(), lambda data: (data / "e.ttl").write_text("")])
def test_what_holds_nothing(spoil: Callable[[Path], object], content: Path) -> None:
    spoil(content / "graph_data")
    done = start(["find", "lab", "--content", str(content)])
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.fixture
def small_disk(tmp_path: Path) -> Path:
    """A folder on a disk of 100 KiB; skips where none can be mounted."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=100k", "tmpfs", str(place)], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("a disk cannot be mounted here")
    try:
        yield place  # type: ignore[misc]
    finally:
        subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk(small_disk: Path) -> None:
    site = small_disk / "site"
    for words in (["map", "-o", str(small_disk / "m.html")], ["build", str(small_disk / "store")], ["site", str(site)]):
        done = start([*words, *TINY], XDG_STATE_HOME=str(small_disk))
        assert (done.returncode, done.stdout) == (1, b"")
        assert done.stderr.startswith(b"partnergraph: ")
        assert b"o space left on device" in done.stderr
        assert b"this should not happen" not in done.stderr
        assert done.stderr.count(b"\n") == 1
    # The processes that write pages say it in their own words, with every dot.
    assert re.search(rf"^partnergraph: {site}/\S+\.\w+: cannot be written: ".encode(), done.stderr)
    with contextlib.suppress(OSError), (small_disk / "fill").open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 4096)
    # Neither a cache nor anything else that is only kept stands in the way of an answer.
    done = start(["find", "lab", *TINY], HOME=str(small_disk), XDG_CACHE_HOME=str(small_disk), TMPDIR=str(small_disk))
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"ent:lab" in done.stdout
