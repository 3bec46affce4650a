"""What Turtle of a test begins with: the prefixes of the project."""

from __future__ import annotations

from partnergraph.rdf.terms import PREFIXES as NAMESPACES

PREFIXES = "".join(f"@prefix {name}: <{namespace}> .\n" for name, namespace in NAMESPACES.items())
