"""What must stand in Python and in JavaScript: one table of cases for each, which both run."""

from __future__ import annotations

import datetime
import json
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from opened import Open
from playwright.sync_api import Browser

import partnergraph
from partnergraph.analysis.paths import find_chains
from partnergraph.base.spreadsheets import defused
from partnergraph.core.selection import Index, select
from partnergraph.core.spans import Citation, Span
from partnergraph.core.views import View
from partnergraph.page.purposes import purpose
from partnergraph.rdf.names import Names, fold, fold_words
from partnergraph.rdf.terms import compact
from partnergraph.server.pages.frame import assets

Folder = Callable[[str], Path]
CASES = Path(__file__).parent.parent / "cases"
# How people ask is a table of the command line alone.
TABLES = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in CASES.glob("*.json") if path.stem != "phrasings"}
SOURCE = 'src:s a pg:Source ; dcterms:title "S" ; pg:tier pg:tier-primary ; dcterms:issued "2024-01-01"^^xsd:date .\n'
CITED = "pg:cites [ pg:source src:s ] .\n"


def test_every_table_is_run():
    used = Path(__file__).read_text(encoding="utf-8")
    assert len(TABLES) >= 4
    assert all(f'TABLES["{name}"]' in used for name in TABLES)


def test_folding(open_map: Open, browser: Browser):
    cases = TABLES["folding"]["cases"]
    assert [fold(text) for text, _ in cases] == [folded for _, folded in cases]
    assert ["".join(fold_words(text)) for text, _ in cases] == [folded for _, folded in cases]
    found = open_map().ask("(texts) => texts.map(partnergraph.fold)", [text for text, _ in cases])
    assert found == [folded for _, folded in cases]
    # So does the search field of the site.
    page = browser.new_page()
    page.add_script_tag(content=assets()["site.js"].decode())
    assert page.evaluate("(texts) => texts.map(fold)", [text for text, _ in cases]) == found
    page.close()


def test_cells_of_csv(open_map: Open):
    cases = TABLES["cells"]["cases"]
    assert [defused(text) for text, _ in cases] == [cell for _, cell in cases]
    found = open_map().ask("(texts) => texts.map(partnergraph.defused)", [text for text, _ in cases])
    assert found == [cell for _, cell in cases]


def test_every_letter_is_folded_alike(open_map: Open):
    # Letters that only one of the two knows yet are left out, and Cherokee, of which Python makes capitals.
    letters = [
        letter
        for letter in map(chr, range(sys.maxunicode + 1))
        if unicodedata.category(letter) not in {"Cn", "Cs", "Co"} and "CHEROKEE" not in unicodedata.name(letter, "")
    ]
    assert len(letters) > 100_000
    found = open_map().ask("(letters) => letters.map(partnergraph.fold)", letters)
    assert [(a, f) for a, f in zip(letters, found, strict=True) if fold(a) != f] == []


def test_finding(open_map: Open, folder: Folder, tmp_path: Path):
    table = TABLES["finding"]
    named = {
        key: [f'rdfs:label "{names[0]}"', *(f'skos:altLabel "{name}"' for name in names[1:])]
        for key, names in table["entities"].items()
    }
    turtle = SOURCE + "".join(f"ent:{key} a pg:Company ; {' ; '.join(names)} .\n" for key, names in named.items())
    # Each of them is a party of one claim: without any it would not be on the page.
    turtle += "".join(
        f'claim:{key} a pg:Launch ; rdfs:label "{key}" ; pg:launching ent:{key} ; pg:launched ent:{key} ; pg:attestation pg:reported ; {CITED}'
        for key in named
    )
    graph = partnergraph.load(folder(turtle))
    opened = open_map(file=graph.map().write(tmp_path / "found.html"))
    names = Names((f"ent:{key}", name) for key, called in table["entities"].items() for name in called)
    for typed, expected in table["cases"]:
        by_name = [iri.removeprefix("ent:") for iri, _ in names.search(typed)]
        on_page = opened.ask("(text) => partnergraph.hits(text)", typed)
        assert sorted(on_page) == sorted(expected), typed
        assert on_page[:1] == expected[:1], typed
        # Where nothing fits, the command goes on to names that are much like it; the page says that there is none.
        if expected:
            assert sorted(by_name) == sorted(expected), typed
            assert by_name[:1] == expected[:1], typed
    for typed in ("Open AI", "open-ai"):
        opened.page.locator("#find").fill(typed)
        assert opened.page.locator("#hits li").first.inner_text().startswith("OpenAI")


