"""Which market a sentence speaks of, and who is meant to buy there, where it asks how concentrated one is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from partnergraph.content.finding import stem_of
from partnergraph.content.phrases import words_of
from partnergraph.core.rows import rows
from partnergraph.rdf.terms import compact
from partnergraph.reading.sorts import sort_of

if TYPE_CHECKING:
    from partnergraph.core.graph import GraphCore

# What is bought, by the words for it; all three where no word tells.
COMPUTE = "compute"
_BOUGHT = (
    ("chips", r"chips?|gpus?|accelerators?|processors?|semiconductors?|silicon|tpus?"),
    ("sites", r"sites?|data ?cent(?:er|re)s?|campus(?:es)?|colocation"),
    ("clouds", r"clouds?|hyperscalers?|hosting|cloud[ -]comput\w+"),
)
# Who is said to rule a market sells there.
_RULES = re.compile(r"\b(?:dominant|dominan\w+|dominat\w+|monopol\w+|market (?:power|share)|controls?)\b", re.IGNORECASE)
_PLAIN = frozenset({"ai", "the", "of", "for", "services", "service", "market"})


def market_in(graph: GraphCore, text: str) -> str:
    """The market that a text names: a segment of which shares are stated, or what is bought; all computing where it names none."""
    said = {stem_of(word) for word in re.findall(r"[^\W_]+", text.casefold())}
    segments = dict.fromkeys(row["segment"] for row in rows(graph, "market-shares"))
    bought = next((market for market, words in _BOUGHT if re.search(rf"\b(?:{words})\b", text, re.IGNORECASE)), "")
    for segment in segments:
        for name in graph.names_of(segment):
            wanted = {stem_of(word) for text in words_of(name) for word in text.split("-")} - _PLAIN
            if wanted and wanted <= said:
                return graph.names_of(segment)[0]
    if bought:
        return bought
    # Of a longer name the last word says what it is.
    last = {stem_of(words_of(graph.names_of(segment)[0])[-1]): segment for segment in segments}
    return next((graph.names_of(segment)[0] for word, segment in last.items() if word in said), COMPUTE)


def buyers(graph: GraphCore, text: str, names: list[str], iris: list[str]) -> list[str]:
    """Of those who are named the ones that buy: organizations, where none is said to rule the market."""
    if _RULES.search(text):
        return []
    firms = {compact(iri) for iri in iris if sort_of(graph, iri) == "Organization"}
    return [name for name in names if compact(graph.find_entity(name)) in firms]
