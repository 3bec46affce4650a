"""Ninety mistakes that people make as they write claims: what each is, how it is written, and what ``check`` says.

Each stands in a file of its own, beside content that is right. ``python tests/mistakes.py`` writes docs/mistakes.md anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from partnergraph.checks.violations import Violation, violations
from partnergraph.content.folders import find_content
from partnergraph.rdf.terms import PREFIXES

HEAD = "".join(f"@prefix {name}: <{namespace}> .\n" for name, namespace in PREFIXES.items())
RIGHT = """
ent:acme a pg:Company ; rdfs:label "Acme Robotics" ; skos:altLabel "ACR" .
ent:beta a pg:Company ; rdfs:label "Beta Labs" .
ent:fund a pg:Fund ; rdfs:label "Gamma Ventures" .
ent:ada a pg:Person ; rdfs:label "Ada Moreau" .
ent:model a pg:Model ; rdfs:label "Acme One" .
ent:site a pg:DataCentre ; rdfs:label "Beta Yard" .
ent:watchdog a pg:Regulator ; rdfs:label "Watchdog Office" .
ent:press a pg:Publisher ; rdfs:label "The Daily Example" .
src:good a pg:Source ; dcterms:title "Good" ; dcterms:publisher ent:press ; pg:tier pg:tier-quality-press ;
  dcterms:issued "2026-05-04"^^xsd:date ; schema:url "https://example.org/good"^^xsd:anyURI .
src:blog a pg:Source ; dcterms:title "Blog" ; pg:tier pg:tier-weak ; dcterms:issued "2026-05-04"^^xsd:date .
claim:right a pg:Investment ; rdfs:label "Gamma Ventures invests in Beta Labs." ; pg:attestation pg:reported ; pg:investor ent:fund ;
  pg:investee ent:beta ; pg:stage pg:stage-completed ; pg:amountMin 40000000 ; pg:amountMax 40000000 ; pg:currency "USD" ;
  pg:date "2026-05-01"^^xsd:date ; pg:cites [ pg:source src:good ; pg:locator "paragraph 2" ] .
claim:blogged a pg:Competition ; rdfs:label "The two compete." ; pg:attestation pg:reported ; pg:competitor ent:acme, ent:beta ;
  pg:cites [ pg:source src:blog ; pg:locator "paragraph 1" ] .
