"""The rules of time that docs/views.md states in tables: each row is a case, worked out by hand there."""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import Result

import partnergraph
from partnergraph import Graph, View
from partnergraph.base.errors import QueryError
from partnergraph.content.folders import find_content
from partnergraph.content.queries import Queries
from partnergraph.core.spans import NEVER
from partnergraph.reading.changes import diff
from partnergraph.show.values import interval
from tables import table

FIRMS = """
    ent:a a pg:Company ; rdfs:label "A" . ent:b a pg:Company ; rdfs:label "B" . ent:c a pg:Company ; rdfs:label "C" .
    ent:p a pg:Person ; rdfs:label "P" . ent:q a pg:Person ; rdfs:label "Q" .
    src:undated a pg:Source ; dcterms:title "Undated" ; pg:tier pg:tier-weak .
"""
TYPES = {4: "gYear", 7: "gYearMonth", 10: "date"}
DAYS = st.dates(datetime.date(2014, 1, 1), datetime.date(2027, 12, 31))
Folder = Callable[[str], Path]


def typed(name: str, date: str) -> str:
    return f'; {name} "{date}"^^xsd:{TYPES[len(date)]} ' if date else ""


def source(name: str, issued: str) -> str:
    return f'src:{name} a pg:Source ; dcterms:title "{name}" ; pg:tier pg:tier-weak {typed("dcterms:issued", issued)}.\n'


def claim(name: str, parties: str, *dates: str, cites: str = "undated", rest: str = "") -> str:
    """A claim in Turtle: its class and parties, its dates, the sources that it cites."""
    cited = ", ".join(f"[ pg:source src:{one} ]" for one in cites.split())
    return (
        f'claim:{name} a {parties} ; rdfs:label "{name}" ; pg:attestation pg:reported {"".join(dates)}{rest} ; pg:cites {cited} .\n'
    )


def mark(graph: Graph, name: str) -> str:
    """What a view says of a claim: no, yes, possibly or stale."""
    iri = f"https://w3id.org/partnergraph/claim/{name}"
    if not graph.is_a(iri, "Claim"):
        return "no"
    said = [p for p in ("stale", "possiblyInForce", "possiblyPublished") if graph.engine.objects([iri], f"{NAMESPACE}{p}")]
    return {"stale": "stale"}.get(said[0], "possibly") if said else "yes"


NAMESPACE = "https://w3id.org/partnergraph/ontology#"
TOGETHER = "pg:Partnership ; pg:agreeing ent:a, ent:b"
SELLING = "pg:Distribution ; pg:distributor ent:a ; pg:distributed ent:b"


@pytest.mark.parametrize(("words", "expected"), table("| launched | first mentioned |", 3))
def test_what_has_no_date_is_bounded(words: list[str], expected: dict[str, str], folder: Folder):
    launched, mentioned, published = words
    graph = partnergraph.load(
        folder(
            FIRMS
            + source("s", published)
            + claim("launch", "pg:Launch ; pg:launched ent:a", typed("pg:date", launched))
            + claim("mention", "pg:Partnership ; pg:agreeing ent:b, ent:c", typed("pg:date", mentioned))
            # That it is mentioned before its launch does not make it older.
            + claim(
                "before",
                "pg:Launch ; pg:launcher ent:a ; pg:launched ent:a",
                typed("pg:date", "2030"),
                rest="; pg:stage pg:stage-intended",
            )
            + claim("c", SELLING, cites="s")
        )
    )
    assert {day: mark(graph.at(as_of=day), "c") for day in expected} == expected


HOLDERS = {
    "position": 'pg:Role ; pg:roleHolder ent:{} ; pg:roleAt ent:a ; pg:position "chief executive"',
    "stake": "pg:Ownership ; pg:owner ent:{} ; pg:owned ent:a ; pg:stakeMin 5",
    "price": "pg:Metric ; pg:measured ent:a ; pg:measure pg:measure-price ; pg:quantityMin 5",
}


@pytest.mark.parametrize(("words", "expected"), table("| kind | date | next holder |", 3))
def test_what_is_known_for_a_day_grows_stale(words: list[str], expected: dict[str, str], folder: Folder):
    kind, date, following = words
    after = claim("after", HOLDERS[kind].format("q"), typed("pg:date", following)) if following else ""
    graph = partnergraph.load(folder(FIRMS + claim("c", HOLDERS[kind].format("p"), typed("pg:date", date)) + after))
    assert {day: mark(graph.at(as_of=day), "c") for day in expected} == expected


