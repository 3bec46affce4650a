"""The gist of an answer in a few sentences: what was found, how well it is known, and where nothing was found what is near."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pyoxigraph as ox

from partnergraph.base.texts import clean
from partnergraph.content.queries import ANY
from partnergraph.core.views import ATTESTATIONS
from partnergraph.rdf.terms import PG, PREFIXES, expand
from partnergraph.reading.holdings import holdings
from partnergraph.reading.ledger import KINDS, read_ledger, words
from partnergraph.reading.lines import a_line_each, standing, texts_of
from partnergraph.show.records import Day, Measure, Ref, Table

if TYPE_CHECKING:
    from partnergraph.content.queries import Query
    from partnergraph.core.graph import GraphCore
    from partnergraph.reading.answers import Answer
    from partnergraph.show.records import Cell

# A sentence names so many of what a column holds.
MOST_NAMED = 5
# A text longer than this is told by its first words.
LONG = 40
# Of so few claims the sentences themselves are the finding.
FEW_CLAIMS = 2
ANYBODY = "anybody"
# A sum is of all that the question is about, also where fewer rows are shown.
BEYOND = "In all, beyond what is shown: "


def gist(graph: GraphCore, query: Query, answer: Answer, table: Table) -> list[str]:
    """What the answer comes to: the sentence of the question, sums of the ledger where it asks for money, and how well all is known.

    Where it was spoken of the newest or largest already, no other claim stands beside it.
    """
    values, found = answer.values, []
    template = query.header.get("finding", "")
    if template:
        bound = {name: text for name, text in _shown(graph, query, values).items() if text != ANYBODY}
        if query.parameters and f"{{{query.parameters[0].name}}}" in template and query.parameters[0].name not in bound:
            # Of whom nobody said: there may be many, who are no subject of one sentence.
            template = query.header.get("several", "")
        found += [filled(template, table, bound)] if template else []
    found += a_line_each(query.header.get("line", ""), table)
    found += standing(table, query.header["beside"]) if "beside" in query.header else []
    owners = _held_now(graph, query, values, table)
    found += owners
    sums = _sums(graph, query, values)
    found += [f"{BEYOND}{said}" for said in sums] if answer.narrowed else sums
    claims = _cited(table)
    labels = graph.labels(claims)
    if not template and len(claims) <= FEW_CLAIMS:
        found += [_full_stop(labels.get(claim, "")) for claim in claims]
        ends = [str(expand(one.id)) for row in table.rows for one in _each(row.get("ended by")) if isinstance(one, Ref)]
        found += [f"Ended: {_full_stop(text)}" for text in graph.labels(dict.fromkeys(ends)).values()]
    elif query.header.get("tally"):
        found += [tally(table, name.strip()) for name in query.header["tally"].split(",")]
    elif not answer.spoken and not template and not owners and query.header.keys().isdisjoint(("line", "beside")):
        found += _leading(graph, table, labels)
    return [*filter(None, found), counted(graph, table, claims)]


def _held_now(graph: GraphCore, query: Query, values: Mapping[str, str], table: Table) -> list[str]:
    """Who holds what that the question names, where it is one that asks for owners."""
    named = query.header.get("held", "")
    if not named or any(graph.is_open(one, values.get(one.name, "")) for one in query.parameters if one.name == named):
        return []
    day = graph.view.as_of
    today = (day or datetime.datetime.now(tz=datetime.UTC).date()).isoformat()
    return list(filter(None, [holdings(table, today, now=day is None)]))


def tally(table: Table, column: str) -> str:
    """Of how many claims each thing is said that stands in a column, the most often said first.

    >>> rows = [{"cause": Ref("pg:a", "correction")}, {"cause": Ref("pg:a", "correction")}, {"cause": Ref("pg:b", "new source")}]
    >>> tally(Table("", ["cause"], rows, keys=["c1", "c2", "c3"]), "cause")
    'Claims by cause: correction (2), new source (1).'
    """
    said: dict[str, set[str]] = {}
    for number, row in enumerate(table.rows):
        for text in texts_of(row.get(column)):
            said.setdefault(_cut(text), set()).add(table.keys[number] if number < len(table.keys) else str(number))
    counts = sorted(said.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    told = [f"{text} ({len(claims):,})" for text, claims in counts[:MOST_NAMED]]
    rest = f" and {len(counts) - MOST_NAMED} more" if len(counts) > MOST_NAMED else ""
    return f"Claims by {column}: {', '.join(told)}{rest}." if told else ""


def _cut(text: str) -> str:
    """The text up to its first colon or full stop, where it is long."""
    return clean(text if len(text) <= LONG else re.split(r"[:.;](?: |$)", text)[0])


def _cited(table: Table) -> list[str]:
    """The claims that the rows rest on, each once: a row of a sum has several."""
    named = [
        expand(one.id)
        for row in table.rows
        for column in ("claim", "claims")
        for one in _each(row.get(column))
        if isinstance(one, Ref)
    ]
    return [claim for claim in dict.fromkeys([*table.keys, *named]) if claim and claim.startswith(PREFIXES["claim"])]


def _shown(graph: GraphCore, query: Query, values: Mapping[str, str]) -> dict[str, str]:
    """The values of the parameters by the names that people know."""
    shown = {}
    for parameter in query.parameters:
        value = values.get(parameter.name, "")
        if value and not graph.is_open(parameter, value):
            term = graph.term(query.name, parameter, value)
            known = graph.labels([term.value]).get(term.value) if isinstance(term, ox.NamedNode) else None
            shown[parameter.name] = clean(known or str(term.value))
        else:
            shown[parameter.name] = ANYBODY
    return shown


def filled(template: str, table: Table, values: Mapping[str, str]) -> str:
    """The sentence with values in the place of ``{names}`` of parameters and columns; ``{rows}`` is how many rows there are.

    ``{what: state=open}`` holds only what the column has in rows whose state is open.

    >>> filled("{who} has {what}: {rows}.", Table("", ["what"], [{"what": Ref("ent:a", "A")}, {"what": Ref("ent:b", "B")}]), {"who": "X"})
    'X has A and B: 2.'
    >>> rows = [{"what": Ref("ent:a", "A"), "state": "open"}, {"what": Ref("ent:b", "B"), "state": "shut"}]
    >>> filled("Open: {what: state=open}; lost: {what: state=lost}.", Table("", ["what", "state"], rows), {})
    'Open: A; lost: none.'
    """

    def put(match: re.Match[str]) -> str:
        name = match[1]
        if name == "rows":
            return f"{len(table.rows):,}"
        if name == "first":
            return "{}"
        if name in values:
            return values[name]
        told = [
            text
            for row in table.rows
            if match[2] is None or match[3] in texts_of(row.get(match[2]))
            for text in texts_of(row.get(name))
        ]
        return listed(told) if told or match[2] is None else "none"

    return re.sub(r"\{([\w ]+)(?:: ([\w ]+)=([\w ]+))?\}", put, template)


def listed(names: Sequence[str]) -> str:
    """The names, each once, the first few of many, as a sentence lists them."""
    once = list(dict.fromkeys(filter(None, names)))
    if len(once) > MOST_NAMED:
        return f"{', '.join(once[:MOST_NAMED])} and {len(once) - MOST_NAMED} more"
    return " and ".join(filter(None, (", ".join(once[:-1]), *once[-1:]))) or "nobody"


def _sums(graph: GraphCore, query: Query, values: Mapping[str, str]) -> list[str]:
    """What the ledger says of the parties of the question, one sentence a currency; the only sums that an answer gives."""
    said = dict(word.partition("=")[::2] for word in query.header.get("sum", "").split())
    if not said:
        return []
    ends = {}
    for end in ("payer", "payee"):
        name = said.get(end, "")
        value = values.get(name, "") if name else ""
        if name and (not value or value in (ANY, "any")):
            return []
        ends[end] = value
    ledger = read_ledger(graph, of=[name for name in ends.values() if name])
    purpose = said.get("purpose", "")
    chosen = (
        ledger.between(ends["payer"], ends["payee"], purpose)
        if all(ends.values())
        else ledger.pay(ends["payer"], ends["payee"], purpose)
    )
    found = []
    who = " → ".join(ledger.label(ledger.house(name)) for name in ends.values() if name)
    for currency in sorted({entry.currency for entry in chosen.all if entry.currency}):
        told = [f"{kind} {text}" for kind in KINDS if (text := words(chosen.total(kind, currency), currency))]
        if told:
            rated = [entry for entry in chosen.all if not entry.within and entry.weakest]
            if rated:
                weakest = min(rated, key=lambda one: one.weakest_rank).weakest
                told.append("all of it confirmed" if weakest == "confirmed" else f"{weakest} at the weakest")
            found.append(f"{who}{f' ({purpose})' if purpose else ''}: {'; '.join(told)}.")
    return found


def _leading(graph: GraphCore, table: Table, labels: Mapping[str, str]) -> list[str]:
    """The sentences of the newest claim and of that with the largest amount."""
    today = graph.view.today
    dated: dict[str, str] = {}
    sized: dict[str, Measure] = {}
    for row, key in zip(table.rows, table.keys, strict=True):
        if key not in labels:
            continue
        days = [one.text for name in ("date", "begin") for one in _each(row.get(name)) if isinstance(one, Day)]
        if days and max(days) <= today:
            dated[key] = max(days)
        amounts = [one for one in _each(row.get("amount")) if isinstance(one, Measure) and one.greatest is not None]
        if amounts:
            sized[key] = amounts[0]
    found = []
    if dated:
        newest = max(dated, key=lambda key: (dated[key], key))
        found.append(f"Newest: {_full_stop(labels[newest])}")
    if len({one.unit for one in sized.values()}) == 1:
        largest = max(sized, key=lambda key: (sized[key].greatest or 0, key))
        if not found or labels[largest] not in found[0]:
            found.append(f"Largest: {_full_stop(labels[largest])}")
    return found


def _each(cell: Cell) -> tuple[Cell, ...]:
    return cell if isinstance(cell, tuple) else (cell,)


def _full_stop(text: str) -> str:
    text = clean(text)
    return text if not text or text.endswith((".", "?", "!")) else f"{text}."


def counted(graph: GraphCore, table: Table, claims: Sequence[str]) -> str:
    """How many claims there are, of which years, how well attested, how many contested."""
    if not claims:
        return f"{len(table.rows):,} row{'' if len(table.rows) == 1 else 's'}."
    attested = graph.engine.objects(claims, f"{PG}attestation")
    known = graph.labels({term.value for terms in attested.values() for term in terms if isinstance(term, ox.NamedNode)})
    levels = Counter(known.get(terms[0].value, "") for terms in attested.values() if isinstance(terms[0], ox.NamedNode))
    days = sorted(
        one.text for row in table.rows for name in ("date", "begin") for one in _each(row.get(name)) if isinstance(one, Day)
    )
    years = f", {days[0][:4]}" + (f" to {days[-1][:4]}" if days[-1][:4] != days[0][:4] else "") if days else ""
    contested = len(graph.engine.objects(claims, f"{PG}contradicts"))
    told = [f"{levels[level]} {level}" for level in reversed(ATTESTATIONS) if levels[level]]
    if contested:
        told.append(f"{contested} contested")
    return f"{len(claims):,} claim{'' if len(claims) == 1 else 's'}{years}{': ' if told else ''}{', '.join(told)}."


def nothing(graph: GraphCore, query: Query, values: Mapping[str, str]) -> list[str]:
    """What was looked for in vain, and how near it came: which value leaves nothing, and where else what was named stands."""
    shown = _shown(graph, query, values)
    held = [parameter for parameter in query.parameters if not graph.is_open(parameter, values.get(parameter.name, ""))]
    asked = ", ".join(f"{parameter.name} {shown[parameter.name]}" for parameter in held)
    view = f" in this view ({graph.view})" if str(graph.view) != "all claims" else ""
    found = [filled(query.header["otherwise"], Table("", [], []), shown)] if "otherwise" in query.header else []
    found.append(f"Nothing found{view}: no claim fits {asked}." if asked else f"Nothing found{view}.")
    for parameter in held:
        opened = dict(values) | {parameter.name: ANY}
        rows = list(graph.evaluate(query, query.text, graph.bind(query, opened)).mappings())
        if not rows:
            continue
        value = graph.term(query.name, parameter, values[parameter.name])
        elsewhere = Counter(name for row in rows for name, term in row.items() if term == value and name != parameter.name)
        for name, times in elsewhere.most_common(2):
            found.append(f"{shown[parameter.name]} stands in {times} of the {len(rows)} rows as {name}, not as {parameter.name}.")
        if not elsewhere:
            found.append(f"With {parameter.name}=any there are {len(rows)} rows.")
    if str(graph.view) != "all claims" and len(graph.whole.evaluate(query, query.text, graph.whole.bind(query, values)).rows):
        found.append("Without the view there are some: leave out --as-of, --known-by, --attested or --tier.")
    names = [shown[p.name] for p in held if p.kind in ("entity", "house")]
    return found + ([f"What is known of {names[0]}: partnergraph show {quoted(names[0])}"] if names else [])


def quoted(name: str) -> str:
    """The name as a shell takes it, on one line."""
    name = clean(name)
    return name if re.fullmatch(r"[\w.:/+-]+", name) else '"' + name.replace('"', '\\"') + '"'
