"""Analyses: brute force for every interval, known answers on a tiny graph, the loops that everyone talks about on the shipped one."""

from __future__ import annotations

import json
import math
import random
import re
from collections.abc import Callable, Iterator
from itertools import combinations, product
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import Result

import partnergraph
from partnergraph.analysis.concentration import Market, read_markets
from partnergraph.analysis.cuts import find_cuts
from partnergraph.analysis.exposure import exposure, find_dependents, reliance
from partnergraph.analysis.hhi import MAX_FREE, hhi, hhi_of_shares, index, shares
from partnergraph.analysis.legs import USUAL, Counting, check_stages
from partnergraph.analysis.loops import Loop, find_loops, loops, overlap, rings, significance
from partnergraph.analysis.nullmodel import count_loops, rewired
from partnergraph.analysis.paths import cost, find_chains
from partnergraph.analysis.tables import Findings, Table, sheets, to_csv
from partnergraph.base.errors import OutputError, UnknownName
from partnergraph.base.spreadsheets import defused
from partnergraph.ledger.amounts import NOTHING, Interval, raised

Run = Callable[..., Result]
TINY = Path(__file__).parent / "tiny"
EXPECTED = Path(__file__).parent / "expected"
ON_TINY = ["--content", str(TINY)]


@pytest.fixture(scope="module")
def tiny() -> partnergraph.Graph:
    return partnergraph.load(TINY)


# Amounts


def close(value: float, interval: Interval) -> bool:
    room = 1e-9 * max(1.0, abs(value))
    return interval.least - room <= value <= interval.greatest + room


def test_a_whole_and_its_parts_bound_each_other():
    assert raised(Interval(10, 10), Interval(7, 9)) == Interval(10, 10)
    assert raised(Interval(0, 10), Interval(7, 9)) == Interval(7, 10)
    assert raised(Interval(5, 6), Interval(7, 9)) == Interval(7, 7)
    # Of a whole of which nothing is said there may be more than its parts.
    assert raised(Interval(), Interval(7, 9)) == Interval(7, math.inf)


CLAIMS = "abcdef"
amounts = st.tuples(st.integers(0, 20), st.integers(0, 20)).map(sorted).map(lambda ends: Interval(*map(float, ends)))
# Concentration

weights = st.lists(amounts, min_size=1, max_size=6)


@settings(max_examples=300)
@given(weights, st.data())
def test_hhi_and_shares_contain_every_choice_of_weights(held: list[Interval], data: st.DataObject):
    chosen = [data.draw(st.floats(of.least, of.greatest)) for of in held]
    whole = math.fsum(chosen)
    if whole < 1e-6:
        return
    assert close(index(chosen), hhi(held))
    for value, share in zip(chosen, shares(held), strict=True):
        assert close(value / whole, share)


@settings(max_examples=150)
@given(st.lists(amounts, min_size=1, max_size=3))
def test_hhi_is_no_wider_than_it_must_be(held: list[Interval]):
    grid = [
        [of.least + (of.greatest - of.least) * step / 40 for step in range(41)] if of.greatest > of.least else [of.least]
        for of in held
    ]
    values = [index(point) for point in product(*grid) if math.fsum(point) > 0]
    found = hhi(held)
    if not values:
        assert found == Interval(0, 1)
        return
    assert max(values) <= found.greatest + 1e-9
    assert max(values) >= found.greatest - 0.03
    assert min(values) - 0.03 <= found.least + 1e-9 <= min(values) + 1e-8


@given(st.lists(amounts, min_size=MAX_FREE + 1, max_size=MAX_FREE + 6), st.data())
@settings(max_examples=60)
def test_hhi_of_many_unknown_firms_still_contains_every_choice(held: list[Interval], data: st.DataObject):
    chosen = [data.draw(st.sampled_from([of.least, of.greatest])) for of in held]
    if math.fsum(chosen) > 0:
        assert close(index(chosen), hhi(held))


def test_hhi_of_what_is_not_known_at_all():
    assert hhi([Interval(), Interval()]) == Interval(0.5, 1.0)
    assert hhi([Interval(1, 1), Interval(1, 1)]) == Interval(0.5, 0.5)
    assert hhi([]) == Interval(0, 1)
    assert shares([Interval(1, 1), Interval()]) == [Interval(0, 1), Interval(0, 1)]


@given(st.lists(st.tuples(st.floats(0, 0.3), st.floats(0, 0.3)).map(sorted), min_size=1, max_size=3), st.data())
@settings(max_examples=200)
def test_hhi_of_stated_shares_contains_every_way_to_fill_the_rest(ends: list[list[float]], data: st.DataObject):
    stated = [Interval(low, high) for low, high in ends]
    chosen = [data.draw(st.floats(of.least, of.greatest)) for of in stated]
    rest = 1 - math.fsum(chosen)
    count = data.draw(st.integers(1, 50))
    value = math.fsum(share**2 for share in chosen) + count * (rest / count) ** 2
    assert close(value, hhi_of_shares(stated))


