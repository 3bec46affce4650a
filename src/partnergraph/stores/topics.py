"""To which topic a claim belongs: the file that it stands in decides, which no triple of the content says."""

from __future__ import annotations

import pyoxigraph as ox

from partnergraph.base.progress import doing
from partnergraph.content.folders import Content
from partnergraph.rdf.terms import PG, RDF_TYPE

TYPE = ox.NamedNode(RDF_TYPE)
CLAIM = ox.NamedNode(f"{PG}Claim")
CLAIMS_FILE = ox.NamedNode(f"{PG}claimsFile")
ON_TOPIC = ox.NamedNode(f"{PG}onTopic")


def add_topics(store: ox.Store, content: Content) -> None:
    """Adds to each claim in a store the topics of the file that it stands in, where topics name files."""
    topics: dict[str, list[ox.NamedNode]] = {}
    for quad in store.quads_for_pattern(None, CLAIMS_FILE, None):
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal):
            topics.setdefault(quad.object.value, []).append(quad.subject)
    if not topics:
        return
    with doing("which topic each claim belongs to"):
        for path in content.data_files():
            if path.stem not in topics:
                continue
            one = ox.Store()
            one.load(content.read(path).removeprefix(b"\xef\xbb\xbf"), format=ox.RdfFormat.TURTLE)
            typed = {quad.subject for quad in one.quads_for_pattern(None, TYPE, None) if isinstance(quad.subject, ox.NamedNode)}
            claims = [subject for subject in typed if ox.Quad(subject, TYPE, CLAIM) in store]
            store.extend(ox.Quad(claim, ON_TOPIC, topic) for claim in claims for topic in topics[path.stem])
