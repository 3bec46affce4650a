"""One row of a table becomes a draft, or a reason why not."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from pathlib import Path

from partnergraph.base.texts import clean
from partnergraph.core.views import TIERS
from partnergraph.intake.amounts import Amount, Unreadable, decimal_sign, read_amount
from partnergraph.intake.columns import Columns, heading_says
from partnergraph.intake.dates import day_order, read_day
from partnergraph.intake.drafts import Draft, DraftClaim, address_title, sentence, source_statements, span
from partnergraph.intake.likeness import Likeness, plain_address
from partnergraph.intake.matching import Match, Matcher
from partnergraph.intake.moneywords import UNITS
from partnergraph.intake.stakes import read_stake
from partnergraph.intake.tables import Row, Table
from partnergraph.rdf.names import fold
from partnergraph.rdf.terms import RDF_TYPE, compact
from partnergraph.reading.classcards import ClassCard, Classes

STAGES = {
    "pg:stage-intended": "intended planned proposed rumored rumoured loi letterofintent intalks talks geplant mou",
    "pg:stage-agreed": "agreed signed announced pending committed vereinbart",
    "pg:stage-underway": "underway ongoing active inprogress started laufend",
    "pg:stage-completed": "completed closed done complete paid finished final abgeschlossen exited",
    "pg:stage-ended": "ended terminated expired over beendet",
    "pg:stage-cancelled": "cancelled canceled withdrawn abandoned failed blocked abgesagt",
}
# How many years ahead something can be told; the check of the content knows no more.
_AHEAD = {"pg:date": 10, "pg:begin": 10, "pg:end": 50}
_STAGE_OF = {word: stage for stage, words in STAGES.items() for word in words.split()}
_ATTESTATIONS = {
    "rumoured": "pg:rumoured",
    "rumored": "pg:rumoured",
    "rumor": "pg:rumoured",
    "reported": "pg:reported",
    "announced": "pg:announced",
    "confirmed": "pg:confirmed",
    "official": "pg:announced",
}


class Rejected(ValueError):
    """Why a row is no claim."""


class RowReader:
    """Reads the rows of one table by one mapping."""

    def __init__(self, table: Table, columns: Columns, classes: Classes, matcher: Matcher, draft: Draft) -> None:
        self.table = table
        self.columns = columns
        self.classes = classes
        self.matcher = matcher
        self.draft = draft
        self.likeness = Likeness(draft.graph)
        self.kinds: Counter[str] = Counter()
        texts = [cell for held in ("pg:amount", "pg:valuation") for cell in self._column(held)]
        self.decimal = {"point": ".", "comma": ","}.get(columns.decimal, "") or decimal_sign(texts)
        self.order = columns.dates or day_order(cell for held in ("pg:date", "pg:begin", "pg:end") for cell in self._column(held))

    def _column(self, held: str) -> list[str]:
        return [row.cells[heading] for heading in self.columns.holding(held) for row in self.table.rows]

    def _cell(self, row: Row, held: str) -> str:
        return next((row.cells[heading] for heading in self.columns.holding(held) if row.cells.get(heading)), "")

    def read(self, row: Row) -> DraftClaim:
        """The draft of a row; raises Rejected with the reason."""
        try:
            card = self._card(row)
            claim = DraftClaim(card, [], "", [], stage=self._stage(row, card))
            claim.amount = self._amount(row, "pg:amount", claim)
            claim.valuation = self._amount(row, "pg:valuation", claim)
            if claim.amount.currency and claim.valuation.currency not in {"", claim.amount.currency}:
                # A claim has one currency.
                told = f"{self._cell(row, 'pg:valuation')} ({claim.valuation.currency})"
                claim.notes.append(f"valuation {told} left out: the amount is in {claim.amount.currency}")
                claim.valuation = Amount()
            self._days(row, claim)
            self._stake(row, claim)
        except Unreadable as error:
            raise Rejected(str(error)) from None
        claim.roles = self._roles(row, card)
        source, locator, tier = self._source(row)
        claim.citations = [(source, locator)]
        claim.attestation = self._attestation(row, tier, claim)
        starts = [iri for role, iri in claim.roles if role == card.start.name]
        ends = [iri for role, iri in claim.roles if role == card.finish.name]
        labels = self.draft.labels([iri for _, iri in claim.roles])
        claim.label = " ".join(self._cell(row, "rdfs:label").split())[:400] or sentence(card, labels, starts, ends)
        claim.notes += [text for heading in self.columns.holding("skos:editorialNote") if (text := row.cells.get(heading, ""))]
        return claim

    def _card(self, row: Row) -> ClassCard:
        given = self._cell(row, "class")
        if not given:
            return self.classes.find(self.columns.kind)
        card = self.classes.named(given)
        if card is None:
            raise Rejected(f"the ontology has no class of claims named {given!r}; 'partnergraph vocabulary' lists them")
        return card

    def _stage(self, row: Row, card: ClassCard) -> str:
        given = self._cell(row, "pg:stage")
        if not given:
            return (self.columns.stage or "pg:stage-agreed") if card.is_deal else ""
        found = _STAGE_OF.get(fold(given)) or _STAGE_OF.get(fold(given.removeprefix("pg:stage-")))
        if found is None:
            raise Rejected(f"{given!r} is no stage; write one of {', '.join(name.rpartition('-')[2] for name in STAGES)}")
        return found

    def _amount(self, row: Row, held: str, claim: DraftClaim) -> Amount:
        text = self._cell(row, held)
        own = self._cell(row, "pg:currency").strip().upper()
        unit, said = self._told(row, held)
        code = own or said
        if code and not re.fullmatch(r"[A-Z]{3}", code):
            # A sign, as in a column of its own.
            code = read_amount(f"1000000 {code}", unit="one").currency
        # The amount speaks of money only, whatever else the heading has said.
        found = read_amount(text, unit=unit, currency=code, decimal=self.decimal)
        if own and found.currency and found.currency != code:
            raise Unreadable(f"{text!r} is {found.currency}, and its column of currencies says {code}; keep one")
        claim.notes += [note for note in found.notes if not note.endswith(" is USD")]
        self.kinds[_kind(found, text)] += held == "pg:amount"
        return found

    def _told(self, row: Row, held: str) -> tuple[str, str]:
        """The unit and the currency of what is bare in a column: what its own heading says where columns of money differ, else what the mapping says."""
        filled = next((heading for heading in self.columns.holding(held) if row.cells.get(heading)), "")
        many = held != "pg:amount" or len(self.columns.holding(held)) > 1
        unit, currency = heading_says(filled) if many else ("", "")
        if of_row := self._cell(row, "pg:unit"):
            unit, currency = heading_says(of_row)[0] or unit, heading_says(of_row)[1] or currency
            if not unit:
                raise Unreadable(f"{of_row!r} is no unit of money; write one of {', '.join(UNITS)}")
        return unit or self.columns.unit, currency or self.columns.currency.strip().upper()

    def _days(self, row: Row, claim: DraftClaim) -> None:
        for held in ("pg:date", "pg:begin", "pg:end"):
            text = self._cell(row, held)
            found = read_day(text, order=self.order)
            if found is not None:
                if int(found.text[:4]) > datetime.datetime.now(datetime.UTC).year + _AHEAD[held]:
                    raise Rejected(f"{text!r} is far ahead of any year that can be meant")
                claim.days[held] = found
                claim.notes += [
                    f"{text}: {note}" if text not in note else note for note in found.notes if not note.startswith("read as")
                ]

        if {"pg:begin", "pg:end"} <= {*claim.days} and span(claim.days["pg:end"].text)[1] < span(claim.days["pg:begin"].text)[0]:
            raise Rejected(f"it ends ({claim.days['pg:end'].text}) before it begins ({claim.days['pg:begin'].text})")

    def _stake(self, row: Row, claim: DraftClaim) -> None:
        text = self._cell(row, "pg:stake")
        if not text:
            return
        claim.stake = read_stake(text)

    def _roles(self, row: Row, card: ClassCard) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        for heading, held in self.columns.columns.items():
            if held not in self.classes.roles:
                continue
            for name in self.matcher.split(row.cells.get(heading, "")):
                match = self.matcher.match(name)
                if match.how == "skipped":
                    raise Rejected(f"{name!r} is skipped, as names.csv says")
                if match.how == "asked":
                    raise Rejected(f"who {name!r} is must be answered in names.csv: {', '.join(self._shown(match))}")
                iri = match.iri or self._new(name, held)
                self._able(name, match.iri, held)
                if (held, iri) not in found:
                    found.append((held, iri))
        self._whole(card, found)
        return found

    def _able(self, name: str, iri: str, role: str) -> None:
        """Raises Rejected where an entity of the graph is of no class that can play the role."""
        can = set(self.classes.roles[role].classes)
        if not iri or not can:
            return
        kinds = {compact(kind.value) for kind in self.draft.graph.engine.objects([iri], RDF_TYPE).get(iri, ()) if kind.value}
        if kinds and not kinds & can:
            raise Rejected(
                f"{name!r} is {compact(iri)}, which cannot be {self.classes.roles[role].label}; name the firm, or say in names.csv who is meant"
            )

    @staticmethod
    def _whole(card: ClassCard, found: list[tuple[str, str]]) -> None:
        """Raises Rejected where an end is missing, or both are one."""
        for end in (card.start, card.finish):
            if end.name not in card.optional and not any(role == end.name for role, _ in found):
                raise Rejected(f"nothing is named as {end.label} ({end.name})")
        if card.start == card.finish and len({iri for role, iri in found if role == card.start.name}) < 2:
            raise Rejected(f"only one {card.start.label} is named")
        ends = [{iri for role, iri in found if role == end.name} for end in (card.start, card.finish)]
        if card.start != card.finish and ends[0] and ends[0] == ends[1]:
            raise Rejected("both ends are one and the same")

    def _shown(self, match: Match) -> list[str]:
        return [self.draft.graph.names.label[iri] for iri in match.candidates] + ["new"]

    def _new(self, name: str, role: str) -> str:
        if len(name) > 120 or not any(letter.isalpha() for letter in name):
            raise Rejected(f"{name[:60]!r} is no name of an entity")
        return self.draft.entity(name, self._class_of(name, role))

    def _class_of(self, name: str, role: str) -> str:
        """The class of a new entity: what its name or the mapping says, else what plays the role most often."""
        if self.columns.new_entities:
            return self.columns.new_entities
        can = self.classes.roles[role].classes
        if role in {"pg:investor", "pg:lender", "pg:shareBuyer"} and re.search(
            r"\b(?:ventures?|capital|partners|fund|funds|vc|equity|holdings? lp)\b", name, re.IGNORECASE
        ):
            return "pg:Fund"
        for usual in ("pg:Organization", "pg:Person", "pg:Product", "pg:Infrastructure", "pg:MarketSegment"):
            if usual in can or not can:
                return {"pg:Organization": "pg:Company", "pg:Infrastructure": "pg:DataCentre"}.get(usual, usual)
        return can[0]

    def _source(self, row: Row) -> tuple[str, str, str]:
        address = self._cell(row, "schema:url").strip().strip("<>")
        title = " ".join(self._cell(row, "dcterms:title").split())
        given = fold(self._cell(row, "pg:tier"))
        tier = next((f"pg:tier-{word}" for word in TIERS if given and given == fold(word)), self.columns.tier)
        locator = self._cell(row, "pg:locator") or f"row {row.number} of {clean(self.table.path.name)}"
        if address and not re.fullmatch(r"https?://[^\s<>\"]+", address):
            raise Rejected(f"{address!r} is no address; it begins with http:// or https://")
        if not address:
            file = clean(self.table.path.name)
            undated = "a spreadsheet that was imported; each row says when"
            return (
                self.draft.source(f"file:{file}", file, source_statements("", f"Spreadsheet {file}", tier, None, "", undated)),
                locator,
                tier,
            )
        known = self.likeness.source(address) or self.draft.known_source(plain_address(address))
        if known:
            return known, locator, tier
        title = title or address_title(address)
        publisher = self._publisher(row)
        try:
            issued = read_day(self._cell(row, "dcterms:issued"), order=self.order)
        except Unreadable as error:
            raise Rejected(f"published: {error}") from None
        said = source_statements(
            address, title, tier, issued, publisher, f"imported from {clean(self.table.path.name)} without its day"
        )
        return self.draft.source(plain_address(address), title, said), locator, tier

    def _publisher(self, row: Row) -> str:
        name = " ".join(self._cell(row, "dcterms:publisher").split())
        if not name or re.match(r"https?://", name):
            return ""
        match = self.matcher.match(name)
        if match.how in {"asked", "skipped"}:
            return ""
        return match.iri or self.draft.entity(name, "pg:Publisher")

    def _attestation(self, row: Row, tier: str, claim: DraftClaim) -> str:
        given = self._cell(row, "pg:attestation")
        found = _ATTESTATIONS.get(fold(given), "") if given else self.columns.attestation
        if not found:
            raise Rejected(f"{given!r} is no attestation; write rumoured, reported, announced or confirmed")
        if found == "pg:confirmed" and tier != "pg:tier-primary":
            claim.notes.append("the table says confirmed; that takes a filing, an authority or the parties")
            return "pg:announced"
        return found


def _kind(amount: Amount, text: str) -> str:
    if not text:
        return "none"
    if amount.undisclosed:
        return "undisclosed"
    if amount.least is None or amount.greatest is None:
        return "open"
    return "about" if amount.approximate else "exact" if amount.least == amount.greatest else "ranges"


def file_stem(path: Path) -> str:
    """The name under which what comes from a file is kept."""
    return path.name.partition(".")[0]
