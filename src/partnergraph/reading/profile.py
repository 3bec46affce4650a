"""The profile of an entity on one screen: what it is, who owns, funds and powers it, what it makes, what is contested, what is new."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import pyoxigraph as ox

from partnergraph.base.texts import clean
from partnergraph.rdf.terms import Bindings, compact
from partnergraph.reading.answers import Answer
from partnergraph.reading.cards import EntityCard, read_entity
from partnergraph.reading.claims import claim_lines
from partnergraph.reading.gist import listed, quoted
from partnergraph.reading.holdings import holders, within
from partnergraph.reading.lines import texts_of
from partnergraph.reading.notes import notes_of
from partnergraph.reading.replying import footer
from partnergraph.reading.tabled import IN_VIEW, MARK_OF, SURELY, groups, table_of
from partnergraph.show.records import Table
from partnergraph.show.reply import Listing, Reply, reply_of_lists
from partnergraph.show.values import is_true

if TYPE_CHECKING:
    from partnergraph.core.graph import GraphCore


@dataclass(frozen=True)
class Aspect:
    """One line of a profile: what it is called, the question that answers it with which parameter, and the columns that are read."""

    name: str
    question: str
    parameter: str
    columns: tuple[str, ...]


# In the order in which a newcomer asks.
ASPECTS = (
    Aspect("owned by", "stakes", "owned", ("owner", "stake")),
    Aspect("funded by", "largest-investors", "investee", ("investor", "committed")),
    Aspect("runs on", "committed-by-supplier", "customer", ("supplier", "committed")),
    Aspect("makes", "makers", "developer", ("product",)),
    Aspect("competes with", "competitors-of", "entity", ("competitor",)),
)


def profile(graph: GraphCore, entity: str, kind: str | None, *, whole: bool = False, limit: int | None = None) -> Reply:
    """What is known of an entity as a reply: the newest claims, or with ``whole`` or a ``kind`` all of them by kind."""
    card = read_entity(graph, entity, kind=kind, limit=limit)
    answer = Answer(graph.project("card", entity=ox.NamedNode(entity)), graph)
    data = table_of(graph, answer, groups(answer), ("entity", "familyRank", "kind", "day"))
    names = [", ".join(("also called " + card.names[1], *card.names[2:]))] if card.names[1:] else []
    heading = [f"{clean(card.names[0])} · {card.what} · {compact(entity)}", *names]
    by_claim = {str(row["claim"].value): row for group in card.kinds.values() for row in group}
    lists = _by_kind(card, data) if whole or kind is not None else _newest(by_claim, card, data)
    aspects = [] if kind is not None else told_aspects(graph, entity)
    kinds = ", ".join(f"{label} {len(claims)}" for label, claims in card.kinds.items())
    name = quoted(card.names[0])
    steps = [f"partnergraph show {name} --kind {quoted(label)}" for label in list(card.kinds)[:1]]
    steps += [f"partnergraph timeline {name}", f"partnergraph map --focus {name}", f"partnergraph conflicts {name}"]
    return reply_of_lists(
        heading,
        [card.summary, *aspects],
        lists,
        remarks=[f"Kinds (--kind NAME): {kinds}"] if len(card.kinds) > 1 else [],
        following=steps if by_claim else [],
        footer=" · ".join([*([f"sources looked through: {card.known}"] if card.known else []), footer(graph)]),
        asked={"entity": compact(entity), "names": list(card.names), "kind": card.what},
        notes=notes_of(graph),
    )


def told_aspects(graph: GraphCore, entity: str) -> list[str]:
    """One sentence for each aspect of which something is known."""
    house = graph.house_of(entity).value
    found = [f"belongs to: {graph.labels([house]).get(house, compact(house))}"] if house != entity else []
    for aspect in ASPECTS:
        query = graph.questions.get(aspect.question)
        if query is None or aspect.parameter not in query.defaults():
            continue
        kinds = {parameter.name: parameter.kind for parameter in query.parameters}
        if kinds[aspect.parameter] == "house" and graph.house_of(entity).value != entity:
            # What its house does is no property of a part.
            continue
        values = {parameter.name: "*" for parameter in query.parameters} | {aspect.parameter: compact(entity)}
        answer = graph.evaluate(query, query.text, graph.bind(query, values))
        table = table_of(graph, answer, [1] * len(answer))
        told: dict[str, str] = {}
        held = holders(table, _day(graph)) if "held" in query.header else None
        for row in table.rows if held is None else held:
            who = texts_of(row.get(aspect.columns[0]))
            amounts = [
                text
                for name in aspect.columns[1:]
                for text in texts_of(row.get(name))
                if text not in ("not stated", "undisclosed", "0 USD")
            ]
            mark = MARK_OF.get(str(row.get(IN_VIEW, SURELY)), "")
            if who and (who[0] not in told or amounts):
                told[who[0]] = f"{amounts[0]}{mark}" if amounts else told.get(who[0], mark)
        told.pop(graph.labels([entity]).get(entity, ""), None)
        if told:
            more = within(held) if held else ""
            who_has = listed([f"{who} ({amount})" if amount else who for who, amount in told.items()])
            found.append(f"{aspect.name}: {who_has}{f'.{more}' if more else ''}")
    return found


def _day(graph: GraphCore) -> str:
    return (graph.view.as_of or datetime.datetime.now(tz=datetime.UTC).date()).isoformat()


def _item(row: Bindings, source: str, width: int) -> str:
    return "\n".join(claim_lines(row, source, width))


def _listing(title: str, rows: Sequence[Bindings], card: EntityCard, data: Table) -> Listing:
    wanted = {str(row["claim"].value) for row in rows}
    chosen = [(row, key) for row, key in zip(data.rows, data.keys, strict=True) if key in wanted]
    part = Table(title, data.columns, [row for row, _ in chosen], [key for _, key in chosen])
    items = [partial(_item, row, card.sources.get(str(row["claim"].value), "no citation")) for row in rows]
    return Listing(title, items, lambda: part, "claims")


def _by_kind(card: EntityCard, data: Table) -> list[Listing]:
    return [_listing(f"{label} ({len(rows)})", rows, card, data) for label, rows in card.kinds.items()]


def _newest(by_claim: dict[str, Bindings], card: EntityCard, data: Table) -> list[Listing]:
    today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    days = {claim: str(row["day"].value) if "day" in row else "" for claim, row in by_claim.items()}
    # What is only to come is no news; it stands at the end.
    order = sorted(by_claim, key=lambda claim: (days[claim] <= today, days[claim], claim), reverse=True)
    rows = [by_claim[claim] for claim in order]
    contested = [row for row in rows if is_true(row["contested"])]
    count = Counter(is_true(row["contested"]) for row in rows)[True]
    found = [_listing("newest", rows, card, data)]
    return [*found, _listing(f"contested ({count})", contested, card, data)] if contested else found