def test_a_seat_that_several_have_is_not_ended_by_the_next_one(folder: Folder):
    director = 'pg:Role ; pg:roleHolder ent:{} ; pg:roleAt ent:a ; pg:position "director"'
    same = HOLDERS["position"]
    graph = partnergraph.load(
        folder(
            FIRMS
            + claim("one", director.format("p"), typed("pg:date", "2020-01-01"))
            + claim("two", director.format("q"), typed("pg:date", "2020-03-01"))
            + claim("first", same.format("p"), typed("pg:date", "2020-01-01"))
            + claim("again", same.format("p"), typed("pg:date", "2020-03-01"))
        )
    )
    view = graph.at(as_of="2020-06-01")
    assert [mark(view, name) for name in ("one", "two", "first", "again")] == ["possibly"] * 4


def test_a_stale_position_makes_no_shortcut(folder: Folder):
    graph = partnergraph.load(folder(FIRMS + claim("c", HOLDERS["position"].format("p"), typed("pg:date", "2020-01-01"))))
    works = "ASK { ent:p pg:worksFor ent:a }"
    assert [bool(graph.at(as_of=day).query(works)) for day in ("2020-12-31", "2021-01-01")] == [True, False]
    assert graph.query(works)


@pytest.mark.parametrize(("words", "expected"), table("| happened | published |", 2))
def test_nothing_is_known_before_it_happened(words: list[str], expected: dict[str, str], folder: Folder):
    happened, published = words
    dates = published.split(", ")
    names = [f"s{number}" for number in range(len(dates))]
    told = "".join(source(name, date) for name, date in zip(names, dates, strict=True))
    graph = partnergraph.load(folder(FIRMS + told + claim("c", SELLING, typed("pg:date", happened), cites=" ".join(names))))
    assert {day: mark(graph.at(known_by=day), "c") for day in expected} == expected
    for day, answer in expected.items():
        found = graph.query(f'ASK {{ claim:c pg:publishedEarliest ?first FILTER (STR(?first) <= "{day}") }}')
        # SPARQL on the whole graph says the same.
        assert bool(found) == (answer != "no"), day


def test_a_source_tells_nothing_before_the_last_thing_that_it_tells_of(folder: Folder):
    graph = partnergraph.load(
        folder(
            FIRMS
            + source("s", "2023-01")
            + claim("event", TOGETHER, typed("pg:date", "2023-01-23"), cites="s")
            + claim("plan", TOGETHER, typed("pg:date", "2023-01-30"), cites="s", rest="; pg:stage pg:stage-intended")
            + claim("undated", SELLING, cites="s")
        )
    )
    assert [mark(graph.at(known_by=day), "undated") for day in ("2023-01-22", "2023-01-23", "2023-01-31")] == [
        "no",
        "possibly",
        "yes",
    ]


@pytest.mark.parametrize("words", [words for words, _ in table("| end | ended by, published |", 7)])
def test_an_end_that_was_learnt_later_is_not_known_yet(words: list[str], folder: Folder):
    end, ended, agreed, later, known, day, holds = words
    cites = "first later" if later else "first"
    issued = "" if ended == "undated" else ended
    ender = source("ender", issued) + claim("ender", TOGETHER, typed("pg:date", "2025-10-28"), cites="ender") if ended else ""
    rest = "; pg:endedBy claim:ender" if ended else ""
    dates = typed("pg:begin", "2020-01-01"), typed("pg:end", end), typed("pg:agreedEnd", agreed)
    graph = partnergraph.load(
        folder(
            FIRMS
            + source("first", "2020-01-02")
            + (source("later", later) if later else "")
            + ender
            + claim("c", SELLING, *dates, cites=cites, rest=rest)
        )
    )
    view = graph.at(as_of=day, known_by=known)
    assert mark(view, "c") == holds
    # One after the other, and without building the view, the answer is the same.
    assert mark(graph.at(known_by=known).at(as_of=day), "c") == holds
    assert mark(graph.at(as_of=day, known_by=known, hindsight=True), "c") == mark(graph.at(as_of=day), "c")


