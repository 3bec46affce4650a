"""What is said of a release in all its descriptors, from one place."""

from __future__ import annotations

from dataclasses import dataclass

# The address that stays, whatever server holds the data.
HOME = "https://w3id.org/partnergraph"
NAME = "partnergraph"
TITLE = "partnergraph: who funds, powers, licenses, supplies and competes with whom in AI"
SAYS = (
    "Sourced claims about who funds, powers, licenses, supplies, competes with and regulates whom in AI, around the Microsoft-OpenAI "
    "partnership: with parties, dates, amounts as ranges, how well each is attested, the place in every source, and what contradicts it."
)
AUTHORS = "The partnergraph authors"
LICENSE = "CC-BY-4.0"
LICENSE_TITLE = "Creative Commons Attribution 4.0 International"
LICENSE_URL = "https://creativecommons.org/licenses/by/4.0/"
KEYWORDS = ("knowledge graph", "RDF", "artificial intelligence", "partnerships", "investments", "provenance")
# The media type of each kind of file, by its suffix.
MEDIA = {
    ".atom": "application/atom+xml",
    ".cff": "application/yaml",
    ".csv": "text/csv",
    ".html": "text/html",
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".jsonld": "application/ld+json",
    ".md": "text/markdown",
    ".nq": "application/n-quads",
    ".parquet": "application/vnd.apache.parquet",
    ".rq": "application/sparql-query",
    ".ttl": "text/turtle",
}


@dataclass(frozen=True)
class About:
    """A release: its version and day, what it follows, which content and code made it, and how much it holds."""

    content: str
    code: str
    # Of the graph: claims, entities, sources, contested claims, triples, and the first and last day that a claim is about.
    counts: dict[str, int]
    first: str
    last: str
    attestation: dict[str, int]
    tiers: dict[str, int]
    # The latest day on which a source of it was published.
    latest: str
    version: str = ""
    issued: str = ""
    previous: str = ""
    # Where the folder stands on the web, with a slash at the end; nothing where nobody has said.
    at: str = ""

    @property
    def iri(self) -> str:
        """The identifier of the release."""
        return f"{HOME}/release/{self.version}"


def media_type(path: str) -> str:
    """The media type of a file."""
    return MEDIA.get(path[path.rfind(".") :], "text/plain")
