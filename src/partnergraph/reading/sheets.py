"""Answers made readable: labels for IRIs, ranges in words, claims as numbered and marked references."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import pyoxigraph as ox

from partnergraph.base.texts import clean
from partnergraph.core.graph import GraphCore
from partnergraph.rdf.terms import PG, PREFIXES, Bindings, Term
from partnergraph.show.sheet import Sheet, heading
from partnergraph.show.values import RANGES, Range, interval, is_true, plain, span_words, until_words
from partnergraph.stores.results import Results

# A text that holds nothing but IRIs.
_IRIS = re.compile(r"https?://\S+(?: https?://\S+)*")


def sheet(graph: GraphCore, answer: Results, limit: int | None = None, most: int | None = None) -> Sheet:
    """The rows of an answer, or its first ones, with labels for IRIs, ranges in words and claims as numbers of footnotes.

    A column ``claims`` may hold several claims, separated by blanks; of these ``most`` are named, and how many more there are.
    """
    rows = list(answer.mappings(limit))
    left = [_cut(row, most) for row in rows] if most is not None and "claims" in answer.columns else []
    labels = labels_in(graph, rows)
    columns, ranges, spans = _columns(answer.columns)
    # The rows' own claims are numbered in the order of the rows, and only then others that they name.
    keys = [str(row["claim"].value) if "claim" in row else "" for row in rows]
    cited = dict.fromkeys(_cited(rows))
    claims = list(dict.fromkeys([*(key for key in keys if key in cited), *cited]))
    numbers = {claim: number for number, claim in enumerate(claims, 1)}
    marked = _marks(graph, claims)

    def note(claim: str) -> str:
        # A column of the user's own may hold anything.
        return f"[{numbers[claim]}]{marked[claim]}" if claim in numbers else claim

    def cell(row: Bindings, name: str) -> str:
        term = row.get(name)
        if name in ranges:
            return _range(ranges[name], row, labels)
        if name == "begin":
            return "" if row.keys().isdisjoint(("date", "begin", "end")) else interval(row)
        if name in spans:
            return span_words(*(_text(row.get(f"{spans[name]}{end}")) for end in ("Earliest", "Latest")))
        if name in UNTIL and isinstance(term, ox.Literal):
            return until_words(plain(term, labels))
        if name == "claims" and isinstance(term, ox.Literal):
            return " ".join(map(note, _several(term)))
        if isinstance(term, ox.NamedNode) and term.value.startswith(PREFIXES["claim"]):
            return note(term.value)
        return ", ".join(clean(labels[iri]) for iri in listed(term, labels)) or plain(term, labels)

    cells = [[cell(row, name) for name in columns] for row in rows]
    for line, more in zip(cells, left, strict=False):
        line[columns.index("claims")] += f" and {more} more" if more else ""
    named = {name: each.stem for name, each in ranges.items()} | {name: heading(stem) for name, stem in spans.items()}
    headings = [named.get(name) or ("when" if name == "begin" else heading(name)) for name in columns]
    return Sheet(headings, cells, claims, keys)


def labels_in(graph: GraphCore, rows: Iterable[Bindings]) -> dict[str, str]:
    """The labels of all that the rows name, but for claims, which are numbered."""
    iris: set[str] = set()
    for row in rows:
        for name, term in row.items():
            iris.update([term.value] if isinstance(term, ox.NamedNode) else _iris(term) if name != "claims" else [])
    return graph.labels([iri for iri in iris if not iri.startswith(PREFIXES["claim"])])


def listed(term: Term | None, labels: Mapping[str, str]) -> list[str]:
    """The IRIs of the things that a query put into one text, such as all who share in a deal, by their labels; none where one has no label."""
    iris = _iris(term)
    return sorted(iris, key=lambda iri: (labels[iri].casefold(), iri)) if all(iri in labels for iri in iris) else []


def _iris(term: Term | None) -> set[str]:
    """The IRIs that a text consists of; engines give them in any order."""
    if not isinstance(term, ox.Literal) or not _IRIS.fullmatch(term.value):
        return set()
    return set(term.value.split())


def _cut(row: Bindings, most: int) -> int:
    """Leaves the first claims of the column ``claims`` in the row, and returns how many it took out."""
    every = _several(row["claims"]) if "claims" in row else []
    if len(every) <= most:
        return 0
    row["claims"] = ox.Literal(" ".join(every[:most]))
    return len(every) - most


def _columns(names: Sequence[str]) -> tuple[list[str], dict[str, Range], dict[str, str]]:
    """The columns that are shown, which of them are ranges, and which are dates given by their first and last day."""
    ranges = {f"{r.stem}Min": r for r in RANGES if f"{r.stem}Min" in names and f"{r.stem}Max" in names}
    merged = {name for r in ranges.values() for name in r.columns()} - set(ranges)
    if "begin" in names:
        merged |= {"date", "end"}
    # The first and the last day that something may mean are one date, as precise as that is.
    spans = {f"{stem}Earliest": stem for stem in _stems(names)}
    merged |= {f"{stem}Latest" for stem in spans.values()}
    columns = [name for name in names if name not in merged]
    # What an answer rests on is a reference, not a finding: it stands last.
    last = ("claim", "claims")
    return [name for name in columns if name not in last] + [name for name in columns if name in last], ranges, spans


def _stems(columns: Iterable[str]) -> list[str]:
    """What two columns give the first and the last possible day of."""
    names = set(columns)
    return [stem for name in columns if (stem := name.removesuffix("Earliest")) != name and f"{stem}Latest" in names]


def _text(term: Term | None) -> str:
    return clean(str(term.value)) if isinstance(term, ox.Literal) else ""


def cited_claims(answer: Results) -> list[str]:
    """The IRIs of the claims that the rows of an answer name, in the order of first mention."""
    return _cited(answer.mappings())


def _cited(rows: Iterable[Bindings]) -> list[str]:
    found: dict[str, None] = {}
    for row in rows:
        for name, term in row.items():
            values = _several(term) if name == "claims" else [str(term.value)] if isinstance(term, ox.NamedNode) else []
            found.update((value, None) for value in values if value.startswith(PREFIXES["claim"]))
    return list(found)


def _several(term: Term) -> list[str]:
    """The IRIs that a column ``claims`` holds, which none of them can hold a blank; engines give them in any order."""
    return sorted(set(str(term.value).split())) if isinstance(term, ox.Literal | ox.NamedNode) else []


# Days from which on something holds no longer.
UNTIL = {"end", "agreedEnd"}
CONTESTED, OVERRULED, REJECTED, POSSIBLY, STALE = "*", "†", "✗", "?", "~"


def _marks(graph: GraphCore, claims: list[str]) -> dict[str, str]:
    """``*`` for each claim that others contradict, ``†`` where one of these is preferred, ``✗`` where the editors reject it.

    ``?`` is for one that is only possibly in the view, ``~`` for one known for its own day only, long before.
    """
    contested = graph.engine.objects(claims, f"{PG}contradicts")
    overruled = {claim for claim, rows in graph.project_each("overruled", "claim", claims).items() if rows}
    unsure = unsure_marks(graph, claims)
    rejected = graph.engine.objects(claims, f"{PG}rejectedIn")
    dispute = dict.fromkeys(contested, CONTESTED) | dict.fromkeys(overruled, OVERRULED) | dict.fromkeys(rejected, REJECTED)
    return {claim: dispute.get(claim, "") + unsure.get(claim, "") for claim in claims}


def unsure_marks(graph: GraphCore, claims: Iterable[str]) -> dict[str, str]:
    """``?`` for each of the claims that is only possibly in the view, ``~`` for each that is stale."""
    wanted = list(claims)
    unsure: dict[str, str] = {}
    if graph.view.as_of or graph.view.known_by:
        for name, mark in (("possiblyInForce", POSSIBLY), ("possiblyPublished", POSSIBLY), ("stale", STALE)):
            unsure |= dict.fromkeys(graph.engine.objects(wanted, f"{PG}{name}"), mark)
    return unsure


def legend(content: Sheet) -> str:
    """What the marks in the sheet mean, or nothing where there are none."""
    text = " ".join(cell for line in content.cells for cell in line)
    meanings = {
        CONTESTED: "* contested, see its note",
        OVERRULED: "† contested, and another version is preferred",
        REJECTED: "✗ held to be a mistake by the editors",
        POSSIBLY: "? only possibly in this view",
        STALE: "~ stale: known for its own day only, long before",
    }
    marks = "".join(re.findall(rf"\](?=[{''.join(meanings)}])([{''.join(meanings)}]+)", text))
    return "; ".join(meaning for mark, meaning in meanings.items() if mark in marks)


def _range(ranges: Range, row: Mapping[str, Term], labels: Mapping[str, str]) -> str:
    """A range in words, or nothing where the claim says nothing about it."""
    known = any(f"{ranges.stem}{part}" in row for part in ("Min", "Max"))
    # A plain number needs no unit; the measure beside it says of what.
    row = {name: term for name, term in row.items() if not str(term.value).endswith("#unit-count")}
    return ranges.text(row, labels) if known or is_true(row.get(f"{ranges.stem}Undisclosed")) else ""