"""
CITED = 'pg:cites [ pg:source src:good ; pg:locator "paragraph 3" ]'
PARTIES = {"investor": "ent:fund", "investee": "ent:acme"}


def claim(
    name: str, kind: str = "Investment", parties: dict[str, str] | None = None, /, *more: str, label: str = "It is so."
) -> str:
    """A claim that is right but for what is given."""
    roles = [f"pg:{role} {who}" for role, who in (PARTIES if parties is None else parties).items()]
    stage = ["pg:stage pg:stage-agreed"] if kind in {"Investment", "Acquisition", "SupplyContract", "Loan", "Hosting"} else []
    said = [f"a pg:{kind}", f'rdfs:label "{label}"', "pg:attestation pg:reported", *roles, *stage, *more]
    return f"claim:{name} " + " ; ".join(said if any("pg:cites" in part for part in more) else [*said, CITED]) + " ."


def source(name: str, *more: str) -> str:
    """A source that is right but for what is given, and a claim that cites it."""
    said = ["a pg:Source", 'dcterms:title "T"', "pg:tier pg:tier-trade-press", *more]
    if not any("issued" in part for part in more):
        said.append('dcterms:issued "2026-05-02"^^xsd:date')
    cites = f'pg:cites [ pg:source src:{name} ; pg:locator "paragraph 1" ]'
    return f"src:{name} {' ; '.join(said)} .\n" + claim(f"of-{name}", "Competition", {"competitor": "ent:acme, ent:beta"}, cites)


USD = 'pg:currency "USD"'
OWNS = {"owner": "ent:acme", "owned": "ent:beta"}


@dataclass(frozen=True)
class Mistake:
    """What is wrong, how it is written, what is said, and whether it is said as a warning."""

    what: str
    turtle: str
    said: str
    warning: bool = False


MISTAKES = [
    # Values that are no values of their property.
    Mistake("a number in quotes", claim("m01", "Investment", None, 'pg:amountMin "30000000000"', USD), "pg:amountMin is one plain number"),
    Mistake("a number with an exponent", claim("m02", "Investment", None, "pg:amountMax 3e10", USD), "pg:amountMax is one plain number"),
    Mistake("a number with commas", claim("m03", "Investment", None, 'pg:amountMin "1,000,000"', USD), "pg:amountMin is one plain number"),
    Mistake("a negative amount", claim("m04", "Investment", None, "pg:amountMin -5", USD), "pg:amountMin is one plain number, not negative"),
    Mistake("a date in quotes alone", claim("m05", "Investment", None, 'pg:date "2026-05-04"'), "pg:date is no date"),
    Mistake("a month called a day", claim("m06", "Investment", None, 'pg:date "2026-05"^^xsd:date'), "pg:date is no date"),
    Mistake("a day called a month", claim("m07", "Investment", None, 'pg:begin "2026-05-04"^^xsd:gYearMonth'), "pg:begin is no date"),
    Mistake("a day that no calendar has", claim("m08", "Investment", None, 'pg:date "2026-02-30"^^xsd:date'), "pg:date is no date"),
    Mistake("a date of another country", claim("m09", "Investment", None, 'pg:date "04.05.2026"'), "pg:date is no date"),
    Mistake("a time of day", claim("m10", "Investment", None, 'pg:date "2026-05-04T00:00:00"^^xsd:dateTime'), "pg:date is no date"),
    Mistake("a stake of more than all", claim("m11", "Ownership", OWNS, "pg:stakeMin 130", "pg:stakeBasis pg:basis-equity"), "pg:stakeMin is a percentage"),
    Mistake("a stake in quotes", claim("m12", "Ownership", OWNS, 'pg:stakeMin "27"', "pg:stakeBasis pg:basis-equity"), "pg:stakeMin is a percentage"),
    Mistake("yes instead of true", claim("m13", "Investment", None, 'pg:amountApproximate "yes"'), "pg:amountApproximate is true or false"),
    Mistake("a valuation in quotes", claim("m14", "Investment", None, 'pg:valuationMin "5000000000"', USD), "pg:valuationMin is one plain number"),
    Mistake("a capacity with its unit", claim("m15", "SupplyContract", {"customer": "ent:acme", "supplier": "ent:beta"}, 'pg:capacityMin "200 MW"'), "pg:capacityMin is one plain number"),
    Mistake("a currency that there is not", claim("m16", "Investment", None, "pg:amountMin 5000000", 'pg:currency "USB"'), "pg:currency is a code of ISO 4217"),
    Mistake("a currency by its sign", claim("m17", "Investment", None, "pg:amountMin 5000000", 'pg:currency "$"'), "pg:currency is a code of ISO 4217"),
    Mistake("a stage that there is not", claim("m18", "Ownership", OWNS, "pg:stage pg:stage-done"), "pg:stage is no stage"),
    Mistake("a tier that there is not", source("m19", "pg:tier pg:tier-blog"), "a source needs exactly one pg:tier"),
    Mistake("an attestation that there is not", claim("m20", "Ownership", OWNS).replace("pg:reported", "pg:likely"), "a claim needs exactly one pg:attestation"),
    # Names.
    Mistake("a claim that was copied and not renamed", claim("m21") + "\n" + claim("m21", "Investment", {"investor": "ent:ada", "investee": "ent:beta"}), "stands twice in this file"),
    Mistake("a name that another file has", claim("right"), "also stands in"),
    Mistake("an entity called like the alias of another", 'ent:m23 a pg:Company ; rdfs:label "ACR" .', "is found as that of another entity: ent:acme"),
    Mistake("an entity called like another, in capitals", 'ent:m24 a pg:Company ; rdfs:label "BETA LABS" .', "another entity is called the same"),
    Mistake("an entity called like another, with a blank", 'ent:m25 a pg:Fund ; rdfs:label "Gamma-Ventures" .', "another entity is called the same"),
    Mistake("an alias that is the label of another", 'ent:m26 a pg:Company ; rdfs:label "M 26" ; skos:altLabel "Acme One" .', "is found as that of another entity: ent:model"),
    Mistake("an entity that differs by its legal form", 'ent:m27 a pg:Company ; rdfs:label "Acme Robotics GmbH" .', "by a legal form alone", warning=True),
    Mistake("a claim in the space of entities", claim("x").replace("claim:x", "ent:m28"), "the name has the prefix of something else"),
    Mistake("two labels", claim("m29", "Ownership", OWNS, 'rdfs:label "Another."'), "a claim needs exactly one rdfs:label"),
    Mistake("two classes", claim("m30", "Ownership", OWNS, "a pg:Competition", "pg:competitor ent:acme, ent:beta"), "a claim has exactly one class"),
    Mistake("no class", claim("m31").replace("a pg:Investment ; ", ""), "it is neither an entity nor a claim nor a source"),
    Mistake("a misspelt class", claim("m32").replace("pg:Investment", "pg:Investement"), "the ontology has no such term: pg:Investement"),
    Mistake("a misspelt property", claim("m33", "Investment", None, "pg:amuontMin 5"), "the ontology has no such term: pg:amuontMin"),
    Mistake("a misspelt concept", claim("m34", "Ownership", OWNS, "pg:stakeMin 5", "pg:stakeBasis pg:basis-equitty"), "the ontology has no such term: pg:basis-equitty"),
    Mistake("an unknown party", claim("m35", "Investment", {"investor": "ent:fund", "investee": "ent:acmee"}), "a party is not an entity of the content: pg:investee is ent:acmee"),
    Mistake("a source that is not there", claim("m36", "Ownership", OWNS, 'pg:cites [ pg:source src:nowhere ; pg:locator "p. 1" ]'), "a citation needs exactly one pg:source"),
    # Parties and links.
    Mistake("both ends are one", claim("m37", "Investment", {"investor": "ent:acme", "investee": "ent:acme"}), "both ends of the claim are one and the same entity"),
    Mistake("an end is missing", claim("m38", "Investment", {"investor": "ent:fund"}), "an end of the claim is missing"),
    Mistake("one party to an agreement", claim("m39", "Competition", {"competitor": "ent:acme"}), "the relation has only one party"),
    Mistake("a model that invests", claim("m40", "Investment", {"investor": "ent:model", "investee": "ent:acme"}), "what plays the role is of a class that cannot: pg:investor ent:model is a pg:Model"),
    Mistake("a developer and what it develops exchanged", claim("m41", "Development", {"developer": "ent:model", "developed": "ent:acme"}), "what plays the role is of a class that cannot"),
    Mistake("a company in the role of an authority", claim("m42", "Review", {"authority": "ent:acme", "reviewed": "ent:beta"}), "what plays the role is of a class that cannot: pg:authority ent:acme"),
    Mistake("a company that holds a position", claim("m43", "Role", {"roleHolder": "ent:beta", "roleAt": "ent:acme"}), "pg:roleHolder must be a person"),
    Mistake("a fund in which a company invests", claim("m44", "Investment", {"investor": "ent:beta", "investee": "ent:fund"}), "the money goes to a fund, and comes from none", warning=True),
    Mistake("a role of another class", claim("m74", "Investment", None, "pg:supplier ent:beta"), "it has a role that only other classes of claims have, which nothing reads in a claim of its class: pg:supplier ent:beta", warning=True),
    Mistake("a class too wide to say anything", claim("m45", "Deal", {"involves": "ent:acme, ent:beta"}, "pg:stage pg:stage-agreed"), "the class is too wide"),
    Mistake("a claim that is part of itself", claim("m46", "Investment", None, "pg:partOf claim:m46"), "the links of the claim lead back to it"),
    Mistake("two claims that are parts of each other", claim("m47", "Investment", None, "pg:partOf claim:m47b") + "\n" + claim("m47b", "Investment", {"investor": "ent:ada", "investee": "ent:beta"}, "pg:partOf claim:m47"), "the links of the claim lead back to it"),
    Mistake("a contradiction of itself", claim("m48", "Ownership", OWNS, "pg:contradicts claim:m48"), "the claim contradicts itself"),
    Mistake("a link to a claim that is not there", claim("m49", "Ownership", OWNS, "pg:contradicts claim:nowhere"), "it links to a claim that does not exist"),
    # Values against each other.
    Mistake("an end before the beginning", claim("m50", "Ownership", OWNS, 'pg:begin "2026"^^xsd:gYear', 'pg:end "2024"^^xsd:gYear'), "the claim ends before it begins"),
    Mistake("a least value above the greatest", claim("m51", "Investment", None, "pg:amountMin 9000000 ; pg:amountMax 8000000", USD), "the least value is above the greatest"),
    Mistake("a valuation below the amount", claim("m52", "Investment", None, "pg:amountMin 900000000 ; pg:amountMax 900000000 ; pg:valuationMin 80000000 ; pg:valuationMax 80000000", USD), "the valuation is below the amount"),
    Mistake("an amount without a currency", claim("m53", "Investment", None, "pg:amountMin 9000000"), "an amount or valuation has no currency"),
    Mistake("a stake without its basis", claim("m54", "Ownership", OWNS, "pg:stakeMin 27 ; pg:stakeMax 27"), "a stake has no basis"),
    Mistake("a year whose digits are exchanged", claim("m55", "Investment", None, 'pg:date "2062-05-04"^^xsd:date'), "the date is far from any that can be meant: pg:date 2062-05-04"),
    Mistake("a source of the future", source("m56", 'dcterms:issued "2062"^^xsd:gYear'), "the date is far from any that can be meant: dcterms:issued 2062"),
    Mistake("a measure in another's unit", claim("m57", "Metric", {"measured": "ent:acme"}, "pg:measure pg:measure-gpus ; pg:unit pg:unit-percent ; pg:quantityMin 5", 'pg:date "2026"^^xsd:gYear').replace("pg:unit-percent", "pg:unit-megawatt"), "the measure is not counted in this unit"),
    Mistake("a quantity without a unit", claim("m58", "Metric", {"measured": "ent:acme"}, "pg:measure pg:measure-gpus ; pg:quantityMin 5", 'pg:date "2026"^^xsd:gYear'), "a quantity has no unit or no measure"),
    Mistake("a label with another number than the values", claim("m59", "Investment", None, "pg:amountMin 50000000 ; pg:amountMax 50000000", USD, label="It is 5 million dollars."), "the label gives a number that no property has"),
    Mistake("a label that abbreviates its number", claim("m60", "Investment", None, "pg:amountMin 5000000 ; pg:amountMax 5000000", USD, label="It is $5M."), "the label abbreviates a number", warning=True),
    Mistake("millions that were meant", claim("m61", "Investment", {"investor": "ent:ada", "investee": "ent:acme"}, "pg:amountMin 300 ; pg:amountMax 300", USD), "the amount is very small for a deal", warning=True),
    Mistake("a deal that is there already", claim("m62", "Investment", {"investor": "ent:fund", "investee": "ent:beta"}, 'pg:amountMin 40100000 ; pg:amountMax 40100000 ; pg:date "2026-05-20"^^xsd:date', USD), "another claim of the class has the same ends, amount and time", warning=True),
    Mistake("a figure that is there already", claim("m62a", "Metric", {"measured": "ent:beta"}, 'pg:measure pg:measure-employees ; pg:unit pg:unit-count ; pg:quantityMin 90 ; pg:quantityMax 90 ; pg:date "2026-05-20"^^xsd:date') + "\n" + claim("m62b", "Metric", {"measured": "ent:beta"}, 'pg:measure pg:measure-employees ; pg:unit pg:unit-count ; pg:quantityMin 90 ; pg:quantityMax 90 ; pg:date "2026-05"^^xsd:gYearMonth'), "another claim of the class states the same figure of the same at that time", warning=True),
    # Sources.
    Mistake("one address in two spellings", source("m63", 'schema:url "http://www.example.org/good/?utm_source=mail#top"^^xsd:anyURI'), "another source has the same address"),
    Mistake("a tracked address", source("m64", 'schema:url "https://example.org/tracked?utm_source=mail"^^xsd:anyURI'), "the address tracks its readers"),
    Mistake("confirmed by a newspaper", claim("m65", "Ownership", OWNS).replace("pg:reported", "pg:confirmed"), "it is confirmed, but no citation leads to the words of a party"),
    Mistake("announced by a blog", claim("m66", "Ownership", {"owner": "ent:beta", "owned": "ent:acme"}, 'pg:cites [ pg:source src:blog ; pg:locator "paragraph 4" ]').replace("pg:reported", "pg:announced"), "it is announced, but only sources of the lowest tier say so", warning=True),
    Mistake("a locator that leads nowhere", claim("m67", "Ownership", OWNS, 'pg:cites [ pg:source src:good ; pg:locator "body" ]'), "the locator of a citation leads nowhere", warning=True),
    Mistake("about, of nothing", claim("m68", "Investment", None, "pg:amountApproximate true"), "a qualifier does not fit the values: pg:amountApproximate, and no value"),
    Mistake("undisclosed, with the sum", claim("m69", "Investment", None, "pg:amountUndisclosed true ; pg:amountMin 5000000 ; pg:amountMax 5000000", USD), "a qualifier does not fit the values: pg:amountUndisclosed, and pg:amountMax 5000000"),
    Mistake("a stake as a fraction", claim("m70", "Ownership", {"owner": "ent:fund", "owned": "ent:acme"}, "pg:stakeMin 0.27 ; pg:stakeMax 0.27 ; pg:stakeBasis pg:basis-equity"), "the stake may be a fraction of one: pg:stakeMax 0.27", warning=True),
    Mistake("a source cited without a place", claim("m71", "Ownership", {"owner": "ent:beta", "owned": "ent:acme"}, "pg:cites src:good"), "it cites a source without a place: src:good"),
    Mistake("a block of 'new' that was not filled in", claim("m72", "Competition", {"competitor": "ent:fund, ent:beta"}, 'pg:cites [ pg:source src:good ; pg:locator "PLACE IN THE SOURCE" ]'), "it still has what was to be replaced: PLACE IN THE SOURCE"),
    Mistake("a source older than what it is cited for", claim("m91", "Competition", {"competitor": "ent:acme, ent:fund"}, 'pg:date "2026-06-01"^^xsd:date'), "a source was published more than three days before what it is cited for: src:good of 2026-05-04", warning=True),
    Mistake("parts, and nothing that has the whole", claim("m93", "Ownership", {"owner": "ent:fund", "owned": "ent:beta"}, 'pg:cites [ pg:carries pg:part-parties ; pg:source src:good ; pg:locator "paragraph 5" ]'), "each citation carries a part alone, and none the whole of the claim: 1 citation;", warning=True),
    Mistake("up to about, of a plain sum", claim("m92", "Investment", None, "pg:amountMin 5000000 ; pg:amountMax 5000000 ; pg:amountApproximate true", USD, label="It is up to about 5 million dollars."), "the label qualifies a number otherwise than the range"),
    Mistake("about in the value, and not in the label", claim("m94", "Investment", None, "pg:amountMin 6000000 ; pg:amountMax 6000000 ; pg:amountApproximate true", USD, label="It is 6 million dollars."), "the value is approximate, and the label tells it as exact", warning=True),
    Mistake("a note that counts more reports than are cited", claim("m95", "Ownership", {"owner": "ent:fund", "owned": "ent:acme"}, 'pg:attestationNote "The papers were not read, but two independent reports agree."'), "counts more reports than are cited: two, 1 cited"),
    Mistake("what a newsroom reports called a rumour", claim("m96", "Ownership", OWNS, label="Acme Robotics owns Beta Labs, The Daily Example reported.").replace("pg:reported", "pg:rumoured"), "the label has a newsroom report it, and it is rumoured: The Daily Example"),
    Mistake("a source without a date", 'src:m73 a pg:Source ; dcterms:title "T" ; pg:tier pg:tier-trade-press .', "the source has no date"),
    Mistake("an address without a scheme", source("m102", 'schema:url "example.org/bare"^^xsd:anyURI'), "schema:url must begin with http:// or https://"),
    Mistake("two addresses of one source", source("m103", 'schema:url "https://example.org/one"^^xsd:anyURI, "https://example.org/two"^^xsd:anyURI'), "and a source has one"),
    Mistake("a label of blanks", claim("m104", "Competition", {"competitor": "ent:fund, ent:acme"}, label="  "), "a claim needs exactly one rdfs:label"),
    Mistake("a unit in quotes", claim("m105", "Metric", {"measured": "ent:fund"}, 'pg:measure pg:measure-gpus ; pg:unit "count" ; pg:quantityMin 40 ; pg:date "2025"^^xsd:gYear'), "a text stands where a name is to stand: pg:unit"),
    Mistake("a currency, and no sum", claim("m106", "Investment", None, USD), "a qualifier does not fit the values: pg:currency USD, and no sum"),
    Mistake("an agreed end before the beginning", claim("m107", "Ownership", OWNS, 'pg:begin "2026"^^xsd:gYear ; pg:agreedEnd "2024-05"^^xsd:gYearMonth'), "the claim ends before it begins: 2026 to 2024-05"),
    Mistake("more than a hundred per cent", claim("m108", "Metric", {"measured": "ent:beta"}, 'pg:measure pg:measure-market-share ; pg:unit pg:unit-percent ; pg:quantityMin 140 ; pg:quantityMax 140 ; pg:date "2025"^^xsd:gYear'), "the percentage is more than all: pg:quantityMax 140", warning=True),
    Mistake("an entity called like another, but for a letter", 'ent:acme-robtics a pg:Company ; rdfs:label "Acme Robtics" .', "the name 'Acme Robtics' differs from that of ent:acme, 'Acme Robotics', by one letter alone", warning=True),
    Mistake("two sums for one", claim("m110", "Investment", None, "pg:amountMin 5000000, 6000000", USD), "pg:amountMin has 2 values where one may be: 5000000, 6000000; keep one"),
]  # fmt: skip


def file_of(number: int) -> str:
    """The name of the file in which a mistake stands."""
    return f"m{number:02}.ttl"


def planted(folder: Path) -> list[Violation]:
    """What ``check`` says of a folder with all mistakes, each in a file of its own."""
    data = folder / "graph_data"
    data.mkdir(parents=True)
    (data / "a-right.ttl").write_text(HEAD + RIGHT, encoding="utf-8")
    for number, mistake in enumerate(MISTAKES, 1):
        (data / file_of(number)).write_text(f"{HEAD}\n{mistake.turtle}\n", encoding="utf-8")
    return violations(find_content(folder))


def heard(number: int, found: list[Violation]) -> Violation | None:
    """What is said of a mistake, in its file; the first that says what is expected."""
    mistake = MISTAKES[number - 1]
    hits = (said for said in found if said.path.name == file_of(number) and mistake.said in said.problem)
    return next((said for said in hits if said.warning == mistake.warning), None)


def page(found: list[Violation]) -> str:
    """docs/mistakes.md."""
    lines = [
        "# What `check` catches",
        "",
        "Each of these is planted by a test, in a file of its own; the words are those that it is answered with. A *warning* is counted, and",
        "listed with `--warnings`: it may be right.",
        "",
        "| mistake | | what is said |",
        "|---|---|---|",
    ]
    for number, mistake in enumerate(MISTAKES, 1):
        said = heard(number, found)
        words = (said.problem if said else "").replace("|", "\\|").replace("<", "&lt;").split("graph_data")
        shown = (
            words[0].rpartition("in /")[0] + "in graph_data" + words[1]
            if len(words) > 1 and "in /" in words[0]
            else "graph_data".join(words)
        )
        lines.append(f"| {mistake.what} | {'warning' if mistake.warning else 'violation'} | {shown} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as place:
        (Path(__file__).parents[1] / "docs" / "mistakes.md").write_text(page(planted(Path(place) / "all")), encoding="utf-8")
