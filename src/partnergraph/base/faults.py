"""What went wrong that nobody foresaw: one sentence for the user, and a file that says to us what led to it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from partnergraph.base.errors import PartnerGraphError
from partnergraph.base.texts import clean, without_user

# A message longer than this tells a user no more.
LONGEST = 200
# A report longer than this, such as of an endless recursion with large values, tells nobody more.
LONGEST_REPORT = 100_000
SECRETS = ("PARTNERGRAPH_TOKEN", "PARTNERGRAPH_PASSWORD")
PACKAGE = Path(__file__).parents[1]


def sentence(error: BaseException) -> str:
    """What is printed about an error: its own words if it was raised on purpose, and else where the report on it is."""
    if isinstance(error, PartnerGraphError):
        return str(error)
    if isinstance(error, MemoryError):
        return "there is not enough memory for this; ask for less, or build a store on disk and ask it with --store"
    what = _what(error)
    report = _write(_report(error))
    rest = (
        f"please send us {report}, which says what led to it" if report else "no report could be written; please send us this line"
    )
    return f"{what} ({_where(error)}); this should not happen: {rest}"


def _what(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror:
        place = f"{clean(os.fsdecode(error.filename))}: " if isinstance(error.filename, str | bytes) else ""
        return _safe(f"{place}{error.strerror}")
    return _safe(f"{type(error).__name__}: {error}" if str(error) else type(error).__name__)


def _safe(text: str) -> str:
    text = clean(_without_secrets(text))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _where(error: BaseException) -> str:
    """The line of this package that was the last to run."""
    place = "before anything ran"
    trace = error.__traceback__
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        if file.is_relative_to(PACKAGE):
            place = f"{file.relative_to(PACKAGE).as_posix()}, line {trace.tb_lineno}"
        trace = trace.tb_next
    return place


def _report(error: BaseException) -> str:
    import platform
    import traceback
    from importlib.metadata import PackageNotFoundError, version

    try:
        package = version("partnergraph")
    except PackageNotFoundError:
        package = "not installed"
    head = f"partnergraph {package}, Python {platform.python_version()}, {platform.platform()}\n{sys.argv!r}\n\n"
    text = _without_secrets(head + "".join(traceback.format_exception(error)))
    return text if len(text) <= LONGEST_REPORT else f"{text[: LONGEST_REPORT // 2]}\n…\n{text[-LONGEST_REPORT // 2 :]}"


def _without_secrets(text: str) -> str:
    """The text without passwords, be they part of an address, which may be wrongly written, or from the environment."""
    text = without_user(text)
    for name in SECRETS:
        secret = os.environ.get(name)
        if secret:
            text = text.replace(secret, f"[{name}]")
    return text


def _write(text: str) -> Path | None:
    """Where the text now is, or None where it can be nowhere."""
    import tempfile

    for folder in (_state_folder, tempfile.gettempdir):
        try:
            place = Path(folder())
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            # A new file of a random name, for nobody else to read.
            descriptor, name = tempfile.mkstemp(".txt", "partnergraph-report-", place)
            with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
                file.write(text)
        except (OSError, RuntimeError, ValueError):
            continue
        return Path(name)
    return None


def _state_folder() -> Path:
    """Where programs keep what happened to them."""
    base = os.environ.get("LOCALAPPDATA" if os.name == "nt" else "XDG_STATE_HOME", "")
    return (Path(base) if Path(base).is_absolute() else Path.home() / ".local" / "state") / "partnergraph"
