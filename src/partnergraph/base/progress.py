"""What long work is doing at the moment, told to whoever listens: the command line shows it to a person at a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

Listener = Callable[[str], None]
_listeners: list[Listener] = []


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Within the block the listener is told each step in words, and nothing (``""``) when one has ended."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


def tell(step: str) -> None:
    """Tells the listeners which step is under way; nothing where it has ended."""
    for listener in _listeners:
        listener(step)


@contextmanager
def doing(step: str) -> Iterator[None]:
    """Tells the listeners about a step for as long as the block runs."""
    tell(step)
    try:
        yield
    finally:
        tell("")
