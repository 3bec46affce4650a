"""What people read: cards, claims, conflicts, differences and timelines, as whole outputs on a small content."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

import partnergraph
from cited import CITED
from partnergraph.base.errors import UnknownName
from partnergraph.rdf.names import nearest_names
from partnergraph.rdf.terms import PREFIXES
from partnergraph.reading.disagreement import resolve

Run = Callable[..., Result]

SMALL = """
ent:acme a pg:Company ; rdfs:label "Acme" ; skos:altLabel "Acme Corporation", "ACME" .
ent:lab a pg:ResearchLab ; rdfs:label "Open Lab" .
src:wire a pg:Source ; dcterms:title "Acme backs Open Lab" ; dcterms:publisher ent:wire ; pg:tier pg:tier-quality-press ;
  dcterms:issued "2023-01-23"^^xsd:date .
src:blog a pg:Source ; dcterms:title "It was ten" ; pg:tier pg:tier-weak .
ent:wire a pg:Publisher ; rdfs:label "The Wire" .
claim:announced a pg:Investment ; rdfs:label "Acme announced an investment of several billion dollars in Open Lab." ;
  pg:investor ent:acme ; pg:investee ent:lab ; pg:stage pg:stage-agreed ; pg:attestation pg:announced ;
  pg:amountMin 1000000000 ; pg:amountUndisclosed true ; pg:currency "USD" ; pg:date "2023-01-23"^^xsd:date ;
  pg:cites [ pg:source src:wire ; pg:locator "first paragraph" ] .
claim:rumour a pg:Investment ; rdfs:label "Acme is said to put about 10 billion dollars into Open Lab." ;
  pg:investor ent:acme ; pg:investee ent:lab ; pg:stage pg:stage-agreed ; pg:attestation pg:rumoured ;
  pg:amountMin 10000000000 ; pg:amountMax 10000000000 ; pg:amountApproximate true ; pg:currency "USD" ;
  pg:date "2023-01"^^xsd:gYearMonth ; pg:contradicts claim:announced ; pg:cites [ pg:source src:blog ] .
claim:cloud a pg:Exclusivity ; rdfs:label "Open Lab runs on Acme's cloud only." ; pg:grantor ent:lab ; pg:holder ent:acme ;
  pg:scope pg:scope-all-cloud ; pg:attestation pg:confirmed ; pg:begin "2019"^^xsd:gYear ; pg:end "2025-01-21"^^xsd:date ;
  pg:cites [ pg:source src:wire ; pg:locator "last paragraph" ] .
claim:gift a pg:Donation ; rdfs:label "Acme gave Open Lab something." ; pg:donor ent:acme ; pg:recipient ent:lab ;
  pg:stage pg:stage-completed ; pg:attestation pg:reported ; pg:date "2018"^^xsd:gYear ; pg:cites [ pg:source src:wire ] .