def test_days(open_map: Open):
    table = TABLES["days"]
    opened = open_map()
    for days, day, expected in table["in force"]:
        assert Span(*days).in_force(day) is expected, (days, day)
        assert opened.ask("([days, day]) => partnergraph.holds(days, day)", [days, day]) is expected, (days, day)
    claim, node, source = (ox.NamedNode(f"urn:{name}") for name in ("claim", "citation", "source"))
    for state, place in (("", 2), ("undated=1", 3)):
        opened.go(state)
        for case in table["published"]:
            days, day, expected = case[0], case[1], case[place]
            index = Index({claim: Span()}, {claim: 0}, [Citation(claim, node, source, 0, *days)])
            found = select(index, View(known_by=datetime.date.fromisoformat(day), undated=bool(state)))
            assert (None if found.marks else bool(found.claims)) is expected, case
            assert opened.ask("([days, day]) => partnergraph.admits(days, day)", [days, day]) is expected, case


def contracts() -> str:
    """The claims of the table as content; a contested one is contradicted by a worse attested one between the same two."""
    claims = TABLES["ways"]["claims"]
    ends = sorted({end for claim in claims for end in claim[:2]})
    turtle = SOURCE + "".join(f'ent:{end} a pg:Company ; rdfs:label "{end.upper()}" .\n' for end in ends)
    for number, (one, other, attestation, stage, contested) in enumerate(claims):
        names = [(f"claim:c{number}", attestation, "")]
        if contested:
            names.append((f"claim:c{number}-rival", "rumoured", f"pg:contradicts claim:c{number} ; "))
        turtle += "".join(
            f'{name} a pg:SupplyContract ; rdfs:label "{name}" ; pg:supplier ent:{one} ; pg:customer ent:{other} ; '
            f"pg:attestation pg:{level} ; pg:stage pg:stage-{stage} ; {against}{CITED}"
            for name, level, against in names
        )
    return turtle


@pytest.fixture(scope="module")
def dealing(tmp_path_factory: pytest.TempPathFactory) -> partnergraph.Graph:
    from partnergraph.rdf.terms import PREFIXES

    content = tmp_path_factory.mktemp("ways")
    (content / "graph_data").mkdir()
    prefixes = "".join(f"@prefix {name}: <{namespace}> .\n" for name, namespace in PREFIXES.items())
    (content / "graph_data" / "mine.ttl").write_text(prefixes + contracts(), encoding="utf-8")
    return partnergraph.load(content)


@pytest.mark.parametrize(
    ("start", "finish", "ways"), TABLES["ways"]["cases"], ids=lambda value: value if isinstance(value, str) else ""
)
def test_ways(start: str, finish: str, ways: list[Any], dealing: partnergraph.Graph, open_map: Open, tmp_path: Path):
    network = dealing.network(dealing.families.joining)
    chains = find_chains(network, f"ent:{start}", f"ent:{finish}", not_done=dealing.stages.not_done, limit=50)
    # The analysis goes on to longer chains, the page stops at the shortest or at two steps.
    longest = max(len(way.split()) for way, _ in ways)
    short = [chain for chain in chains if len(chain.steps) < longest]
    found = [(" ".join([start, *(step.finish.removeprefix("ent:") for step in chain.steps)]), chain.cost) for chain in short]
    assert found == [(way, pytest.approx(cost)) for way, cost in ways]
    # A page made for the ways between the two holds no other entities.
    kept = purpose(dealing, path=(start.upper(), finish.upper())).claims or frozenset()
    ends = {compact(row[name]) for row in _edges(dealing) if row["claim"] in kept for name in ("from", "to")}
    assert ends == {f"ent:{end}" for way, _ in ways for end in way.split()}
    opened = open_map(f"scope=path&from={start}&to={finish}", file=dealing.map().write(tmp_path / "ways.html"))
    listed = [text.lower().replace(" → ", " ") for text in opened.page.locator(".trails li").all_inner_texts()]
    assert listed == [way for way, _ in ways]


def _edges(graph: partnergraph.Graph) -> list[dict[str, str]]:
    from partnergraph.core.rows import rows

    return list(rows(graph, "edges"))