def test_a_view_of_what_was_known_tells_no_end_stage_or_outcome_that_was_learnt_later(folder: Folder):
    graph = partnergraph.load(
        folder(
            FIRMS
            + source("then", "2020-01-02")
            + source("later", "2025-11-05")
            + claim("ender", TOGETHER, typed("pg:date", "2025-11-01"), cites="later")
            + claim("c", "pg:SupplyContract ; pg:supplier ent:a ; pg:customer ent:b", typed("pg:date", "2020-01-01"),
                    typed("pg:end", "2025-11-01"), typed("pg:agreedEnd", "2033-01-01"), cites="then",
                    rest="; pg:stage pg:stage-ended ; pg:endedBy claim:ender")
            + claim("guess", "pg:Prediction ; pg:predictor ent:a ; pg:predictionAbout ent:b", typed("pg:date", "2020-01-01"), cites="then",
                    rest="; pg:predictionOutcome pg:outcome-came-true ; pg:outcomeClaim claim:ender")
            + claim("alone", "pg:Prediction ; pg:predictor ent:a ; pg:predictionAbout ent:b", typed("pg:date", "2020-01-01"), cites="then",
                    rest="; pg:predictionOutcome pg:outcome-came-true")
        )
    )  # fmt: skip
    told = (
        "SELECT ?s ?p ?o { VALUES ?p { pg:end pg:stage pg:endedBy pg:predictionOutcome } ?s a pg:Claim ; ?p ?o } ORDER BY ?s ?p ?o"
    )

    def said(view: Graph) -> list[tuple[str, str, str]]:
        rows = [[str(getattr(term, "value", "")).rpartition("#")[2].rpartition("/")[2] for term in row] for row in view.query(told)]
        return [(row[0], row[1], row[2]) for row in rows]

    assert said(graph.at(known_by="2025-10-31")) == [("c", "end", "2033-01-01"), ("c", "stage", "stage-underway")]
    assert said(graph.at(known_by="2025-11-05")) == [
        ("c", "end", "2025-11-01"),
        ("c", "endedBy", "ender"),
        ("c", "stage", "stage-ended"),
        ("guess", "predictionOutcome", "outcome-came-true"),
    ]
    assert said(graph.at(known_by="2020-06-01", hindsight=True)) == [
        ("alone", "predictionOutcome", "outcome-came-true"),
        ("c", "end", "2025-11-01"),
        ("c", "stage", "stage-ended"),
        ("guess", "predictionOutcome", "outcome-came-true"),
    ]
    assert (
        interval({"date": ox.Literal("2020-01-01"), "end": ox.Literal("2033-01-01")})
        in graph.at(known_by="2025-10-31").entity("A").card().text()
    )
    assert graph.index.later[ox.NamedNode("https://w3id.org/partnergraph/claim/alone")].outcome_known == NEVER


@pytest.mark.parametrize("words", [words for words, _ in table("| begin or date | end | written |", 3)])
def test_dates_are_never_padded(words: list[str]):
    begin, end, written = words
    row = {name: ox.Literal(date) for name, date in (("date" if begin and not end else "begin", begin), ("end", end)) if date}
    assert interval(row) == written


@pytest.mark.parametrize("name", sorted(Queries(find_content().queries("questions"))))
def test_no_question_gives_one_end_of_a_date_alone(name: str, graph: Graph):
    columns = re.findall(r"\?(\w+)", graph.question(name).text.partition("WHERE")[0].partition("SELECT")[2])
    stems = {ending: {one.removesuffix(ending) for one in columns if one.endswith(ending)} for ending in ("Earliest", "Latest")}
    assert stems["Earliest"] == stems["Latest"]


def test_days_of_partnerships_and_amendments_are_as_precise_as_they_are_known(graph: Graph):
    (since,) = {
        (str(row["partnersSince"].value), str(row["rivalsSince"].value))
        for row in graph.ask("partner-and-rival", entity="Google").mappings()
        if str(row["other"].value).endswith("/anthropic")
    }
    # The round of early 2023 is of a month; so is what Anthropic said of its rivals.
    assert since == ("2023-02", "2026-04")
    agreed = {str(row["agreed"].value) for row in graph.ask("amendment-effects").mappings()}
    assert {"2016-11", "2019-07-22", "2023-01-23"} < agreed
    assert "2016-11-01" not in agreed


@settings(max_examples=15)
@given(day=DAYS)
def test_what_is_known_with_hindsight_is_no_less(graph: Graph, day: datetime.date):
    from partnergraph.reading.changes import state

    plain, hindsight = (state(graph, View(known_by=day, hindsight=mode)) for mode in (False, True))
    assert plain.claims == hindsight.claims
    assert plain.citations == hindsight.citations


