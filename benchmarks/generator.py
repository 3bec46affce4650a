"""Seeded partnership graphs of any size in our own ontology, as a content folder that ``partnergraph --content`` takes.

Usage: python benchmarks/generator.py DIR --triples 100000 [--seed 1]
The same size and seed give the same bytes.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from pathlib import Path

PREFIXES = """@prefix claim: <https://w3id.org/partnergraph/claim/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ent: <https://w3id.org/partnergraph/entity/> .
@prefix pg: <https://w3id.org/partnergraph/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix src: <https://w3id.org/partnergraph/source/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

"""
ATTESTATIONS = ("rumoured", "reported", "announced", "confirmed")
STAGES = ("intended", "agreed", "underway", "completed", "ended")
TIERS = ("weak", "aggregator", "trade-press", "quality-press", "primary")
# Class, role at the start, role at the end, what stands at the end, whether it carries money, how often.
KINDS = (
    ("Investment", "investor", "investee", "company", True, 25),
    ("SupplyContract", "supplier", "customer", "company", True, 25),
    ("Hosting", "hostingProvider", "hosted", "product", False, 15),
    ("Integration", "integrating", "integrated", "product", False, 15),
    ("Development", "developer", "developed", "product", False, 10),
    ("Competition", "competitor", "competitor", "company", False, 10),
)
# About so many triples come with each claim, its citation and its share of entities and sources.
TRIPLES_PER_CLAIM = 13
CLAIMS_PER_FILE = 50_000


def entities(companies: int, products: int) -> Iterator[str]:
    """The entities in Turtle."""
    for number in range(companies):
        yield f'ent:company-{number}\n    a pg:Company ;\n    rdfs:label "Company {number}" .\n\n'
    for number in range(products):
        yield f'ent:product-{number}\n    a pg:Application ;\n    rdfs:label "Product {number}" .\n\n'


def days(count: int, rng: random.Random) -> list[str]:
    """Days on which sources were published."""
    return [f"{rng.randint(2015, 2026)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}" for _ in range(count)]


def sources(published: list[str], rng: random.Random) -> Iterator[str]:
    """The sources in Turtle."""
    for number, day in enumerate(published):
        tier = rng.choice(TIERS)
        yield (
            f'src:source-{number}\n    a pg:Source ;\n    dcterms:title "Source {number}" ;\n'
            f'    dcterms:issued "{day}"^^xsd:date ;\n    pg:tier pg:tier-{tier} .\n\n'
        )


def claims(count: int, companies: int, products: int, published: list[str], rng: random.Random) -> Iterator[str]:
    """The claims in Turtle: few firms have many, most have few, as in life."""
    weights = [kind[-1] for kind in KINDS]

    def company() -> str:
        return f"ent:company-{int(companies * rng.random() ** 2)}"

    for number in range(count):
        name, start, finish, target, money, _ = rng.choices(KINDS, weights)[0]
        first = company()
        second = first
        while second == first:
            second = company() if target == "company" else f"ent:product-{int(products * rng.random() ** 2)}"
        year, month, day = rng.randint(2015, 2026), rng.randint(1, 12), rng.randint(1, 28)
        source = rng.randrange(len(published))
        attestation = rng.choice(ATTESTATIONS)
        lines = [
            f"claim:claim-{number}",
            f"    a pg:{name} ;",
            f'    rdfs:label "{name} number {number}." ;',
            f"    pg:attestation pg:{attestation} ;",
            f"    pg:{start} {first} ;",
            f"    pg:{finish} {second} ;",
        ]
        if attestation == "confirmed":
            lines.append('    pg:attestationNote "Drawn at random." ;')
        if money:
            amount = rng.randint(1, 1000) * 10**6
            least = rng.choice((amount, amount, 0))
            stage = rng.choice(STAGES)
            if stage == "completed" and published[source] < f"{year}-{month:02}-{day:02}":
                stage = "agreed"
            lines += [
                f"    pg:stage pg:stage-{stage} ;",
                f"    pg:amountMin {least} ;",
                f"    pg:amountMax {amount} ;",
                '    pg:currency "USD" ;',
            ]
        if number and rng.random() < 0.02:
            lines.append(f"    pg:contradicts claim:claim-{rng.randrange(number)} ;")
        lines.append(
            f'    pg:date "{year}-{month:02}"^^xsd:gYearMonth ;'
            if rng.random() < 0.3
            else f'    pg:date "{year}-{month:02}-{day:02}"^^xsd:date ;'
        )
        lines.append(f'    pg:cites [ pg:source src:source-{source} ; pg:locator "paragraph {rng.randint(1, 40)}" ] .')
        yield "\n".join(lines) + "\n\n"


def write_content(folder: Path, triples: int, seed: int = 1) -> Path:
    """A content folder with about so many stated triples; returns the folder."""
    rng = random.Random(seed)  # noqa: S311  # a benchmark, not a secret
    count = max(1, triples // TRIPLES_PER_CLAIM)
    companies, products, published = max(3, count // 20), max(3, count // 20), days(max(1, count // 10), rng)
    data = folder / "graph_data"
    data.mkdir(parents=True, exist_ok=True)
    (data / "entities.ttl").write_text(PREFIXES + "".join(entities(companies, products)), encoding="utf-8")
    (data / "sources.ttl").write_text(PREFIXES + "".join(sources(published, rng)), encoding="utf-8")
    stream = claims(count, companies, products, published, rng)
    for part, start in enumerate(range(0, count, CLAIMS_PER_FILE)):
        block = "".join(next(stream) for _ in range(min(CLAIMS_PER_FILE, count - start)))
        (data / f"claims-{part:03}.ttl").write_text(PREFIXES + block, encoding="utf-8")
    return folder


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--triples", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(write_content(options.folder, options.triples, options.seed))
