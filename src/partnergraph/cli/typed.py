"""What was typed for a command, as text whatever the system says of its encoding."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from typing import Any

from partnergraph.base.errors import QueryError
from partnergraph.base.texts import is_text


def with_texts(command: Callable[..., Any]) -> Callable[..., Any]:
    """The command, given as text what was typed as text."""

    @functools.wraps(command)
    def called(**options: Any) -> None:
        command(**{name: as_text(name, given) for name, given in options.items()})

    return called


def as_text(name: str, given: Any) -> Any:
    """What was given for an option, as text also where the system says that it writes no UTF-8.

    Raises QueryError for bytes that are no text: no name in the graph can be that, while a file's name may be.
    """
    if isinstance(given, list | tuple):
        return type(given)(as_text(name, word) for word in given)
    if not isinstance(given, str) or is_text(given):
        return given
    try:
        return os.fsencode(given).decode("utf-8")
    except UnicodeDecodeError:
        raise QueryError(f"{name}: {given!r} holds bytes that are no text in UTF-8; type it anew") from None
