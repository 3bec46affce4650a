"""Views follow docs/views.md, whose truth table is the test; views and differences agree on random days."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import partnergraph
from partnergraph import Graph
from partnergraph.base.errors import QueryError, UnknownName
from partnergraph.core.views import ATTESTATIONS, TIERS, View
from partnergraph.reading.changes import Changes, State, diff, difference, state
from partnergraph.stores.sandbox.limits import Limits
from tables import table

DAYS = st.dates(datetime.date(2014, 1, 1), datetime.date(2027, 12, 31))
TYPES = {4: "gYear", 7: "gYearMonth", 10: "date"}


def truth_table() -> list[tuple[str, str, dict[str, str]]]:
    return [(begin, end, days) for (begin, end), days in table("| begin or date | end | 2019", 2)]


def in_view(graph: Graph, claim: str) -> str:
    found = list(
        graph.query(f"SELECT ?mark {{ {claim} a pg:Claim OPTIONAL {{ {claim} pg:possiblyInForce|pg:possiblyPublished ?mark }} }}")
    )
    return "no" if not found else "yes" if found[0][0] is None else "possibly"


def typed(name: str, date: str) -> str:
    return f'; pg:{name} "{date}"^^xsd:{TYPES[len(date)]} ' if date else ""


@pytest.mark.parametrize("number", range(len(truth_table())))
def test_truth_table(number: int, folder: Callable[[str], Path]):
    begin, end, expected = truth_table()[number]
    turtle = f"""
        ent:a a pg:Company ; rdfs:label "A" . ent:b a pg:Company ; rdfs:label "B" .
        src:s a pg:Source ; dcterms:title "S" ; pg:tier pg:tier-weak .
        claim:c a pg:Distribution ; rdfs:label "c" ; pg:distributor ent:a ; pg:distributed ent:b ; pg:attestation pg:reported
          {typed("begin", begin)}{typed("end", end)}; pg:cites [ pg:source src:s ] ."""
    graph = partnergraph.load(folder(turtle))
    assert len(expected) >= 8
    for day, answer in expected.items():
        assert in_view(graph.at(as_of=day), "claim:c") == answer, (begin, end, day)
    if begin and not end:
        event = partnergraph.load(folder(turtle.replace("pg:begin", "pg:date")))
        for day, answer in expected.items():
            assert in_view(event.at(as_of=day), "claim:c") == answer, (begin, day)


FIRMS = """
    ent:a a pg:Company ; rdfs:label "A" . ent:b a pg:Company ; rdfs:label "B" .
    src:s a pg:Source ; dcterms:title "S" ; pg:tier pg:tier-weak .
