"""Money on the page is that of the ledger: on any day, for any pair, purpose and stage; where it is not worked out there is none."""

from __future__ import annotations

import datetime
import math
import random

import pytest
from opened import Open

from partnergraph import Graph
from partnergraph.analysis.loops import find_loops
from partnergraph.ledger.amounts import Interval
from partnergraph.page.data import entity_key
from partnergraph.page.streams import flows
from partnergraph.rdf.terms import expand
from partnergraph.reading.ledger import KINDS, words

RANDOM = random.Random(21)  # noqa: S311  # days, not secrets
DAYS = [
    "2020-06-30",
    "2025-09-30",
    "2025-12-31",
    "2026-06-30",
    *((datetime.date(2016, 1, 1) + datetime.timedelta(days=RANDOM.randrange(3900))).isoformat() for _ in range(4)),
]
# Sums of all pairs, purposes and measures in one answer.
ALL = """
(asked) => asked.map(([payer, payee, purpose, kind]) => partnergraph.between(payer, payee, purpose, kind))
"""


def key(name: str) -> str:
    return entity_key(str(expand(name)))


def interval(found: list[list[object]], currency: str) -> Interval:
    for unit, (least, greatest) in found:  # type: ignore[misc]
        if unit == currency:
            return Interval(float(least), math.inf if greatest is None else float(greatest))
    return Interval(0.0, 0.0)


def test_sums_of_every_pair_are_those_of_the_ledger(graph: Graph, open_map: Open):
    opened = open_map()
    checked = 0
    for day in DAYS:
        ledger = graph.ledger(as_of=day)
        opened.go(f"asof={day}")
        pairs = {(entry.payer, entry.payee) for entry in ledger.entries}
        assert {f"{key(a)} {key(b)}" for a, b in pairs} == set(opened.ask("partnergraph.pairsOfMoney()")), day
        purposes = {entry.purpose for entry in ledger.entries}
        asked = [(a, b, purpose, kind) for a, b in sorted(pairs) for purpose in ["", *sorted(purposes)] for kind in KINDS]
        found = opened.ask(ALL, [(key(a), key(b), purpose, kind) for a, b, purpose, kind in asked])
        for (a, b, purpose, kind), sums in zip(asked, found, strict=True):
            between = [entry for entry in ledger.entries if (entry.payer, entry.payee) == (a, b) and purpose in ("", entry.purpose)]
            for currency in {entry.currency for entry in between if entry.currency}:
                total = ledger.between(a, b, purpose).total(kind, currency)
                assert interval(sums, currency) == total, (day, a, b, purpose, kind)
                checked += total != Interval(0.0, 0.0)
    assert checked > 1000


def test_flows_are_those_of_the_picture_without_a_browser_a_joint_deal_once(graph: Graph, open_map: Open):
    opened = open_map()
    joint = unstated = 0
    for day in ("2024-12-31", "2025-12-31", "2026-06-30"):
        opened.go(f"view=money&asof={day}")
        ledger = graph.ledger(as_of=day)
        expected = [(flow.payer, flow.payee, flow.purpose, flow.amount) for flow in flows(ledger)]
        on_page = opened.ask("partnergraph.flows()")
        stated = [flow for flow in on_page if any(least or most for _, (least, most) in flow["sums"])]
        found = []
        for flow in stated:
            amounts = [words(Interval(least, math.inf if most is None else most), unit) for unit, (least, most) in flow["sums"]]
            told = " + ".join(amounts) + ", share not stated" * flow["unstated"]
            found.append((*flow["parties"], flow["purpose"], told))
            joint += any(name.startswith("Joint pay") for name in flow["parties"])
            unstated += flow["unstated"]
        assert sorted(found) == sorted(expected), day
        # Whoever is sure of nothing stands below all of whom something is sure.
        sure = [max(least for _, (least, _) in flow["sums"]) for flow in stated]
        assert sure == sorted(sure, reverse=True), day
        # What a house gets by all of its flows is what the ledger says that it gets, but for what is not sure of stated shares.
        for payee in ("OpenAI", "Anthropic", "Mistral AI", "CoreWeave"):
            for currency in ("USD", "EUR"):
                drawn = [
                    least for flow in stated if flow["parties"][1] == payee for unit, (least, _) in flow["sums"] if unit == currency
                ]
                total = ledger.pay(payee=payee).total("committed", currency).least
                assert 0.95 * total <= math.fsum(drawn) <= total + 1, (day, payee)
    assert joint > 20
    assert unstated > 100


@pytest.mark.parametrize(
    ("state", "view"),
    [
        ("known=2025-06-30", {"known_by": "2025-06-30"}),
        ("hideattestation=1.2", {"attested": "announced"}),
        ("hideattestation=0.1&asof=2025-09-22", {"attested": "reported", "as_of": "2025-09-22"}),
        ("hidetier=0.1.2.3", {"tier": "quality-press"}),
    ],
)
def test_sums_follow_what_was_known_attestation_and_sources(state: str, view: dict[str, str], graph: Graph, open_map: Open):
    opened = open_map(state)
    ledger = graph.at(**view).ledger()
    pairs = sorted({(entry.payer, entry.payee) for entry in ledger.entries})
    assert {f"{key(a)} {key(b)}" for a, b in pairs} == set(opened.ask("partnergraph.pairsOfMoney()")) != set()
    asked = [(a, b, kind) for a, b in pairs for kind in KINDS]
    found = opened.ask(ALL, [(key(a), key(b), "", kind) for a, b, kind in asked])
    for (a, b, kind), sums in zip(asked, found, strict=True):
        between = ledger.between(a, b)
        for currency in {entry.currency for entry in between.entries if entry.currency}:
            assert interval(sums, currency) == between.total(kind, currency), (a, b, kind)


