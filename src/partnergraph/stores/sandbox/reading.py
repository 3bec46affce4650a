"""Files that a user was given, read in a process of its own: what brings a reader down, or never ends, is a sentence."""

from __future__ import annotations

import codecs
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from partnergraph.base.errors import ContentError, QueryDied, QueryError, QueryTimeout
from partnergraph.stores.sandbox.apart import apart
from partnergraph.stores.sandbox.limits import MIB, Limits

# What reading one file may take, and how much may be in it.
READING = Limits(seconds=60.0, bytes=512 * MIB, memory=2048 * MIB)

# Each is a module of its own, and a file: what texts in files and in PDF are written in.
ENCODINGS = (
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "cp1252",
    "latin-1",
    "charmap",
    "mac-roman",
    "gbk",
    "big5",
    "shift_jis",
    "euc_kr",
)


def read_apart(path: Path, read: Callable[[], Any], limits: Limits = READING) -> Any:
    """What ``read`` makes of a file whose bytes are here already, as JSON has it: lists, texts and numbers.

    The modules that it needs are loaded already. Raises ContentError with the file where it cannot be read within the
    limits. A system that has no copies of processes (Windows) reads it in this one.
    """
    if not hasattr(os, "fork"):
        return read()
    try:
        said = json.loads(apart(_load_encodings, lambda: _said(read), limits))
    except QueryTimeout:
        raise ContentError(path, f"reading it did not end within {limits.seconds:g} seconds; is it what it seems to be?") from None
    except QueryDied:
        problem = f"it takes more than the {limits.memory // MIB:,} MiB that reading may take, or brings its reader down"
        raise ContentError(path, f"cannot be read: {problem}; save it anew with the program it came from") from None
    except QueryError as error:
        raise ContentError(path, f"cannot be read: {error}") from None
    if "problem" in said:
        raise ContentError(path, said["problem"], said["line"])
    return said["read"]


def _load_encodings() -> None:
    for name in ENCODINGS:
        codecs.lookup(name)


def _said(read: Callable[[], Any]) -> bytes:
    try:
        return json.dumps({"read": read()}).encode()
    except ContentError as error:
        return json.dumps({"problem": error.problem, "line": error.line}).encode()
