"""What a sum is made of: the entries of the ledger behind it, the claims that count, and those left out with the reason."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from partnergraph.base.errors import UnknownName
from partnergraph.base.texts import clean
from partnergraph.core.graph import GraphCore
from partnergraph.ledger.amounts import NOTHING
from partnergraph.rdf.terms import compact, expand
from partnergraph.reading.citations import read_citations
from partnergraph.reading.ledger import ANYBODY, KINDS, Entry, Ledger, read_ledger, words
from partnergraph.show.markup import Html, as_html
from partnergraph.show.records import Cell, Table
from partnergraph.show.reply import Listing, Reply, reply_of_lists


@dataclass(frozen=True)
class Node:
    """One line of the tree: what it says, and what it is made of."""

    text: str
    parts: list[Node] = field(default_factory=list)

    def lines(self, width: int, lead: str = "", branch: str = "") -> list[str]:
        """The tree as lines for a terminal."""
        rest = lead + ("│ " if branch == "├ " else "  " if branch else "")
        wrapped = textwrap.wrap(self.text, max(20, width - len(lead) - len(branch)), break_on_hyphens=False) or [""]
        bar = "│ " if self.parts else "  "
        found = [lead + branch + wrapped[0], *(rest + bar + more for more in wrapped[1:])]
        for number, part in enumerate(self.parts):
            found += part.lines(width, rest, "└ " if number == len(self.parts) - 1 else "├ ")
        return found

    def walk(self, depth: int = 0) -> Iterator[tuple[int, Node]]:
        """The node and all that it is made of, each with how deep it stands."""
        yield depth, self
        for part in self.parts:
            yield from part.walk(depth + 1)

    def plain(self) -> dict[str, object]:
        """The tree as plain data."""
        return {"text": self.text} | ({"parts": [part.plain() for part in self.parts]} if self.parts else {})

    def html(self) -> Html:
        """The tree as nested lists."""
        inner = "".join(part.html() for part in self.parts)
        return Html(f"<li>{as_html(self.text)}{f'<ul>{inner}</ul>' if inner else ''}</li>")


@dataclass(frozen=True, repr=False)
class Why:
    """What a sum is made of, as a tree."""

    graph: GraphCore
    title: str
    roots: list[Node]

    def text(self, width: int = 100) -> str:
        """The tree as text for people."""
        lines = textwrap.wrap(self.title, width, break_on_hyphens=False)
        for root in self.roots:
            lines += ["", *root.lines(width)]
        return "\n".join([*lines, "", f"{self.graph.scope} · content {self.graph.version}"]) + "\n"

    def reply(self) -> Reply:
        """The tree as a reply: the sums, then as many of its lines as there is room for; a row a line of the tree as a table."""
        lines = [(depth, node.text) for root in self.roots for depth, node in root.walk()]
        items = [partial(_line, depth, text) for depth, text in lines]
        rows: list[dict[str, Cell]] = [{"depth": depth, "says": text} for depth, text in lines]
        table = Table("what it is made of", ["depth", "says"], rows)
        return reply_of_lists(
            [self.title],
            [f"{root.text}." for root in self.roots],
            [Listing("", items, lambda: table, "lines")],
            footer=f"{self.graph.scope} · content {self.graph.version}",
        )

    def to_json(self) -> dict[str, object]:
        """The tree as plain data, ready for ``json.dumps``."""
        return {
            "title": self.title,
            "view": str(self.graph.view),
            "content": self.graph.version,
            "parts": [root.plain() for root in self.roots],
        }

    def __repr__(self) -> str:
        return f"<why: {self.title}>"

    def __str__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        return Html(f"<p><b>{as_html(self.title)}</b></p><ul>{''.join(root.html() for root in self.roots)}</ul>")


def _line(depth: int, text: str, width: int) -> str:
    lead = "  " * depth
    return "\n".join(textwrap.wrap(text, width, initial_indent=lead, subsequent_indent=f"{lead}    ", break_on_hyphens=False))


def why(graph: GraphCore, what: str, other: str = "", *, house: bool = True) -> Why:
    """What one party pays another, or what an entry or the entry of a claim comes to, unfolded.

    ``what`` is a payer, with ``other`` the payee, by any of their names, or *any*; or the name of an entry or of a claim.
    Raises UnknownName for what is none of these.
    """
    ledger = read_ledger(graph, house=house)
    if other and {what.casefold(), other.casefold()} & ANYBODY:
        return _side(graph, ledger, what, other)
    if other:
        return _pair(graph, ledger, what, other)
    entry = ledger.find(what)
    if entry is None:
        raise UnknownName(
            "entry of the ledger", what, hint="name a claim about money, or two parties: partnergraph why Microsoft OpenAI"
        )
    return Why(graph, f"{_parties(ledger, entry)} · {entry.purpose}", [_entry(graph, ledger, entry)])


def _pair(graph: GraphCore, ledger: Ledger, payer: str, payee: str) -> Why:
    roots = _sums(graph, ledger, ledger.between(payer, payee))
    ends = ledger.ends(payer, payee)
    unseen = [
        entry
        for entry in ledger.all
        if not entry.claims
        and (
            tuple(ledger.houses.get(p, p) for p in entry.stated[0][:1]),
            tuple(ledger.houses.get(p, p) for p in entry.stated[1][:1]),
        )
        == ((ends[0],), (ends[1],))
    ]
    if unseen:
        left = [node for entry in unseen for node in _omitted(graph, entry)]
        roots.append(Node("in no sum", left))
    labels = graph.labels(str(expand(end)) for end in ends)
    names = [clean(labels.get(str(expand(end)), end)) for end in ends]
    return Why(graph, f"{names[0]} → {names[1]}" + ("" if roots else ": no claim says that money goes this way"), roots)


def _side(graph: GraphCore, ledger: Ledger, payer: str, payee: str) -> Why:
    """What one party pays, or is paid, by anybody: each line names who stands on the other side."""
    pays, paid = ("" if name.casefold() in ANYBODY else name for name in (payer, payee))
    roots = _sums(graph, ledger, ledger.pay(pays, paid), named=True)
    ends = [clean(ledger.label(ledger.house(name))) if name else "anybody" for name in (pays, paid)]
    return Why(graph, " → ".join(ends) + ("" if roots else ": no claim says that money goes this way"), roots)


def _sums(graph: GraphCore, ledger: Ledger, chosen: Ledger, *, named: bool = False) -> list[Node]:
    """What some entries come to, purpose by purpose, and what that is made of."""
    roots = []
    counted = [entry for entry in chosen.all if not entry.within]
    for purpose in dict.fromkeys(entry.purpose for entry in counted):
        own = Ledger(graph, [entry for entry in counted if entry.purpose == purpose], ledger.houses)
        currencies = sorted({entry.currency for entry in own.all if entry.currency})
        sums = [f"{kind} {text}" for code in currencies or [""] for kind in KINDS if (text := words(own.total(kind, code), code))]
        listed = sorted(own.all, key=lambda entry: (entry.begins, entry.name))
        parts = [_entry(graph, ledger, entry, f"{_parties(ledger, entry)} · " if named else "") for entry in listed]
        roots.append(Node(f"{purpose}: {'; '.join(sums) or 'no amount stated'}", parts))
    return roots


def _parties(ledger: Ledger, entry: Entry) -> str:
    sides = ([entry.payer] if entry.payer else entry.group(0), [entry.payee] if entry.payee else entry.group(1))
    return " → ".join(clean(", ".join(ledger.label(name) for name in names)) for names in sides)


def _entry(graph: GraphCore, ledger: Ledger, entry: Entry, lead: str = "") -> Node:
    amounts = [f"{kind} {text}" for kind in KINDS if (text := words(getattr(entry, kind), entry.currency))]
    if entry.preferred not in (entry.committed, NOTHING):
        amounts.append(f"by the preferred version {words(entry.preferred, entry.currency)}")
    rated = entry.best if entry.best == entry.weakest else f"{entry.weakest} to {entry.best}"
    told = [entry.stage or "no stage", rated, f"from {entry.when}" if entry.when else "undated"]
    if entry.share_of:
        told.append(f"a share of the deal {entry.share_of} of a group")
    if entry.rest_of:
        told.append(f"what of {entry.rest_of} is no share of a deal of a group")
    counting = _claims(graph, entry.claims, "counts")
    inside = [_entry(graph, ledger, one) for one in ledger.inside(entry)]
    parts = [*counting, *([Node("within it, as far as itemised", inside)] if inside else []), *_omitted(graph, entry)]
    return Node(f"{lead}entry:{entry.name}: {'; '.join(amounts) or 'no amount stated'} ({', '.join(told)})", parts)


def _claims(graph: GraphCore, claims: tuple[str, ...], word: str) -> list[Node]:
    iris = [str(expand(claim)) for claim in claims]
    labels, cited = graph.labels(iris), read_citations(graph, iris)
    nodes = []
    for iri in iris:
        sources = (
            [Node(str(cited[iri][0]) + (f", and {len(cited[iri]) - 1} more" if len(cited[iri]) > 1 else ""))] if cited[iri] else []
        )
        nodes.append(Node(f"{word} {compact(iri)}: {clean(labels.get(iri, ''))}", sources))
    return nodes


def _omitted(graph: GraphCore, entry: Entry) -> list[Node]:
    labels = graph.labels(str(expand(claim)) for claim, _ in entry.omits)
    return [Node(f"left out, {reason}: {claim}: {clean(labels.get(str(expand(claim)), ''))}") for claim, reason in entry.omits]
