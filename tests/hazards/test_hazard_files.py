"""Files that are written: a path stays what it was, nobody sees half of a file, and nothing is left beside it."""

from __future__ import annotations

import contextlib
import fcntl
import os
import random
import resource
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyoxigraph as ox
import pytest
from typer.testing import Result

from partnergraph.base.errors import OutputError
from partnergraph.base.files import replace, replace_together, revise

Run = Callable[..., Result]
Folder = Callable[[str], Path]
PROGRAM = [sys.executable, "-m", "partnergraph"]
# Fifty and more are for a night: each is a whole run of a command.
MOMENTS = int(os.environ.get("PARTNERGRAPH_MOMENTS", "8"))
UGLY = "@prefix x: <http://x/> . x:s{0} x:p 2, 1 ."
NEAT = "@prefix x: <http://x/> .\n\nx:s{0}\n    x:p 1, 2 .\n"


@pytest.fixture
def content(folder: Folder) -> Path:
    """Content of one claim, quick to load."""
    return folder(
        'ent:a a pg:Company ; rdfs:label "A" . ent:b a pg:Company ; rdfs:label "B" . src:s a pg:Source ; dcterms:title "T" ;'
        ' dcterms:issued "2024-01-01"^^xsd:date ; pg:tier pg:tier-primary . claim:x a pg:Investment ; rdfs:label "x" ;'
        " pg:attestation pg:confirmed ; pg:stage pg:stage-agreed ; pg:investor ent:a ; pg:investee ent:b ;"
        ' pg:cites [ pg:source src:s ; pg:locator "p" ] .'
    )


def nothing_beside(folder: Path) -> None:
    assert [path.name for path in folder.rglob(".*")] == []


def test_a_device_is_written_into_and_stays() -> None:
    master, slave = os.openpty()
    try:
        path = Path(os.ttyname(slave))
        before = path.stat()
        replace(path, b"to a device\n")
        assert os.read(master, 100).rstrip() == b"to a device"
        assert (path.stat().st_ino, path.stat().st_mode) == (before.st_ino, before.st_mode)
    finally:
        os.close(slave)
        os.close(master)


def test_a_full_device_is_one_sentence_and_stays(content: Path, run: Run) -> None:
    before = Path("/dev/full").stat()
    said = run("export", "nquads", "/dev/full", "--content", str(content), code=1).stderr
    assert said == "partnergraph: /dev/full: cannot be written: No space left on device\n"
    assert Path("/dev/full").stat().st_ino == before.st_ino
    assert stat.S_ISCHR(Path("/dev/full").stat().st_mode)


@pytest.mark.parametrize("format", ["csv", "parquet"])
def test_two_files_are_not_put_beside_a_device(format: str, content: Path, run: Run) -> None:
    before = sorted(Path("/dev").iterdir())
    assert "name a file" in run("export", format, "/dev/null", "--content", str(content), code=1).stderr
    assert sorted(Path("/dev").iterdir()) == before


