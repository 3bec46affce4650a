"""What a sentence says of the rows, whichever question it asks: it narrows them, or it is said that none is so."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from typer.testing import Result

import partnergraph
import renew
from partnergraph.reading import forms
from partnergraph.reading.constraints import constraints_in, kind_in, without
from partnergraph.reading.understanding import readings

Run = Callable[..., Result]


@pytest.fixture
def ask(graph: partnergraph.Graph, run: Run) -> Iterator[Callable[[str], str]]:
    with renew.asked_of(graph):
        yield lambda text: " ".join(run("ask", text).stdout.split())


def counted(graph: partnergraph.Graph, pattern: str) -> int:
    """How many claims there are, without those that a mistake is."""
    query = f"SELECT (COUNT(DISTINCT ?c) AS ?n) WHERE {{ {pattern} FILTER NOT EXISTS {{ ?c pg:rejectedIn ?mistake }} }}"
    (row,) = graph.query(query).mappings()
    return int(row["n"].value)


# Reading


@pytest.mark.parametrize(
    ("text", "target", "said"),
    [
        ("which suits against Microsoft were thrown out", "lawsuits", ["dismissed as a whole"]),
        ("which lawsuits were settled", "lawsuits", ["settled"]),
        ("which lawsuits against OpenAI were not settled", "lawsuits", ["not settled"]),
        ("which lawsuits are still pending against Anthropic", "lawsuits", ["still open"]),
        ("how many investigations into Microsoft are open", "reviews", ["still open"]),
        ("which regulators are investigating OpenAI", "reviews", ["still open"]),
        ("which exclusivities have ended", "exclusivity-history", ["over"]),
        ("which investments are only rumoured", "investments-in", ["rumoured"]),
        ("which acquisitions by OpenAI were completed", "acquisitions", ["completed"]),
        ("which data centre projects were cancelled", "what-is-being-built", ["cancelled"]),
        ("planned data centres of Microsoft", "what-is-being-built", ["planned or under way"]),
        ("open-weight models of Meta", "launches", ["of open weights"]),
        ("which acquisitions were blocked", "reviews", ["blocked"]),
        ("which mergers were cleared by the CMA", "reviews", ["cleared or let pass"]),
        # Of exports no merger review tells.
        ("chip exports blocked by the US", "export-controls", []),
        ("what fines has OpenAI received", "acts-of-authorities", ["a fine"]),
        ("deals worth more than 10 billion dollars", "largest-deals", ["over 10 billion USD"]),
        ("investments in Anthropic of at least €500m", "investments-in", ["at least 500 million EUR"]),
        ("data centres above 1 GW", "sites", ["over 1,000 MW"]),
        ("which deals of Oracle are worth more than 5 billion dollars", "largest-deals", ["over 5 billion USD"]),
        ("which company is valued over 300 billion dollars", "valuations", ["over 300 billion USD"]),
        ("which rumours about OpenAI turned out false", "rumours-and-what-became-of-them", []),
    ],
)
def test_what_the_rows_must_be_is_read(text: str, target: str, said: list[str], graph: partnergraph.Graph) -> None:
    best = readings(graph, text)[0]
    assert (best.target, [one.said for one in best.constraints]) == (target, said)


@pytest.mark.parametrize(
    "text",
    [
        "who funds OpenAI",
        "what is OpenAI",
        "which open letter did Meta sign",
        "what will OpenAI's 6 GW of AMD chips cost",
        "when does the contract end",
    ],
)
def test_other_words_demand_nothing_of_the_rows(text: str) -> None:
    assert constraints_in(text) == ()


def test_a_bound_that_is_passed_is_not_the_bound_itself() -> None:
    (over,) = constraints_in("deals of more than 10 billion dollars")
    (least,) = constraints_in("deals of at least 10 billion dollars")
    assert over.least is not None
    assert over.least > 10_000_000_000 == least.least


def test_the_words_of_a_constraint_are_taken_out() -> None:
    text = "which lawsuits against Microsoft were dismissed"
    assert without(text, constraints_in(text)) == "which lawsuits against Microsoft"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("which models has OpenAI released", "a model"),
        ("newest model of Google", "a model"),
        ("which chip makers does Nvidia own", None),
        ("which court rulings went against Meta", None),
        ("which loans are secured on chips", None),
    ],
)
def test_the_kind_that_is_asked_for_is_read(text: str, kind: str | None) -> None:
    assert getattr(kind_in(text), "said", None) == kind


# Answering


def test_no_acquisition_was_blocked_and_five_that_the_cma_looked_at_could_go_on(ask: Callable[[str], str]) -> None:
    # The graph has no review that ended in a ban. The CMA cleared the hiring of Inflection's team, and found that two did not qualify, one
    # could not be reviewed, and one was below the thresholds.
    assert "rows is blocked; this is without it" in ask("which acquisitions were blocked")
    assert "5 of 8 rows are cleared or let pass: these are shown" in ask("which mergers were cleared by the CMA")


def test_only_what_was_dismissed_as_a_whole_is_dismissed(ask: Callable[[str], str]) -> None:
    answer = ask("which lawsuits against AI companies were dismissed")
    assert "xAI" in answer
    assert "Elon Musk" in answer
    # Of these some claims were dismissed, and the rest goes on.
    assert "The New York Times" not in answer.partition("[1]")[0]


def test_the_suit_that_was_settled_is_shown(ask: Callable[[str], str]) -> None:
    assert "1 of" in (answer := ask("which lawsuits were settled"))
    assert "Authors sued Anthropic for copyright infringement in the Bartz class action." in answer


def test_that_none_is_so_is_said(ask: Callable[[str], str]) -> None:
    assert "None of the" in (answer := ask("which of OpenAI's lawsuits were settled"))
    assert "is settled" in answer


def test_amounts_over_a_bound_are_those_of_the_claims(ask: Callable[[str], str], graph: partnergraph.Graph) -> None:
    wanted = counted(graph, '?c a pg:Loan ; pg:amountMin ?a ; pg:currency "USD" . FILTER(?a > 5000000000)')
    assert f"{wanted} of" in ask("loans over 5 billion dollars")


def test_a_round_goes_by_its_amount_and_not_by_what_the_firm_is_worth(ask: Callable[[str], str]) -> None:
    answer = ask("which funding rounds were above 20 billion dollars")
    assert "Crusoe" not in answer.partition("[1]")[0]


@pytest.mark.parametrize(
    ("text", "kind", "role", "who"),
    [
        ("who bought most AI companies", "Acquisition", "acquirer", "OpenAI"),
        ("who has been sued most often", "Lawsuit", "defendant", "OpenAI"),
    ],
)
def test_who_stands_in_most_claims(
    text: str, kind: str, role: str, who: str, ask: Callable[[str], str], graph: partnergraph.Graph
) -> None:
    number = counted(graph, f"?c a pg:{kind} ; pg:{role} ent:{who.lower()} .")
    assert f"Most often, by claims in which one is {role}: {who} ({number})" in ask(text)


def test_claims_and_things_are_counted(ask: Callable[[str], str], graph: partnergraph.Graph) -> None:
    suits = counted(graph, "?c a pg:Lawsuit ; pg:defendant ent:openai .")
    assert f"Counted: {suits} claims" in ask("how many lawsuits are there against openai")
    assert "2 companies are named: Aligned Data Centers, Hugging Face" in ask("how many companies did Nvidia acquire")
    # How many chips there are is a figure, and no number of claims.
    assert "Counted" not in ask("how many GPUs did Microsoft order from Nscale")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("when was GPT-4 released", "First: OpenAI released GPT-4 on 14 March 2023"),
        ("when did OpenAI's valuation reach 300 billion", "First: OpenAI announced on 31 March 2025"),
        ("newest acquisition of OpenAI", "Newest: OpenAI"),
        ("biggest power deal", "Largest: "),
        ("since when is Azure no longer exclusive for OpenAI", "Ended last: "),
        ("has Mistral never been sued", "No claim here says that anybody sued Mistral AI."),
        ("did the New York Times ever settle with OpenAI", "No claim here says that The New York Times settled with OpenAI"),
        ("how many investors does Anthropic have", "different investors stand in these claims, a group as one: "),
        ("how many companies has Google invested in", "4 companies are named: Anthropic, Cohere, Hugging Face, Runway."),
        ("how many employees does OpenAI have", "No row is of employees; this is without it."),
        (
            "who has lent most to AI companies",
            "What each comes to in all is not worked out here. Most often, by claims in which one is lender",
        ),
        ("openai revenue per employee", "“per employee” is not worked out here"),
        ("when did Mistral raise its Series B", "No row speaks of Series B; this is without it."),
    ],
)
def test_the_first_sentence_is_what_was_asked(text: str, told: str, ask: Callable[[str], str]) -> None:
    assert told in ask(text)


def test_what_was_cancelled_is_not_the_largest(ask: Callable[[str], str]) -> None:
    answer = ask("how big is the data centre in Abilene")
    assert re.search(r"Largest: The Abilene campus is to come to 1[.]2 GW", answer)


def test_of_those_compared_all_are_shown(ask: Callable[[str], str]) -> None:
    answer = ask("did Google invest more in Anthropic than Amazon")
    assert "Alphabet" in answer
    assert "Amazon" in answer.partition("investor")[2]


def test_what_lies_in_a_country_is_found(ask: Callable[[str], str]) -> None:
    assert "rows speak of United Arab Emirates" in ask("sites in the United Arab Emirates")


def test_a_name_of_two_words_is_no_unit_where_money_for_ai_is_meant(graph: partnergraph.Graph) -> None:
    assert readings(graph, "microsoft ai spending")[0].values["entity"] == "Microsoft"
    assert readings(graph, "Microsoft AI")[0].arguments == ('"Microsoft AI"',)


def test_what_is_done_to_who_acts_is_left_out(ask: Callable[[str], str]) -> None:
    answer = ask("who has OpenAI invested in").partition("[1]")[0]
    assert "Stargate" in answer
    # These put money into OpenAI.
    assert "Khosla" not in answer
    assert "$122 billion" not in answer


def test_the_largest_of_several_together_is_said_to_be_so(ask: Callable[[str], str]) -> None:
    answer = ask("largest investment by Nvidia")
    assert "Largest, of several together: OpenAI's 2026 funding round" in answer
    assert "Largest of one alone: " in answer


def test_who_most_often_leaves_nobody_out_who_did_it_twice(ask: Callable[[str], str], graph: partnergraph.Graph) -> None:
    twice = """SELECT ?who WHERE { ?c a pg:Acquisition ; pg:acquirer ?who FILTER NOT EXISTS { ?c pg:rejectedIn ?mistake } }
      GROUP BY ?who HAVING (COUNT(DISTINCT ?c) > 1)"""
    number = len(graph.query(twice))
    assert number > forms.MOST_NAMED
    assert f" and {number - forms.MOST_NAMED} more; all others once." in ask("who bought most companies")


def test_what_is_open_is_so_on_the_day_of_the_view(run: Run) -> None:
    # The CMA looked at Microsoft and OpenAI from 8 December 2023 to 5 March 2025, and said then that it could not review it.
    asked = "ask", "which reviews of Microsoft are still open", "--long"
    shown = [run(*asked, *day).stdout for day in (("--as-of", "2024-06-01"), ("--as-of", "2025-06-01"), ())]
    assert "rows are still open: these are shown" in shown[0]
    assert ["claim:cma-opens-microsoft-openai-review-2023" in text for text in shown] == [True, False, False]
