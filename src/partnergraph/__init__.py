"""A knowledge graph of who funds, powers, licenses, supplies and competes with whom in AI, sourced claim by claim."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from partnergraph.answers import Answer
    from partnergraph.errors import PartnerGraphError
    from partnergraph.graph import Graph, connect, load

__all__ = ["Answer", "Graph", "PartnerGraphError", "connect", "load"]


def __getattr__(name: str) -> Any:
    """Imports what is asked for: the command line must not pay for what a command does not use."""
    from importlib import import_module

    homes = {"Answer": "answers", "Graph": "graph", "PartnerGraphError": "errors", "connect": "graph", "load": "graph"}
    if name in homes:
        return getattr(import_module(f"partnergraph.{homes[name]}"), name)
    raise AttributeError(f"module 'partnergraph' has no attribute {name!r}")


def __dir__() -> list[str]:
    """All public names, imported already or not: a shell's completion asks here."""
    return sorted({*globals(), *__all__})


def load_ipython_extension(shell: InteractiveShell) -> None:
    """What ``%load_ext partnergraph`` does: cells that begin with ``%%sparql`` ask the graph."""
    from partnergraph.magic import register

    register(shell)


def unload_ipython_extension(shell: InteractiveShell) -> None:
    """What ``%unload_ext partnergraph`` does: the cells stay, completion goes."""
    from partnergraph.magic import forget

    forget(shell)
