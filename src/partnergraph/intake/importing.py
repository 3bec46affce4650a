"""Importing a table: a draft of its claims, a list of what was rejected and why, and two files that people edit."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from partnergraph.base.errors import ContentError
from partnergraph.base.files import replace_together
from partnergraph.base.spreadsheets import write_csv
from partnergraph.core.graph import GraphCore
from partnergraph.intake.columns import Columns, propose, read_columns, write_columns
from partnergraph.intake.drafts import Draft, DraftClaim
from partnergraph.intake.likeness import Likeness
from partnergraph.intake.matching import Match, Matcher, append_decision, decisions, read_decided
from partnergraph.intake.rows import Rejected, RowReader, file_stem
from partnergraph.intake.standards import standard_table
from partnergraph.intake.tables import Row, Table
from partnergraph.rdf.names import fold
from partnergraph.rdf.terms import compact
from partnergraph.reading.classcards import Classes

# What a person answers who is asked what a name means: a number of a candidate as its IRI, new, or nothing; None to leave it open.
Ask = Callable[[Match], str | None]


@dataclass
class Imported:
    """What came of an import: the draft, each row with what became of it, and the files."""

    table: Table
    columns: Columns
    draft: Draft
    outcomes: list[tuple[int, str]] = field(default_factory=list)
    rejected: list[tuple[int, list[str], str]] = field(default_factory=list)
    cited: dict[str, str] = field(default_factory=dict)
    contradicting: list[tuple[int, str]] = field(default_factory=list)
    versions: list[tuple[int, str]] = field(default_factory=list)
    taken: list[tuple[int, str]] = field(default_factory=list)
    amounts: Counter[str] = field(default_factory=Counter)
    matches: list[Match] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    order: str = ""
    decimal: str = ""
    # Ends of the class that no column holds: each by its label and short name.
    unmapped: list[str] = field(default_factory=list)

    def counts(self) -> Counter[str]:
        """How many rows became what."""
        return Counter(outcome for _, outcome in self.outcomes)


@dataclass(frozen=True)
class Places:
    """The files beside a table: the mapping, what names mean, the draft, what was rejected, and what was last written."""

    table: Path

    def _beside(self, ending: str) -> Path:
        return self.table.with_name(f"{file_stem(self.table)}.{ending}")

    @property
    def columns(self) -> Path:
        """The mapping."""
        return self._beside("map.toml")

    @property
    def names(self) -> Path:
        """What names mean; one for all tables of a folder."""
        return self.table.with_name("names.csv")

    @property
    def draft(self) -> Path:
        """What is proposed."""
        return self._beside("draft.ttl")

    @property
    def rejected(self) -> Path:
        """What was rejected."""
        return self._beside("rejected.csv")

    @property
    def state(self) -> Path:
        """Sums of what was written, by which it is known whether somebody has edited it since."""
        return self._beside("import.json")


def import_table(  # noqa: PLR0913  # each is one way to settle something
    graph: GraphCore,
    path: Path,
    kind: str = "",
    *,
    mapping: Path | None = None,
    sheet: str = "",
    settle: dict[str, str] | None = None,
    ask: Ask | None = None,
) -> Imported:
    """Reads a table and writes what is proposed beside it; nothing of the graph changes.

    ``kind`` is the class of the claims, or one of followthemoney, bods and gleif; ``settle`` gives what the mapping may say:
    unit, currency, dates, decimal. Run again with the same files it writes the same. Raises ContentError where the table or
    the mapping cannot be used, or where what it wrote last was edited since.
    """
    places = Places(path)
    classes = Classes(graph)
    saved = mapping or (places.columns if places.columns.exists() else None)
    kept = None if saved is None else read_columns(saved, classes)
    table, standard = standard_table(path, kind or (kept.standard if kept else ""), sheet)
    if saved is not None and kept is not None:
        _fits(saved, kept, table, standard, kind, classes)
        columns = kept
    elif standard is not None:
        columns = standard
    elif not kind:
        raise ContentError(path, "say what its rows are: --as investment, or followthemoney, bods, gleif")
    else:
        columns = propose(table, classes.find(kind), classes)
    for name, value in (settle or {}).items():
        if value:
            setattr(columns, name, value)
    decided = read_decided(places.names)
    matcher = Matcher(graph, decided)
    if ask is not None:
        _ask(places, table, columns, classes, matcher, ask)
    draft = Draft(graph)
    reader = RowReader(table, columns, classes, matcher, draft)
    result = Imported(table, columns, draft)
    if not columns.holding("class"):
        card = classes.find(columns.kind)
        ends = [end for end in dict.fromkeys((card.start, card.finish)) if end.name not in card.optional]
        result.unmapped = [f"{end.label} ({end.name})" for end in ends if not columns.holding(end.name)]
    _read_rows(reader, result)
    _prune(draft)
    result.amounts, result.order, result.decimal = reader.kinds, reader.order, reader.decimal
    result.matches = list(matcher.met.values())
    _write(places, mapping, result, graph)
    return result


def _fits(saved: Path, kept: Columns, table: Table, standard: Columns | None, kind: str, classes: Classes) -> None:  # noqa: PLR0913, PLR0917  # what a mapping is held against
    """Raises ContentError where a mapping is of other rows, or speaks of columns that the table has not got."""
    if kind and standard is None and classes.find(kind).name != kept.kind:
        raise ContentError(saved, f"says class = {kept.kind}; leave out --as, or edit it")
    unknown = [heading for heading in kept.columns if heading not in table.headings]
    if unknown:
        raise ContentError(
            saved, f"speaks of a column {unknown[0]!r} that the table has not got; it has {', '.join(table.headings)}"
        )


def _ask(places: Places, table: Table, columns: Columns, classes: Classes, matcher: Matcher, ask: Ask) -> None:  # noqa: PLR0913, PLR0917  # what a question to a person needs
    """Asks once about each name that may mean several, and keeps each answer at once."""
    for heading, held in columns.columns.items():
        if held not in classes.roles:
            continue
        for row in table.rows:
            for name in matcher.split(row.cells.get(heading, "")):
                match = matcher.match(name)
                if match.how != "asked":
                    continue
                answer = ask(match)
                if answer is None:
                    continue
                label = matcher.graph.names.label.get(answer, "")
                replace_together({places.names: append_decision(places.names, name, answer, label)})
                matcher.decided[fold(name)] = (answer, name)
                matcher.met.pop(fold(name))


def _read_rows(reader: RowReader, result: Imported) -> None:
    likeness = reader.likeness
    seen: dict[tuple[object, ...], tuple[int, DraftClaim | str]] = {}
    for row in reader.table.rows:
        try:
            claim = reader.read(row)
            _place(claim, row, result, likeness, seen)
        except Rejected as error:
            result.outcomes.append((row.number, "rejected"))
            result.rejected.append((row.number, list(row.cells.values()), str(error)))
    for number, cells, why in reader.table.passed:
        result.outcomes.append((number, "passed over"))
        if any(cells):
            result.rejected.append((number, cells, why))
    result.rejected.sort(key=lambda item: item[0])


def _place(
    claim: DraftClaim, row: Row, result: Imported, likeness: Likeness, seen: dict[tuple[object, ...], tuple[int, DraftClaim | str]]
) -> None:
    """Puts a draft where it belongs: to be added, as one more citation, or as nothing new."""
    source, locator = claim.citations[0]
    first = seen.get(claim.key())
    if first is not None:
        number, earlier = first
        if isinstance(earlier, DraftClaim) and source not in {known for known, _ in earlier.citations}:
            earlier.citations.append((source, locator))
            result.outcomes.append((row.number, "cited"))
            result.cited[str(row.number)] = f"row {number}"
            return
        raise Rejected(f"says what row {number} says")
    if likeness.cited(source, locator):
        result.outcomes.append((row.number, "known"))
        result.taken.append((row.number, compact(min(likeness.cited(source, locator)))))
        return
    alike = likeness.alike(claim.said())
    if alike is not None and alike.same and not alike.silent:
        if likeness.cites(alike.claim, source):
            result.outcomes.append((row.number, "known"))
            result.taken.append((row.number, compact(alike.claim)))
            return
        seen[claim.key()] = (row.number, alike.claim)
        result.draft.citations.append((alike.claim, source, locator))
        result.outcomes.append((row.number, "cited"))
        result.cited[str(row.number)] = compact(alike.claim)
        return
    if alike is not None and alike.silent:
        # To cite it would lose the sum. Of several sums only one is of that deal, and which, the user must say.
        if alike.claim not in {earlier.version_of for earlier in result.draft.claims}:
            claim.version_of = alike.claim
            result.versions.append((row.number, compact(alike.claim)))
    elif alike is not None:
        claim.contradicts = alike.claim
        result.contradicting.append((row.number, compact(alike.claim)))
    seen[claim.key()] = (row.number, claim)
    result.draft.add(claim)
    result.outcomes.append((row.number, "added"))


def _prune(draft: Draft) -> None:
    """Takes out what only rejected rows speak of."""
    used = {iri for claim in draft.claims for _, iri in claim.roles}
    sources = {source for claim in draft.claims for source, _ in claim.citations} | {source for _, source, _ in draft.citations}
    draft.sources = {iri: said for iri, said in draft.sources.items() if iri in sources}
    used |= {value.value for said in draft.sources.values() for _, value in said}
    draft.entities = {iri: said for iri, said in draft.entities.items() if iri in used}


def _write(places: Places, mapping: Path | None, result: Imported, graph: GraphCore) -> None:
    headings = ["row", *result.table.headings, "why"]
    width = len(result.table.headings)
    rows = [[str(number), *[*cells, *[""] * width][:width], why] for number, cells, why in result.rejected]
    ours = {places.draft: result.draft.turtle().encode(), places.rejected: write_csv(headings, rows)}
    sums = _sums(places.state)
    written = (*ours, places.names, places.columns, places.state)
    held = {path: path.read_bytes() if path.exists() else None for path in written}
    files: dict[Path, bytes] = {}
    for path, data in ours.items():
        old = held[path]
        if old not in (None, data) and sums.get(path.name) != hashlib.sha256(old or b"").hexdigest():
            raise ContentError(path, "was edited since the import wrote it; accept it, or move it away, and run this again")
        files[path] = data
    files[places.names] = decisions(places.names, result.matches, graph)
    if mapping is None and held[places.columns] is None:
        files[places.columns] = write_columns(result.columns, result.table).encode()
    made = {path.name: hashlib.sha256(data).hexdigest() for path, data in ours.items()}
    files[places.state] = json.dumps({**sums, **made}, indent=2, sort_keys=True).encode() + b"\n"
    changed = {path: data for path, data in files.items() if held[path] != data}
    replace_together(changed, {path: held[path] for path in changed})
    result.files = [path.name for path in changed if path != places.state]


def _sums(path: Path) -> dict[str, str]:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}
