"""Candidates: what an article may claim, each with its exact place, kept in a file of JSON lines until a person has decided."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from pathlib import Path, PurePath
from typing import Any

import pyoxigraph as ox

from partnergraph.base.errors import ContentError
from partnergraph.content.folders import read_bytes
from partnergraph.intake.amounts import Amount
from partnergraph.intake.dates import Day
from partnergraph.rdf.terms import expand

OPEN, ACCEPTED, REJECTED, CITED = "open", "accepted", "rejected", "cited"
STATES = (OPEN, ACCEPTED, REJECTED, CITED)
FORMAT = 1
MOST = Decimal(10**20)
MOST_DIGITS = 40


@dataclass
class Candidate:
    """One candidate: where it stands, what it may claim, what the graph has like it, and what a person has made of it."""

    number: int
    quote: str
    start: int
    end: int
    locator: str
    classes: list[str]
    kind: str
    starts: list[str] = field(default_factory=list)
    ends: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    amount: dict[str, str | bool] = field(default_factory=dict)
    day: str = ""
    stage: str = ""
    attestation: str = "pg:reported"
    label: str = ""
    around: str = ""
    similar: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    by: str = "rules"
    state: str = OPEN
    cites: str = ""
    new: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)

    def money(self) -> Amount:
        """The amount as it is kept."""
        said = self.amount

        def value(name: str) -> Decimal | None:
            return Decimal(str(said[name])) if said.get(name) else None

        return Amount(
            value("least"),
            value("greatest"),
            str(said.get("currency", "")),
            bool(said.get("approximate")),
            bool(said.get("undisclosed")),
        )

    def says_as_much_as(self, other: Candidate) -> bool:
        """Whether it says of the same parties what another one says, too, as far as neither names a sum or a day."""
        return (self.kind, self.starts, self.ends) == (other.kind, other.starts, other.ends)

    def date(self) -> Day | None:
        """The day as it is kept."""
        return Day(self.day) if self.day else None


def kept_amount(amount: Amount) -> dict[str, str | bool]:
    """An amount as it is kept in a file."""
    said: dict[str, str | bool] = {}
    if amount.least is not None:
        said["least"] = f"{amount.least:f}"
    if amount.greatest is not None:
        said["greatest"] = f"{amount.greatest:f}"
    said |= {"currency": amount.currency} if said else {}
    said |= {"approximate": True} if amount.approximate else {}
    return said | ({"undisclosed": True} if amount.undisclosed else {})


@dataclass
class Drafted:
    """All candidates of an article, and what is known of the article as a source."""

    article: str
    sha256: str
    source: dict[str, str]
    candidates: list[Candidate]

    def open(self) -> list[Candidate]:
        """Those that nobody has decided on."""
        return [candidate for candidate in self.candidates if candidate.state == OPEN]

    def written(self) -> bytes:
        """As JSON lines: the article first, then a line a candidate."""
        head = {"partnergraph": FORMAT, "article": self.article, "sha256": self.sha256, "source": self.source}
        lines = [json.dumps(head, ensure_ascii=False), *(json.dumps(asdict(one), ensure_ascii=False) for one in self.candidates)]
        return ("\n".join(lines) + "\n").encode()


def read_drafted(path: Path) -> Drafted:
    """The candidates of a file; raises ContentError with the line where it is not what ``draft`` writes."""
    lines = read_bytes(path).decode("utf-8", "replace").splitlines()
    try:
        head = json.loads(lines[0])
        if head["partnergraph"] != FORMAT:
            raise ContentError(path, "was written by another version; run draft again", 1)
        drafted = Drafted(
            _beside(str(head["article"])), str(head["sha256"]), {str(k): str(v) for k, v in dict(head["source"]).items()}, []
        )
    except (ValueError, LookupError, TypeError, RecursionError):
        raise ContentError(path, "holds no candidates; 'partnergraph draft ARTICLE' writes them", 1) from None
    for number, line in enumerate(lines[1:], 2):
        if line.strip():
            drafted.candidates.append(_candidate(path, number, line))
    tier = drafted.source.get("tier")
    if tier and not _is_iri(expand(tier)):
        raise ContentError(path, "its source is of no tier; 'partnergraph draft' writes it anew", 1)
    return drafted


def _beside(name: str) -> str:
    """The name of a file in the same folder; raises ValueError for any other path."""
    if PurePath(name).name != name or not name:
        raise ValueError(name)
    return name


def _candidate(path: Path, number: int, line: str) -> Candidate:
    try:
        said: dict[str, Any] = json.loads(line)
        made = Candidate(**said)
    except (ValueError, TypeError, RecursionError):
        raise ContentError(path, "is no candidate as draft writes it", number) from None
    if not _is_sound(made):
        raise ContentError(path, "is no candidate as draft writes it", number)
    if made.state not in STATES:
        raise ContentError(path, f"the state of a candidate is one of {', '.join(STATES)}", number)
    try:
        money = made.money()
        sums_up = _is_sum(money.least) and _is_sum(money.greatest)
    except (ArithmeticError, ValueError, TypeError, AttributeError):
        sums_up = False
    if not sums_up:
        raise ContentError(path, "the amount is none", number)
    return made


def _is_sound(made: Candidate) -> bool:
    """Whether a candidate holds what its fields are for: numbers, texts, names of the ontology, and IRIs."""
    texts = (made.quote, made.locator, made.day, made.label, made.around, made.by, made.state, made.cites)
    lists = (made.similar, made.unknown, made.doubts, made.classes, made.starts, made.ends, made.others)
    maps = (made.new, made.texts)
    if not all(isinstance(one, int) for one in (made.number, made.start, made.end)) or not all(
        isinstance(one, list) for one in lists
    ):
        return False
    if not all(isinstance(one, dict) for one in maps):
        return False
    said = [*texts, *(text for one in lists for text in one), *(text for one in maps for pair in one.items() for text in pair)]
    names = [made.kind, made.attestation, *made.classes, *made.texts, *filter(None, [made.stage])]
    return (
        all(isinstance(text, str) for text in [*said, *names])
        and all(map(_is_iri, map(expand, names)))
        and all(map(_is_iri, [*made.starts, *made.ends, *made.others, *made.new]))
    )


def _is_sum(value: Decimal | None) -> bool:
    """Whether it can be written out: 1e999999999 would take a gigabyte."""
    return value is None or (abs(value) < MOST and len(value.as_tuple().digits) <= MOST_DIGITS and value.adjusted() > -MOST_DIGITS)


def _is_iri(text: str | None) -> bool:
    try:
        ox.NamedNode(text or "")
    except ValueError:
        return False
    return True
