"""The authorities of a country: what people call Italy or the US when they ask who forbade what."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from partnergraph.reading.sorts import sort_of

if TYPE_CHECKING:
    from partnergraph.core.graph import GraphCore

# A country as people name it, and the words by which the names of its authorities tell it.
_COUNTRIES = {
    "Australia": "Australia|Australian",
    "Austria": "Austria|Austrian",
    "Belgium": "Belgium|Belgian",
    "Brazil": "Brazil|Brazilian",
    "Britain|Great Britain|United Kingdom|UK|England": "UK|United Kingdom|British|England",
    "Canada": "Canada|Canadian",
    "China|Beijing": "China|Chinese",
    "Czechia|Czech Republic": "Czech|Czechia",
    "Denmark": "Denmark|Danish",
    "Europe|EU|European Union|Brussels": "European|EU",
    "Finland": "Finland|Finnish",
    "France|Paris": "France|French",
    "Germany|Berlin": r"Germany|German|Bundes\w+|Munich|Hamburg|Berlin",
    "Greece": "Greece|Greek",
    "India": "India|Indian",
    "Indonesia": "Indonesia|Indonesian",
    "Ireland": "Ireland|Irish",
    "Israel": "Israel|Israeli",
    "Italy|Rome": "Italy|Italian|Rome",
    "Japan|Tokyo": "Japan|Japanese",
    "Korea|South Korea|Seoul": "Korea|Korean",
    "Netherlands|the Netherlands|Holland": "Netherlands|Dutch",
    "Norway": "Norway|Norwegian",
    "Poland": "Poland|Polish",
    "Portugal": "Portugal|Portuguese",
    "Russia|Moscow": "Russia|Russian",
    "Saudi Arabia": "Saudi",
    "Singapore": "Singapore",
    "Spain": "Spain|Spanish",
    "Sweden": "Sweden|Swedish",
    "Switzerland": "Switzerland|Swiss",
    "Taiwan": "Taiwan|Taiwanese",
    "Turkey": "Turkey|Turkish",
    "Ukraine": "Ukraine|Ukrainian",
    "United Arab Emirates|UAE|Emirates": "UAE|Emirati|Emirates",
    "United States|US|USA|U.S.|U.S.A.|America|Washington": r"US|United States|American|D\.C\.|Republican|\w+ Attorney General|State of \w+",
}
SHORT = 3
_BY_NAME = {name.casefold(): words for names, words in _COUNTRIES.items() for name in names.split("|")}


def country_in(text: str) -> str:
    """The country that a text names and nothing else; empty where it names none.

    >>> country_in("the US"), country_in("italy's authorities"), country_in("uk"), country_in("Italian food")
    ('US', 'Italy', 'UK', '')
    """
    plain = re.sub(r"^\W*(?:the )?|\W+$", "", text, flags=re.IGNORECASE)
    plain = re.sub(r"['’]s? (?:government|authorities|regulators?|courts?|watchdogs?)$", "", plain)
    if plain == "us" or plain.casefold() not in _BY_NAME:
        return ""
    return (plain.upper() if len(plain) <= SHORT else plain.title()) if plain.islower() else plain


def bodies_of(graph: GraphCore, country: str) -> list[str]:
    """The authorities of a country, by their names."""
    told = re.compile(rf"\b(?:{_BY_NAME[country.casefold()]})(?!\w)")
    named = sorted({iri for iri, name in graph.names.names if told.search(name)})
    return [iri for iri in named if sort_of(graph, iri) == "Authority"]