def read_market(graph: partnergraph.Graph, name: str, customer: str | None = None, counting: Counting = USUAL) -> Market:
    (market,) = read_markets(graph, name, customer=customer, counting=counting)
    return market


def test_a_market_of_purchases(tiny: partnergraph.Graph):
    market = read_market(tiny, "clouds")
    assert {seller.name: (seller.stated, seller.unknown) for seller in market.sellers} == {
        "ent:giant": (Interval(2e10, 2e10), 0),
        "ent:host": (Interval(5e9, 8e9), 1),
    }
    # Whoever sells chips sells no computing, and competes with nobody who does.
    assert {seller.name: (seller.stated, seller.unknown) for seller in read_market(tiny, "chips").sellers} == {
        "ent:chipmaker": (NOTHING, 1)
    }
    assert [one.name for one in read_markets(tiny, "compute")] == ["clouds", "chips"]
    assert read_market(tiny, "sites").sellers == ()
    assert read_market(tiny, "clouds", customer="ent:rival").deals == 1
    euros = read_market(tiny, "clouds", counting=Counting(currency="EUR"))
    assert {seller.name: seller.stated for seller in euros.sellers}["ent:host"] == Interval(3e9, 3e9)
    capacity = read_market(tiny, "clouds", counting=Counting(weight="capacity"))
    assert {seller.name: seller.stated for seller in capacity.sellers}["ent:host"] == Interval(500, 500)
    assert {s.name: s.stated.least for s in read_market(tiny, "clouds", counting=Counting(weight="customers")).sellers}[
        "ent:host"
    ] == 2


def test_a_market_of_stated_shares(tiny: partnergraph.Graph):
    market = read_market(tiny, "models")
    assert [(seller.name, seller.stated) for seller in market.sellers] == [
        ("ent:lab", Interval(40, 50)),
        ("ent:rival", Interval(30, 30)),
    ]
    assert market.rest == Interval(20, 30)
    with pytest.raises(
        UnknownName,
        match="no market named 'potatoes'; shares are stated for Models; purchases for clouds, chips, sites and compute",
    ):
        read_market(tiny, "potatoes")
    with pytest.raises(UnknownName, match="no weight named 'gold'"):
        read_market(tiny, "clouds", counting=Counting(weight="gold"))


# Loops


def routes(found: list[Loop]) -> set[tuple[str, ...]]:
    return {loop.parties for loop in found}


def test_loops_of_the_tiny_graph(tiny: partnergraph.Graph):
    found = find_loops(tiny)
    assert routes(found) == {("ent:giant", "ent:lab"), ("ent:chipmaker", "ent:lab", "ent:host")}
    giant, chips = found
    # 10 or up to 12 billion, of which 4 are sure, and what Chipmaker's billion leaves of a round of 6; valuation and total are not in it.
    assert giant.legs[0].amount == Interval(4e9, 17e9)
    assert giant.legs[0].preferred == Interval(10e9, 15e9)
    assert (giant.weakest_attestation, giant.weakest_stage, giant.since, giant.until) == (
        "rumoured",
        "under way",
        "2023-01-01",
        "2030-12-31",
    )
    # What the host pays for chips is not stated: the billion is the limit of another leg, not of that one.
    assert chips.amount == Interval()
    assert (chips.weakest_attestation, chips.weakest_stage, chips.since) == ("reported", "agreed", "2024-09-01")
    assert (giant.needs, chips.needs) == (("unconfirmed legs",), ("open amounts", "unconfirmed legs"))


def test_what_counts_in_a_loop(tiny: partnergraph.Graph):
    assert routes(find_loops(tiny, least=True)) == {("ent:giant", "ent:lab")}
    assert find_loops(tiny, counting=Counting(stages=("completed",))) == []
    assert routes(find_loops(tiny, parties=2)) == {("ent:giant", "ent:lab")}
    assert routes(find_loops(tiny, through="ent:host")) == {("ent:chipmaker", "ent:lab", "ent:host")}
    assert find_loops(tiny, counting=Counting(house=False), parties=2) == []
    preferred = find_loops(tiny, counting=Counting(preferred=True))[0]
    assert preferred.legs[0].amount == Interval(10e9, 15e9)
    intended = find_loops(tiny, counting=Counting(intended=True), through="ent:chipmaker")
    assert intended[0].legs[0].amount == Interval(1e9, 101e9)


def test_loops_through_several_parties(tiny: partnergraph.Graph):
    def rows(*names: str) -> int:
        return len(loops(tiny, through=names).tables[0].rows)

    # Two loops: Giant and Lab; Chipmaker, Lab and Host.
    assert (rows("ent:lab"), rows("ent:lab", "ent:host"), rows("ent:giant", "ent:lab"), rows("ent:giant", "ent:host")) == (
        2,
        1,
        1,
        0,
    )