@pytest.mark.parametrize("name", ["a file/x.csv", "none/x.csv", "circle", "n" * 300])
def test_where_nothing_can_be_written_is_one_sentence(name: str, content: Path, run: Run, tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("mine")
    (tmp_path / "circle").symlink_to("circle")
    for kind in ("csv", "nquads"):
        said = run("export", kind, f"{tmp_path}/{name}", "--content", str(content), code=1).stderr
        assert said.startswith("partnergraph: ")
    assert (tmp_path / "a file").read_text() == "mine"
    nothing_beside(tmp_path)


def test_a_named_pipe_is_written_into_and_stays(content: Path, run: Run, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    run("export", "nquads", str(pipe), "--content", str(content))
    reader.join(10)
    assert b"claim/x" in got[0]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
def test_what_is_open_already_is_written_to_where_it_stands(name: str, content: Path, tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.write_bytes(b"before\n")
    inode = target.stat().st_ino
    with target.open("ab") as out:
        subprocess.run(
            [*PROGRAM, "export", "nquads", name, "--content", str(content)], stdout=out, stderr=subprocess.PIPE, check=True
        )
    assert target.stat().st_ino == inode
    assert target.read_bytes().startswith(b"before\n<")


@pytest.mark.parametrize("kind", ["relative", "absolute", "of a link", "to nothing"])
def test_a_link_stays_and_its_target_is_written(kind: str, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    real, link = other / "real.txt", tmp_path / "link.txt"
    if kind != "to nothing":
        real.write_text("old")
    link.symlink_to(real if kind == "absolute" else "other/real.txt")
    path = link
    if kind == "of a link":
        path = other / "second.txt"
        path.symlink_to("../link.txt")
    replace(path, b"new")
    assert link.is_symlink()
    assert path.is_symlink()
    assert not real.is_symlink()
    assert real.read_text() == "new"
    nothing_beside(tmp_path)


def test_links_in_a_circle_are_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(OutputError, match=r"a: is a link that leads to itself"):
        replace(tmp_path / "a", b"new")


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o755, 0o666])
def test_the_mode_stays(mode: int, tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text("old")
    path.chmod(mode)
    replace(path, b"new")
    assert stat.S_IMODE(path.stat().st_mode) == mode
    assert path.read_text() == "new"


def test_a_new_file_has_the_mode_that_the_umask_gives(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        replace(tmp_path / "x", b"new")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "x").stat().st_mode) == 0o640


def test_the_owner_and_other_names_stay(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text("old, and longer")
    owners = [os.getuid()]
    if os.geteuid() == 0:
        owners.append(12345)
    for owner in owners:
        os.chown(path, owner, -1)
        replace(path, b"new")
        assert path.stat().st_uid == owner
    os.link(path, tmp_path / "y")
    replace(tmp_path / "y", b"newer")
    assert path.read_text() == "newer"
    assert path.stat().st_nlink == 2
    nothing_beside(tmp_path)


def test_names_beside_cannot_be_foreseen_and_lead_nowhere(tmp_path: Path) -> None:
    victim, path = tmp_path / "victim", tmp_path / "x"
    victim.write_text("mine")
    for name in (f".x.{os.getpid()}.new", ".x.new", "x.tmp", ".partnergraph-.new"):
        (tmp_path / name).symlink_to(victim)
    replace(path, b"new")
    assert victim.read_text() == "mine"
    assert not path.is_symlink()


def test_what_cannot_be_written_leaves_all_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "kept").write_text("old")
    for bad in ("folder", "none/x", "kept/x", "x" * 300, "nul\0"):
        with pytest.raises(OutputError):
            replace_together({tmp_path / "kept": b"new", tmp_path / bad: b"new"})
        assert (tmp_path / "kept").read_text() == "old"
        nothing_beside(tmp_path)


def test_a_save_in_between_is_not_lost(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text("read")
    path.write_text("saved since")
    with pytest.raises(OutputError, match="was saved by somebody else meanwhile"):
        revise(path, b"formatted", b"read")
    assert path.read_text() == "saved since"
    # What was not there when it was looked for is there now.
    with pytest.raises(OutputError, match="was saved by somebody else meanwhile"):
        revise(path, b"formatted", None)
    # Of several files none is written if one of them was saved since.
    other = tmp_path / "y"
    other.write_text("read")
    with pytest.raises(OutputError, match="x: was saved by somebody else meanwhile"):
        replace_together({other: b"formatted", path: b"formatted"}, {other: b"read", path: b"read"})
    assert (path.read_text(), other.read_text()) == ("saved since", "read")
    nothing_beside(tmp_path)


def test_pipes_and_devices_are_no_content(tmp_path: Path, run: Run) -> None:
    os.mkfifo(tmp_path / "pipe.ttl")
    (tmp_path / "zero.ttl").symlink_to("/dev/zero")
    for name in ("pipe.ttl", "zero.ttl"):
        assert run("fmt", str(tmp_path / name), code=1).stderr.endswith(f"{name}: cannot be read: it is no file\n")


def full(size: int) -> Callable[[], None]:
    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


@pytest.mark.parametrize("command", ["fmt", "export", "build"])
def test_a_full_disk_is_one_sentence_and_loses_nothing(command: str, content: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    target = out / "a.ttl"
    target.write_text(UGLY.format("") + " " * 3000)
    words = {
        "fmt": ["fmt", str(target)],
        "export": ["export", "turtle", str(target), "--content", str(content)],
        "build": ["build", str(out / "store"), "--content", str(content)],
    }[command]
    before = target.read_bytes()
    limited = full(10 if command == "fmt" else 1000)
    done = subprocess.run([*PROGRAM, *words], preexec_fn=limited, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert done.stderr.startswith("partnergraph: ")
    assert done.stderr.count("\n") == 1
    assert target.read_bytes() == before
    nothing_beside(out)


@pytest.mark.parametrize(
    "words", [["fmt", "{0}/many"], ["export", "turtle", "{0}/out.ttl", "--content", "{1}"]], ids=["fmt", "export"]
)
def test_two_at_once_leave_one_whole(words: list[str], content: Path, tmp_path: Path) -> None:
    (tmp_path / "many").mkdir()
    for number in range(100):
        (tmp_path / "many" / f"{number}.ttl").write_text(UGLY.format(number))
    filled = [word.format(tmp_path, content) for word in words]
    both = [subprocess.Popen([*PROGRAM, *filled], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) for _ in range(2)]
    for process in both:
        said = process.communicate()[1]
        # The other one may have been quicker with a file: then it is said, and nothing is undone.
        assert process.returncode == 0 or "was saved by somebody else meanwhile" in said
        assert "Traceback" not in said
    if words[0] == "fmt":
        subprocess.run([*PROGRAM, *filled], check=True, capture_output=True)
        assert all((tmp_path / "many" / f"{n}.ttl").read_text() == NEAT.format(n) for n in range(100))
    else:
        assert len(list(ox.parse((tmp_path / "out.ttl").read_bytes(), format=ox.RdfFormat.TURTLE))) > 20
    nothing_beside(tmp_path)


ADDS = """
import sys
from pathlib import Path
from partnergraph.base.errors import OutputError
from partnergraph.base.files import revise
path, added = Path(sys.argv[1]), 0
for number in range(150):
    old = path.read_bytes() if path.exists() else None
    try:
        revise(path, (old or b"") + b"%s %d\\n" % (sys.argv[2].encode(), number), old)
    except OutputError as error:
        assert "was saved by somebody else meanwhile" in str(error), error
    else:
        print(number)
"""


def test_who_has_the_turn_is_waited_for(tmp_path: Path) -> None:
    # The folder is locked as another process locks it between its last look at the file and the renaming.
    path = tmp_path / "shared"
    turn = os.open(tmp_path, os.O_RDONLY)
    try:
        fcntl.flock(turn, fcntl.LOCK_EX)
        with ThreadPoolExecutor() as pool:
            waiting = pool.submit(revise, path, b"late", None)
            with pytest.raises(TimeoutError):
                waiting.result(0.3)
            path.write_text("first")
            fcntl.flock(turn, fcntl.LOCK_UN)
            with pytest.raises(OutputError, match="was saved by somebody else meanwhile"):
                waiting.result(10)
    finally:
        os.close(turn)
    assert path.read_text() == "first"
    nothing_beside(tmp_path)


def test_what_one_of_several_was_told_to_have_added_is_there(tmp_path: Path) -> None:
    path = tmp_path / "shared"
    several = [subprocess.Popen([sys.executable, "-c", ADDS, path, name], stdout=subprocess.PIPE, text=True) for name in "abc"]
    told = {f"{name} {number}" for name, process in zip("abc", several, strict=True) for number in process.communicate()[0].split()}
    assert [process.returncode for process in several] == [0, 0, 0]
    found = path.read_text().splitlines()
    assert len(told) >= 150
    assert sorted(found) == sorted(told)
    nothing_beside(tmp_path)


@pytest.mark.slow
def test_fmt_killed_at_any_moment_leaves_every_file_whole(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.ttl" for number in range(300)]

    def begin() -> None:
        for number, path in enumerate(paths):
            path.write_text(UGLY.format(number))

    def whole() -> None:
        for number, path in enumerate(paths):
            assert path.read_text() in (UGLY.format(number), NEAT.format(number))

    killed_at_moments([*PROGRAM, "fmt", str(tmp_path)], begin, whole)


@pytest.mark.slow
def test_export_killed_at_any_moment_leaves_the_old_file_or_the_new(content: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.nq"
    words = [*PROGRAM, "export", "nquads", str(target), "--content", str(content)]
    subprocess.run(words, check=True, capture_output=True)
    new = target.read_bytes()

    def begin() -> None:
        target.write_bytes(b"old")

    def whole() -> None:
        assert target.read_bytes() in (b"old", new)

    killed_at_moments(words, begin, whole)


def killed_at_moments(words: list[str], begin: Callable[[], None], whole: Callable[[], None]) -> None:
    """Runs a command and kills it many times, most of them in the second half, where it writes."""
    begin()
    started = time.monotonic()
    subprocess.run(words, check=True, capture_output=True)
    length = time.monotonic() - started
    whole()
    rng = random.Random(len(words))  # noqa: S311  # moments, not secrets
    killed = 0
    for _ in range(4 * MOMENTS):
        begin()
        started = time.monotonic()
        process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(length * (1 - rng.random() ** 2))
            length = min(length, time.monotonic() - started)
        process.send_signal(signal.SIGKILL)
        killed += process.wait() == -signal.SIGKILL
        whole()
        if killed == MOMENTS:
            break
    assert killed == MOMENTS
