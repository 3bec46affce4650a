"""Twenty questions as an assistant answers them: by calls of tools alone, each within a budget."""

from __future__ import annotations

from typing import Any

import pytest
from mcp.client.client import Client

import partnergraph
from partnergraph.mcp.stdio import local_server

from .conftest import finish

# The tool, what it is asked, and what the answer has to hold, as the content says it.
CALLS: list[tuple[str, dict[str, Any], tuple[str, ...]]] = [
    ("search", {"text": "who funds OpenAI"}, ("ent:openai", "investments-in")),
    ("search", {"text": "gpt4"}, ("ent:gpt-4",)),
    ("entity", {"name": "open ai"}, ("research lab", "investment")),
    ("entity", {"name": "Azure", "kind": "hosting"}, ("claim:",)),
    ("claim", {"ids": ["microsoft-openai-2019-investment"]}, ("1 billion USD", "2019-07-22", "Bloomberg")),
    ("ask", {"question": "stakes", "values": {"owned": "OpenAI"}}, ("about 27%", "Microsoft")),
    ("ask", {"question": "stakes", "values": {"owned": "OpenAI"}, "as_of": "2025-10-28", "attested": "announced"}, ("26%", "47%")),
    ("ask", {"question": "whose-compute", "values": {"entity": "OpenAI"}}, ("Azure", "CoreWeave", "Oracle")),
    ("ask", {"question": "investments-in", "values": {"entity": "Anthropic"}}, ("Amazon", "Google")),
    ("ask", {"question": "total-invested", "values": {"investor": "Microsoft", "investee": "OpenAI"}}, ("billion",)),
    ("ask", {"question": "exclusivity-history", "values": {"grantor": "OpenAI"}}, ("Microsoft",)),
    ("ask", {"question": "valuations", "values": {"entity": "OpenAI"}}, ("billion USD",)),
    ("ask", {"question": "makers", "values": {"developer": "OpenAI"}}, ("ChatGPT",)),
    ("conflicts", {"entity": "DeepMind"}, ("What did Google pay for DeepMind?", "400 million GBP")),
    ("changes", {"first": "2025-10-01", "second": "2025-11-30", "entity": "OpenAI"}, ("began", "2025-10-28")),
    (
        "changes",
        {"first": "2019-07-01", "second": "2019-08-01", "axis": "known_by", "entity": "OpenAI"},
        ("microsoft-openai-2019-investment",),
    ),
    ("connect", {"a": "Apple", "b": "SoftBank"}, ("Apple → OpenAI → SoftBank",)),
    ("analyse", {"kind": "loops", "subject": "NVIDIA"}, ("NVIDIA →", "claim:")),
    ("analyse", {"kind": "exposure", "subject": "Azure"}, ("Azure OpenAI Service", "claim:")),
    ("sparql", {"query": "ASK { claim:microsoft-openai-2019-investment pg:investor ent:microsoft }"}, ("yes",)),
]
# Characters of all twenty answers; a token is about four of them.
BUDGET = 120_000


@pytest.fixture(scope="module")
def answers() -> list[str]:
    async def speak() -> list[str]:
        async with Client(local_server(partnergraph.load())) as client:
            return [(await client.call_tool(tool, arguments)).content[0].text for tool, arguments, _ in CALLS]

    return finish(speak())


@pytest.mark.parametrize("number", range(len(CALLS)))
def test_a_call_answers_its_question(answers: list[str], number: int):
    tool, arguments, wanted = CALLS[number]
    missing = [one for one in wanted if one not in answers[number]]
    assert missing == [], (tool, arguments, answers[number][:1500])


def test_all_twenty_answers_together_are_affordable(answers: list[str]):
    assert len(CALLS) == 20
    assert sum(map(len, answers)) < BUDGET
