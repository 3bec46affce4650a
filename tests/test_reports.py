"""What users of other tools of this trade reported as faults, each as a test of its kind on a content of its own."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path

import networkx as nx
import pyoxigraph as ox
import pytest
from typer.testing import Result

import partnergraph
from arrows import with_arrows
from partnergraph.base.errors import AmbiguousName, UnknownName
from partnergraph.rdf.jsonld import write_jsonld
from partnergraph.rdf.names import Names
from partnergraph.rdf.terms import PREFIXES
from partnergraph.reading.profile import told_aspects

Run = Callable[..., Result]
Folder = Callable[[str], Path]

SOURCE = """
ent:fund a pg:Fund ; rdfs:label "Harbour Fund" .
ent:maker a pg:Company ; rdfs:label "Maker" .
src:filing a pg:Source ; dcterms:title "Yearly filing" ; pg:tier pg:tier-primary ; dcterms:issued "2025-01-15"^^xsd:date .
"""


def deal(name: str, more: str) -> str:
    return f"""claim:{name} a pg:Investment ; rdfs:label "Harbour Fund invests in Maker, {name}." ; pg:attestation pg:confirmed ;
      pg:investor ent:fund ; pg:investee ent:maker ; pg:stage pg:stage-completed ; {more} ;
      pg:cites [ pg:source src:filing ; pg:locator "note {name}" ] .
    """


def exactly(amount: int, currency: str = "USD") -> str:
    return f'pg:amountMin {amount} ; pg:amountMax {amount} ; pg:currency "{currency}" ; pg:date "2024-01-02"^^xsd:date'


RIVALS = """claim:rivals a pg:Competition ; rdfs:label "Harbour Fund and Maker compete." ; pg:attestation pg:announced ;
  pg:competitor ent:fund, ent:maker ; pg:begin "2023"^^xsd:gYear ; pg:cites [ pg:source src:filing ; pg:locator "note 9" ] .
