"""The command line: ``partnergraph``. A command is options and one library call."""

from partnergraph.cli.app import app

__all__ = ["app"]