def test_a_member_of_a_house_has_the_money_of_its_house(open_map: Open):
    opened = open_map("relation=anthropic~google&asof=2023-10-30")
    assert "Money between their houses, as of 30 Oct 2023" in opened.page.locator("#panel").inner_text()
    assert "Alphabet → Anthropic" in opened.page.locator("#panel").inner_text()
    opened.go("entity=google")
    assert "Of its house, Alphabet." in opened.page.locator("#panel").inner_text()


def test_the_table_of_the_ledger_is_on_the_page(open_map: Open):
    opened = open_map()
    # Worked out by hand from the claims: paid and committed.
    for day, payer, payee, paid, committed in (
        ("2020-06-30", "microsoft", "openai", [1e9, 1e9], [1e9, 1e9]),
        ("2025-09-30", "microsoft", "openai", [11.6e9, 11.6e9], [13e9, 13e9]),
        ("2025-12-31", "nvidia", "openai", [1e8, 1e8], [1e8, 1e8]),
        ("2026-06-30", "nvidia", "openai", [1e8, 1e8], [30.1e9, 30.1e9]),
        # 0.1, 0.25 (a rumour) and 2.
        ("2026-06-30", "nvidia", "coreweave", [2.35e9, 2.35e9], [2.35e9, 2.35e9]),
    ):
        opened.go(f"asof={day}")
        found = opened.ask(
            "([a, b]) => ['paid', 'committed'].map((kind) => partnergraph.between(a, b, 'financing', kind))", [payer, payee]
        )
        assert found == [[["USD", paid]], [["USD", committed]]], (day, payer, payee)


def test_loops_of_a_day_are_those_of_the_analysis(graph: Graph, open_map: Open):
    opened = open_map()
    found = 0
    for day in (None, "2023-06-30", "2025-06-30", "2025-12-31", "2026-06-30"):
        opened.go(f"scope=loops&asof={day}" if day else "scope=loops")
        expected = {}
        for loop in find_loops(graph.at(as_of=day)):
            route = [key(party) for party in loop.parties]
            expected[frozenset(zip(route, [*route[1:], route[0]], strict=True))] = loop.amount
        on_page = {
            frozenset(zip(route, [*route[1:], route[0]], strict=True)): Interval(low, math.inf if high is None else high)
            for route, (low, high) in opened.ask("partnergraph.loops()")
        }
        assert on_page == expected, day
        found += len(expected)
    assert found > 20


def test_amounts_in_words_and_only_where_they_are_worked_out(open_map: Open):
    opened = open_map()
    cases = [(0, 0), (1e9, 1e9), (0, 4e9), (1e9, None), (14.05e9, 14.15e9), (9e8, 2e9), (63e6, None), (0, None), (950, 1_234_567)]
    cases += [(999_999_999, 999_999_999), (1_000_100_000, 1_000_200_000), (13_750_000_001, None), (0.5, 12_345.25)]
    for least, greatest in cases:
        value = Interval(least, math.inf if greatest is None else greatest)
        if value != Interval(0.0, 0.0):
            assert opened.ask("(amount) => partnergraph.amountText(amount, 'USD')", [least, greatest]).removesuffix(
                " USD"
            ) == words(value, "USD").removesuffix(" USD"), value
    for state in ("known=2025-01-31&undated=1", "hideattestation=2&asof=2025-12-31", "compare=2024-01-01..2025-01-01"):
        opened.go(f"view=money&{state}")
        assert opened.page.locator("#empty").is_visible()
        assert "mounts are" in opened.page.locator("#empty").inner_text()
        opened.go(f"view=table&{state}")
        assert opened.page.locator("td.col-amount").all_inner_texts() == [""] * opened.page.locator("td.col-amount").count()


def test_nothing_is_there_before_it_was(open_map: Open):
    opened = open_map("scope=all&asof=2016-01-01")
    there = set(opened.ask("Object.keys(partnergraph.places())"))
    assert "openai" in there
    assert not {"anthropic", "gpt-5-5", "stargate", "chatgpt"} & there
    vague = set(opened.ask("[...partnergraph.view.vague].map((id) => partnergraph.entityKey(id))"))
    assert 0 < len(vague) < len(there)
    opened.page.get_by_label("Only possibly").uncheck()
    assert not vague & set(opened.ask("Object.keys(partnergraph.places())"))


def test_houses_are_opened_and_rolled_up(open_map: Open):
    opened = open_map("rolled=1&scope=all&asof=2025-12-31")
    there = set(opened.ask("Object.keys(partnergraph.places())"))
    assert "amazon" in there
    assert "amazon-web-services" not in there
    opened.go("rolled=1&scope=all&asof=2025-12-31&unrolled=amazon")
    assert {"amazon", "amazon-web-services"} <= set(opened.ask("Object.keys(partnergraph.places())"))