@settings(max_examples=15)
@given(day=DAYS)
def test_no_claim_of_an_event_is_known_before_it(graph: Graph, day: datetime.date):
    from partnergraph.core.selection import select

    chosen = select(graph.index, View(known_by=day))
    for claim_, span in chosen.spans.items():
        told = [one for one in chosen.citations if one.claim == claim_]
        before = [
            one for one in told if one.latest is not None and span.starts_earliest is not None and one.latest < span.starts_earliest
        ]
        assert before or span.starts_earliest is None or min(one.earliest or "" for one in told) <= day.isoformat()


def test_days_that_are_swapped_are_refused_or_turned(graph: Graph, run: Callable[..., Result]):
    with pytest.raises(QueryError, match="2024-01-01 lies before 2025-01-01: write the earlier day first"):
        diff(graph, "2025-01-01", "2024-01-01")
    # Whoever types them means the days in order, and is told so.
    turned, right = (run("diff", *days, "-f", "csv") for days in (("2025-01-01", "2024-01-01"), ("2024-01-01", "2025-01-01")))
    assert turned.stdout == right.stdout
    assert "the days stand in the other order" in turned.stderr
    assert not diff(graph, "2024-01-01", "2024-01-01").began


def test_answers_say_what_a_view_leaves_out_and_that_it_goes_beyond_the_content(folder: Folder, run: Callable[..., Result]):
    home = str(
        folder(
            FIRMS
            + source("s", "2020-01-02")
            + claim("dated", SELLING, cites="s")
            + claim("both", SELLING, cites="s undated")
            + claim("one", SELLING)
            + claim("two", SELLING)
            + 'ent:t a pg:Topic ; rdfs:label "T" ; pg:knownUntil "2024-06-30"^^xsd:date .'
        )
    )
    words = ("--content", home)
    left = "2 claims left out whose sources carry no date (--undated keeps them)"
    until = "until 2024-06-30"
    for command in (["ask", "what-holds", "entity=A"], ["show", "A"], ["timeline", "A"], ["conflicts"], ["ledger"]):
        told = " ".join(run(*command, "--known-by", "2024-06-30", *words).stdout.split())
        assert left in told, command
        assert until not in told, command
        late = " ".join(run(*command, "--as-of", "2024-07-01", *words).stdout.split())
        assert "sources were looked through" in late, command
        assert until in late, command
    assert left not in run("show", "A", "--known-by", "2024-06-30", "--undated", *words).stdout
    one = partnergraph.load(home).at(known_by="2019-01-01", attested="confirmed")
    assert (one.left_out, partnergraph.load(home).at(known_by="2019-01-01").left_out) == (0, 2)


def test_programs_are_told_what_is_only_possibly_in_a_view(run: Callable[..., Result]):
    words = ("ask", "who-works-where", "organization=OpenAI", "-f", "csv")
    rows = list(csv.DictReader(io.StringIO(run(*words, "--as-of", "2026-11-29").stdout)))
    said = {row["claim"].removeprefix("claim:"): row["in this view"] for row in rows}
    assert said["altman-co-chair-openai-2015"] == "stale"
    assert said["altman-ceo-openai-since-2023"] == "surely"
    assert said["kwon-chief-strategy-officer-openai"] == "possibly"
    assert "in this view" not in next(csv.reader(io.StringIO(run(*words).stdout)))


def test_content_that_names_no_claims_where_it_should_has_views(folder: Folder):
    graph = partnergraph.load(
        folder(
            FIRMS
            + source("s", "2020-02-29")
            + claim("c", SELLING, typed("pg:end", "2020-02-29"), cites="s",
                    rest='; pg:endedBy "nobody", claim:nowhere, claim:c ; pg:outcomeClaim "x" ; pg:outcome "y" ; pg:agreedEnd "soon"')
            + claim("last", HOLDERS["position"].format("p"), typed("pg:date", "9999-12-31"), cites="s")
            + '[] a pg:Distribution ; rdfs:label "blank" ; pg:distributor ent:a ; pg:distributed ent:b ; pg:cites [ pg:source src:s ] .'
        )
    )  # fmt: skip
    assert [mark(graph.at(as_of=day), "c") for day in ("2020-02-28", "2020-02-29")] == ["no", "no"]
    assert mark(graph.at(known_by="2020-02-29", as_of="2020-02-29"), "c") == "no"
    assert mark(graph.at(as_of="9999-12-31"), "last") == "yes"
    assert len(graph.series("what-holds", every="year", first="2019-01-01", last="2021-01-01", entity="A").moments) == 3
