"""What the tests share: the shipped graph, the command line, and the one way to renew expected answers."""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from typer.testing import CliRunner, Result

import partnergraph
from partnergraph.cli import app
from prefixes import PREFIXES

# What a developer has in the cache must not decide a test, nor a test what a developer has in it: commands have one of their own,
# as users do, which all processes of a run share.
if "PYTEST_XDIST_WORKER" not in os.environ:
    os.environ["PARTNERGRAPH_CACHE"] = tempfile.mkdtemp(prefix="partnergraph-tests-")
    atexit.register(shutil.rmtree, os.environ["PARTNERGRAPH_CACHE"], ignore_errors=True)
# Nor the width of whose terminal it is; workers of pytest are told one.
os.environ.pop("COLUMNS", None)
os.environ.pop("LINES", None)

# How long an example takes says more of the machine than of the code.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

HERE = Path(__file__).parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-answers", action="store_true", help="write the expected answers anew; review them by eye")


def pytest_xdist_auto_num_workers() -> int:
    """One worker more than there are processors: a third of the time tests wait, for servers, browsers and the end of limits."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return processors + 1


def settle() -> None:
    """What stays is looked through for garbage no more, and what is free goes back to the system: copies of this process cost less."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def pytest_collection_finish() -> None:
    settle()


@pytest.fixture(scope="module", autouse=True)
def settled() -> Iterator[None]:
    """Each file begins without what the one before needed."""
    yield
    settle()


@pytest.fixture(scope="session")
def graph() -> partnergraph.Graph:
    loaded = partnergraph.load()
    gc.freeze()
    return loaded


@pytest.fixture
def run() -> Callable[..., Result]:
    """Runs the command line as a shell would; a traceback is a failure of the test."""

    def call(*words: str, code: int = 0, stdin: str | None = None) -> Result:
        result = CliRunner().invoke(app, list(words), input=stdin)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert "this should not happen" not in result.stderr, result.stderr
        assert result.exit_code == code, result.output
        return result

    return call


@pytest.fixture
def folder(tmp_path: Path) -> Callable[[str], Path]:
    """A content folder of one's own that holds the given Turtle, with the prefixes of the project."""

    def make(turtle: str) -> Path:
        data = tmp_path / "graph_data"
        data.mkdir(exist_ok=True)
        (data / "mine.ttl").write_text(PREFIXES + turtle, encoding="utf-8")
        return tmp_path

    return make
