"""Whether somebody did something: the claims that say so, or that none does."""

from __future__ import annotations

import pytest

import partnergraph
from partnergraph.rdf.terms import compact
from partnergraph.reading.bodies import bodies_of
from partnergraph.reading.choosing import Answered, answered
from partnergraph.reading.understanding import readings


def asked(graph: partnergraph.Graph, text: str) -> Answered:
    return answered(graph, readings(graph, text))


def claims_of(found: Answered) -> set[str]:
    return {compact(str(row["claim"].value)).removeprefix("claim:") for row in found.answer.mappings()}


@pytest.mark.parametrize(
    "text",
    [
        "Did Italy ban ChatGPT?",
        "was ChatGPT banned in Italy",
        "Is it true that Italy banned ChatGPT?",
        "did the Garante block ChatGPT",
    ],
)
def test_a_country_acts_by_its_authorities(graph: partnergraph.Graph, text: str) -> None:
    found = asked(graph, text)
    assert "italian-garante-chatgpt-limit-2023" in claims_of(found)
    assert found.reading.target == "acts-of-authorities"


def test_the_authorities_of_a_country_are_known_by_their_names(graph: partnergraph.Graph) -> None:
    found = {compact(iri) for iri in bodies_of(graph, "Italy")}
    assert {"ent:italian-garante", "ent:rome-court"} <= found
    assert "ent:uk-cma" not in found
    assert bodies_of(graph, "Norway") == []


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("did OpenAI buy Windsurf", {"openai-windsurf-bid-collapsed-2025"}),
        ("has Anthropic sued the Pentagon", {"anthropic-sues-pentagon-california-2026", "anthropic-sues-pentagon-dc-2026"}),
        ("was OpenAI sued by the New York Times", {"nyt-v-openai-filed-2023"}),
        ("did the FTC sue Microsoft in 2031", set()),
    ],
)
def test_who_did_it_and_to_whom_stand_in_their_places(graph: partnergraph.Graph, text: str, claims: set[str]) -> None:
    found = asked(graph, text)
    acts = claims_of(found) if found.reading.target != "events-between-two" else set()
    assert acts == claims, (found.reading, claims_of(found))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "Did Microsoft buy OpenAI?",
            "No claim here says that Microsoft bought or tried to buy OpenAI; this is what happened between Microsoft and OpenAI.",
        ),
        (
            "Did Meta buy Scale AI?",
            "No claim here says that Meta bought or tried to buy Scale AI; this is what happened between Meta and Scale AI.",
        ),
        ("did Google acquire Wiz", "No claim here says that Google bought or tried to buy Wiz."),
        ("Did Apple buy Perplexity?", "No claim here says that Apple bought or tried to buy Perplexity."),
        (
            "did Norway ban ChatGPT",
            "No claim here says that Norway banned or stopped ChatGPT, and no authority of Norway acts in any.",
        ),
        ("did the EU fine Meta", "No claim here says that the European Commission fined Meta; what was done about it is shown."),
        (
            "Did the FTC stop Nvidia from buying Arm?",
            "No claim here says that the US Federal Trade Commission banned or stopped NVIDIA and Arm.",
        ),
    ],
)
def test_what_no_claim_says_is_said_to_be_so(graph: partnergraph.Graph, text: str, said: str) -> None:
    assert asked(graph, text).told[0] == said


@pytest.mark.parametrize(
    "text",
    [
        "did Meta buy chips from Google",
        "did Meta buy Nvidia GPUs",
        "who sued OpenAI",
        "which countries ban DeepSeek",
        "did Microsoft stop buying from CoreWeave",
        "how much did Salesforce buy Slack for",
    ],
)
def test_other_sentences_ask_for_no_deed(graph: partnergraph.Graph, text: str) -> None:
    assert all(one.deed is None for one in readings(graph, text))


def test_what_somebody_was_kept_from_is_done_to_both(graph: partnergraph.Graph) -> None:
    found = asked(graph, "Was Meta stopped from buying Manus?")
    assert "whether anybody banned or stopped Meta and Manus" in found.reading.words
    assert "china-orders-meta-manus-unwind-2026" in claims_of(found)


def test_who_won_is_told_by_the_suit(graph: partnergraph.Graph) -> None:
    assert claims_of(asked(graph, "Has Elon Musk lost to OpenAI?")) == {"musk-suit-filed-2024"}
    assert claims_of(asked(graph, "Has Getty Images won against Stability AI?")) == {"getty-v-stability-uk"}


def test_a_purchase_may_be_closed_or_only_offered(graph: partnergraph.Graph) -> None:
    assert "openai-io-closed-2025" in claims_of(asked(graph, "Did OpenAI close its purchase of io?"))
    found = asked(graph, "Did Elon Musk offer to buy OpenAI?")
    assert found.told[0].startswith("No claim here says that Elon Musk bought or tried to buy OpenAI; this is what happened")


def test_any_regulator_is_anybody_who_may_fine(graph: partnergraph.Graph) -> None:
    found = asked(graph, "Was OpenAI fined by a regulator?")
    assert found.reading.values == {"about": "OpenAI", "authority": "*"}
    assert claims_of(found) == {"italian-garante-chatgpt-case", "italian-garante-openai-fine-2024"}
    assert asked(graph, "Was xAI fined by any regulator?").told[0].startswith("No claim here says that anybody fined xAI")
