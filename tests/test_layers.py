"""A folder stands on others: what it adds is seen by everything, what it repeats is refused in one sentence."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

import partnergraph
from partnergraph.analysis.tables import entity_labels
from partnergraph.base.errors import ContentError, StoreError
from partnergraph.checks.violations import violations
from partnergraph.content.folders import find_content
from partnergraph.rdf.terms import PREFIXES

Run = Callable[..., Result]
OWN = "https://example.org/layers-test/"
HEAD = "".join(f"@prefix {name}: <{namespace}> .\n" for name, namespace in PREFIXES.items()) + f"@prefix lay: <{OWN}> .\n"
FIELD = """
lay:ionic a pg:Company ; rdfs:label "Ionic Works" .
lay:backer a pg:Fund ; rdfs:label "Backer Ventures" .
lay:machine a lay:QuantumComputer ; rdfs:label "Forte Two" .
lay:page a pg:Source ; dcterms:title "Page" ; pg:tier pg:tier-quality-press ; dcterms:issued "2026-05-04"^^xsd:date ;
  schema:url "https://example.org/page"^^xsd:anyURI .
lay:seed a lay:SeedRound ; rdfs:label "Backer Ventures invests 5 million dollars in Ionic Works." ; pg:investor lay:backer ;
  pg:investee lay:ionic ; pg:amountMin 5000000 ; pg:amountMax 5000000 ; pg:currency "USD" ; pg:attestation pg:reported ;
  pg:stage pg:stage-completed ; pg:date "2026-05-04"^^xsd:date ; pg:cites [ pg:source lay:page ; pg:locator "paragraph 2" ] .
lay:runs a pg:Operation ; rdfs:label "Ionic Works runs Forte Two." ; pg:operator lay:ionic ; pg:operated lay:machine ;
  pg:attestation pg:reported ; pg:cites [ pg:source lay:page ; pg:locator "paragraph 3" ] .
"""
CLASSES = """
lay:SeedRound a owl:Class ; rdfs:label "seed investment" ; skos:definition "A first investment." ; rdfs:subClassOf pg:Investment .
lay:QuantumComputer a owl:Class ; rdfs:label "quantum computer" ; skos:definition "It computes with qubits." ; rdfs:subClassOf pg:Supercomputer .
"""
QUESTION = f"""#+ title: Who runs quantum computers?
#+ group: 90 Our own
PREFIX lay: <{OWN}>
PREFIX pg: <https://w3id.org/partnergraph/ontology#>

SELECT ?operator ?machine WHERE {{ ?claim pg:operator ?operator ; pg:operated ?machine . ?machine a lay:QuantumComputer }}
ORDER BY ?machine
"""
CHECK = """#+ title: Machines have a day
#+ problem: nobody says when it runs
#+ solution: add pg:begin
PREFIX pg: <https://w3id.org/partnergraph/ontology#>

SELECT ?subject ?detail WHERE { ?subject a pg:Operation . FILTER NOT EXISTS { ?subject pg:begin ?day } BIND ("no pg:begin" AS ?detail) }
ORDER BY ?subject
"""


def layer(folder: Path, turtle: str, *, uses: list[str], classes: str = "", settings: str = "") -> Path:
    """A folder that stands on others."""
    (folder / "graph_data").mkdir(parents=True)
    (folder / "graph_data" / "own.ttl").write_text(HEAD + turtle, encoding="utf-8")
    own = f'uses = {json.dumps(uses)}\nprefix = "lay"\nnamespace = "{OWN}"\n{settings}'
    (folder / "partnergraph.toml").write_text(own, encoding="utf-8")
    if classes:
        (folder / "ontology" / "questions").mkdir(parents=True)
        (folder / "ontology" / "own.ttl").write_text(HEAD + classes, encoding="utf-8")
        (folder / "ontology" / "questions" / "quantum-computers.rq").write_text(QUESTION, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def quantum(tmp_path_factory: pytest.TempPathFactory) -> Path:
    settings = '[defaults]\nentity = "Ionic Works"\n'
    return layer(tmp_path_factory.mktemp("layer") / "q", FIELD, uses=["shipped ontology"], classes=CLASSES, settings=settings)


@pytest.fixture(scope="module")
def own(quantum: Path) -> partnergraph.Graph:
    return partnergraph.load(quantum)


def test_a_field_of_its_own_stands_on_the_ontology_alone(quantum: Path, own: partnergraph.Graph):
    assert violations(find_content(quantum)) == []
    # Its class inherits ends, family, money and shortcut of the wider one.
    assert own.query("ASK { lay:backer pg:investedIn lay:ionic }")
    assert own.ledger().between("Backer Ventures", "Ionic Works").total("paid").greatest == 5_000_000
    assert own.network().has_edge("lay:backer", "lay:ionic", "lay:seed")
    assert "seed investment" in own.entity("ionic works").card().text(100)
    assert [str(row[1].value) for row in own.ask("quantum-computers").rows if row[1]] == [f"{OWN}machine"]


def test_questions_have_the_defaults_of_the_folder_and_ask_of_nobody_that_is_not_there(own: partnergraph.Graph):
    assert own.question("investments-in").defaults() == {"entity": "Ionic Works"}
    assert [str(row["claim"].value) for row in own.ask("investments-in").mappings()] == [f"{OWN}seed"]
    # OpenAI is not in this graph, so what asks of it by default asks of all.
    wanted = {name: query.defaults() for name, query in own.questions.items()}
    assert "OpenAI" not in {value for defaults in wanted.values() for value in defaults.values()}
    failed = []
    for name, query in own.questions.items():
        if all(parameter.default is not None for parameter in query.parameters):
            try:
                own.ask(name).rows  # noqa: B018  # evaluated where it is looked at
            except partnergraph.PartnerGraphError as error:
                failed.append((name, str(error)))
    assert failed == []


def test_own_claims_beside_the_shipped_ones(tmp_path: Path, graph: partnergraph.Graph):
    turtle = """
