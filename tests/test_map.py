"""The map without a browser: what is in the page, that it is the same each time, and what is refused."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

import partnergraph
from cited import CITED
from partnergraph import Graph
from partnergraph.base.errors import OutputError, PartnerGraphError, QueryError, UnknownName
from partnergraph.page import palette
from partnergraph.page.data import page_data
from partnergraph.page.layout import Body, positions, size_of
from partnergraph.page.maps import Map
from partnergraph.page.page import ASSETS, UNSAFE, app_script, pack, unpack
from partnergraph.page.records import day_number, safe_url
from partnergraph.rdf.terms import PG

TINY = Path(__file__).parent / "tiny"
Run = Callable[..., Result]


@pytest.fixture(scope="module")
def tiny() -> Graph:
    return partnergraph.load(TINY)


@pytest.fixture(scope="module")
def whole(graph: Graph) -> Map:
    return graph.map()


def data_of(html: str) -> Any:
    opening = re.search(r'<script type="application/json" id="opening">(.*?)</script>', html, re.DOTALL)
    assert opening
    return {**json.loads(opening[1]), **unpack(packed(html))}


def packed(html: str) -> str:
    rest = re.search(r'<script type="application/zlib;base85" id="rest">(.*?)</script>', html)
    assert rest
    return rest[1]


def test_the_page_holds_every_claim_entity_and_source(graph: Graph, whole: Map):
    data = data_of(whole.html)
    assert len(data["claims"]) == len(graph.query("SELECT ?c { ?c a pg:Claim }"))
    assert len(data["nodes"]) == len(graph.query("SELECT DISTINCT ?e { ?c pg:party ?e }"))
    assert len(data["sources"]) == len(graph.query("SELECT DISTINCT ?s { ?c a pg:Claim ; pg:cites/pg:source ?s }"))
    places = sum(len(claim.get("c", [])) for claim in data["claims"])
    assert places == len(graph.query("SELECT ?cited { ?c a pg:Claim ; pg:cites ?cited }"))


def test_amounts_are_in_the_words_of_cards(graph: Graph, whole: Map):
    claims = {claim["i"]: claim for claim in data_of(whole.html)["claims"]}
    assert claims["microsoft-openai-2019-investment"]["m"][0] == ["amount", "1 billion USD"]
    for row in graph.query("SELECT ?c { ?c pg:amountMin 0 ; pg:amountMax ?most FILTER (?most > 0) }"):
        words = dict(claims[row[0].value.rpartition("/")[2]]["m"])["amount"]
        assert "up to" in words


def test_the_page_is_small(whole: Map):
    size = len(whole.html.encode())
    claims = len(data_of(whole.html)["claims"])
    assert size < 700_000
    assert size < 260_000 + 220 * claims
    assert len(gzip.compress(whole.html.encode())) < 530_000


def test_the_policy_names_exactly_what_is_in_the_page(whole: Map):
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', whole.html)
    assert policy
    assert policy[1].startswith("default-src 'none'; ")
    for tag, directive in (("script", "script-src"), ("style", "style-src")):
        bodies = re.findall(rf"<{tag}>(.*?)</{tag}>", whole.html, re.DOTALL)
        packed = re.findall(rf'<{tag} [^>]*id="app">(.*?)</{tag}>', whole.html)
        bodies += [zlib.decompress(base64.b85decode(body.translate(UNSAFE))).decode() for body in packed]
        hashes = {f"'sha256-{base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()}'" for body in bodies}
        stated = re.search(rf"{directive} ([^;]*);", policy[1])
        assert stated
        assert set(stated[1].split()) == hashes
    assert not re.search(r'(src|href)="(https?:)?//', whole.html.partition("<script")[0])
    assert not re.search(r"\son\w+=", whole.html.partition("<script")[0])
    assert "style=" not in whole.html.partition("<script")[0]


def test_same_input_same_bytes(tiny: Graph, tmp_path: Path):
    code = "import sys, partnergraph; partnergraph.load(sys.argv[1]).map().write(sys.argv[2])"
    written = set()
    for seed in ("0", "1", "4711"):
        path = tmp_path / f"{seed}.html"
        environment = {"PYTHONHASHSEED": seed, "PATH": "/usr/bin:/bin"}
        subprocess.run([sys.executable, "-c", code, str(TINY), str(path)], check=True, env=environment)
        written.add(path.read_bytes())
    assert written == {tiny.map().html.encode()}


def test_scripts_are_short_strict_and_formatted():
    files = [ASSETS / "loader.js", *sorted((ASSETS / "js").glob("*.js"))]
    assert len(files) > 10
    for path in files:
        lines = path.read_text(encoding="utf-8").split("\n")
        assert len(lines) < 300, path
        assert max(map(len, lines)) <= 130, path
        assert not [line for line in lines if line != line.rstrip() or "\t" in line], path
        assert "innerHTML" not in "".join(lines), path
        assert "eval(" not in "".join(lines), path
    assert app_script().startswith('(() => {\n"use strict";\n')


def test_entities_stand_apart_and_stay_where_they_are(graph: Graph):
    data = page_data(graph)
    bodies = [Body(entity["label"], size_of(entity["weight"])) for entity in data.entities]
    keys = [entity["key"] for entity in data.entities]
    pairs = [pair[:2] for pair in data.pairs]
    places = positions(bodies, pairs, keys)
    assert places == positions(bodies, pairs, keys)
    assert len(set(places)) == len(places)
    core = range(60)
    for a in core:
        for b in range(a):
            apart_x = abs(places[a][0] - places[b][0]) - bodies[a].size - bodies[b].size
            apart_y = abs(places[a][1] - places[b][1]) - bodies[a].size - bodies[b].size
            assert max(apart_x, apart_y) > 0, (keys[a], keys[b])
    # Who is known stays; who is new finds room.
    before = {key: place for key, place in zip(keys, places, strict=True) if key != "nvidia"}
    again = positions(bodies, [*pairs, (20, 59)], keys, before)
    assert [a for a, key in zip(again, keys, strict=True) if key != "nvidia"] == list(before.values())
    assert again[keys.index("nvidia")] not in before.values()


def test_a_map_like_an_earlier_one(tiny: Graph, tmp_path: Path):
    old = tmp_path / "old.html"
    page = tiny.map().html
    rest = unpack(packed(page))
    rest["nodes"][0]["x"] = 4711.5
    old.write_text(page.replace(packed(page), pack(rest)), encoding="utf-8")
    assert data_of(tiny.map(like=old).html)["nodes"][0]["x"] == 4711.5
    # Pages of earlier versions are packed in base64.
    before = base64.b64encode(zlib.compress(zlib.decompress(base64.b85decode(pack(rest).translate(UNSAFE))))).decode()
    old.write_text(page.replace(packed(page), before), encoding="utf-8")
    assert data_of(tiny.map(like=old).html)["nodes"][0]["x"] == 4711.5
    with pytest.raises(OutputError, match="cannot be read"):
        _ = tiny.map(like=tmp_path / "none.html").html
    old.write_text("<html>", encoding="utf-8")
    with pytest.raises(OutputError, match="is no map that this command wrote"):
        _ = tiny.map(like=old).html


def test_thousands_are_placed_in_seconds():
    # Each with the one of half its number, and with one far away: hubs, as graphs of firms have them.
    count = 2000
    bodies = [Body(f"Company {number}", size_of(3 + 900 / (number + 1)), number) for number in range(count)]
    pairs = sorted({tuple(sorted((number, other))) for number in range(1, count) for other in (number // 2, number * 7 % 61)})
    start = time.process_time()
    places = positions(bodies, [(a, b) for a, b in pairs if a != b], [str(number) for number in range(count)])
    # A second of work; what grows with the square of the number takes far longer.
    assert time.process_time() - start < 8
    assert len(set(places)) == count


def test_positions_of_small_graphs():
    assert positions([], [], []) == []
    assert positions([Body("A", 9)], [], ["a"]) == [(0.0, 0.0)]
    two = positions([Body("A", 9), Body("B", 9)], [], ["a", "b"])
    assert two[0] != two[1]
    nobody_linked = positions([Body("A", 9)] * 80, [], [str(number) for number in range(80)])
    assert len(set(nobody_linked)) == 80


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://example.org/a", "https://example.org/a"),
        ("HTTP://example.org", "HTTP://example.org"),
        ("javascript:alert(1)", ""),
        (" JaVaScRiPt:alert(1)", ""),
        ("java\nscript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("//example.org", ""),
        ("https://[", ""),
        ("", ""),
    ],
)
def test_only_addresses_of_the_web_are_linked(url: str, kept: str):
    assert safe_url(url) == kept


def test_days_sort_like_their_text():
    days = ["", "0999-12-31", "2019-07-22", "2020-01-01"]
    assert sorted(map(day_number, days)) == list(map(day_number, days))


def test_what_closes_tags_or_turns_text_does_not_reach_the_page(folder: Callable[[str], Path]):
    turtle = r"""
    ent:a a pg:Company ; rdfs:label "</script><script>x" . ent:b a pg:Company ; rdfs:label "\u202Eb\u0000" .
    src:s a pg:Source ; dcterms:title "</style>" ; pg:tier pg:tier-weak ; schema:url "javascript:x"^^xsd:anyURI .
    claim:c a pg:Ownership ; rdfs:label "<!--<script>" ; pg:owner ent:a ; pg:owned ent:b ; pg:attestation pg:reported ;
      pg:cites [ pg:source src:s ; pg:locator "</SCRIPT>" ] .
    """
    html = partnergraph.load(folder(turtle.replace(r"\u0000", ""))).map(title="</title><b>").html
    assert html.lower().count("</script") == 4
    assert html.count("<!--") == 0
    assert "\u202e" not in html
    assert "javascript:x" not in html
    assert "</title><b>" not in html


def test_looks_come_from_the_ontology(graph: Graph):
    groups, families = palette.groups(graph), palette.families(graph)
    assert len({(look.shape, look.light, look.hollow) for look in groups[:-1]}) == len(groups) - 1
    assert len({look.light for look in families}) == len(families)
    of_class = palette.group_of_class(graph)
    assert of_class[f"{PG}Regulator"] == f"{PG}map-group-public-bodies"
    known = {look.iri for look in groups}
    kinds = [row[0].value for row in graph.query("SELECT DISTINCT ?kind { ?e a pg:Entity ; pg:kind ?kind }")]
    assert len(kinds) > 10
    assert all(of_class[kind] in known for kind in kinds)


def test_an_ontology_that_says_nothing_about_looks(folder: Callable[[str], Path]):
    root = folder("""
    ent:a a pg:Company ; rdfs:label "A" . ent:b a pg:Company ; rdfs:label "B" .
    src:s a pg:Source ; dcterms:title "S" ; pg:tier pg:tier-weak .
    claim:c a pg:Ownership ; rdfs:label "c" ; pg:owner ent:a ; pg:owned ent:b ; pg:attestation pg:reported ; pg:cites [ pg:source src:s ] .
    """)
    shipped = partnergraph.load().content.ontology
    for path in sorted(shipped.rglob("*")):
        if path.is_file() and path.name != "display.ttl":
            target = root / "ontology" / path.relative_to(shipped)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    data = data_of(partnergraph.load(root).map().html)
    assert [group["label"] for group in data["lists"]["groups"]] == ["other entities"]
    assert {data["lists"]["groups"][node["group"]]["shape"] for node in data["nodes"]} == {"dot"}
    assert all(re.fullmatch("#[0-9A-F]{6}", family["light"]) for family in data["lists"]["families"])


def test_a_colour_is_nothing_but_a_colour():
    assert palette.colours('red" onload="x', "#000000", 0) == palette.FALLBACK[0]
    assert palette.colours("#0072B2", "#4DA8E0", 3) == ("#0072B2", "#4DA8E0")


def test_purposes(graph: Graph):
    everything = len(graph.query("SELECT ?claim { ?claim a pg:Claim }"))
    for options, start in (
        ({"focus": "Open AI"}, "scope=ego&entity=openai"),
        ({"path": ("microsoft", "SoftBank")}, "scope=path&from=microsoft&to=softbank"),
        ({"loops": True}, "scope=loops&look=relations"),
        ({"families": ["money"]}, "look=relations"),
    ):
        page = graph.map(**options)  # type: ignore[arg-type]
        data = data_of(page.html)
        assert data["meta"]["start"].startswith(start)
        assert 0 < len(data["claims"]) < everything
    assert graph.at(known_by="2024-01-31").map().purpose.start == "known=2024-01-31&axis=known"
    assert graph.map(compare=("2023-01-01", "2024-01-01")).purpose.start == "compare=2023-01-01..2024-01-01"


def test_the_ways_between_two_are_the_shortest_or_have_one_entity_in_between(folder: Callable[[str], Path]):
    names = ("a", "b", "between", "one-way", "other-way")
    links = [("a", "b"), ("a", "between"), ("between", "b"), ("a", "one-way"), ("one-way", "other-way"), ("other-way", "b")]
    turtle = "".join(f'ent:{name} a pg:Company ; rdfs:label "{name}" .\n' for name in names)
    turtle += "".join(
        f'claim:{one}-{other} a pg:Ownership ; rdfs:label "x" ; pg:owner ent:{one} ; pg:owned ent:{other} ; pg:attestation pg:reported .\n'
        for one, other in links
    )
    page = partnergraph.load(folder(turtle)).map(path=("a", "b"))
    # A way of three steps beside the direct one says nothing about the two.
    assert {claim["i"] for claim in data_of(page.html)["claims"]} == {"a-b", "a-between", "between-b"}


def test_a_view_by_attestation_or_tier_is_what_the_page_holds(graph: Graph):
    view = graph.at(attested="confirmed", tier="primary", as_of="2025-01-01")
    page = view.map()
    base = graph.at(attested="confirmed", tier="primary")
    assert len(data_of(page.html)["claims"]) == len(base.query("SELECT ?c { ?c a pg:Claim }"))
    assert page.purpose.start == "asof=2025-01-01"


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"focus": "no such entity"}, UnknownName, "no entity named"),
        ({"path": ("openai", "no such entity")}, UnknownName, "no entity named"),
        ({"families": ["mony"]}, UnknownName, "did you mean 'money'"),
        ({"focus": "openai", "loops": True}, QueryError, "one scope"),
        ({"compare": ("2024-01-01", "2023-01-01")}, QueryError, "from the earlier to the later"),
        ({"compare": ("soon", "2023-01-01")}, QueryError, "is no day"),
    ],
)
def test_what_cannot_be_drawn_is_said(options: dict[str, Any], error: type[PartnerGraphError], words: str, graph: Graph):
    with pytest.raises(error, match=words):
        graph.map(**options)


def test_comparing_two_days_of_one_day(graph: Graph):
    with pytest.raises(QueryError, match="leave out the day"):
        graph.at(as_of="2024-01-01").map(compare=("2023-01-01", "2024-01-01"))


def test_unlinked_entities_have_no_way(folder: Callable[[str], Path]):
    graph = partnergraph.load(folder('ent:a a pg:Company ; rdfs:label "A" . ent:b a pg:Company ; rdfs:label "B" .'))
    with pytest.raises(QueryError, match="no claim links A with B"):
        graph.map(path=("A", "B"))
    with pytest.raises(QueryError, match="no money runs in a loop"):
        graph.map(loops=True)
    assert "2 of" not in graph.map().html.partition("<script")[0]


def test_writing(tiny: Graph, tmp_path: Path):
    target = tmp_path / "map.html"
    assert tiny.map().write(target) == target
    assert target.read_bytes().startswith(b"<!doctype html>")
    assert [path.name for path in tmp_path.iterdir()] == ["map.html"]
    with pytest.raises(OutputError, match="is a folder"):
        tiny.map().write(tmp_path)
    with pytest.raises(OutputError, match="cannot be written"):
        tiny.map().write(tmp_path / "none" / "map.html")


def test_a_notebook_shows_it_in_a_frame_of_its_own(tiny: Graph):
    shown = tiny.map(title='"><b>')._repr_html_()
    assert shown.startswith('<iframe sandbox="allow-scripts ')
    assert "allow-same-origin" not in shown
    assert "allow-popups-to-escape-sandbox" in shown
    assert shown.count("<") == 2
    # A host page in another encoding must not change a letter.
    assert shown.isascii()
    assert repr(tiny.map()) == "<partnergraph map: Partnership graph, all claims>"


def test_plain_pyvis(tiny: Graph, tmp_path: Path):
    from pyvis.network import Network

    network = tiny.pyvis(top=None)
    assert isinstance(network, Network)
    data = page_data(tiny)
    assert network.num_nodes() == len(data.entities)
    # One link a direction: as many as there are ordered pairs with a claim, and pairs with one that goes no way.
    pairs = tiny.network().edges(data="mutual")
    assert network.num_edges() == len({(frozenset((a, b)) if both else (a, b)) for a, b, both in pairs}) > 0
    assert len({edge["id"] for edge in network.edges}) == network.num_edges()
    assert all({"x", "y", "color", "label"} <= set(node) for node in network.nodes)
    invested = next(edge for edge in network.edges if (edge["from"], edge["to"]) == ("giant", "lab"))
    assert invested["arrows"] == "to"
    assert "Giant invests 10 billion dollars in Lab. (2023-01, confirmed)" in invested["title"]
    assert len({edge["color"] for edge in network.edges}) > 2
    assert [node["id"] for node in tiny.pyvis(top=2).nodes] == [entity["key"] for entity in data.entities[:2]]
    near = {b if a == "ent:lab" else a for a, b in tiny.network().edges() if "ent:lab" in (a, b)}
    assert {f"ent:{node['id']}" for node in tiny.pyvis(focus="Lab").nodes} == near | {"ent:lab"}
    network.toggle_physics(status=True)
    written = network.generate_html()
    assert "<html>" in written
    assert not re.search(r'(src|href)="https?://', written)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(QueryError, match="shows nothing"):
        tiny.pyvis(top=0)


def test_pyvis_and_the_writers_of_networkx_take_the_network_as_it_is(tiny: Graph, tmp_path: Path):
    import networkx as nx
    from pyvis.network import Network

    network = tiny.network()
    for name, write in (("n.graphml", nx.write_graphml), ("n.gexf", nx.write_gexf)):
        write(network, tmp_path / name)
        assert (tmp_path / name).stat().st_size > 1000
    assert nx.node_link_data(network)["directed"] is True
    drawn = Network(directed=True)
    drawn.from_nx(network)
    assert drawn.num_edges() == network.number_of_edges()
    assert {edge["claim"] for edge in drawn.edges} == {claim for *_, claim in network.edges(keys=True)}


def test_the_command(run: Run, tmp_path: Path):
    target = tmp_path / "out.html"
    result = run("map", "-o", str(target), "--focus", "OpenAI", "--as-of", "2024-06-01")
    assert result.stdout == f"{target}\n"
    assert "Around OpenAI" in result.stderr
    assert data_of(target.read_text(encoding="utf-8"))["meta"]["start"] == "asof=2024-06-01&scope=ego&entity=openai"
    assert run("map", "-o", str(target), "--content", str(TINY)).exit_code == 0
    assert "no entity named" in run("map", "-o", str(target), "--focus", "nobody at all", code=1).stderr
    assert "is a folder" in run("map", "-o", str(tmp_path), code=1).stderr


def test_every_new_term_has_label_and_definition(graph: Graph):
    bare = graph.query(
        "SELECT ?term { VALUES ?kind { owl:AnnotationProperty skos:Concept skos:ConceptScheme } ?term a ?kind "
        "FILTER (STRSTARTS(STR(?term), STR(pg:map)) || ?term = pg:MapGroupScheme) "
        "FILTER (NOT EXISTS { ?term rdfs:label ?l } || NOT EXISTS { ?term skos:definition ?d }) }"
    )
    assert len(bare) == 0


def test_a_citation_says_how_far_it_carries_the_claim_and_on_whose_site_it_was_read(folder: Callable[[str], Path]):
    data = data_of(partnergraph.load(folder(CITED)).map().html)
    (claim,) = data["claims"]
    told = [(data["sources"][number]["t"], *rest) for number, *rest in claim["c"]]
    # First what was compared and carries the whole, then by tier; parts in one text behind an empty paragraph.
    assert told == [
        ("The deal", "paragraph 2"),
        ("Annual report", "Note 3", "", "amount, parties"),
        ("Unread", "paragraph 1"),
    ]
    assert [source["p"] for source in data["sources"] if source["t"] == "Unread"] == ["The Wire via Copier"]