def test_legs_must_overlap_in_time(folder: Callable[[str], Path]):
    deal = "a pg:Investment ; rdfs:label 'x' ; pg:attestation pg:confirmed ; pg:stage pg:stage-completed ; pg:investor ent:a ; pg:investee ent:b"
    buy = "a pg:Supply ; rdfs:label 'x' ; pg:attestation pg:confirmed ; pg:stage pg:stage-ended ; pg:customer ent:b ; pg:supplier ent:a"

    def load(end: str) -> partnergraph.Graph:
        ends = "ent:a a pg:Company ; rdfs:label 'A' . ent:b a pg:Company ; rdfs:label 'B' ."
        day = '"2022-06-01"^^xsd:date'
        text = f"{ends} claim:deal {deal} ; pg:date {day} . claim:buy {buy} ; pg:begin '2020'^^xsd:gYear ; pg:end {end} ."
        return partnergraph.load(folder(text))

    assert len(find_loops(load('"2023"^^xsd:gYear'))) == 1
    assert find_loops(load('"2022"^^xsd:gYear'))[0].until == "2022-12-31"
    assert find_loops(load('"2022-05-31"^^xsd:date')) == []


def test_an_amount_is_only_as_far_as_its_least_far_part(graph: partnergraph.Graph):
    """250 billion are agreed; that a machine was delivered under no stated sum does not make them paid."""
    (loop,) = [
        one for one in find_loops(graph, parties=2, through="ent:microsoft") if set(one.parties) == {"ent:microsoft", "ent:openai"}
    ]
    bought = loop.legs[1]
    assert {"agreed", "completed"} <= {entry.stage for entry in bought.entries}
    assert bought.amount.least >= 250e9
    assert bought.stage == "agreed"


def test_loops_that_everyone_talks_about(graph: partnergraph.Graph):
    """Legs and sources of the circular deals of the press, at the stage that they really have."""
    agreed = routes(find_loops(graph))
    assert {
        ("ent:microsoft", "ent:openai"),
        ("ent:nvidia", "ent:openai"),
        ("ent:amd", "ent:openai"),
        ("ent:amazon", "ent:openai"),
    } <= agreed
    found = find_loops(graph, counting=Counting(intended=True))
    oracle = next(loop for loop in found if loop.parties == ("ent:nvidia", "ent:openai", "ent:oracle"))
    assert oracle.weakest_stage == "intended"
    assert oracle.legs[1].amount.least >= 300e9
    for loop in found:
        for leg in loop.legs:
            for claim in leg.claims:
                assert graph.query("ASK { ?claim pg:cites/pg:source ?source }", claim=node(claim)), claim
    # With completed legs and least amounts only, none is left.
    assert find_loops(graph, counting=Counting(stages=("completed",)), least=True) == []


def node(claim: str) -> object:
    import pyoxigraph as ox

    from partnergraph.rdf.terms import expand

    return ox.NamedNode(str(expand(claim)))


def test_who_gives_advice_sells_no_computing(graph: partnergraph.Graph):
    names = {market.name for market in read_markets(graph, "compute")}
    assert names == {"clouds", "chips", "sites"}
    sellers = {seller.name for market in read_markets(graph, "compute") for seller in market.sellers}
    assert len(sellers) > 10
    assert not sellers & {"ent:goldman-sachs", "ent:morgan-stanley"}


def test_chips_clouds_and_sites_are_markets_apart(graph: partnergraph.Graph):
    sold = {
        market.name: {seller.name for seller in market.sellers}
        for market in read_markets(graph.at(as_of="2026-06-30"), "compute", customer="ent:openai")
    }
    assert sold == {
        "clouds": {f"ent:{name}" for name in ("alphabet", "amazon", "cerebras", "coreweave", "microsoft", "oracle", "tata-group")},
        # Celestica makes the boards and racks of OpenAI's own chip.
        "chips": {"ent:amd", "ent:celestica", "ent:nvidia"},
        # The 1.2 GW at Milam are let by who builds there.
        "sites": {"ent:sb-energy"},
    }
    # One deal with two sellers: TPUs on Google's cloud, made by Broadcom; others are leased by AI XPV, and Micron sells memory.
    anthropic = read_markets(graph.at(as_of="2026-06-30"), "chips", customer="ent:anthropic")
    assert [seller.name for seller in anthropic[0].sellers] == ["ent:ai-xpv", "ent:broadcom", "ent:micron"]
    # A right of exclusivity over clouds settles no market of chips.
    right = read_markets(graph.at(as_of="2024-12-31"), "compute", customer="ent:openai")
    assert [(market.name, bool(market.right)) for market in right] == [("clouds", True)]
    assert read_markets(graph.at(as_of="2024-12-31"), "chips", customer="ent:openai")[0].right == ()


