"""Where claims differ: the best value of something with all its versions, and every contested point."""

from partnergraph.reading.conflicts import Conflict, conflicts
from partnergraph.reading.disagreement import Resolution, Version, resolve

__all__ = ["Conflict", "Resolution", "Version", "conflicts", "resolve"]
