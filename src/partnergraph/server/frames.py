"""Frames between the front and its workers, as the workers of queries have them: a letter, a length, bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from partnergraph.stores.sandbox.worker import HEAD

READY, HEADING, PIECE, END, PROBLEM, ASKED = b"r", b"h", b"d", b"e", b"x", b"a"


def packed(kind: bytes, data: bytes = b"") -> bytes:
    """One frame as bytes."""
    return HEAD.pack(kind, len(data)) + data


def as_json(value: Any) -> bytes:
    """The value as compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


class Unpacker:
    """Takes bytes as they come and gives the frames that are whole."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[bytes, bytes]]:
        """The frames that have become whole with the data."""
        self._buffer += data
        start = 0
        while len(self._buffer) - start >= HEAD.size:
            kind, length = HEAD.unpack_from(self._buffer, start)
            end = start + HEAD.size + length
            if len(self._buffer) < end:
                break
            yield kind, bytes(self._buffer[start + HEAD.size : end])
            start = end
        del self._buffer[:start]