def test_totals_and_valuations_are_in_no_deal(graph: partnergraph.Graph):
    """A total that a party states may stand for its deals; no other total and no valuation counts anywhere."""
    counted = {claim for entry in graph.ledger().all for claim in entry.claims}
    assert len(counted) > 100
    for kind in ("Total", "Valuation", "Metric"):
        stated = f"SELECT ?c WHERE {{ ?c a pg:{kind} FILTER NOT EXISTS {{ ?c a pg:Total ; pg:attestation/pg:rank ?rank FILTER (?rank > 2) }} }}"
        named = {f"claim:{str(row[0].value).rpartition('/')[2]}" for row in graph.query(stated) if row[0]}
        assert named
        assert not named & counted


def test_what_the_ontology_says_of_stages_and_families(graph: partnergraph.Graph, run: Callable[..., Result]):
    stages = graph.at(as_of="2024-01-01").stages
    assert stages.counted == ("", "agreed", "under way", "completed", "ended")
    assert stages.intended == ("intended",)
    assert stages.not_done == ("intended", "cancelled")
    assert stages.not_in_force == ("intended", "cancelled", "ended")
    # From the least to the most certain that money moves; a right has no stage.
    assert stages.order == ("cancelled", "intended", "", "agreed", "under way", "completed", "ended")
    assert graph.families.joining == ("money", "compute", "agreements", "rights", "products", "people and control")
    assert graph.families.partners == ("money", "compute", "agreements", "rights")
    assert graph.families.rivals == ("rivalry",)
    assert Counting(intended=True).at(graph) == (*stages.counted, "intended")
    assert Counting(stages=("agreed",), intended=True).at(graph) == ("agreed",)
    # The help names them without loading anything.
    told = " ".join(re.sub(r"[^\w.,;-]", " ", run("loops", "--help").output).split())
    names = [stage.label for stage in stages.known]
    assert f"deals that are {', '.join(names[:-1])} or {names[-1]}; repeatable" in told


def test_stages_are_named_by_people(graph: partnergraph.Graph):
    assert check_stages(graph, ["Under way", "COMPLETED"]) == ("under way", "completed")
    with pytest.raises(UnknownName, match="did you mean 'intended'"):
        check_stages(graph, ["intend"])


edges = st.lists(st.tuples(st.sampled_from(CLAIMS), st.sampled_from(CLAIMS)).filter(lambda pair: pair[0] != pair[1]), unique=True)


@settings(max_examples=100)
@given(edges, st.randoms(use_true_random=False))
def test_rewiring_keeps_every_degree(real: list[tuple[str, str]], rng: random.Random):
    made = rewired(real, rng)
    assert len(set(made)) == len(real)
    assert all(start != finish for start, finish in made)
    for end in (0, 1):
        assert sorted(edge[end] for edge in made) == sorted(edge[end] for edge in real)


@settings(max_examples=60)
@given(edges, edges)
def test_loops_are_counted_as_brute_force_does(financing: list[tuple[str, str]], purchases: list[tuple[str, str]]):
    count = 0
    for size in (2, 3, 4):
        for parties in combinations(CLAIMS, size):
            for rest in _orders(parties[1:]):
                around = (parties[0], *rest)
                legs = list(zip(around, (*around[1:], around[0]), strict=True))
                if all(leg in financing or leg in purchases for leg in legs):
                    count += any(one in financing and other in purchases for one in legs for other in legs if one != other)
    assert count_loops(financing, purchases, 4) == count


