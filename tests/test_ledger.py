"""The ledger: what a number is made of, worked out by hand from the claims, and the same from every side."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

import partnergraph
from partnergraph import Graph
from partnergraph.ledger.amounts import NOTHING, Interval
from partnergraph.reading.ledger import KINDS

B = 1_000_000_000.0
OPEN = math.inf


def money(least: float, greatest: float | None = None) -> Interval:
    """An amount in billions."""
    return Interval(least * B, (least if greatest is None else greatest) * B)


# Payer, payee, day, then paid, committed, conditional, intended, worked out from the claims; the reason stands behind.
ACCEPTANCE = [
    # One deal by then, completed: the billion of July 2019.
    ("Microsoft", "OpenAI", "2019-07-21", NOTHING, NOTHING, NOTHING, NOTHING),
    ("Microsoft", "OpenAI", "2020-06-30", money(1), money(1), NOTHING, NOTHING),
    # Two billion more in 2021, reported; Microsoft gave no sum.
    ("Microsoft", "OpenAI", "2022-06-30", money(3), money(3), NOTHING, NOTHING),
    # The third phase: "multi-billion" (1 and more), 10 by the press; under way, so what of it is paid is open.
    ("Microsoft", "OpenAI", "2023-06-30", money(3, OPEN), money(4, OPEN), NOTHING, NOTHING),
    # The filings: 13 committed from September 2024 on, 11.6 of it paid in by September 2025, 11.8 by March 2026.
    ("Microsoft", "OpenAI", "2025-09-30", money(11.6), money(13), NOTHING, NOTHING),
    # After the filing's day Microsoft took part in the round of March 2026 with a sum that nobody states.
    ("Microsoft", "OpenAI", "2026-06-30", money(11.8), money(13, OPEN), NOTHING, NOTHING),
    # A tenth of a billion in the round of October 2024; the hundred are a letter of intent that says "up to".
    ("NVIDIA", "OpenAI", "2024-12-31", money(0.1), money(0.1), NOTHING, NOTHING),
    ("NVIDIA", "OpenAI", "2025-12-31", money(0.1), money(0.1), NOTHING, money(0, 100)),
    # Thirty of the round of February 2026 are agreed, not paid.
    ("NVIDIA", "OpenAI", "2026-06-30", money(0.1), money(30.1), NOTHING, money(0, 100)),
    # 0.1 in 2023 (a year: possibly not yet by its middle), 2 in January 2026; the order of 6.3 is no investment.
    ("NVIDIA", "CoreWeave", "2024-06-30", money(0.1), money(0.1), NOTHING, NOTHING),
    ("NVIDIA", "CoreWeave", "2026-06-30", money(2.1), money(2.1), NOTHING, NOTHING),
    # 0.3 by the Financial Times, 0.4 by The Information: open.
    ("Google", "Anthropic", "2023-06-30", money(0.3, 0.4), money(0.3, 0.4), NOTHING, NOTHING),
    # Up to 2: 0.5 at once, 1.5 later.
    ("Google", "Anthropic", "2023-12-31", money(0.8, 0.9), money(2.3, 2.4), NOTHING, NOTHING),
    # 1 in January and 0.75 in March 2025.
    ("Google", "Anthropic", "2025-12-31", money(0.8, 0.9), money(4.05, 4.15), NOTHING, NOTHING),
    # 10 in cash and up to 30 more that depend on milestones.
    ("Google", "Anthropic", "2026-06-30", money(0.8, 0.9), money(14.05, 14.15), NOTHING, money(0, 30)),
    # Up to 4, paid in two parts of 1.25 and 2.75; as of a day before the second one the whole is known as completed all the same.
    ("Amazon", "Anthropic", "2024-12-31", money(8), money(8), NOTHING, NOTHING),
    ("Amazon", "Anthropic", "2026-06-30", money(13, OPEN), money(13, OPEN), NOTHING, money(0, 20)),
    # 50 agreed: 15 at closing, 35 on conditions.
    ("Amazon", "OpenAI", "2026-06-30", NOTHING, money(15), money(0, 35), NOTHING),
    # A ticket of 0.5, then 7.5 and 22.5 of the round of 2025, then 30 agreed.
    ("SoftBank", "OpenAI", "2024-12-31", money(0.5), money(0.5), NOTHING, NOTHING),
    ("SoftBank", "OpenAI", "2026-06-30", money(30.5), money(60.5), NOTHING, NOTHING),
    # 1.2 by Reuters, 1.25 by the Wall Street Journal.
    ("Thrive Capital", "OpenAI", "2024-12-31", NOTHING, money(1.2, 1.25), NOTHING, NOTHING),
    # Up to 5 and up to 10; that both are 7.5 is an error by the editors' ruling.
    ("Microsoft", "Anthropic", "2026-06-30", NOTHING, money(0, 5), NOTHING, NOTHING),
    ("NVIDIA", "Anthropic", "2026-06-30", NOTHING, money(0, 10), NOTHING, NOTHING),
    # By houses: what Salesforce's fund, a unit of it, puts in is Salesforce's; no sum is stated of any one firm.
    ("Salesforce", "Anthropic", "2026-06-30", money(0, OPEN), money(0, OPEN), NOTHING, NOTHING),
    # A vehicle, not xAI itself, by the editors' ruling.
    ("NVIDIA", "xai-gpu-vehicle", "2026-01-05", NOTHING, NOTHING, NOTHING, money(0, 2)),
    # Agreed in 2026, no more is said of the day: perhaps not yet by June.
    ("NVIDIA", "Nebius", "2026-06-30", NOTHING, money(0, 2), NOTHING, NOTHING),
    ("NVIDIA", "Nokia", "2026-06-30", NOTHING, money(1), NOTHING, NOTHING),
    ("NVIDIA", "Nscale", "2026-06-30", NOTHING, money(0.667), NOTHING, NOTHING),
    # A loan of a billion, told of December and of January: one loan.
    ("OpenAI", "Cerebras", "2026-06-30", money(1), money(1), NOTHING, NOTHING),
    # Anthropic's own 0.3 of a joint venture of 1.5.
    ("Anthropic", "anthropic-blackstone-venture", "2026-06-30", NOTHING, money(0.3), NOTHING, NOTHING),
    ("Blackstone", "anthropic-blackstone-venture", "2026-06-30", NOTHING, money(0.3), NOTHING, NOTHING),
    # 15, 18 or 19 that OpenAI is to put into Stargate: a plan, never money committed.
    ("Accel", "Perplexity", "2026-06-30", NOTHING, NOTHING, NOTHING, money(0, OPEN)),
    # Google's money is none of Microsoft's.
    ("OpenAI", "Microsoft", "2026-06-30", NOTHING, NOTHING, NOTHING, NOTHING),
]


@pytest.fixture(scope="module")
def as_of(graph: Graph) -> Callable[[str], partnergraph.Graph]:
    """The graph as of a day, made once a day."""
    made: dict[str, Graph] = {}
    return lambda day: made.setdefault(day, graph.at(as_of=day))


@pytest.mark.parametrize("row", ACCEPTANCE, ids=lambda row: f"{row[0]} {row[1]} {row[2]}")
def test_financing_of_a_pair(row: tuple[str, str, str, Interval, Interval, Interval, Interval], as_of: Callable[[str], Graph]):
    payer, payee, day, *expected = row
    found = as_of(day).ledger().between(payer, payee, "financing")
    for kind, wanted in zip(KINDS, expected, strict=True):
        value = found.total(kind)
        assert (value.least, value.greatest) == pytest.approx((wanted.least, wanted.greatest)), kind
