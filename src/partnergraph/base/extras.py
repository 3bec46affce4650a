"""Packages that are not always installed: imported where they are used, with a sentence where they are missing."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from partnergraph.base.errors import OutputError


def needed(module: str, extra: str = "notebook") -> Any:
    """The module; raises OutputError that names the ``extra`` to install where it is missing."""
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        package = module.partition(".")[0]
        raise OutputError(f"this needs {error.name or package}: pip install 'partnergraph[{extra}]'") from None