"""


# Names


@pytest.mark.parametrize(
    ("known", "typed"),
    [
        ("C#", "C++"),
        ("C++", "C"),
        ("Command A", "Command A+"),
        ("टाटा", "टोटो"),
        ("ปูน", "ปาน"),
        ("ハタ電機", "バタ電機"),
        ("Llama 3.1", "Llama 31"),
        ("😀", "!?"),
        ("OpenAI Inc.", "OpenAI Fund"),
    ],
)
def test_a_typed_name_is_never_taken_for_another_one(known: str, typed: str) -> None:
    names = Names([("ent:x", known), ("ent:y", "Quite another")])
    assert known in names
    assert typed not in names
    with pytest.raises(UnknownName):
        names.resolve(typed)


@pytest.mark.parametrize(
    ("known", "typed"),
    [
        ("Microsoft", "Microsoft Corp."),
        ("Microsoft", "MICROSOFT Corporation"),
        ("Anthropic", "Anthropic PBC"),
        ("Nscale Ltd", "nscale"),
        ("Société d'Énergie", "societe d energie"),
        ("محمد", "مُحَمَّد"),
        ("Llama 3.1", "llama-3.1"),
        ("C#", "c#"),
        ("OpenAI", "OpenAI™"),
    ],
)
def test_the_same_name_in_other_letters_is_found(known: str, typed: str) -> None:
    assert Names([("ent:x", known), ("ent:y", "Quite another")]).resolve(typed) == "ent:x"


def test_a_legal_form_that_tells_two_firms_apart_is_not_left_out() -> None:
    names = Names([("ent:a", "Acme Inc."), ("ent:b", "Acme GmbH"), ("ent:c", "Other")])
    assert names.resolve("acme gmbh") == "ent:b"
    # Another form is neither: it is asked which is meant.
    with pytest.raises(AmbiguousName):
        names.resolve("Acme Ltd")


def test_a_label_spelled_exactly_so_comes_before_others_folded_alike() -> None:
    assert Names([("ent:a", "Nova"), ("ent:b", "NOVA")]).resolve("NOVA") == "ent:b"


def test_the_old_name_of_a_merged_entity_leads_to_the_new_one(run: Run, folder: Folder) -> None:
    old = 'ent:maker-old a pg:Company ; rdfs:label "Maker (before 2024)" ; dcterms:isReplacedBy ent:maker .\n'
    content = str(folder(SOURCE + old + deal("m", exactly(5_000_000))))
    for name in ("ent:maker-old", "Maker (before 2024)"):
        assert "claim:m" in run("show", name, "--content", content).output


# What check says


def wrong(run: Run, folder: Folder, turtle: str, *options: str, code: int = 1) -> str:
    return run("check", "--content", str(folder(SOURCE + turtle)), *options, code=code).output


def test_check_names_entities_that_are_called_the_same_but_for_case_or_language(run: Run, folder: Folder) -> None:
    names = {"n0": '"Nordbank"', "n1": '"NORDBANK"', "n9": '"Nord-Bank"@en'}
    output = wrong(run, folder, "".join(f"ent:{key} a pg:Company ; rdfs:label {name} .\n" for key, name in names.items()))
    assert [key for key in names if f" ent:{key}: another entity is called the same" in output] == list(names)
    told = "".join(f"ent:{key} a pg:Company ; rdfs:label {name} .\n" for key, name in list(names.items())[:2])
    assert "called the same" not in wrong(run, folder, told + "ent:n0 owl:differentFrom ent:n1 .\n", code=0)


def test_two_people_may_share_a_name(run: Run, folder: Folder) -> None:
    two = 'ent:moor-judge a pg:Person ; rdfs:label "Alex Moor" .\nent:moor-banker a pg:Person ; rdfs:label "Alex Moor" .\n'
    assert wrong(run, folder, two, code=0).startswith("partnergraph: 3 warnings")
    assert "owl:differentFrom" in wrong(run, folder, two, "--warnings", code=0)
    assert "owl:differentFrom" not in wrong(
        run, folder, two + "ent:moor-judge owl:differentFrom ent:moor-banker .\n", "--warnings", code=0
    )


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("@prefix : <https://w3id.org/partnergraph/entity/> .\n", ":broken"),
        ("@base <https://w3id.org/partnergraph/entity/> .\n", "<broken>"),
        ("@prefix e.x: <https://w3id.org/partnergraph/entity/> .\n", "e.x:broken"),
        ("", "<https://w3id.org/partnergraph/entity/broken>"),
    ],
)
def test_check_names_the_line_of_the_subject_however_it_is_written(head: str, name: str, run: Run, tmp_path: Path) -> None:
    data = tmp_path / "graph_data"
    data.mkdir()
    text = f"@prefix pg: <{PREFIXES['pg']}> .\n@prefix rdfs: <{PREFIXES['rdfs']}> .\n@prefix ent: <{PREFIXES['ent']}> .\n{head}"
    text += f'ent:fine a pg:Company ; rdfs:label "Fine" .\n\n{name}\n    a pg:Company .\n'
    (data / "a.ttl").write_text(text, encoding="utf-8")
    line = text[: text.index(f"\n{name}\n")].count("\n") + 2
    assert f"a.ttl:{line}: ent:broken: " in run("check", "--content", str(tmp_path), code=1).output


def test_check_says_that_there_are_two_values_not_that_a_right_one_is_wrong(run: Run, folder: Folder) -> None:
    output = wrong(
        run,
        folder,
        deal("twice", exactly(10)) + 'claim:twice pg:date "2024-02-02"^^xsd:date ; pg:stakeMin 10 , 20 ; pg:stakeMax 30 .\n',
    )
    assert "pg:date has 2 values where one may be: 2024-01-02, 2024-02-02; keep one" in output
    assert "pg:stakeMin has 2 values where one may be: 10, 20; keep one" in output
    assert "is no date" not in output
    assert "is a percentage" not in output


def test_check_names_files_that_are_not_read(run: Run, folder: Folder) -> None:
    place = folder(SOURCE)
    for name in ("b.nt", "deals.csv", "notes.md"):
        (place / "graph_data" / name).write_text("", encoding="utf-8")
    output = run("check", "--content", str(place)).output
    assert "b.nt:1: warning: file: is not read" in output
    assert "deals.csv:1: warning" in output
    assert "notes.md" not in output


# Values


def test_amounts_say_no_more_and_no_less_than_is_stated(run: Run, folder: Folder) -> None:
    narrow = 'pg:amountMin 1000100000 ; pg:amountMax 1000200000 ; pg:currency "USD"'
    nearly = exactly(999_999_999)
    stake = """claim:tiny a pg:Ownership ; rdfs:label "Harbour Fund owns a part of Maker." ; pg:attestation pg:confirmed ; pg:owner ent:fund ;
      pg:owned ent:maker ; pg:stakeBasis pg:basis-equity ; pg:stakeMin 0.0004 ; pg:stakeMax 0.0004 ; pg:cites [ pg:source src:filing ] .
    """
    content = str(folder(SOURCE + deal("narrow", narrow) + deal("nearly", nearly) + stake))
    assert "1.0001 to 1.0002 billion USD" in run("claim", "narrow", "--content", content).output
    assert "999.999999 million USD" in run("claim", "nearly", "--content", content).output
    assert "0.0004%" in run("claim", "tiny", "--content", content).output
    assert "0.0004%" in run("ask", "stakes", "owned=Maker", "--content", content).output


def test_a_default_that_nobody_typed_is_not_blamed(run: Run, folder: Folder) -> None:
    # A default that this content has not got is asked of everybody.
    message = run("ask", "stakes", "--content", str(folder(SOURCE))).output
    assert "  owned = any\n" in message
    assert "OpenAI" not in message


def test_a_sum_says_how_weak_its_weakest_part_is_and_counts_all_that_it_rests_on(run: Run, folder: Folder) -> None:
    rumour = deal("rumour", exactly(3_000_000)).replace("pg:confirmed", "pg:rumoured")
    content = str(folder(SOURCE + deal("sure", exactly(2_000_000)) + rumour))
    said = run("ask", "total-invested", "investor=Harbour Fund", "investee=Maker", "--content", content).stdout
    assert "Harbour Fund → Maker (financing): paid 5 million USD; committed 5 million USD; rumoured at the weakest.\n" in said
    assert "2 claims: 1 confirmed, 1 rumoured.\n" in said


def test_a_card_marks_what_only_may_be_so_on_the_day(folder: Folder) -> None:
    owns = """claim:owns a pg:Ownership ; rdfs:label "Harbour Fund owns a third of Maker." ; pg:attestation pg:confirmed ;
      pg:owner ent:fund ; pg:owned ent:maker ; pg:stakeMin 33 ; pg:stakeMax 33 ; pg:stakeBasis pg:basis-equity ; pg:date "2024"^^xsd:gYear ;
      pg:cites [ pg:source src:filing ; pg:locator "note 1" ] ."""
    graph = partnergraph.load(folder(SOURCE + deal("e", exactly(1)) + owns))
    maker = f"{PREFIXES['ent']}maker"
    assert "owned by: Harbour Fund (33%)" in told_aspects(graph, maker)
    # In the middle of 2024 the day of that year may still be to come; in 2023 it is.
    assert "owned by: Harbour Fund (33%?)" in told_aspects(graph.at(as_of="2024-06-30"), maker)
    assert not any(told.startswith("owned by") for told in told_aspects(graph.at(as_of="2023-12-31"), maker))


# Exports


def test_whole_numbers_stay_whole(run: Run, folder: Folder, tmp_path: Path) -> None:
    content = folder(SOURCE + deal("big", exactly(9_007_199_254_740_993, "IDR")) + deal("plain", exactly(13_000_000_000)))
    run("export", "csv", str(tmp_path / "e.csv"), "--content", str(content))
    edges = {row["claim"]: row for row in csv.DictReader((tmp_path / "e-edges.csv").open(encoding="utf-8"))}
    assert edges["claim:big"]["amountMax"] == "9007199254740993"
    assert edges["claim:plain"]["amountMin"] == "13000000000"
    ledger = {row["currency"]: row for row in csv.DictReader((tmp_path / "e-ledger.csv").open(encoding="utf-8"))}
    assert ledger["USD"]["committedMin"] == "13000000000"
    graph = json.loads(run("export", "cytoscape", "-", "--content", str(content)).output)
    assert {edge["data"]["amountMax"] for edge in graph["elements"]["edges"]} == {9_007_199_254_740_993, 13_000_000_000}


def word(tag: str, attribute: str) -> str:
    found = re.search(rf'\b{attribute}="([^"]*)"', tag)
    return found[1] if found else ""


def test_relations_without_direction_have_none_elsewhere(run: Run, folder: Folder, tmp_path: Path) -> None:
    content = str(folder(SOURCE + RIVALS + deal("d", exactly(1_000_000)) + deal("half", exactly(1).replace("1 ;", "1.5 ;"))))
    found = {}
    for name, attribute, two_way in (("gexf", "type", "undirected"), ("graphml", "directed", "false")):
        path = tmp_path / f"e.{name}"
        run("export", name, str(path), "--content", content)
        found_edges = re.findall(r"<edge [^>]*>", path.read_text(encoding="utf-8"))
        edges = {word(edge, "id"): word(edge, attribute) for edge in found_edges}
        assert [edge for edge, value in edges.items() if value == two_way] == ["claim:rivals"]
        found[name] = (nx.read_gexf if name == "gexf" else nx.read_graphml)(with_arrows(path))
    assert all(network.number_of_edges() == 3 for network in found.values())


def test_excel_is_told_that_a_table_is_utf_8(run: Run, folder: Folder, tmp_path: Path) -> None:
    content = str(folder(SOURCE + deal("e", exactly(1))))
    run("export", "csv", str(tmp_path / "e.csv"), "--excel", "--content", content)
    assert (tmp_path / "e-nodes.csv").read_bytes().startswith(b"\xef\xbb\xbfid,")
    run("export", "csv", str(tmp_path / "f.csv"), "--content", content)
    assert (tmp_path / "f-nodes.csv").read_bytes().startswith(b"id,")
    assert "is for csv" in run("export", "gexf", str(tmp_path / "g.gexf"), "--excel", "--content", content, code=1).output


def test_json_ld_has_the_prefixes_of_the_project_and_says_the_same(folder: Folder) -> None:
    graph = partnergraph.load(folder(SOURCE + RIVALS + 'ent:x a pg:Company ; rdfs:label "شركة"@ar--rtl , "X"@de .\n'))
    triples = [quad.triple for quad in graph.store]
    data = write_jsonld(triples, PREFIXES)
    document = json.loads(data)
    assert document["@context"]["pg"] == PREFIXES["pg"]
    assert {"@id": "claim:rivals"}.items() <= next(node for node in document["@graph"] if node["@id"] == "claim:rivals").items()
    assert same(triples, [quad.triple for quad in ox.parse(data, format=ox.RdfFormat.JSON_LD)])


def same(these: list[ox.Triple], those: list[ox.Triple]) -> bool:
    sets = []
    for triples in (these, those):
        dataset = ox.Dataset(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        sets.append({str(quad) for quad in dataset})
    return sets[0] == sets[1]


# Queries


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_query_as_windows_saves_it(encoding: str, run: Run, folder: Folder, tmp_path: Path) -> None:
    path = tmp_path / "q.rq"
    path.write_text('SELECT ?x WHERE { ?x rdfs:label "Maker" }', encoding=encoding)
    content = str(folder(SOURCE))
    assert "1 row" in run("query", str(path), "--content", content).output
    if encoding != "utf-16":
        assert "1 row" in run("query", "-", "--content", content, stdin=path.read_text(encoding="utf-8")).output


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("SELECT ?x (SUM(?a) AS ?s) WHERE { ?c pg:investor ?x ; pg:amountMax ?a }", "?x is selected beside an aggregate"),
        ("SELECT ?x ?y WHERE { ?c pg:investor ?x ; pg:kind ?y } GROUP BY ?x", "?y is selected beside an aggregate"),
        ("SELECT * WHERE { ?c pg:investor ?x } GROUP BY ?x", "SELECT * goes with no GROUP BY"),
        ("SELECT (1 AS ?x) WHERE { ?c pg:investor ?x }", "take another name after AS"),
        ("SELECT (STR(?x) AS ?s) (COUNT(?c) AS ?n) WHERE { ?c pg:investor ?x }", "add it to GROUP BY"),
    ],
)
def test_a_wrong_query_is_explained_by_what_is_wrong(query: str, words: str, run: Run, folder: Folder) -> None:
    message = run("query", query, "--content", str(folder(SOURCE)), code=1).output
    assert words in message
    assert "ends too early" not in message


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ('SELECT ?c { ?c pg:date ?d FILTER(?d >= "2025-01-01"^^xsd:date) }', True),
        ('SELECT ?c { ?c pg:end ?e FILTER("2025-01-01"^^xsd:date < ?e) }', True),
        ('SELECT ?c { ?c pg:startsEarliest ?d FILTER(?d >= "2025-01-01"^^xsd:date) }', False),
        ("SELECT ?c { ?c pg:date ?d } ORDER BY ?d", False),
    ],
)
def test_whoever_compares_partial_dates_is_told(
    query: str,
    told: bool,  # noqa: FBT001
    run: Run,
    folder: Folder,
) -> None:
    result = run("query", query, "--content", str(folder(SOURCE)))
    assert ("pg:startsEarliest" in result.stderr) is told
    assert "pg:startsEarliest" in run("query", "--help").output


# The map


def test_a_map_of_nothing_says_so(run: Run, folder: Folder, tmp_path: Path) -> None:
    content = str(folder(SOURCE + deal("e", exactly(1)) + deal("undated", 'pg:amountMin 1 ; pg:currency "USD"')))
    page = ("-o", str(tmp_path / "m.html"), "--content", content)
    assert "no claim" not in run("map", *page).stderr
    # Not even the undated claim: before its source of 2024 nothing is heard of its parties.
    assert "no claim is in this view (as of 1990-01-01), so the map is empty" in run("map", "--as-of", "1990-01-01", *page).stderr
    assert (
        "no claim is in this view (known by 1990-01-01), so the map is empty"
        in run("map", "--known-by", "1990-01-01", *page).stderr
    )