"""


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2020-12-31", {"2020-12-30": "no", "2020-12-31": "yes", "2021-01-01": "possibly", "2026-01-01": "possibly"}),
        ("2020-02-28", {"2020-02-28": "yes", "2020-02-29": "possibly"}),
        ("2020", {"2019-12-31": "no", "2020-01-01": "possibly", "2020-12-31": "possibly", "2026-01-01": "possibly"}),
    ],
)
def test_a_stake_known_for_a_day_possibly_holds_later(date: str, expected: dict[str, str], folder: Callable[[str], Path]):
    graph = partnergraph.load(
        folder(f"""{FIRMS} claim:c a pg:Ownership ; rdfs:label "c" ; pg:owner ent:a ; pg:owned ent:b ; pg:attestation pg:reported
          {typed("date", date)}; pg:cites [ pg:source src:s ] .""")
    )
    assert {day: in_view(graph.at(as_of=day), "claim:c") for day in expected} == expected


def test_a_deal_holds_from_the_day_it_was_made(folder: Callable[[str], Path]):
    graph = partnergraph.load(
        folder(f"""{FIRMS} claim:c a pg:SupplyContract ; rdfs:label "c" ; pg:supplier ent:a ; pg:customer ent:b ;
          pg:attestation pg:reported ; pg:stage pg:stage-agreed {typed("date", "2025-09-10")}{typed("begin", "2027")}{typed("end", "2032")}
          ; pg:cites [ pg:source src:s ] .""")
    )
    expected = {"2025-09-09": "no", "2025-09-10": "yes", "2026-06-01": "yes", "2031-12-31": "yes", "2033-01-01": "no"}
    assert {day: in_view(graph.at(as_of=day), "claim:c") for day in expected} == expected


def test_what_is_overruled_stays_so_on_every_day(folder: Callable[[str], Path]):
    graph = partnergraph.load(
        folder(f"""{FIRMS}
        claim:true a pg:Hosting ; rdfs:label "true" ; pg:hostingProvider ent:a ; pg:hosted ent:b ; pg:attestation pg:confirmed
          {typed("begin", "2016")}{typed("end", "2019")}; pg:cites [ pg:source src:s ] .
        claim:false a pg:Hosting ; rdfs:label "false" ; pg:hostingProvider ent:b ; pg:hosted ent:a ; pg:attestation pg:reported
          {typed("begin", "2018")}; pg:contradicts claim:true ; pg:cites [ pg:source src:s ] .""")
    )
    overruled = "ASK { ?better pg:preferredOver claim:false }"
    later = graph.at(as_of="2024-01-01")
    assert in_view(later, "claim:true") == "no"
    assert later.query(overruled)
    assert not later.query("ASK { ent:a pg:runsOn ent:b }")
    # What a view admits at all decides which version is preferred in it, in whichever order it is made.
    confirmed = graph.at(attested="confirmed").at(as_of="2017-06-01")
    assert in_view(confirmed, "claim:true") == "yes"
    rumours = partnergraph.load(folder(FIRMS))
    assert not rumours.at(as_of="2024-01-01").query(overruled)
    for one in (later.at(tier="weak"), graph.at(tier="weak").at(as_of="2024-01-01")):
        assert one.query(overruled)
    for one in (later.at(tier="primary"), graph.at(tier="primary", as_of="2024-01-01")):
        assert not one.query("ASK { ?c a pg:Claim }")
        assert not one.query(overruled)


def test_known_by(folder: Callable[[str], Path]):
    graph = partnergraph.load(
        folder("""
        ent:a a pg:Company ; rdfs:label "A" . ent:b a pg:Company ; rdfs:label "B" .
        src:day a pg:Source ; dcterms:title "Day" ; pg:tier pg:tier-weak ; dcterms:issued "2020-06-15"^^xsd:date .
        src:year a pg:Source ; dcterms:title "Year" ; pg:tier pg:tier-primary ; dcterms:issued "2021"^^xsd:gYear .
        src:undated a pg:Source ; dcterms:title "Undated" ; pg:tier pg:tier-primary .
        claim:both a pg:Ownership ; rdfs:label "both" ; pg:owner ent:a ; pg:owned ent:b ; pg:attestation pg:reported ;
          pg:cites [ pg:source src:day ], [ pg:source src:year ] .
        claim:undated a pg:Ownership ; rdfs:label "undated" ; pg:owner ent:a ; pg:owned ent:b ; pg:attestation pg:reported ;
          pg:cites [ pg:source src:undated ] .""")
    )
    assert in_view(graph.at(known_by="2020-06-14"), "claim:both") == "no"
    early = graph.at(known_by="2020-06-15")
    assert in_view(early, "claim:both") == "yes"
    assert [str(row[0].value) for row in early.query("SELECT ?l { claim:both pg:bestTier/rdfs:label ?l }") if row[0]] == ["weak"]
    primary = graph.at(tier="primary")
    assert in_view(primary.at(known_by="2020-12-31"), "claim:both") == "no"
    assert in_view(primary.at(known_by="2021-03-01"), "claim:both") == "possibly"
    assert in_view(primary.at(known_by="2021-12-31"), "claim:both") == "yes"
    assert in_view(graph.at(known_by="2026-01-01"), "claim:undated") == "no"
    assert in_view(graph.at(known_by="2026-01-01", undated=True), "claim:undated") == "possibly"


def claims_of(graph: Graph) -> set[str]:
    return {str(row[0].value) for row in graph.query("SELECT ?c { ?c a pg:Claim }") if row[0]}


def applied(changes: Changes, first: State) -> State:
    """The second state, from the first one, as docs/views.md says it."""
    claims = (first.claims - changes.ended) | changes.began
    return State(
        claims,
        ((first.possibly - changes.surer) | changes.less_sure) & claims,
        (first.citations - changes.no_longer_cited) | changes.newly_cited,
    )


@settings(max_examples=25)
@given(first=DAYS, second=DAYS, axis=st.sampled_from(["as of", "known by"]))
def test_state_and_difference_make_the_other_state(graph: Graph, first: datetime.date, second: datetime.date, axis: str):
    view = (lambda day: View(as_of=day)) if axis == "as of" else (lambda day: View(known_by=day))
    first, second = sorted((first, second))
    a, b = state(graph, view(first)), state(graph, view(second))
    changes = diff(graph, first, second, axis)  # type: ignore[arg-type]
    assert applied(changes, a) == b
    assert applied(difference(a, a), a) == a
    assert not changes.began & a.claims
    assert changes.ended <= a.claims


@settings(max_examples=15)
@given(day=DAYS, level=st.sampled_from(ATTESTATIONS), tier=st.sampled_from(TIERS))
def test_widening_a_view_never_loses_claims(graph: Graph, day: datetime.date, level: str, tier: str):
    lower = ATTESTATIONS[max(0, ATTESTATIONS.index(level) - 1)]
    weaker = TIERS[max(0, TIERS.index(tier) - 1)]
    narrow = state(graph, View(known_by=day, attested=level, tier=tier)).claims
    for wide in (
        View(known_by=day, attested=lower, tier=tier),
        View(known_by=day, attested=level, tier=weaker),
        View(known_by=day + datetime.timedelta(days=30), attested=level, tier=tier),
        View(known_by=day, attested=level, tier=tier, undated=True),
        View(attested=level, tier=tier),
    ):
        assert narrow <= state(graph, wide).claims


@settings(max_examples=6)
@given(day=DAYS)
def test_known_by_never_shows_a_claim_whose_every_source_is_later(graph: Graph, day: datetime.date):
    view = graph.at(known_by=day)
    first = "SELECT ?c (MIN(?d) AS ?first) { ?c a pg:Claim OPTIONAL { ?c pg:cites/pg:source/pg:publishedEarliest ?d } } GROUP BY ?c"
    view.limits = Limits(seconds=300)
    later = [row for row in view.query(first) if row[1] is None or row[1].value > day.isoformat()]
    assert later == []


@settings(max_examples=4)
@given(day=DAYS, known=DAYS, level=st.sampled_from(ATTESTATIONS), tier=st.sampled_from(TIERS))
def test_views_commute(graph: Graph, day: datetime.date, known: datetime.date, level: str, tier: str):
    at_once = graph.at(as_of=day, known_by=known, attested=level, tier=tier)
    one_way = graph.at(tier=tier).at(known_by=known).at(as_of=day).at(attested=level)
    other_way = graph.at(attested=level).at(as_of=day).at(known_by=known).at(tier=tier)
    assert claims_of(at_once) == claims_of(one_way) == claims_of(other_way)
    # Blank nodes differ in name only, so compare everything else triple by triple.
    triples = [{line for line in graph.engine.lines() if b"_:" not in line} for graph in (at_once, one_way, other_way)]
    assert triples[0] == triples[1] == triples[2]
    assert at_once.view == one_way.view == other_way.view


def test_a_view_leaves_nothing_dangling(graph: Graph):
    view = graph.at(as_of="2021-06-01", known_by="2022-01-01")
    lost = view.query(
        "SELECT ?s ?p ?o { ?s ?p ?o . FILTER(STRSTARTS(STR(?o), STR(claim:))) FILTER NOT EXISTS { ?o a pg:Claim } FILTER NOT EXISTS { ?o a pg:Retired } }"
    )
    assert [row for row in lost if row[0] and "/dispute/" not in str(row[0])] == []
    assert not view.query("ASK { ?c pg:source ?s FILTER NOT EXISTS { ?x pg:cites ?c } }")


def test_a_view_that_admits_every_claim_is_the_whole_graph(graph: Graph):
    whole, view = ({text for text in map(str, seen.store) if "_:" not in text} for seen in (graph, graph.at(attested="rumoured")))
    assert whole == view


NARROWER = """SELECT DISTINCT ?one ?other { ?property pg:isNeed true . ?one ?property ?other
FILTER NOT EXISTS { ?one a ?class . ?class pg:goesOnWithout ?property } }"""


def test_wider_shortcuts_follow_the_narrower_ones_in_every_view(graph: Graph):
    reached = graph.query("SELECT ?chip { ent:github-copilot pg:reliesOn+ ?chip . ?chip a pg:Chip }")
    assert len(reached) > 1
    for seen in (graph, graph.at(as_of="2019-12-31")):
        wider, narrower = (
            {tuple(row) for row in seen.query(text)} for text in ("SELECT ?one ?other { ?one pg:reliesOn ?other }", NARROWER)
        )
        assert wider == narrower
        assert wider


def test_sources_without_a_date_stay_only_where_every_view_by_publication_keeps_them(folder: Callable[[str], Path]):
    graph = partnergraph.load(
        folder("""
        ent:a a pg:Company ; rdfs:label "A" . ent:b a pg:Company ; rdfs:label "B" .
        src:undated a pg:Source ; dcterms:title "S" ; pg:tier pg:tier-weak .
        claim:c a pg:Distribution ; rdfs:label "c" ; pg:distributor ent:a ; pg:distributed ent:b ; pg:attestation pg:reported ;
          pg:cites [ pg:source src:undated ] .""")
    )
    day = "2024-01-01"
    assert in_view(graph.at(known_by=day, undated=True).at(attested="reported"), "claim:c") == "possibly"
    assert in_view(graph.at(attested="reported").at(known_by=day, undated=True), "claim:c") == "possibly"
    assert in_view(graph.at(known_by=day, undated=True).at(known_by=day, undated=True), "claim:c") == "possibly"
    assert in_view(graph.at(known_by=day, undated=True).at(known_by=day), "claim:c") == "no"
    assert in_view(graph.at(known_by=day).at(known_by=day, undated=True), "claim:c") == "no"
    assert in_view(graph.at(undated=True).at(known_by=day), "claim:c") == "no"


def test_two_days_of_one_axis_are_refused(graph: Graph):
    with pytest.raises(QueryError, match="a view has one day"):
        graph.at(as_of="2020-01-01").at(as_of="2021-01-01")


@pytest.mark.parametrize("words", [{"as_of": "yesterday"}, {"known_by": "2024-13-01"}, {"attested": "sure"}, {"tier": "best"}])
def test_words_that_mean_no_view(graph: Graph, words: dict[str, str]):
    with pytest.raises(QueryError, match=re.escape(repr(next(iter(words.values()))))):
        graph.at(**words)  # type: ignore[arg-type]


AZURE_EXCLUSIVE = """
SELECT ?right WHERE {
  ?right a pg:Exclusivity ; pg:grantor ent:openai ; pg:holder|pg:concerning ent:azure ; pg:scope/skos:broader* pg:scope-all-cloud ;
    pg:attestation/pg:rank ?attested .
  FILTER (?attested >= 2)
  FILTER NOT EXISTS { ?better pg:preferredOver ?right }
} ORDER BY ?right
"""


@pytest.mark.parametrize(
    ("day", "rights"),
    [
        ("2018-01-01", []),
        ("2019-12-01", ["openai-2019-exclusive-cloud"]),
        (
            "2024-06-01",
            [
                "azure-exclusive-api-2023",
                "azure-exclusive-cloud-2023",
                "azure-exclusive-research-2023",
                "openai-2019-exclusive-cloud",
            ],
        ),
        ("2025-03-01", ["azure-api-exclusive-to-2030", "azure-exclusive-api-2023"]),
        (
            "2025-12-01",
            [
                "azure-api-exclusive-until-agi",
                # That of February 2026 for stateless calls is contested by AWS's right, which is better sourced.
                "azure-third-party-api-products-exclusive-2025",
            ],
        ),
        ("2026-06-01", []),
    ],
)
def test_azures_exclusivity_for_openai(graph: Graph, day: str, rights: list[str]):
    found = [str(row[0].value).rpartition("/")[2] for row in graph.at(as_of=day).query(AZURE_EXCLUSIVE) if row[0]]
    assert found == rights


def test_january_2023_without_reported_claims_is_undisclosed_with_a_lower_bound(graph: Graph):
    from partnergraph.reading.disagreement import resolve

    contested = resolve(graph, "microsoft-openai-2023-third-phase", "amount")
    assert contested.contested
    assert {"about 10 billion USD", "undisclosed, at least 1 billion USD"} <= {
        version.value("amount") for version in contested.versions
    }
    announced = resolve(graph.at(attested="announced"), "microsoft-openai-2023-third-phase", "amount")
    assert (announced.best, announced.contested) == ("undisclosed, at least 1 billion USD", False)
    assert announced.least == 1_000_000_000
    assert announced.greatest is None


# Stage, kind, parties as the contracts state them


def test_a_view_of_one_stage_keeps_what_has_none(folder: Callable[[str], Path]):
    def deal(name: str, stage: str) -> str:
        return (
            f'claim:{name} a pg:Investment ; rdfs:label "{name}" ; pg:attestation pg:announced ; pg:investor ent:a ; pg:investee ent:b ; '
            f'pg:stage pg:stage-{stage} ; pg:date "2024-01-01"^^xsd:date ; pg:cites [ pg:source src:s ; pg:locator "1" ] .\n'
        )

    graph = partnergraph.load(
        folder(
            'ent:a a pg:Company ; rdfs:label "A" . ent:b a pg:Company ; rdfs:label "B" .\n'
            'src:s a pg:Source ; dcterms:title "S" ; pg:tier pg:tier-primary ; dcterms:issued "2024-01-02"^^xsd:date .\n'
            'claim:right a pg:Exclusivity ; rdfs:label "right" ; pg:attestation pg:announced ; pg:grantor ent:a ; pg:holder ent:b ; '
            'pg:date "2024-01-01"^^xsd:date ; pg:cites [ pg:source src:s ; pg:locator "1" ] .\n'
            + deal("done", "completed")
            + deal("meant", "intended")
        )
    )

    def held(**view: str) -> set[str]:
        rows = graph.at(**view).query("SELECT ?c { ?c a pg:Claim }").mappings()
        return {str(row["c"].value).rpartition("/")[2] for row in rows}

    assert held() == {"done", "meant", "right"}
    assert held(stage="completed") == {"done", "right"}
    assert held(stage="Intended", as_of="2024-06-01") == {"meant", "right"}
    assert held(kind="investment") == {"done", "meant"}
    # A kind holds those that are narrower: an exclusivity is a right, an investment a deal.
    assert held(kind="right") == {"right"}
    assert held(kind="deal", stage="completed", known_by="2024-06-01") == {"done"}
    both = graph.at(stage="completed").at(kind="deal")
    assert str(both.view) == "only deal, only deals that are completed"
    assert len(both.ledger()) == 1
    for words, problem in (
        ({"stage": "finished"}, "no stage named 'finished'"),
        ({"kind": "company"}, "no kind of claim named 'company'"),
    ):
        with pytest.raises(UnknownName, match=problem):
            graph.at(**words)
    with pytest.raises(QueryError, match="a view has one stage"):
        graph.at(stage="completed").at(stage="intended")


def test_every_question_can_be_answered_by_the_parties_of_the_contracts(graph: Graph):
    def bought(view: Graph) -> dict[str, float]:
        rows = view.ask("committed-by-supplier", customer="OpenAI").mappings()
        return {
            partnergraph.compact(str(row["supplier"].value)): float(row["committedMin"].value)
            for row in rows
            if "committedMin" in row
        }

    houses, stated = bought(graph.at(as_of="2026-06-30")), bought(graph.at(as_of="2026-06-30", as_stated=True))
    # The 250 billion are spent on Azure, 38 and 100 at AWS; who owns these is another question.
    assert houses["ent:microsoft"] == stated["ent:azure"] == 250e9
    assert houses["ent:amazon"] == stated["ent:amazon-web-services"] == 138e9
    assert "ent:amazon" not in stated
    ledger = graph.at(as_of="2026-06-30").ledger(house=False)
    assert ledger.between("OpenAI", "AWS", "purchase").total("committed").least == 138e9
    assert graph.at(as_of="2026-06-30").why("OpenAI", "Azure", house=False).text(200).startswith("OpenAI → Azure")
