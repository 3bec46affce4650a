"""A knowledge graph of who funds, powers, licenses, supplies and competes with whom in AI, sourced claim by claim."""

# Importing typing to be told this, or anything else, would be most of the time in which Ctrl-C is not yet heeded.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from IPython.core.interactiveshell import InteractiveShell

    from partnergraph.api import Graph, connect, load, open_store
    from partnergraph.base.errors import PartnerGraphError
    from partnergraph.core.views import View
    from partnergraph.page.maps import Map
    from partnergraph.rdf.terms import compact, expand
    from partnergraph.reading.answers import Answer
    from partnergraph.reading.claims import ClaimCard
    from partnergraph.reading.coverage import Coverage
    from partnergraph.reading.entities import Entity
    from partnergraph.reading.ledger import Entry, Ledger
    from partnergraph.reading.series import Series
    from partnergraph.reading.why import Why
    from partnergraph.stores.http import Server
    from partnergraph.stores.sandbox.limits import Limits

    __version__: str

__all__ = [
    "Answer",
    "ClaimCard",
    "Coverage",
    "Entity",
    "Entry",
    "Graph",
    "Ledger",
    "Limits",
    "Map",
    "PartnerGraphError",
    "Series",
    "Server",
    "View",
    "Why",
    "compact",
    "connect",
    "expand",
    "load",
    "open_store",
]
_HOMES = {
    "Answer": "reading.answers",
    "ClaimCard": "reading.claims",
    "Coverage": "reading.coverage",
    "Entity": "reading.entities",
    "Entry": "reading.ledger",
    "Graph": "api",
    "Ledger": "reading.ledger",
    "Limits": "stores.sandbox.limits",
    "Map": "page.maps",
    "PartnerGraphError": "base.errors",
    "Series": "reading.series",
    "Server": "stores.http",
    "View": "core.views",
    "Why": "reading.why",
    "compact": "rdf.terms",
    "connect": "api",
    "expand": "rdf.terms",
    "load": "api",
    "open_store": "api",
}


if not TYPE_CHECKING:  # for a type checker there is nothing but the names above

    def __getattr__(name: str) -> "Any":
        """Imports what is asked for: the command line must not pay for what a command does not use."""
        from importlib import import_module

        if name in _HOMES:
            return getattr(import_module(f"partnergraph.{_HOMES[name]}"), name)
        if name == "__version__":
            from importlib.metadata import version

            return version("partnergraph")
        raise AttributeError(f"module 'partnergraph' has no attribute {name!r}")


def __dir__() -> list[str]:
    """All public names, imported already or not: a shell's completion asks here."""
    return sorted({*globals(), *__all__, "__version__"})


def load_ipython_extension(shell: "InteractiveShell") -> None:
    """What ``%load_ext partnergraph`` does: cells that begin with ``%%sparql`` ask the graph."""
    from partnergraph.notebook.magic import register

    register(shell)


def unload_ipython_extension(shell: "InteractiveShell") -> None:
    """What ``%unload_ext partnergraph`` does: the cells stay, completion goes."""
    from partnergraph.notebook.magic import forget

    forget(shell)