"""


@pytest.fixture
def small(folder: Callable[[str], Path]) -> str:
    return str(folder(SMALL))


def test_show(run: Run, small: str):
    assert run("show", "acme corporation", "--content", small).output == (
        "Acme · company · ent:acme\n"
        "also called ACME, Acme Corporation\n"
        "4 claims · 2018 to 2023 · 1 confirmed · 1 announced · 1 reported · 1 rumoured · 2 contested\n"
        "\n"
        "investment (2)\n"
        "  2023-01-23            Acme announced an investment of several billion dollars in Open Lab.\n"
        "                        undisclosed, at least 1 billion USD · announced · agreed · CONTESTED · The Wire 2023-01-23 ·\n"
        "                        claim:announced\n"
        "  2023-01               Acme is said to put about 10 billion dollars into Open Lab.\n"
        "                        about 10 billion USD · rumoured · agreed · CONTESTED · another version is preferred · weakly\n"
        "                        sourced · It was ten undated · claim:rumour\n"
        "\n"
        "donation (1)\n"
        "  2018                  Acme gave Open Lab something.\n"
        "                        reported · completed · The Wire 2023-01-23 · claim:gift\n"
        "\n"
        "exclusivity (1)\n"
        "  2019 – 2025-01-21     Open Lab runs on Acme's cloud only.\n"
        "                        confirmed · The Wire 2023-01-23 · claim:cloud\n"
    )


def test_show_of_one_kind_and_few(run: Run, small: str):
    output = run("show", "acme", "--kind", "Investment", "--limit", "1", "--content", small).output
    assert "donation" not in output
    assert output.endswith("    … 1 more: --kind 'investment' --limit 0\n")
    assert (
        "no kind of claim named 'invest'; did you mean 'investment'?"
        in run("show", "acme", "--kind", "invest", "--content", small, code=1).output
    )


def test_a_card_shows_fewer_of_each_kind_the_more_claims_there_are(folder: Callable[[str], Path]):
    expected = {60: 8, 61: 4, 200: 4, 201: 2}
    turtle = 'src:s a pg:Source ; dcterms:title "S" ; pg:tier pg:tier-weak .\n'
    for count in expected:
        turtle += f'ent:e{count} a pg:Company ; rdfs:label "E{count}" .\n' + "".join(
            f"""claim:c{count}-{number} a pg:Launch ; rdfs:label "c" ; pg:launching ent:e{count} ; pg:launched ent:e{count} ;
            pg:attestation pg:reported ; pg:cites [ pg:source src:s ] .\n"""
            for number in range(count)
        )
    graph = partnergraph.load(folder(turtle))
    for count, shown in expected.items():
        card = str(graph.entity(f"E{count}"))
        assert card.count(" · claim:c") == shown, count
        assert f"… {count - shown} more: --kind 'launch' --limit 0" in card


def test_claim(run: Run, small: str):
    assert run("claim", "rumour", "--content", small).output == (
        "claim:rumour\n"
        "  Acme is said to put about 10 billion dollars into Open Lab.\n"
        "\n"
        "  kind                  investment\n"
        "  investee              Open Lab\n"
        "  investor              Acme\n"
        "  date                  2023-01\n"
        "  attestation           rumoured\n"
        "  stage                 agreed\n"
        "  first published       not known: its sources carry no date\n"
        "  amount                about 10 billion USD\n"
        "  amount, all versions  at least 1 billion USD; 2 versions differ; preferred is claim:announced: undisclosed, at least\n"
        "                        1 billion USD\n"
        "\n"
        "sources\n"
        "  1. “It was ten”, undated (weak)\n"
        "\n"
        "contested by\n"
        "  claim:announced: Acme announced an investment of several billion dollars in Open Lab.\n"
        "    preferred: the other, better attested\n"
    )
    assert "  amount           undisclosed\n" in run("claim", "gift", "--content", small).output


def test_a_view_marks_what_is_only_possibly_in_it(run: Run, small: str):
    card = run("show", "acme", "--as-of", "2019-06-01", "--content", small).output
    assert "confirmed · possibly in force · The Wire 2023-01-23 · claim:cloud" in card
    assert "announced" not in card
    claim = run("claim", "rumour", "--known-by", "2024-01-01", "--undated", "--content", small).output
    assert "  in this view          possibly published by then\n" in claim


@pytest.mark.parametrize(
    "query",
    [
        'SELECT ("a b" AS ?claim) {}',
        'SELECT ("https://w3id.org/partnergraph/claim/a b> %zz" AS ?claims) {}',
        'SELECT ("https://w3id.org/partnergraph/claim/%zz" AS ?claim) {}',
    ],
)
def test_a_column_called_like_that_of_claims_may_hold_anything(query: str, run: Run, small: str):
    assert "1 row" in run("query", query, "--content", small).output


def test_conflicts(run: Run, small: str):
    output = run("conflicts", "--content", small).output
    assert output.startswith("Where do claims differ, version by version?\n\n1 contested point in 2 versions: 1 not judged.\n")
    assert (
        "1. Acme announced an investment of several billion dollars in Open Lab.\n"
        "   > undisclosed, at least 1 billion USD · announced · quality press · claim:announced\n"
        "     Acme announced an investment of several billion dollars in Open Lab.\n"
        "     about 10 billion USD · rumoured · weak · claim:rumour\n"
        "     Acme is said to put about 10 billion dollars into Open Lab.\n"
        "\n"
        "> = no version is better attested, better sourced or newer\n"
    ) in output
    assert "\n1 contested point · all claims · content " in output
    assert "0 contested points" in run("conflicts", "--attested", "announced", "--content", small).output


def test_diff(run: Run, small: str):
    output = run("diff", "2022-12-31", "2025-01-21", "--content", small).output
    assert "2 began, 1 ended, 0 changed.\n" in output
    assert (
        "began (2)\n"
        "  2023-01                 Acme is said to put about 10 billion dollars into Open Lab. · claim:rumour\n"
        "  2023-01-23              Acme announced an investment of several billion dollars in Open Lab. · claim:announced\n"
        "\n"
        "ended (1)\n"
        "  2019 – 2025-01-21       Open Lab runs on Acme's cloud only. · claim:cloud\n"
        "\n"
        "next: partnergraph claim rumour · partnergraph map --compare 2022-12-31 2025-01-21\n"
        "from 2022-12-31 to 2025-01-21: 2 began, 1 ended, 0 changed"
    ) in output
    known = run("diff", "2022-12-31", "2023-01-23", "--axis", "known-by", "--format", "csv", "--content", small).output
    assert [line.split(",")[3] for line in known.splitlines()] == ["claim", "claim:gift", "claim:cloud", "claim:announced"]


def contested(name: str, nature: str, *amounts: str, stem: str = "amount") -> str:
    """A dispute with one version for each ``MIN-MAX CURRENCY``, the first of which contradicts the others."""
    claims = [f"claim:{name}-{number}" for number in range(len(amounts))]
    lines = [f'dispute:{name} a pg:Dispute ; rdfs:label "{name}?" ; skos:note "." ; pg:version {", ".join(claims)}']
    lines[0] += f" ; pg:nature pg:nature-{nature} ." if nature else " ."
    for claim, amount in zip(claims, amounts, strict=True):
        span, _, currency = amount.partition(" ")
        least, dash, greatest = span.partition("-")
        ends = f"pg:{stem}Min {least}" + (f" ; pg:{stem}Max {greatest or least}" if greatest or not dash else "")
        rivals = ", ".join(claims[1:])
        lines.append(
            f'{claim} a pg:Investment ; rdfs:label "{claim}" ; pg:investor ent:acme ; pg:investee ent:lab ; pg:stage pg:stage-agreed ;'
            f' pg:attestation pg:reported ; {ends} ; pg:currency "{currency}" ; pg:cites [ pg:source src:wire ]'
            + (f" ; pg:contradicts {rivals} ." if claim == claims[0] else " .")
        )
    return "\n".join(lines)


CONTESTED = SMALL.partition("claim:announced")[0] + "\n".join(
    [
        contested("open-little", "open", "5 USD", "9 USD"),
        # What is said to be up to 20, and at least 3: 17 apart.
        contested("open-ranges", "open", "1-20 USD", "3- USD"),
        contested("open-worth", "open", "50 USD", "80 USD", stem="valuation"),
        # Sums in two currencies are no distance, how far apart the figures may be.
        contested("open-currencies", "open", "100 USD", "1000 EUR"),
        contested("open-three-currencies", "open", "100 USD", "1000 EUR", "2000 GBP"),
        contested("unsaid-much", "", "1 USD", "900 USD"),
        contested("error-more", "error", "1 USD", "9000 USD"),
        contested("compatible-most", "compatible", "1 USD", "90000 USD"),
        contested("an-open-one-as-little", "open", "15 USD", "11 USD"),
    ]
)


def test_conflicts_stand_in_the_order_of_what_is_at_stake(run: Run, folder: Callable[[str], Path]):
    output = run("conflicts", "--long", "--content", str(folder(CONTESTED))).output
    assert re.findall(r"^\d+\. (\S+)\?", output, re.MULTILINE) == [
        "open-worth",  # 30 apart
        "open-ranges",  # 17
        "an-open-one-as-little",  # 4, as the next one; then by name
        "open-little",
        "open-three-currencies",  # nothing in one currency, but three versions
        "open-currencies",
        "unsaid-much",  # what is no longer open comes after all that is, however much it was
        "error-more",
        "compatible-most",
    ]


def test_timeline(run: Run, small: str):
    output = run("timeline", "Acme", "Open Lab", "--as-of", "2024-06-01", "--content", small).output
    chart = [
        "                        2018 2019  2020  2021 2022  2023  2024  ",
        "2018                    ╌╌○╌╌╌                                    Acme gave Open Lab something. · claim:gift",
        "2019 – 2025-01-21            ╌╌╌╌╌╌━━━━━━━━━━━━━━━━━━━━━━━━━━━━▶  Open Lab runs on Acme's cloud only. · claim:cloud",
        "2023-01                                             ○╌            Acme is said to put about 10 billion dollars into Open",
        "                                                                  Lab. (contested) · about 10 billion USD · claim:rumour",
        "2023-01-23                                          ●             Acme announced an investment of several billion",
        "                                                                  dollars in Open Lab. (contested) · undisclosed, at",
        "                                                                  least 1 billion USD · claim:announced",
        "",
        "━ surely · ╌ possibly · ● on that day · ○ within that time · ▶ goes on",
    ]
    assert "\n".join(chart) in output
    assert output.splitlines()[-1].startswith("4 claims · as of 2024-06-01 · content ")


def test_a_kind_is_named_by_its_label_or_as_the_vocabulary_lists_it(run: Run, small: str):
    for kind in ("investment", "pg:Investment"):
        assert run("timeline", "Acme", "--kind", kind, "--content", small).stdout.count("claim:") > 0
        assert "investment (" in run("show", "Acme", "--kind", kind, "--content", small).stdout
    assert "no kind of claim named 'foo'" in run("timeline", "Acme", "--kind", "foo", "--content", small, code=1).stderr


def test_find(run: Run, small: str):
    output = run("find", "acme", "--content", small).output
    assert "\n\n1 entity, 4 claims, 1 source.\n\nentities\n  ent:acme  Acme, company\n\nclaims\n" in output
    assert "  Open Lab runs on Acme's cloud only. · claim:cloud\n" in output
    assert "\nsources\n  “Acme backs Open Lab”, The Wire, 2023-01-23 · src:wire\n" in output
    assert "  ent:acme  Acme (also Acme Corporation), company\n" in run("find", "corporation", "--content", small).output
    assert "claim:rumour" in run("find", "10bn dollars", "--content", small).output
    assert "no name, claim or source is like 'zzz'" in run("find", "zzz", "--content", small, code=1).output


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("msft", "microsoft"),
        ("NVDA", "nvidia"),
        ("goog", "alphabet"),
        ("googl", "alphabet"),
        ("amzn", "amazon"),
        ("orcl", "oracle"),
        ("crwv", "coreweave"),
        ("aapl", "apple"),
        ("avgo", "broadcom"),
        ("tsm", "tsmc"),
        ("nbis", "nebius"),
        ("gcp", "google-cloud"),
        ("meta platforms", "meta"),
        ("aws", "amazon-web-services"),
        ("oai", "openai"),
    ],
)
def test_entities_are_found_by_ticker_and_short_name(name: str, short: str, graph: partnergraph.Graph):
    assert graph.find_entity(name) == f"{PREFIXES['ent']}{short}"


def test_what_is_typed_suggests_no_names_that_are_like_it_by_chance():
    assert nearest_names("msft", ["US FTC", "SFist", "Unboxed MSFT", "MSFTs"]) == ("MSFTs", "Unboxed MSFT")
    assert nearest_names("any", ["openai-for-germany", "Company", "Anysphere"]) == ("Anysphere",)
    assert nearest_names("weave", ["CoreWeave"]) == ("CoreWeave",)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("show", "acne"), "no entity named 'acne'; did you mean 'Acme'?"),
        (("claim", "rumor"), "no claim named 'rumor'; did you mean 'rumour'?"),
        (("ask", "investment-in", "x=y"), "no question named 'investment-in'; the nearest are\n  investments-in"),
        (("query", "SELECT ?x { ?x foaf:name ?y }"), "line 1, column 16: the prefix 'foaf:' is not declared"),
        (("query", "SELECT ?x { ?x a pg:Company"), "the query ends too early"),
        (("query", "none.rq"), "none.rq: no such file"),
        (("diff", "2022", "2023-01-01"), "'2022' is no day; write it as 2024-06-01"),
        (("show", "acme", "--as-of", "today"), "'today' is no day"),
        (
            ("show", "acme", "--attested", "sure"),
            "no attestation named 'sure'; take one of rumoured, reported, announced, confirmed",
        ),
    ],
)
def test_what_cannot_be_answered_is_one_sentence(words: tuple[str, ...], message: str, run: Run, small: str):
    output = run(*words, "--content", small, code=1).output
    assert output.startswith("partnergraph: ")
    assert message in output


def test_wrong_usage_is_exit_code_2(run: Run):
    assert "No such option" in run("show", "acme", "--nothing", code=2).output
    assert "No such command" in run("shout", code=2).output


def test_query_from_text_file_and_standard_input(run: Run, small: str, tmp_path: Path):
    text = "SELECT ?who { ?who pg:investedIn ent:lab }"
    (tmp_path / "who.rq").write_text(text, encoding="utf-8")
    expected = "who\nhttps://w3id.org/partnergraph/entity/acme\n"
    for words, stdin in (((text,), None), ((str(tmp_path / "who.rq"),), None), (("-",), text)):
        assert run("query", *words, "--format", "csv", "--content", small, stdin=stdin).stdout_bytes.decode() == expected


@pytest.mark.parametrize(
    ("query", "format", "expected"),
    [
        ("SELECT ?w { ?w pg:investedIn ent:lab }", "tsv", "?w\n<https://w3id.org/partnergraph/entity/acme>\n"),
        ("SELECT ?w { ?w pg:investedIn ent:lab }", "markdown", "| w |\n| --- |\n| Acme |\n"),
        ("ASK { ent:lab pg:investedIn ent:acme }", "table", "no\n"),
        ("ASK { ent:acme pg:investedIn ent:lab }", "table", "yes\n"),
        (
            "CONSTRUCT { ?a pg:investedIn ?b } WHERE { ?a pg:investedIn ?b }",
            "turtle",
            "@prefix ent: <https://w3id.org/partnergraph/entity/> .\n@prefix pg: <https://w3id.org/partnergraph/ontology#> .\n\nent:acme\n    pg:investedIn ent:lab .\n",
        ),
        (
            "CONSTRUCT { ?a pg:investedIn ?b } WHERE { ?a pg:investedIn ?b }",
            "ntriples",
            "<https://w3id.org/partnergraph/entity/acme> <https://w3id.org/partnergraph/ontology#investedIn> <https://w3id.org/partnergraph/entity/lab> .\n",
        ),
    ],
)
def test_formats(query: str, format: str, expected: str, run: Run, small: str):
    assert run("query", query, "--format", format, "--content", small).output == expected


def test_json_xml_and_jsonld_are_standard(run: Run, small: str):
    import json
    from xml.etree import ElementTree as ET

    query = "SELECT ?w { ?w pg:investedIn ent:lab }"
    answer = json.loads(run("query", query, "--format", "json", "--content", small).stdout_bytes)
    assert answer["results"]["bindings"] == [{"w": {"type": "uri", "value": "https://w3id.org/partnergraph/entity/acme"}}]
    root = ET.fromstring(run("query", query, "--format", "xml", "--content", small).stdout_bytes)  # noqa: S314 - our own output
    assert root.tag == "{http://www.w3.org/2005/sparql-results#}sparql"
    graph = json.loads(
        run("query", "CONSTRUCT WHERE { ?a pg:investedIn ?b }", "--format", "jsonld", "--content", small).stdout_bytes
    )
    assert "https://w3id.org/partnergraph/entity/acme" in json.dumps(graph) or "ent:acme" in json.dumps(graph)


def test_a_format_that_does_not_fit(run: Run, small: str):
    output = run("query", "ASK { ?s ?p ?o }", "--format", "csv", "--content", small, code=1).output
    assert output == "partnergraph: yes or no cannot be written as csv; take json, xml\n"


def test_resolve_gives_value_range_and_reason(small: str):
    graph = partnergraph.load(small)
    found = resolve(graph, "rumour", "amount")
    assert (found.best, found.range, found.contested) == ("undisclosed, at least 1 billion USD", "at least 1 billion USD", True)
    assert found.preferred == "https://w3id.org/partnergraph/claim/announced"
    assert found.reasons == ["claim:announced is better attested than claim:rumour"]
    assert found.citations == ["The Wire, “Acme backs Open Lab”, 2023-01-23 (quality press), at: first paragraph"]
    without = resolve(graph.at(attested="announced"), "announced", "amount")
    assert (without.best, without.contested) == ("undisclosed, at least 1 billion USD", False)
    assert without.least == 1_000_000_000
    assert without.greatest is None


def test_resolve_gives_a_typed_absence(small: str):
    graph = partnergraph.load(small)
    assert resolve(graph, "gift", "amount").absence == "undisclosed"
    assert resolve(graph, "Acme", "revenue").absence == "not found"
    with pytest.raises(UnknownName, match="no measure named 'revenu'"):
        resolve(graph, "Acme", "revenu")


def test_hostile_labels_do_not_reach_the_terminal(run: Run, folder: Callable[[str], Path]):
    hostile = SMALL.replace("Acme gave Open Lab something.", "x\\u001b[31m\\u202e\\u0007[bold]y[/bold]")
    output = run("show", "acme", "--content", str(folder(hostile))).output
    assert "x[31m[bold]y[/bold]" in output
    assert not {"\x1b", "\u202e", "\x07"} & set(output)


def test_the_first_citation_is_one_that_was_compared_and_carries_the_whole_and_each_says_how_far_it_carries(
    run: Run, folder: Callable[[str], Path]
):
    content = str(folder(CITED))
    shown = run("claim", "deal", "--content", content).output
    assert shown.partition("sources\n")[2] == (
        "  1. “The deal”, 2023-01-03 (weak), at: paragraph 2; compared with the claim on 2026-11-29\n"
        "  2. Acme, “Annual report”, 2023-02-01 (primary), at: Note 3; carries only: amount, parties; compared with the claim on\n"
        "     2026-11-30\n"
        "  3. The Wire via Copier, “Unread”, 2023-01-02 (quality press), at: paragraph 1\n"
    )
    data = json.loads(run("claim", "deal", "--content", content, "-f", "json").output)
    (sources,) = (one["rows"] for one in data["tables"] if one["title"] == "sources")
    assert [(one["source"], one.get("carries"), one.get("verified")) for one in sources] == [
        ("src:blog", None, "2026-11-29"),
        ("src:filing", "amount, parties", "2026-11-30"),
        ("src:unread", None, None),
    ]
    # The card of a party names the same source first.
    assert "The deal 2023-01-03 +2" in " ".join(run("show", "Acme", "--content", content).output.split())
