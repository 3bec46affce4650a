"""Claims and sources in the short form in which they go into the page; data.py says what the keys mean."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pyoxigraph as ox

from partnergraph.base.texts import clean
from partnergraph.core.rows import is_so, rows
from partnergraph.page.preference import preferences
from partnergraph.rdf.terms import PREFIXES, compact
from partnergraph.reading.citations import outlet
from partnergraph.reading.topics import read_topics
from partnergraph.show.values import RANGES, decimal, interval, is_true, number, plain

if TYPE_CHECKING:
    from partnergraph.core.graph import GraphCore
    from partnergraph.core.spans import Later, Span
    from partnergraph.rdf.terms import Term

Record = dict[str, Any]
BOUNDS = ("startsEarliest", "startsLatest", "endsEarliest", "endsLatest")
# What is for editors and not for readers, or stands elsewhere in the page.
OUTCOMES = {f"{PREFIXES['pg']}{name}" for name in ("outcome", "predictionOutcome", "outcomeClaim")}
UNSHOWN = {f"{PREFIXES['skos']}editorialNote"}


class Numbering:
    """Numbers for texts that occur often, in the order in which they are first met."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def number(self, text: str) -> int:
        """The number of a text."""
        return self.numbers.setdefault(text, len(self.numbers))

    def texts(self) -> list[str]:
        """The texts by their numbers."""
        return list(self.numbers)


def claim_key(iri: str) -> str:
    """The name of a claim in links to the page."""
    return compact(iri).removeprefix("claim:")


def day_number(iso: str) -> int:
    """A day as a number that sorts like its ISO text; 0 for none."""
    digits = iso[:10].replace("-", "")
    return int(digits) if digits.isdecimal() and digits.isascii() else 0