lay:page a pg:Source ; dcterms:title "Page" ; pg:tier pg:tier-quality-press ; dcterms:issued "2026-05-04"^^xsd:date .
claim:microsoft-openai-2019-investment pg:cites [ pg:source lay:page ; pg:locator "paragraph 4" ] .
"""
    both = partnergraph.load(["shipped", layer(tmp_path / "l", turtle, uses=["shipped content"])])
    ask = "SELECT (COUNT(*) AS ?n) { claim:microsoft-openai-2019-investment pg:cites ?citation }"
    count, shipped = (int(str(one.query(ask).rows[0][0].value)) for one in (both, graph))  # type: ignore[union-attr]
    assert count == shipped + 1
    assert both.version != graph.version


def test_what_a_folder_repeats_is_refused(tmp_path: Path, quantum: Path):
    mine = layer(
        tmp_path / "m",
        'lay:ionic a pg:Company ; rdfs:label "Ionic" .\nlay:extra a pg:Company ; rdfs:label "ionic-works" .',
        uses=[str(quantum)],
    )
    found = "\n".join(map(str, violations(find_content(mine))))
    assert "lay:ionic: is stated in" in found
    assert "lay:ionic: an entity needs exactly one rdfs:label" in found
    assert "lay:extra: another entity is called the same, but for case, blanks, signs or language: Ionic Works: lay:ionic" in found
    assert {said.path for said in violations(find_content(mine))} == {mine / "graph_data" / "own.ttl"}


def test_a_check_of_a_layer_comes_on_top(tmp_path: Path, quantum: Path):
    mine = layer(
        tmp_path / "m",
        'lay:extra a pg:Company ; rdfs:label "Extra" .',
        uses=[str(quantum)],
        classes='lay:x a owl:Class ; rdfs:label "x" ; skos:definition "x" .',
    )
    (mine / "ontology" / "checks").mkdir()
    (mine / "ontology" / "checks" / "machines.rq").write_text(CHECK, encoding="utf-8")
    content = find_content(mine)
    assert not content.trusted_whole
    # The claim lies below, where it was checked by its makers; what stands in one's own folder is said.
    assert violations(content) == []
    (mine / "graph_data" / "more.ttl").write_text(HEAD + FIELD.split("lay:runs")[1].join(["lay:again", ""]), encoding="utf-8")
    assert any("nobody says when it runs" in said.problem for said in violations(find_content(mine)))


def test_folders_in_order_on_the_command_line(run: Run, quantum: Path, tmp_path: Path):
    mine = layer(tmp_path / "m", 'lay:extra a pg:Company ; rdfs:label "Extra Works" .', uses=[])
    words = ["--content", str(quantum), "--content", str(mine), "--trust"]
    assert "lay:extra" in run("find", "Extra Works", *words).stdout
    assert "lay:ionic" in run("find", "Ionic Works", *words).stdout
    assert "lay:seed" in run("query", "SELECT ?c { ?c pg:investee lay:ionic }", "--raw", *words).stdout
    assert "A first investment" in run("vocabulary", "seed investment", *words).stdout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("uses = 3", "uses is a list of texts"),
        ("uses = [", "is no TOML"),
        ("used = []", "nobody knows what 'used' means"),
        ('prefix = "lay"', "a prefix needs a namespace"),
        ('prefix = "ent"\nnamespace = "https://example.org/x/"', "the prefix 'ent' already means"),
        ('prefix = "layx"\nnamespace = "https://w3id.org/partnergraph/entity/"', "already has the prefix 'ent'"),
        ('prefix = "layx"\nnamespace = "javascript:x/"', "a prefix needs a namespace"),
        ("[defaults]\nentity = 3", "the default of entity is a text"),
        ('uses = ["."]', "stands on itself"),
        ('uses = ["nowhere"]', "no such folder"),
    ],
)
def test_a_layer_file_that_says_nonsense(text: str, said: str, run: Run, folder: Callable[[str], Path]):
    content = folder('ent:a a pg:Company ; rdfs:label "A" .')
    (content / "partnergraph.toml").write_text(text, encoding="utf-8")
    error = run("find", "a", "--content", str(content), code=1).stderr
    assert said in error
    assert len(error.splitlines()) == 1


def test_claims_added_in_python_are_seen_everywhere(own: partnergraph.Graph):
    more = own.with_claims(
        """lay:other a pg:Company ; rdfs:label "Other Works" .
        lay:second a lay:SeedRound ; rdfs:label "x" ; pg:investor lay:backer ; pg:investee lay:other ; pg:attestation pg:reported ;
          pg:stage pg:stage-completed ; pg:amountMin 7000000 ; pg:amountMax 7000000 ; pg:currency "USD" ; pg:date "2026"^^xsd:gYear ;
          pg:cites [ pg:source lay:page ; pg:locator "paragraph 9" ] ."""
    )
    assert more.query("ASK { lay:backer pg:investedIn lay:other }")
    assert not own.query("ASK { lay:backer pg:investedIn lay:other }")
    assert more.entity("Other Works").card().text(80)
    assert more.ledger().between("Backer Ventures", "Other Works").total("paid").least == 7_000_000
    assert more.network().has_node("lay:other")
    assert len(more.rdflib) == len(more.store)
    assert more.version != own.version
    assert more.at(as_of="2025-01-01").query("ASK { lay:other a pg:Company }")


def test_claims_and_entities_of_two_namespaces_that_end_alike_are_two(own: partnergraph.Graph):
    both = own.with_claims(
        """claim:seed a pg:Investment ; rdfs:label "x" ; pg:investor lay:backer ; pg:investee lay:ionic ; pg:attestation pg:reported ;
          pg:stage pg:stage-completed ; pg:amountMin 7000000 ; pg:amountMax 7000000 ; pg:currency "USD" ; pg:date "2024-01-02"^^xsd:date ;
          pg:cites [ pg:source lay:page ; pg:locator "paragraph 9" ] ."""
    )
    ledger = both.ledger().between("Backer Ventures", "Ionic Works")
    # 5 million of lay:seed and 7 million of claim:seed; one name for both entries lost one of them.
    assert ledger.total("paid").greatest == 12_000_000
    assert [entry.name for entry in ledger.all] == ["lay:seed", "seed"]
    assert [entry.committed.greatest for name in ("lay:seed", "claim:seed") if (entry := ledger.find(name))] == [
        5_000_000,
        7_000_000,
    ]
    assert entity_labels(both, ["lay:backer", "lay:seed", "claim:seed", "agreed"]) == {"lay:backer": "Backer Ventures"}


@pytest.mark.parametrize(
    ("turtle", "said"),
    [
        ("lay:a a pg:Company", "not valid Turtle"),
        ('lay:ionic a pg:Company ; rdfs:label "again" .', "lay:ionic is in the graph already"),
        ('lay:n a pg:Comapny ; rdfs:label "N" .', r"the ontology has no such term: pg:Comapny; did you mean pg:Company"),
        ('lay:n a pg:Investment ; rdfs:label "N" ; pg:amountMin "13" .', r"pg:amountMin.*\(it has '13'\)"),
        ('lay:n a pg:Investment ; rdfs:label "N" ; pg:date "May 2026" .', r"pg:date.*\(it has 'May 2026'\)"),
        ('lay:n a pg:Company ; rdfs:label "N" .\nlay:m a pg:Fund .\nlay:n a pg:Company .', "lay:n stands in it twice"),
    ],
)
def test_what_cannot_be_added_is_refused_in_one_sentence(own: partnergraph.Graph, turtle: str, said: str):
    with pytest.raises(ContentError, match=said) as caught:
        own.with_claims(turtle)
    assert len(str(caught.value).splitlines()) == 1


def test_a_store_on_disk_takes_no_claims(quantum: Path, tmp_path: Path, run: Run):
    run("build", str(tmp_path / "store"), "--content", str(quantum))
    with pytest.raises(StoreError, match="only a graph that was loaded from content"):
        partnergraph.open_store(tmp_path / "store").with_claims("lay:x a pg:Company .")
