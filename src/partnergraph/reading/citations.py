"""Citations: where a claim stands in which source, as data, as text and as HTML."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from partnergraph.base.texts import clean
from partnergraph.core.graph import GraphCore
from partnergraph.rdf.terms import Bindings, compact
from partnergraph.show.markup import Html, bold, fold, joined, link

MAX_FOOTNOTES = 40
PAGE = "https://schema.org/url"


@dataclass(frozen=True)
class Citation:
    """One citation of a claim: the source, what it is, the place in it, and how far it carries the claim; texts are clean.

    ``publisher`` is whose report it is, ``carrier`` the site where it was read where that is another. ``carries`` names the
    parts of the claim that it carries where these are not all, ``verified`` the day on which it was held against the claim.
    What is not known is an empty text.
    """

    FIELDS: ClassVar = ("source", "title", "publisher", "carrier", "issued", "tier", "locator", "carries", "verified", "address")

    source: str
    title: str
    publisher: str
    issued: str
    tier: str
    locator: str
    address: str = ""
    carries: str = ""
    verified: str = ""
    carrier: str = ""

    def __str__(self) -> str:
        place = f", at: {self.locator}" if self.locator else ""
        return f"{self._publisher}{self._titled}, {self._dated}{place}"

    def proof(self) -> str:
        """The citation in one line, with what is known of how far it carries the claim."""
        return "; ".join([str(self), *self.proven()])

    def proven(self) -> list[str]:
        """Which parts of the claim it carries where these are not all, and when it was held against the claim, as far as known."""
        part = [f"carries only: {self.carries}"] if self.carries else []
        return part + ([f"compared with the claim on {self.verified}"] if self.verified else [])

    def html(self) -> Html:
        """The same words with a link to the document."""
        place = f"at: {self.locator}" if self.locator else ""
        proven = "; ".join(self.proven())
        return joined([self.outlet, link(self._titled, self.address), self._dated, place, proven], ", ")

    def where(self) -> str:
        """Publisher, date and tier, and the place in it where it has no address: what a reader needs to find it."""
        place = f", at: {self.locator}" if self.locator and not self.address else ""
        return f"{self.outlet or self._titled} {self._dated}{place}"

    def plain(self) -> dict[str, str]:
        """The citation as plain data: what is known of it."""
        found = {name: getattr(self, name) for name in self.FIELDS} | {"source": compact(self.source)}
        return {name: value for name, value in found.items() if value}

    def brief(self) -> str:
        """Publisher, date and title, without the place."""
        who = ", ".join(filter(None, (self.outlet, self.issued or "undated")))
        return f"{who}, {self._titled}" if self.title else who

    @property
    def _publisher(self) -> str:
        return f"{self.outlet}, " if self.outlet else ""

    @property
    def outlet(self) -> str:
        """Whose report it is, and the site where it was read where that is another."""
        return outlet(self.publisher, self.carrier)

    @property
    def _titled(self) -> str:
        return f"“{self.title}”" if self.title else compact(self.source)

    @property
    def _dated(self) -> str:
        return f"{self.issued or 'undated'} ({self.tier or 'tier unknown'})"


def outlet(publisher: str, carrier: str) -> str:
    """Whose report a source is, and the site where it was read where that is another."""
    return " ".join(filter(None, (publisher, f"via {carrier}" if carrier and carrier != publisher else "")))


def read_citations(graph: GraphCore, claims: Iterable[str], *, addresses: bool = False) -> dict[str, list[Citation]]:
    """The citations of each of the claims, with the ``addresses`` of the documents where these are wanted.

    The best come first: those that were held against the claim and carry it whole, then by tier.
    """
    found = {claim: _merged(rows) for claim, rows in graph.project_each("citations", "claim", claims).items()}
    pages: dict[str, str] = {}
    if addresses:
        sources = {str(rows[0]["source"].value) for cited in found.values() for rows in cited}
        pages = {iri: str(terms[0].value) for iri, terms in graph.engine.objects(sorted(sources), PAGE).items()}
    return {claim: [_citation(rows, pages) for rows in cited] for claim, cited in found.items()}


def _merged(rows: Iterable[Bindings]) -> list[list[Bindings]]:
    """The rows of each citation, which has one a part that it carries."""
    found: dict[object, list[Bindings]] = {}
    for row in rows:
        found.setdefault(row["citation"], []).append(row)
    return list(found.values())


def _citation(rows: Sequence[Bindings], pages: dict[str, str]) -> Citation:
    part = {name: clean(str(term.value)) for name, term in rows[0].items()}
    names = ("title", "publisher", "issued", "tier", "locator")
    title, publisher, issued, tier, locator = (part.get(name, "") for name in names)
    carries = ", ".join(dict.fromkeys(clean(str(row["part"].value)) for row in rows if "part" in row))
    address = pages.get(part["source"], "")
    known = carries, part.get("verified", ""), part.get("carrier", "")
    return Citation(part["source"], title, publisher, issued, tier, locator, address, *known)


def citation_lines(graph: GraphCore, claim: str) -> list[str]:
    """The citations of a claim, each in one line: publisher, title, date, tier, place, and how far it carries the claim."""
    return [citation.proof() for citation in read_citations(graph, [claim])[claim]]


def contested_by(graph: GraphCore, claims: Sequence[str]) -> dict[str, list[str]]:
    """For each of the claims those that contradict it by their short names, with a word where one is preferred."""
    found: dict[str, list[str]] = {}
    for claim, rows in graph.project_each("disputes", "claim", claims).items():
        others = {compact(str(row["other"].value)): " (preferred)" if row.get("preferred") == row["other"] else "" for row in rows}
        found[claim] = [other + mark for other, mark in others.items()]
    return found


def _best(cited: list[Citation]) -> str:
    """The best source of a claim in one line, and how many more there are."""
    if not cited:
        return "no citation"
    return str(cited[0]) + (f", and {len(cited) - 1} more" if len(cited) > 1 else "")


def footnotes_html(graph: GraphCore, claims: Sequence[str], *, opened: bool = False) -> Html:
    """The claims by number, each with its best citation and with those that contradict it, to be opened by a click."""
    if not claims:
        return Html("")
    shown = claims[:MAX_FOOTNOTES]
    cited, contested = read_citations(graph, shown, addresses=True), contested_by(graph, shown)
    lines = []
    for number, claim in enumerate(shown, 1):
        best = cited[claim]
        text = Html(f"[{number}] ") + bold(compact(claim)) + ": " + (best[0].html() if best else "no citation")
        text += f", and {len(best) - 1} more" if len(best) > 1 else ""
        text += ". Contested by " + ", ".join(contested[claim]) if contested[claim] else ""
        lines.append(text)
    if len(claims) > len(shown):
        lines.append(Html(f"… and {len(claims) - len(shown)} more claims"))
    count = f"{len(claims)} claim{'s' if len(claims) > 1 else ''} and {'their' if len(claims) > 1 else 'its'} sources"
    return fold(count, Html("<br>\n".join(lines)), opened=opened)