def _orders(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    from itertools import permutations

    return permutations(words)


def test_the_same_seed_gives_the_same_p_value(tiny: partnergraph.Graph):
    one, other = (significance(tiny, samples=20, seed=3) for _ in range(2))
    assert one == other
    assert 0 < one.p <= 1
    assert one.loops == 2


# Paths


def test_best_attested_chains(tiny: partnergraph.Graph):
    chains = find_chains(
        tiny.network(["money", "compute", "products"]), "ent:assistant", "ent:giant", not_done=tiny.stages.not_done
    )
    assert [step.finish for step in chains[0].steps] == ["ent:model", "ent:cloud", "ent:giant"]
    assert chains[0].weakest == "announced"
    assert [chain.cost for chain in chains] == sorted(chain.cost for chain in chains)
    assert [
        cost(said, ("planned",))
        for said in (
            {"attested": 4},
            {"attested": 2, "contested": True},
            {"attested": 4, "stage": "planned"},
            {"stage": "made"},
            {},
        )
    ] == [1.0, 1.9, 3.0, 2.5, 2.5]
    assert chains[0].steps[1].claims == ("claim:model-on-cloud",)
    with pytest.raises(UnknownName, match="no claim of these kinds joins it"):
        find_chains(tiny.network(["money"]), "ent:hermit", "ent:lab", not_done=())
    assert find_chains(nx.MultiDiGraph(tiny.network(["rivalry", "compute"])), "ent:chipmaker", "ent:giant", not_done=()) != []
    assert find_chains(tiny.network(), "ent:giant", "ent:giant", not_done=()) == []


# Exposure


def test_what_is_lost_and_what_has_others(tiny: partnergraph.Graph):
    relying = reliance(tiny)
    on_cloud = {one.entity: one for one in find_dependents(relying, "ent:cloud", 3)}
    assert {name: one.steps for name, one in on_cloud.items()} == {"ent:model": 1, "ent:lab": 1, "ent:assistant": 2}
    assert on_cloud["ent:model"].lost
    assert on_cloud["ent:assistant"].lost
    assert (on_cloud["ent:lab"].lost, on_cloud["ent:lab"].others) == (False, ("ent:host",))
    assert find_dependents(relying, "ent:hermit", 3) == []


TWO_CLOUDS = """
ent:giant a pg:Company ; rdfs:label "Giant" . ent:host a pg:Company ; rdfs:label "Host" .
ent:one a pg:CloudService ; rdfs:label "One" . ent:two a pg:CloudService ; rdfs:label "Two" .
ent:safe a pg:Model ; rdfs:label "Safe" . ent:stuck a pg:Model ; rdfs:label "Stuck" .
ent:app a pg:Application ; rdfs:label "App" .
""" + "".join(
    f'claim:{name} a pg:{kind} ; rdfs:label "x" ; pg:attestation pg:reported ; {ends} .\n'
    for name, kind, ends in (
        ("makes-one", "Development", "pg:developer ent:giant ; pg:developed ent:one"),
        ("makes-two", "Development", "pg:developer ent:giant ; pg:developed ent:two"),
        ("stuck-on-one", "Hosting", "pg:hosted ent:stuck ; pg:hostingProvider ent:one"),
        ("stuck-on-two", "Hosting", "pg:hosted ent:stuck ; pg:hostingProvider ent:two"),
        ("app-uses-stuck", "Integration", "pg:integrating ent:app ; pg:integrated ent:stuck"),
        ("safe-on-one", "Hosting", "pg:hosted ent:safe ; pg:hostingProvider ent:one"),
        ("safe-on-host", "Hosting", "pg:hosted ent:safe ; pg:hostingProvider ent:host"),
    )
)


def rows_of(document: dict[str, Any], title: str) -> list[dict[str, Any]]:
    """The rows of the table of that title."""
    return next(table["rows"] for table in document["tables"] if table["title"] == title)


def test_another_service_of_the_same_house_is_no_replacement(run: Run, folder: Callable[[str], Path]):
    output = run("exposure", "One", "--format", "json", "--content", str(folder(TWO_CLOUDS))).stdout
    rows = rows_of(json.loads(output), "what depends on it")
    found = {
        row["entity"]["id"]: (row["left without"], row["others"], [one["id"] for one in row.get("among them", ())]) for row in rows
    }
    assert found == {
        "ent:stuck": (True, 0, []),
        "ent:app": (True, 0, []),
        "ent:safe": (False, 1, ["ent:host"]),
    }


# What is said of who needs whom, and what that does not mean.
NEEDS = """
ent:lab a pg:ResearchLab ; rdfs:label "Lab" . ent:shop a pg:Company ; rdfs:label "Shop" . ent:maker a pg:Company ; rdfs:label "Maker" .
ent:cloud a pg:CloudService ; rdfs:label "Cloud" . ent:chip a pg:Chip ; rdfs:label "Chip" . ent:other-chip a pg:Chip ; rdfs:label "Other" .
ent:machine a pg:Cluster ; rdfs:label "Machine" . ent:family a pg:ModelFamily ; rdfs:label "Family" .
ent:model a pg:Model ; rdfs:label "Model" . ent:app a pg:Application ; rdfs:label "App" . ent:plug-in a pg:Application ; rdfs:label "Plug-in" .
""" + "".join(
    f'claim:{name} a pg:{kind} ; rdfs:label "x" ; pg:attestation pg:reported ; {ends} .\n'
    for name, kind, ends in (
        ("makes-model", "Development", "pg:developer ent:lab ; pg:developed ent:model"),
        ("makes-chip", "Development", "pg:developer ent:maker ; pg:developed ent:chip"),
        ("app-uses-model", "Integration", "pg:integrating ent:app ; pg:integrated ent:model"),
        ("trained", "Training", "pg:trained ent:model ; pg:trainedWith ent:machine"),
        ("machine-has-chip", "Composition", "pg:whole ent:machine ; pg:part ent:chip"),
        ("family-has-model", "Composition", "pg:whole ent:family ; pg:part ent:model"),
        ("cloud-has-other-chip", "Composition", "pg:whole ent:cloud ; pg:part ent:other-chip"),
        ("app-on-cloud", "Hosting", "pg:hosted ent:app ; pg:hostingProvider ent:cloud"),
        ("cloud-sells-model", "Distribution", "pg:distributor ent:cloud ; pg:distributed ent:model"),
        ("plug-in-in-app", "Connection", "pg:connecting ent:plug-in ; pg:connectedTo ent:app"),
        ("lab-buys", "Supply", "pg:customer ent:lab ; pg:supplier ent:maker"),
        ("shop-uses-model", "Integration", "pg:integrating ent:shop ; pg:integrated ent:model"),
        ("shop-makes-plug-in", "Development", "pg:developer ent:shop ; pg:developed ent:plug-in"),
    )
)


def test_needs_are_told_from_offers(folder: Callable[[str], Path]):
    graph = partnergraph.load(folder(NEEDS))

    def reached(start: str, path: str) -> set[str]:
        return {row["x"].value.rsplit("/")[-1] for row in graph.query(f"SELECT ?x {{ ent:{start} {path} ?x }}")}

    # From the application over its model and the machine that this was trained on to the chip; what the cloud has besides
    # and what the lab buys are not the application's needs.
    assert reached("app", "pg:reliesOn+") == {"model", "lab", "machine", "chip", "maker", "cloud"}
    assert reached("lab", "pg:reliesOn") == reached("family", "pg:reliesOn") == reached("cloud", "pg:reliesOn") == set()
    assert reached("plug-in", "pg:reliesOn") == {"shop"}
    assert (reached("lab", "pg:dependsOn"), reached("shop", "pg:dependsOn")) == ({"maker"}, {"model"})


def test_a_failure_goes_only_as_far_as_claims_carry_it(folder: Callable[[str], Path]):
    relying = reliance(partnergraph.load(folder(NEEDS)))

    def dependents(entity: str) -> dict[str, bool]:
        found = find_dependents(relying, f"ent:{entity}", 4)
        return {one.entity.removeprefix("ent:"): any(way.lost for way in found if way.entity == one.entity) for one in found}

    # The maker's chip is lost, and the machine that has no other; the model was trained there and works on, so whoever uses it
    # loses nothing. The lab loses the only supplier that is known; what it makes does not depend on what it buys.
    assert dependents("maker") == {"chip": True, "lab": True, "machine": True, "model": True, "app": False, "shop": False}
    # With the lab its model goes, with that the application; the shop loses what it had built in, and what it makes goes on.
    assert dependents("lab") == {"model": True, "app": True, "shop": True}
    assert dependents("cloud") == {"app": True}


def test_a_unit_depends_on_its_parent_and_not_the_other_way_round(folder: Callable[[str], Path]):
    graph = partnergraph.load(
        folder("""
        ent:parent a pg:Company ; rdfs:label "Parent" . ent:unit a pg:ResearchLab ; rdfs:label "Unit" .
        ent:model a pg:Model ; rdfs:label "Model" .
        claim:unit a pg:Subdivision ; rdfs:label "u" ; pg:whole ent:parent ; pg:part ent:unit ; pg:attestation pg:reported .
        claim:makes a pg:Development ; rdfs:label "m" ; pg:developer ent:unit ; pg:developed ent:model ; pg:attestation pg:reported .""")
    )
    relying = reliance(graph)
    assert [one.entity for one in find_dependents(relying, "ent:unit", 3)] == ["ent:model"]
    assert [(one.entity, one.lost) for one in find_dependents(relying, "ent:parent", 3)] == [
        ("ent:unit", True),
        ("ent:model", True),
    ]


def test_no_organization_is_lost_with_its_units(graph: partnergraph.Graph):
    for unit, parent in (("ent:google-deepmind", "ent:google"), ("ent:amazon-web-services", "ent:amazon")):
        assert parent not in {one.entity for one in find_dependents(reliance(graph), unit, 1)}


def test_how_much_computing_is_lost_is_an_interval_with_what_is_silent(tiny: partnergraph.Graph, graph: partnergraph.Graph):
    tables = {table.title: table for table in exposure(tiny, "Giant").tables}
    (row,) = tables["purchases of computing that would be lost, by money"].rows
    assert row[0] == "ent:lab"
    assert row[1:3] == (Interval(20e9, 20e9), Interval(25e9, 28e9))
    assert [(round(share.least, 3), round(share.greatest, 3)) for share in row[3:5]] == [(0.714, 0.8), (0.714, 1.0)]
    assert row[5] == "0 of 2"
    assert "purchases of computing that would be lost, by power" not in tables
    # What the question of the same meaning says of contracts, which are a part of all purchases, is within what may be.
    asked = {str(row["supplier"].value).rpartition("/")[2]: row for row in graph.ask("share-lost-without-a-supplier").mappings()}
    (power,) = (table for table in exposure(graph, "Oracle").tables if table.title.endswith("by power"))
    lost = next(row for row in power.rows if row[0] == "ent:openai")
    assert lost[1] == Interval(*(float(str(asked["oracle"][end].value)) for end in ("capacityMin", "capacityMax")))


networks = st.lists(
    st.tuples(st.sampled_from(CLAIMS), st.sampled_from(CLAIMS)).filter(lambda pair: pair[0] != pair[1]), min_size=1, max_size=9
)


@settings(max_examples=200)
@given(networks)
def test_cuts_are_what_removal_shows(pairs: list[tuple[str, str]]):
    network = nx.MultiDiGraph()
    for number, (start, finish) in enumerate(pairs):
        network.add_edge(start, finish, f"claim:{number}")
    plain = nx.Graph(network.to_undirected(as_view=True))
    cuts, bridges = find_cuts(network)
    expected = {}
    for entity in plain:
        left = plain.subgraph(nx.node_connected_component(plain, entity) - {entity})
        parts = sorted(map(len, nx.connected_components(left)))
        if len(parts) > 1:
            expected[entity] = (len(parts), sum(parts[:-1]))
    assert {cut.entity: (cut.pieces, cut.cut_off) for cut in cuts} == expected
    for bridge in bridges:
        rest = plain.copy()
        rest.remove_edge(*bridge.ends)
        sides = sorted(len(nx.node_connected_component(rest, end)) for end in bridge.ends)
        assert bridge.cut_off == sides[0]
        assert bridge.claims
    assert {frozenset(bridge.ends) for bridge in bridges} == {frozenset(edge) for edge in nx.bridges(plain)}


# Tables


def test_csv_cells_are_no_formulas():
    table = Table(
        "t", ("word", "amount", "claim"), [("=1+1", Interval(1, math.inf), ("claim:a", "claim:b")), ("@x", Interval(), ())]
    )
    assert to_csv(table).decode() == "word,amount_min,amount_max,claim\n'=1+1,1,,claim:a claim:b\n'@x,0,,\n"
    assert [defused(value) for value in ("-1", "+1", "a=1", -1, None, True)] == ["-1", "'+1", "a=1", -1, "", "true"]


@pytest.mark.parametrize(
    "words", [["loops"], ["exposure", "giant cloud"], ["exposure"], ["concentration", "compute"], ["path", "lab", "giant"]]
)
def test_every_row_of_the_finding_cites_claims(run: Run, words: list[str]):
    document = json.loads(run(*words, "--format", "json", *ON_TINY).stdout)
    rows = document["tables"][-1]["rows"] if words != ["exposure", "giant cloud"] else rows_of(document, "what depends on it")
    assert rows
    assert all(row["claim"] and all(claim["id"].startswith("claim:") for claim in row["claim"]) for row in rows)
    text = run(*words, *ON_TINY).stdout
    assert "[1] claim:" in text
    assert run(*words, "--format", "markdown", *ON_TINY).stdout.startswith("**")


def test_findings_without_rows(tiny: partnergraph.Graph):
    assert [sheet.cells for sheet in sheets(tiny, Findings([Table("t", ("claim",), [])]))] == [[]]


# Commands


@pytest.mark.parametrize(
    "words",
    [["concentration", "Models"], ["loops", "host"], ["path", "assistant", "host"], ["exposure", "giant cloud"]],
    ids="-".join,
)
def test_whole_output(run: Run, tiny: partnergraph.Graph, request: pytest.FixtureRequest, words: list[str]):
    shown = run(*words, *ON_TINY).stdout.replace(tiny.version, "VERSION")
    expected = EXPECTED / ("-".join(words).replace(" ", "-") + ".txt")
    if request.config.getoption("--update-answers"):
        expected.parent.mkdir(exist_ok=True)
        expected.write_text(shown, encoding="utf-8")
    assert shown == expected.read_text(encoding="utf-8")


TAKING_A_NAME = [
    ["path", "{}", "giant"],
    ["path", "lab", "{}"],
    ["exposure", "{}"],
    ["loops", "{}"],
    ["concentration", "compute", "--customer", "{}"],
    ["show", "{}"],
    ["timeline", "{}"],
    ["diff", "2023-01-01", "2024-01-01", "--entity", "{}"],
]


@pytest.mark.parametrize("words", TAKING_A_NAME, ids=" ".join)
def test_every_command_takes_the_names_that_questions_take(run: Run, folder: Callable[[str], Path], words: list[str]):
    content = folder(
        "ent:one a pg:Company ; rdfs:label 'One' ; skos:altLabel 'Twin' . ent:two a pg:Company ; rdfs:label 'Two' ; skos:altLabel 'Twin' ."
    )
    for file in (TINY / "graph_data").iterdir():
        (content / "graph_data" / file.name).write_bytes(file.read_bytes())

    def said(code: int, name: str, *command: str) -> str:
        return run(*(word.format(name) for word in command), "--content", str(content), code=code).output

    for wrong in ("Gaint", "Twin", "ent:nobody"):
        assert said(1, wrong, *words) == said(1, wrong, "ask", "relies-on", "entity={}")
    assert said(0, "GIANT corporation", *words) == said(0, "ent:giant", *words)


def test_overlaps_command(run: Run):
    document = json.loads(run("overlaps", "partner-and-rival", "-f", "json", *ON_TINY).stdout)
    rows = rows_of(document, "partners and rivals")
    assert [(row["one"]["id"], row["other"]["id"], row["both since"]) for row in rows] == [("ent:giant", "ent:lab", "2024-07-30")]
    supplier = run("overlaps", "investor-and-supplier", "-f", "csv", *ON_TINY).stdout.splitlines()
    assert supplier[1].startswith(
        "Giant,ent:giant,Lab,ent:lab,4000000000,17000000000,USD,20000000000,,USD,completed,under way,2023-01,2030,"
    )
    firms = json.loads(run("overlaps", "one-firm", "--strands", "2", "-f", "json", *ON_TINY).stdout)
    (table,) = firms["tables"]
    assert [(row["lab"]["id"], row["firm"]["id"], row["money"], row["cloud"]) for row in table["rows"]] == [
        ("ent:lab", "ent:giant", 3, 1)
    ]


def test_concentration_between_two_days(run: Run):
    document = json.loads(
        run("concentration", "compute", "--day", "2023-06-30", "--day", "2024-12-31", "-f", "json", *ON_TINY).stdout
    )
    figures = rows_of(document, "concentration")
    assert [(row["day"], row["sellers"]) for row in figures if row["basis"] == "as stated"] == [
        # Of the undated contract with Host the graph first hears in June 2024, and of Host itself, too: earlier it does not hold.
        ("2023-06-30", 1),
        ("2024-12-31", 2),
        ("2024-12-31", 1),
    ]


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["loops", "nobody"], "no entity named 'nobody'"),
        (["loops", "--stage", "finished"], "no stage named 'finished'"),
        (["loops", "--format", "xls"], "no format named 'xls'"),
        (["path", "lab", "hermit"], "no claim of these kinds joins it"),
        (["path", "lab", "giant", "--kind", "invesment"], "did you mean 'investment'"),
        (["concentration", "potatoes"], "no market named 'potatoes'"),
        (["concentration", "compute", "--day", "yesterday"], "'yesterday' is no day"),
        (["concentration", "compute", "--day", "2024-01-01", "--as-of", "2024-01-01"], "not both"),
        (["overlaps", "friends"], "no overlap named 'friends'"),
        (["exposure", "gaint"], "did you mean 'Giant'"),
    ],
)
def test_bad_requests_are_one_sentence(run: Run, words: list[str], problem: str):
    result = run(*words, *ON_TINY, code=1)
    assert problem in result.stderr
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


