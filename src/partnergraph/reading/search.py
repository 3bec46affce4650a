"""Finding: entities by their names, claims by their sentences, sources by titles, publishers and addresses."""

from __future__ import annotations

import re
import textwrap
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from partnergraph.base.texts import clean
from partnergraph.content.finding import FILLERS, stem_of
from partnergraph.core.rows import rows as rows_of
from partnergraph.rdf.names import fold
from partnergraph.rdf.terms import compact
from partnergraph.reading.gist import quoted
from partnergraph.reading.notes import notes_of
from partnergraph.reading.replying import footer
from partnergraph.show.records import Cell, Day, Ref, Table
from partnergraph.show.reply import Listing, Reply, reply_of_lists, several

if TYPE_CHECKING:
    from collections.abc import Iterable

    from partnergraph.core.graph import GraphCore

# A number is written in several ways: 250 billion, 250bn, $250B.
_SIZES = {"bn": "billion", "b": "billion", "m": "million", "mn": "million", "tn": "trillion", "t": "trillion"}
# So long a text may stand within a word.
LEAST_PART = 3


def words_of(text: str) -> list[str]:
    """The words that are looked for, in one spelling."""
    text = re.sub(r"(\d)(bn|mn|tn|[bmt])\b", lambda match: f"{match[1]} {_SIZES[match[2].casefold()]}", text, flags=re.IGNORECASE)
    words = re.findall(r"\d[\d.,]*\d|[^\W_]+", text.casefold())
    return [stem_of(word) for word in words if word not in FILLERS] or words


def find_reply(graph: GraphCore, text: str, limit: int = 0) -> Reply:
    """What is called so, says so or is titled so: entities, then claims, then sources, each the nearest first."""
    entities = graph.names.search(text)
    claims = _ranked(rows_of(graph, "find-claims"), ("label", "claim"), text)
    sources = _ranked(rows_of(graph, "find-sources"), ("title", "publisher", "address", "source"), text)
    if limit:
        entities, claims, sources = entities[:limit], claims[:limit], sources[:limit]
    lists = [*_entities(graph, entities), *_claims(claims), *_sources(sources)]
    counted = [
        several(len(found), word) for found, word in ((entities, "entities"), (claims, "claims"), (sources, "sources")) if found
    ]
    steps = [f"partnergraph show {quoted(graph.names.label[entities[0][0]])}"] if entities else []
    steps += [f"partnergraph claim {compact(claims[0]['claim']).removeprefix('claim:')}"] if claims else []
    steps += [f"partnergraph show {compact(sources[0]['source'])}"] if sources else []
    if entities and not any(fold(text) in fold(name) for _, name in entities):
        counted.insert(0, f"no name has {clean(text)!r} in it, these are like it")
    reply = reply_of_lists(
        [f"What is called, says or is titled {clean(text)!r}?"],
        [f"{', '.join(counted)}."] if counted else [],
        lists,
        following=steps,
        footer=footer(graph),
        asked={"text": text},
        notes=notes_of(graph),
    )
    # The longest list gets what room there is, the others a few lines.
    return replace(
        reply, main=max(range(len(lists)), key=lambda n: (n == 0 and len(lists[0].items) > 2, len(lists[n].items)), default=0)
    )


def _ranked(listed: Iterable[dict[str, str]], columns: tuple[str, ...], text: str) -> list[dict[str, str]]:
    """The rows that have all the words, the shortest first; where the text stands as it is, before the others."""
    wanted = words_of(text)
    plain = fold(text)
    if not plain:
        return []
    # Without its signs 1.3 is 13: numbers are held against numbers.
    whole = len(plain) > LEAST_PART and not any(letter.isdigit() for letter in plain)
    found = []
    for row in listed:
        texts = [row[name] for name in columns if row[name]]
        known = set(words_of(" ".join(texts)))
        if known.issuperset(wanted) or (whole and any(plain in fold(one) for one in texts)):
            found.append((plain not in fold(texts[0]), len(texts[0]), row))
    return [row for *_, row in sorted(found, key=lambda one: one[:2])]


def _entities(graph: GraphCore, hits: list[tuple[str, str]]) -> list[Listing]:
    kinds = graph.kinds(iri for iri, _ in hits)
    rows: list[dict[str, Cell]] = []
    items = []
    for iri, name in hits:
        label, kind = graph.names.label[iri], kinds.get(iri, "entity")
        alias = name if name != label else ""
        rows.append({"entity": Ref(compact(iri), clean(label)), "also called": alias or None, "kind": kind})
        items.append(partial(_lines, f"{compact(iri)}  {label}{f' (also {alias})' if alias else ''}, {kind}"))
    return (
        [Listing("entities", items, lambda: Table("entities", ["entity", "also called", "kind"], rows), "entities")] if hits else []
    )


def _claims(found: list[dict[str, str]]) -> list[Listing]:
    rows: list[dict[str, Cell]] = []
    items = []
    keys = []
    for row in found:
        claim, label, day = row["claim"], clean(row["label"]), row["day"]
        rows.append({"claim": Ref(compact(claim), label), "kind": row["kindLabel"], "from": Day(day) if day else None})
        keys.append(claim)
        items.append(partial(_lines, f"{label} · {compact(claim)}"))
    return [Listing("claims", items, lambda: Table("claims", ["claim", "kind", "from"], rows, keys), "claims")] if found else []


def _sources(found: list[dict[str, str]]) -> list[Listing]:
    rows: list[dict[str, Cell]] = []
    items = []
    for row in found:
        said = {name: clean(text) for name, text in row.items() if text}
        source = compact(row["source"])
        rows.append(
            {
                "source": Ref(source, said["title"]),
                "publisher": said.get("publisher"),
                "issued": Day(said["issued"]) if "issued" in said else None,
                "address": said.get("address"),
            }
        )
        who = ", ".join(filter(None, (said.get("publisher"), said.get("issued", "undated"))))
        items.append(partial(_lines, f"“{said['title']}”, {who} · {source}"))
    table = Table("sources", ["source", "publisher", "issued", "address"], rows)
    return [Listing("sources", items, lambda: table, "sources")] if found else []


def _lines(text: str, width: int) -> str:
    return "\n".join(
        textwrap.wrap(
            clean(text), width, initial_indent="  ", subsequent_indent="      ", break_on_hyphens=False, break_long_words=False
        )
    )