def safe_url(url: str) -> str:
    """The address if it is one of the web, else nothing: what ``javascript:`` and its kin lead to is no source."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    return url.strip() if parts.scheme.lower() in {"http", "https"} and parts.netloc else ""


def claim_records(graph: GraphCore, keep: Collection[str] | None) -> dict[str, Record]:
    """The claims by their IRIs, with kind, label, levels, days and ranges."""
    found: dict[str, Record] = {}
    for row in rows(graph, "map-claims"):
        if (keep is not None and row["claim"] not in keep) or row["claim"] in found:
            continue
        record: Record = {"i": claim_key(row["claim"]), "l": clean(row["label"]) or claim_key(row["claim"]), "k": row["kind"]}
        record |= {key: int(row[name]) for key, name in (("a", "attested"), ("s", "stage")) if row[name]}
        found[row["claim"]] = record
    for row in rows(graph, "spans"):
        days = [day_number(row[name]) for name in BOUNDS]
        if row["claim"] in found and any(days):
            found[row["claim"]]["t"] = days if any(days[2:]) else days[:1] if days[0] == days[1] else days[:2]
        if row["claim"] in found:
            bounds = {"q": day_number(row["staleFrom"]), "h": day_number(row["happenedEarliest"])}
            found[row["claim"]] |= {key: day for key, day in bounds.items() if day}
    told: set[str] = set()
    for terms in _versions(graph):
        claim = str(terms["claim"].value)
        if claim in found and claim not in told:
            told.add(claim)
            found[claim] |= _values(terms)
            later = graph.index.later.get(terms["claim"])
            if later is not None:
                found[claim] |= _later(later, graph.index.spans[terms["claim"]], terms)
    return found


def _later(told: Later, span: Span, row: dict[str, Term]) -> Record:
    """What of a claim is known later than the claim itself."""
    record: Record = {"o": day_number(told.outcome_known)} if told.outcome_known else {}
    if told.end_known:
        before = {name: term for name, term in row.items() if name != "end"} | (
            {"end": ox.Literal(told.agreed)} if told.agreed else {}
        )
        then = told.then(span)
        days = [day_number(day or "") for day in (told.end_known, then.ends_earliest, then.ends_latest)]
        record["z"] = [*days, clean(interval(before))]
    return record


def _versions(graph: GraphCore) -> list[dict[str, Term]]:
    """The projection in one order: a claim with two units comes as two rows, and the same one must be taken each time."""
    return sorted(graph.project("versions").mappings(), key=lambda row: [f"{name}={row[name]}" for name in sorted(row)])


def _values(row: dict[str, Term]) -> Record:
    """When a claim holds and its ranges, in words."""
    values: Record = {}
    when = clean(interval(row))
    if when != "undated":
        values["w"] = when
    ranges = [[part.stem, clean(part.text(row, {}))] for part in RANGES if f"{part.stem}Min" in row or f"{part.stem}Max" in row]
    if is_true(row.get("amountUndisclosed")) and all(stem != "amount" for stem, _ in ranges):
        ranges.insert(0, ["amount", "undisclosed"])
    if ranges:
        values["m"] = ranges
    most = decimal(row.get("amountMax")) or decimal(row.get("amountMin"))
    if most is not None:
        values["v"] = [int(most) if most == most.to_integral_value() else float(most), plain(row.get("currency"), {})]
    return values


def cite(graph: GraphCore, claims: dict[str, Record]) -> list[Record]:
    """Gives each claim its citations, first those that were read and carry it whole, then by tier; returns the sources that they name."""
    known: dict[str, Record] = {}
    for row in rows(graph, "map-sources"):
        known.setdefault(row["source"], _source(row))
    cited = [row for row in rows(graph, "map-citations") if row["claim"] in claims and row["source"] in known]
    used = Numbering()

    def best_first(row: dict[str, str]) -> tuple[bool, int, str, str, str]:
        return (
            not row["verified"] or bool(row["carries"]),
            -known[row["source"]].get("r", 0),
            row["source"],
            row["locator"],
            row["paragraph"],
        )

    for row in sorted(cited, key=best_first):
        citation: list[Any] = [used.number(row["source"])]
        told = [clean(row[name]) for name in ("locator", "paragraph", "carries")]
        while told and not told[-1]:
            told.pop()
        citation += told
        claims[row["claim"]].setdefault("c", []).append(citation)
    names = used.texts()
    for claim in claims.values():
        sources = [known[names[citation[0]]] for citation in claim.get("c", ())]
        # Needed only where it says more than the date of a source.
        # It decides only where one source may be older than what happened, and one is not.
        happened = claim.get("h", 0)
        older = any(0 < one.get("e", 0) < happened for one in sources)
        if not (older and any(one.get("e", 0) and one.get("l", 0) >= happened for one in sources)):
            claim.pop("h", None)
    return [known[source] for source in names]


def _source(row: dict[str, str]) -> Record:
    record: Record = {"t": clean(row["title"]) or compact(row["source"])}
    texts = {"p": outlet(clean(row["publisher"]), clean(row["carrier"])), "u": safe_url(row["url"]), "d": clean(row["issued"])}
    record |= {key: text for key, text in texts.items() if text}
    if row["tier"]:
        record["r"] = int(row["tier"])
    if row["earliest"] and row["latest"]:
        record |= {"e": day_number(row["earliest"]), "l": day_number(row["latest"])}
    return record


def detail(graph: GraphCore, claims: dict[str, Record], order: dict[str, int]) -> list[str]:
    """Gives each claim what else it states; returns the headings."""
    headings = Numbering()
    ranged = {f"{PREFIXES['pg']}{name}" for part in RANGES for name in part.columns()}
    for row in rows(graph, "map-details"):
        record = claims.get(row["claim"])
        if record is None or row["property"] in ranged | UNSHOWN:
            continue
        value = order[row["value"]] if row["value"] in order else clean(row["valueLabel"]) or _words(row["value"])
        key = "y" if row["property"] in OUTCOMES and "o" in record else "d"
        record.setdefault(key, []).append([headings.number(clean(row["heading"])), value])
    return headings.texts()


def _words(value: str) -> str:
    """A literal or an IRI without a label as people read it."""
    if value in {"true", "false"}:
        return "yes" if value == "true" else "no"
    # Years and counts stay digits; from here on numbers are hard to read without groups or words.
    if value.isdecimal() and value.isascii() and 5 <= len(value) <= 18:
        return number(Decimal(value))
    return clean(compact(value) if "://" in value else value)


def contradict(graph: GraphCore, claims: dict[str, Record], order: dict[str, int]) -> None:
    """Gives each claim those that contradict it."""
    for row in rows(graph, "contradictions"):
        if row["claim"] in claims and row["other"] in order:
            others = claims[row["claim"]].setdefault("x", [])
            if order[row["other"]] not in others:
                others.append(order[row["other"]])


def overrule(graph: GraphCore, claims: dict[str, Record], order: dict[str, int]) -> None:
    """Gives each claim those that are preferred over it, on the page or not, with the reason and the days of publication."""
    for found in preferences(graph):
        if found.other in claims:
            days: list[Any] = [day_number(found.since), day_number(found.until)]
            modes = [] if found.undated is None else [int(found.undated)]
            claims[found.other].setdefault("u", []).append([order.get(found.claim, -1), found.reason, *days, *modes])


def disputes(graph: GraphCore, order: dict[str, int]) -> list[Record]:
    """The questions on which claims of the page differ."""
    found: dict[str, Record] = {}
    for row in rows(graph, "dispute-versions"):
        if row["version"] not in order:
            continue
        dispute = found.setdefault(row["dispute"], {"q": clean(row["question"]), "v": [], "f": []})
        version = order[row["version"]]
        for key in ("v", "f") if is_so(row["favoured"]) else ("v",):
            if version not in dispute[key]:
                dispute[key].append(version)
        dispute |= {name: clean(row[name]) for name in ("nature", "note") if row[name]}
    return [dispute for dispute in found.values() if len(dispute["v"]) > 1]


def topics(graph: GraphCore, claims: dict[str, Record]) -> list[Record]:
    """Gives each claim its topics; returns these, with the last day for which their sources were looked through."""
    known = read_topics(graph)
    at = {iri: number for number, iri in enumerate(known)}
    for row in rows(graph, "claim-topics"):
        if row["claim"] in claims and row["topic"] in at:
            claims[row["claim"]].setdefault("g", []).append(at[row["topic"]])
    return [{"label": clean(topic.name), "until": topic.known_until} for topic in known.values()]