def leg_between(payer: str, payee: str, *spans: tuple[str, str]) -> Any:
    entries = tuple(SimpleNamespace(begins=begins, ends=ends) for begins, ends in spans)
    return SimpleNamespace(payer=payer, payee=payee, entries=entries)


DAYS = st.tuples(st.integers(0, 5), st.integers(1, 6)).map(
    lambda days: (str(min(days)), str(max(days)) if days[0] < days[1] else "")
)
LEGS = st.dictionaries(
    st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")).filter(lambda pair: pair[0] != pair[1]),
    st.lists(DAYS, min_size=1, max_size=2),
    max_size=20,
)


@given(LEGS, st.integers(2, 6))
def test_rings_are_the_cycles_whose_legs_share_a_day(drawn: dict[tuple[str, str], list[tuple[str, str]]], parties: int):
    legs = {pair: leg_between(*pair, *spans) for pair, spans in drawn.items()}
    wanted = set()
    for cycle in nx.simple_cycles(nx.DiGraph(list(drawn)), length_bound=parties):
        around = [legs[pair] for pair in zip(cycle, [*cycle[1:], cycle[0]], strict=True)]
        if overlap(around):
            wanted.add(frozenset(map(id, around)))
    found = [frozenset(map(id, ring)) for ring in rings(legs.values(), parties)]
    assert len(found) == len(set(found))
    assert set(found) == wanted
    through_a = [frozenset(map(id, ring)) for ring in rings(legs.values(), parties, "a")]
    assert len(through_a) == len(set(through_a))
    assert set(through_a) == {ring for ring in wanted if any(leg.payer == "a" for leg in legs.values() if id(leg) in ring)}


def test_too_many_loops_are_refused(tiny: partnergraph.Graph, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("partnergraph.analysis.loops.MAX_LOOPS", 1)
    with pytest.raises(OutputError, match="more than 1 loops"):
        find_loops(tiny)


def test_claims_are_listed_by_number(run: Run):
    names = run("loops", "host", "--claims", *ON_TINY).stdout.splitlines()
    shown = run("loops", "host", "--long", *ON_TINY).stdout
    assert names
    for number, name in enumerate(names, 1):
        assert f"[{number}] {name}: " in shown
