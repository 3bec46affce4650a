"""Which column of a table holds what, in the words of the ontology: proposed from the headings, kept in a file that people edit."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from partnergraph.base.errors import ContentError
from partnergraph.base.texts import clean
from partnergraph.content.folders import read_bytes
from partnergraph.intake.amounts import Unreadable
from partnergraph.intake.dates import read_day
from partnergraph.intake.moneywords import CODES, SCALES, SIGNS, UNITS
from partnergraph.intake.tables import Table
from partnergraph.rdf.names import fold
from partnergraph.reading.classcards import ClassCard, Classes

# What a column may hold beside roles, and headings under which it is often found, folded.
VALUES = {
    "pg:amount": "amount amountraised amountinvested dealsize dealvalue dealamount size investment investmentamount sum price value transactionvalue consideration betrag volumen montant importe raised totalraised ticket funding fundingamount kaufpreis investitionssumme money montantoperation transaktionswert dealvolumen summe preis prix importo valor bedrag",
    "pg:valuation": "valuation postmoney postmoneyvaluation premoney companyvaluation bewertung valorisation",
    "pg:currency": "currency ccy cur währung waehrung devise monnaie moneda valuta moeda",
    "pg:unit": "unit units scale multiplier magnitude amountunit einheit unité unidad",
    "pg:stake": "stake share stakepct ownership percentage percent equity equitystake anteil beteiligung pct shareholding",
    "pg:date": "date announced announcement announceddate announcementdate dealdate closingdate closed when datum day year jahr fecha data datedannonce ankündigung abschluss unterzeichnet signed completed effectivedate dateannounced",
    "pg:begin": "begin start startdate from since von seit begins validfrom",
    "pg:end": "end enddate until to bis ends expires expiry expiration",
    "pg:stage": "stage status dealstatus state dealstage",
    "pg:attestation": "attestation confidence certainty",
    "pg:capacity": "capacity mw megawatts power capacitymw",
    "rdfs:label": "label description summary headline claim sentence dealdescription what beschreibung",
    "skos:editorialNote": "note notes comment comments remark remarks bemerkung",
    "schema:url": "url link source sourceurl href website article reference quelle sourcelink weblink lien enlace fuente fonte adresse beleg",
    "dcterms:title": "title sourcetitle articletitle titel",
    "dcterms:publisher": "publisher outlet newspaper medium publication sourcename media herausgeber",
    "dcterms:issued": "published publicationdate issued sourcedate articledate",
    "pg:locator": "locator page paragraph place",
    "pg:tier": "tier quality",
    "class": "class type kind dealtype eventtype transactiontype",
}
_ROLES = {
    "pg:investor": "investor investors leadinvestor leadinvestors backer backers by funder participants investedby from anleger investoren investisseur investisseurs inversor inversores inversionista investitore geldgeber fonds who",
    "pg:investee": "investee company startup target recipient portfoliocompany companyname organization organisation firm into unternehmen firma zielunternehmen startup entreprise société cible bénéficiaire empresa azienda nehmer empfänger in name",
    "pg:raiser": "raiser company startup companyname organization firm",
    "pg:acquirer": "acquirer buyer bidder purchaser acquiror acquiringcompany käufer erwerber acheteur acquéreur repreneur comprador acquirente parent",
    "pg:acquiree": "acquiree target acquired acquiredcompany company targetcompany ziel zielunternehmen zielgesellschaft übernahmeziel cible société objetivo obiettivo startup",
    "pg:supplier": "supplier vendor provider seller contractor lieferant anbieter fournisseur proveedor fornitore cloud",
    "pg:customer": "customer client buyer purchaser kunde abnehmer client cliente user",
    "pg:lender": "lender bank creditor lenders",
    "pg:borrower": "borrower debtor company",
    "pg:owner": "owner shareholder parent holder interestedparty eigentümer",
    "pg:owned": "owned company subsidiary asset entity subject",
    "pg:agreeing": "partner partners partner1 partner2 partnera partnerb party parties party1 party2 company companya companyb company1 company2 firm",
    "pg:competitor": "competitor competitors rival rivals company company1 company2",
    "pg:developer": "developer maker vendor company developedby",
    "pg:developed": "product model technology name developed",
    "pg:roleHolder": "person name executive director officer",
    "pg:roleAt": "company organization organisation employer firm",
    "pg:involves": "involves others otherparties coinvestors coinvestor advisors",
    "pg:segment": "segment sector industry market field vertical",
    "pg:concerning": "product about concerning technology",
}
# Within an object of JSON, the words for what the object is of.
_INNER = frozenset(["name", "names", "fullname", "legalname", "label", "value", "amount", "text"])
# What the last word of a heading is enough for.
_HEADS = frozenset(["pg:date", "pg:amount", "pg:currency", "pg:unit", "schema:url"])
# Days of a firm or of the table, not of a deal.
_ELSEWHEN = frozenset(
    [
        "founded",
        "founding",
        "foundation",
        "birth",
        "incorporated",
        "incorporation",
        "created",
        "updated",
        "update",
        "modified",
        "retrieved",
        "accessed",
    ]
)
# Behind a word for a party these say something of it, and not who it is.
_ASIDE = frozenset(
    [
        "address",
        "city",
        "code",
        "count",
        "country",
        "currency",
        "description",
        "domain",
        "email",
        "hq",
        "id",
        "ids",
        "industry",
        "lei",
        "location",
        "nationality",
        "number",
        "region",
        "sector",
        "size",
        "state",
        "ticker",
        "type",
        "unit",
        "website",
    ]
)
# Columns of money that does not move.
_OTHER = frozenset(["ebitda", "employees", "headcount", "revenue", "revenues", "sales", "umsatz"])
_UNIT = "thousand|tausend|tsd|million|millionen|billion|lakh|crore|cr|m|mn|mm|mio|bn|mrd|k"


@dataclass
class Columns:
    """How a table is read: the class of its claims, what each column holds, and what settles units, currencies, dates and decimals."""

    kind: str
    columns: dict[str, str] = field(default_factory=dict)
    unit: str = ""
    currency: str = ""
    dates: str = ""
    decimal: str = ""
    stage: str = ""
    attestation: str = "pg:reported"
    tier: str = "pg:tier-weak"
    new_entities: str = ""
    # followthemoney, bods or gleif, whose columns need no mapping.
    standard: str = ""

    def holding(self, what: str) -> list[str]:
        """The headings of the columns that hold something."""
        return [heading for heading, held in self.columns.items() if held == what]


def propose(table: Table, card: ClassCard, classes: Classes) -> Columns:
    """What the columns hold, by their headings, and by what stands in them where those say nothing."""
    made = Columns(card.name, stage="pg:stage-agreed" if card.is_deal else "")
    roles = list(dict.fromkeys((card.start.name, card.finish.name)))
    more = [name for name in ("pg:involves", "pg:concerning", "pg:segment") if name in classes.roles]
    # What a heading is goes before what it may be.
    for told in (_told, _likely):
        for heading in table.headings:
            held = "" if heading in made.columns else told(heading, [*roles, *more], classes)
            if held and (held in {"pg:agreeing", "pg:competitor", *_PLURAL} or _apart(table, heading, made.holding(held))):
                made.columns[heading] = held
    _by_content(table, made)
    missing = [role for role in roles if not made.holding(role)]
    # A single role that is left belongs to the first column of names that is left.
    for role in missing[:1]:
        free = [heading for heading in table.headings if heading not in made.columns and _names(table, heading)]
        if free:
            made.columns[free[0]] = role
    # What the heading of a valuation says is of that column alone, wherever there are amounts.
    for heading in made.holding("pg:amount") or made.holding("pg:valuation"):
        unit, currency = heading_says(heading)
        made.unit, made.currency = made.unit or unit, made.currency or currency
    return made


_PLURAL = {"skos:editorialNote", "pg:involves", "pg:investor", "pg:concerning"}


def _apart(table: Table, heading: str, others: Sequence[str]) -> bool:
    """Whether no row has a cell in this column and in one of the others: they are then one, called differently."""
    if not others:
        return True
    filled = [row for row in table.rows if row.cells.get(heading)]
    return bool(filled) and not any(row.cells.get(other) for row in filled for other in others)


def _words(heading: str) -> list[str]:
    return [word for word in re.split(r"[\W_]+|(?<=[a-z])(?=[A-Z])", re.sub(r"\(.*?\)|\[.*?\]", "", heading)) if word]


def _told(heading: str, roles: Sequence[str], classes: Classes) -> str:
    """What a heading says that a column holds; of ``investor.name`` and ``amount.value`` it is the outer word."""
    words = _words(heading)
    outer = heading.rpartition(".")[0]
    if outer and fold(words[-1] if words else "") in _INNER:
        return _known(outer, roles, classes)
    return _known(heading, roles, classes)


def _known(heading: str, roles: Sequence[str], classes: Classes) -> str:
    word = fold("".join(_words(heading)))
    exact = {form: name for name in roles for form in (fold(name.partition(":")[2]), fold(classes.roles[name].label))}
    exact = {fold(name.partition(":")[2]): name for name in VALUES} | exact
    if word in exact:
        return exact[word]
    # The roles of the class come first: "company" is the investee of an investment.
    for name in roles:
        if word in _folded(_ROLES.get(name, "")):
            return name
    return next((name for name, words in VALUES.items() if word in _folded(words)), "")


def _likely(heading: str, roles: Sequence[str], classes: Classes) -> str:
    """What a column holds whose heading only begins or ends with a known word: ``Date of deal``, ``Transaction date``, ``Investor names``."""
    words = _words(heading)
    folded = [fold(word) for word in words]
    if not words or _OTHER & {*folded}:
        return ""
    head = re.match(r"(.+?)[ _](?:of|der|des|de|du|del|della)[ _](?:the )?(.+)", heading)
    if head and fold(head[1]) in _INNER:
        return _known(head[2], roles, classes)
    found = _known(head[1] if head else words[-1], (), classes)
    if found in _HEADS and folded[0] not in _ELSEWHEN and not (found == "schema:url" and _known(words[0], roles, classes) in roles):
        return found
    if _ASIDE & {*folded[1:]}:
        return ""
    word = "".join(folded)
    for among in (VALUES, {name: _ROLES.get(name, "") for name in roles}):
        for name, forms in among.items():
            if any(word.startswith(part) and len(part) > 5 for part in _folded(forms)):
                return name
    return ""


def _folded(words: str) -> list[str]:
    """The words as headings are compared with them."""
    return [fold(word) for word in words.split()]


def _column(table: Table, heading: str) -> list[str]:
    return [cell for row in table.rows[:300] if (cell := row.cells.get(heading, ""))]


def _names(table: Table, heading: str) -> bool:
    cells = _column(table, heading)
    return bool(cells) and sum(not re.search(r"\d{3}|https?:", cell) and len(cell) < 80 for cell in cells) > 0.8 * len(cells)


def _by_content(table: Table, made: Columns) -> None:
    """What nothing in its heading tells, but what stands in it does: addresses, sums, days."""
    patterns = {
        "schema:url": r"https?://\S+",
        "pg:amount": r".*(?:[$€£¥]|\b(?:USD|EUR|GBP)\b).*\d.*|.*\d.*(?:[$€£]|\b(?:USD|EUR|GBP|Mio|Mrd|bn|million|billion)\b).*",
        "pg:date": "",
    }
    for held, pattern in patterns.items():
        if made.holding(held):
            continue
        for heading in table.headings:
            cells = _column(table, heading)
            if (
                heading not in made.columns
                and cells
                and sum(bool(re.fullmatch(pattern, cell)) if pattern else _is_day(cell) for cell in cells) > 0.6 * len(cells)
            ):
                made.columns[heading] = held
                break


def _is_day(cell: str) -> bool:
    """Whether a cell is a day or a month in words or figures; a bare number may count anything."""
    if re.fullmatch(r"[\d.]+", cell) and not re.fullmatch(r"\d{1,2}\.\d{1,2}\.\d{2,4}", cell):
        return False
    try:
        return read_day(cell, order="dmy") is not None
    except Unreadable:
        return False


def heading_says(heading: str) -> tuple[str, str]:
    """The unit and the currency that a heading gives for its column, as ``Amount (USD m)`` does; empty where it gives none."""
    said = heading.casefold()
    unit = re.search(
        rf"\b(?:in )?({_UNIT})s?\b\.?(?=[^a-z]*$|.*\))|[$€£](m|mn|bn|k)\b|\b(t|k|m|mio|mrd)(?:€|eur\b|usd\b|chf\b)", said
    )
    named = ""
    if unit:
        word = unit[1] or unit[2] or unit[3]
        # ``TEUR`` counts thousands.
        scale = UNITS["thousand"] if unit[3] == "t" else SCALES[word]
        named = next(name for name, value in UNITS.items() if value == scale)
    code = re.search(rf"(?:\b|(?<=[TKM]))({'|'.join(CODES)})\b|([$€£₹])", heading)
    return named, (code[1] or SIGNS[code[2]]) if code else ""


def read_columns(path: Path, classes: Classes) -> Columns:
    """The mapping of a file that people may have edited; raises ContentError where it says what nobody understands."""
    try:
        said = tomllib.loads(read_bytes(path).decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ContentError(path, "is not UTF-8") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ContentError(path, f"is no TOML: {error}") from None
    columns = said.pop("columns", {})
    texts = {key: value for key, value in said.items() if isinstance(value, str)}
    known = {name for name in Columns.__dataclass_fields__ if name not in {"kind", "columns"}} | {"class"}
    for key in said:
        if key not in known or key not in texts:
            raise ContentError(
                path, f"nobody knows what {key!r} means here; it takes {', '.join(sorted(known))} as texts, and [columns]"
            )
    card = classes.find(texts.pop("class", ""))
    made = Columns(card.name)
    for name, value in texts.items():
        setattr(made, name, value)
    if made.unit and made.unit not in UNITS:
        raise ContentError(path, f"unit is one of {', '.join(UNITS)}, not {made.unit!r}")
    _read_held(path, made, columns, card, classes)
    return made


def _read_held(path: Path, made: Columns, columns: object, card: ClassCard, classes: Classes) -> None:
    if not isinstance(columns, dict):
        raise ContentError(path, "[columns] is a table of headings")
    for heading, held in columns.items():
        if held == "":
            continue
        if not isinstance(held, str) or (held not in VALUES and held not in classes.roles):
            raise ContentError(
                path,
                f"the column {heading!r} cannot hold {held!r}; take a role such as {card.start.name}, or one of {', '.join(VALUES)}",
            )
        made.columns[heading] = held


def write_columns(made: Columns, table: Table) -> str:
    """The mapping as it is kept: every heading with what it holds, empty for those that are left out."""
    lines = [
        f"# How {clean(table.path.name)} is read. Edit it and run the import again.",
        f"class = {json.dumps(made.kind)}",
        *(f"{name} = {json.dumps(value)}" for name, value in vars(made).items() if name not in {"kind", "columns"} and value),
        "",
        "[columns]",
        *(f"{json.dumps(heading, ensure_ascii=False)} = {json.dumps(made.columns.get(heading, ''))}" for heading in table.headings),
    ]
    return "\n".join(lines) + "\n"
