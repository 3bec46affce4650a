"""A folder begins, grows by blocks, and is told what a newer version below it touches; names are found by what people call them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

import partnergraph
from partnergraph.base.errors import QueryError, UnknownName
from partnergraph.intake.blocks import new_block
from partnergraph.rdf.names import Names
from partnergraph.rdf.terms import PREFIXES

Run = Callable[..., Result]
ENT = PREFIXES["ent"]
HEAD = "".join(f"@prefix {name}: <{namespace}> .\n" for name, namespace in PREFIXES.items())


@pytest.mark.parametrize(
    ("name", "iri"),
    [
        ("Anthropic PBC", "ent:anthropic"),
        ("Microsoft Corp.", "ent:microsoft"),
        ("Google LLC", "ent:google"),
        ("SoftBank Group", "ent:softbank"),
        ("a16z", "ent:andreessen-horowitz"),
        ("MSFT", "ent:microsoft"),
        ("NASDAQ:MSFT", "ent:microsoft"),
        ("INR2EJN1ERAN0W5ZP974", "ent:microsoft"),
        ("Q21708200", "ent:openai"),
    ],
)
def test_a_name_is_found_by_what_people_call_it(name: str, iri: str, graph: partnergraph.Graph):
    assert partnergraph.compact(graph.find_entity(name)) == iri
    assert name in graph.names
    assert graph.names.search(name)[0][0] == graph.find_entity(name)


def test_suggestions_are_near_or_there_are_none(graph: partnergraph.Graph):
    for name, never in (("Lovableness", "Oracle"), ("Helsing", "The Dig")):
        with pytest.raises(UnknownName) as caught:
            graph.find_entity(name)
        assert never not in caught.value.nearest
    with pytest.raises(UnknownName) as caught:
        graph.find_entity("Micorsoft")
    assert "Microsoft" in caught.value.nearest


def test_a_rule_never_takes_a_name_that_somebody_bears():
    names = Names(
        [(f"{ENT}a", "Acme Group"), (f"{ENT}b", "Acme"), (f"{ENT}c", "Zeta Holdings"), (f"{ENT}d", "Zeta Group")],
        lambda: [(f"{ENT}d", "NYSE:ACME")],
    )
    assert names.resolve("Acme") == f"{ENT}b"
    assert names.resolve("Acme Group Inc.") == f"{ENT}a"
    # Two are called so but for a word that says little: nobody is meant.
    with pytest.raises(partnergraph.PartnerGraphError, match="may be any of"):
        names.resolve("Zeta")


def test_init_writes_what_is_right_and_never_over_anything(tmp_path: Path, run: Run):
    place = tmp_path / "field"
    run("init", str(place), "--field", "Fusion power", "--alone")
    assert run("check", "--content", str(place)).output == ""
    assert run("fmt", "--check", "--content", str(place)).output == ""
    before = {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}
    assert "is there already; nothing was written" in run("init", str(place), "--field", "Other", code=1).stderr
    assert {path: path.read_bytes() for path in place.rglob("*") if path.is_file()} == before
    (tmp_path / "half").mkdir()
    (tmp_path / "half" / "README.md").write_text("mine")
    assert "is there already" in run("init", str(tmp_path / "half"), "--field", "x", code=1).stderr
    assert [path.name for path in (tmp_path / "half").iterdir()] == ["README.md"]


def test_new_takes_names_titles_and_stakes_as_they_are_given(graph: partnergraph.Graph):
    source = new_block(graph, "source", "", "the-note-2026", {"title": "A note", "issued": "2026-05-04"}).text
    assert source.startswith("src:the-note-2026\n")
    assert 'dcterms:title "A note"' in source
    assert new_block(graph, "entity", "", "helios", {"label": "Helios Works"}).text.startswith("ent:helios\n")
    held = new_block(graph, "claim", "ownership", "held", {"from": "SoftBank", "to": "Arm", "stake": "about 12.5%"}).text
    assert all(f"    {line} ;\n" in held for line in ("pg:stakeApproximate true", "pg:stakeMax 12.5", "pg:stakeMin 12.5"))
    for kind, stake, said in (
        ("ownership", "much", "is no share"),
        ("ownership", "112%", "is no share"),
    ):
        with pytest.raises(QueryError, match=said):
            new_block(graph, "claim", kind, "held", {"stake": stake})


@pytest.mark.parametrize(
    ("kind", "given", "said"),
    [
        # Several parties, and all that the class has, in the words of the ontology.
        (
            "funding round",
            {
                "from": ["NVIDIA", "Amazon"],
                "to": "Mistral",
                "amount": "up to 1.4bn EUR",
                "valuation": "about 7bn EUR",
                "leadInvestor": "Amazon",
            },
            "pg:raiser ent:mistral-ai|pg:investor ent:nvidia, ent:amazon|pg:leadInvestor ent:amazon|pg:amountMin 0|pg:valuationMin 7000000000|pg:valuationApproximate true",
        ),
        # A figure has an amount, and no other party where none is named.
        (
            "metric",
            {"from": "Intel", "measure": "net loss", "amount": "19 billion USD"},
            "pg:measure pg:measure-net-loss|pg:amountMin 19000000000",
        ),
        (
            "total",
            {"from": "Microsoft", "to": "OpenAI", "amount": "13.8bn USD"},
            "pg:counterparty ent:openai|pg:amountMax 13800000000",
        ),
        (
            "supply contract",
            {"from": "NVIDIA", "to": "Naver", "quantity": "about 60,000", "unit": "count", "measure": "gpus"},
            "pg:quantityMin 60000|pg:quantityApproximate true|pg:unit pg:unit-count|pg:measure pg:measure-gpus",
        ),
        ("construction", {"from": "Meta", "to": "Hyperion", "capacity": "1.5-2 GW"}, "pg:capacityMin 1500|pg:capacityMax 2000"),
        ("role", {"from": "Sam Altman", "to": "OpenAI", "position": "chief executive"}, 'pg:position "chief executive"'),
        ("investment", {"from": "SoftBank", "to": "Arm", "stake": "5%"}, "pg:stakeMin 5|pg:stakeBasis pg:basis-unspecified"),
        (
            "licence",
            {"from": "OpenAI", "to": "Microsoft", "contradicts": "openai-cerebras-20b"},
            "pg:contradicts claim:openai-cerebras-20b",
        ),
    ],
)
def test_new_takes_all_that_the_class_has(kind: str, given: dict[str, str | list[str]], said: str, graph: partnergraph.Graph):
    lines = {line.strip(" ;.") for line in new_block(graph, "claim", kind, "", given).text.splitlines()}
    assert set(said.split("|")) <= lines
    assert not any("ent:OTHER" in line for line in lines)


@pytest.mark.parametrize(
    ("sort", "kind", "given", "said"),
    [
        ("claim", "investment", {"from": "Nobody Works"}, 'partnergraph new entity "Nobody Works" --write FILE'),
        ("claim", "investment", {"amout": "5bn USD"}, "nobody knows what 'amout' means of investment; did you mean amount"),
        ("claim", "exclusivity", {"amount": "5bn USD"}, "nobody pays by exclusivity"),
        ("claim", "investment", {"amount": "5bn USD", "valuation": "9bn EUR"}, "a claim has one currency"),
        ("claim", "investment", {"amount": ["5bn USD", "6bn USD"]}, "amount is said 2 times"),
        ("claim", "metric", {"quantity": "lots"}, "'lots' is no number"),
        ("claim", "metric", {"quantity": "5 6"}, "'5 6' is no number"),
        ("claim", "loan", {"cites": "x"}, "nobody knows what 'cites' means of loan"),
        ("claim", "metric", {"measure": "margn"}, "did you mean 'margin'"),
        ("entity", "company", {"label": "Microsoft Corp."}, "is what ent:microsoft is called already"),
        ("source", "", {"title": "A", "issued": "2026", "undated": "no day"}, "not both"),
        ("source", "", {"title": "A", "primary": "perhaps"}, "primary is yes"),
    ],
)
def test_new_says_what_it_does_not_understand(
    sort: str, kind: str, given: dict[str, str | list[str]], said: str, graph: partnergraph.Graph
):
    with pytest.raises(partnergraph.PartnerGraphError) as raised:
        new_block(graph, sort, kind, str(given.get("label", "")), given)
    assert said in str(raised.value)


def test_a_source_has_no_day_where_the_page_has_none(graph: partnergraph.Graph):
    text = new_block(graph, "source", "", "a", {"title": "A", "undated": "The page gives no day.", "primary": "yes"}).text
    assert 'pg:undatedBecause "The page gives no day."' in text
    assert "pg:primary true" in text
    assert "DATE" not in text


def test_new_writes_blocks_that_check_takes(tmp_path: Path, run: Run):
    place = tmp_path / "field"
    run("init", str(place), "--field", "Fusion power", "--alone")
    mine = ["--content", str(place)]
    target = place / "graph_data" / "entities" / "more.ttl"
    run("new", "entity", "Helios Works", "--as", "company", "--write", str(target), *mine)
    run(
        "new",
        "source",
        "A page",
        "url=https://example.org/p",
        "issued=2026-06",
        "--write",
        str(place / "graph_data" / "more-sources.ttl"),
        *mine,
    )
    said = run(
        "new",
        "claim",
        "deal",
        "--as",
        "partnership",
        "from=Helios Works",
        "to=Example One",
        "label=Two become partners.",
        "date=2026",
        *mine,
    )
    assert 'rdfs:label "Two become partners."' in said.stdout
    assert '"2026"^^xsd:gYear' in said.stdout
    assert "fusion:helios-works" in said.stdout
    assert "pg:Partnership · partnership" in said.stderr
    run(
        "new",
        "class",
        "Fusion deal",
        "definition=Two share a reactor.",
        "--as",
        "partnership",
        "--write",
        str(place / "ontology" / "own.ttl"),
        *mine,
    )
    assert run("check", *mine).stdout == ""
    assert "is no date that can be told" in run("new", "claim", "x", "--as", "partnership", "date=soon", *mine, code=1).stderr
    before = target.read_bytes()
    again = run("new", "entity", "Helios Works", "--write", str(target), *mine, code=1).stderr
    assert "fusion:helios-works is the name of something that is there already" in again
    assert target.read_bytes() == before


def test_upgrade_names_what_is_gone_renamed_and_there_too(tmp_path: Path, run: Run):
    place = tmp_path / "field"
    (place / "graph_data").mkdir(parents=True)
    (place / "partnergraph.toml").write_text('uses = ["shipped content"]\n', encoding="utf-8")
    (place / "graph_data" / "own.ttl").write_text(
        HEAD
        + """
claim:mine a pg:Investment ; rdfs:label "Mine." ; pg:attestation pg:reported ; pg:investor ent:microsoft ; pg:investee ent:openai ;
  pg:stage pg:stage-completed ; pg:amountMin 1000000000 ; pg:amountMax 1000000000 ; pg:currency "USD" ; pg:date "2019-07"^^xsd:gYearMonth ;
  pg:concerning ent:open-ai ; pg:cites [ pg:source src:seed-004 ; pg:locator "paragraph 1" ] .
""",
        encoding="utf-8",
    )
    said = run("upgrade", "--content", str(place))
    assert "ent:open-ai is not in the content below; it may be ent:openai now" in said.stdout
    assert "claim:mine says what claim:microsoft-openai-2019-investment of the content below" in said.stdout
    run("upgrade", "--write", "--content", str(place))
    text = (place / "graph_data" / "own.ttl").read_text(encoding="utf-8")
    assert "pg:concerning ent:openai ;" in text
    assert "ent:open-ai" not in text
