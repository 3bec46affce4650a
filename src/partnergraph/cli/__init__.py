"""The command line: ``partnergraph``. A command is options and one library call."""

from partnergraph.cli import analysing, asking, building, comparing, exporting, keeping, mapping, reading, wording
from partnergraph.cli.app import app

__all__ = ["analysing", "app", "asking", "building", "comparing", "exporting", "keeping", "mapping", "reading", "wording"]
