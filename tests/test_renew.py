"""What is made from the content can be made anew by the package alone, and says all that a change of the content does."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import renew
from partnergraph import Graph

CLAIM = """
claim:made-up-investment
    a pg:Donation ;
    rdfs:label "Microsoft gives OpenAI a billion dollars." ;
    pg:attestation pg:announced ;
    pg:donor ent:microsoft ;
    pg:recipient ent:openai ;
    pg:stage pg:stage-completed ;
    pg:amountMax 1000000000 ;
    pg:amountMin 1000000000 ;
    pg:currency "USD" ;
    pg:date "2026-05-04"^^xsd:date ;
    pg:cites [ pg:source src:made-up ; pg:locator "third paragraph" ] .
"""
SOURCE = """
src:made-up
    a pg:Source ;
    dcterms:title "Gift" ;
    dcterms:publisher ent:reuters ;
    pg:tier pg:tier-quality-press ;
    dcterms:issued "2026-05-04"^^xsd:date .
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what the command reads and writes."""
    for name in ("graph_data", "ontology", "tests/answers", "docs/reference"):
        shutil.copytree(renew.ROOT / name, tmp_path / name)
    # Of the documents one that shows an answer is enough; they show maps and exports, which take long.
    for name in ("README.md", "docs/index.md"):
        shutil.copy(renew.ROOT / name, tmp_path / name)
    return tmp_path


@pytest.mark.slow
def test_a_claim_that_is_added_changes_exactly_what_speaks_of_it(checkout: Path):
    for path, text in (("claims/microsoft-openai-money.ttl", CLAIM), ("sources.ttl", SOURCE)):
        with (checkout / "graph_data" / path).open("a", encoding="utf-8") as file:
            file.write(text)
    (checkout / renew.ANSWERS / "asked-no-more.txt").write_text("", encoding="utf-8")
    before = renew.COUNTED.search((checkout / "README.md").read_text(encoding="utf-8"))
    asked = ["donations", "lawsuits"]
    changed = {str(path) for path in renew.renew(checkout, asked)}
    assert {"README.md", "tests/answers/donations.txt", "tests/answers/asked-no-more.txt"} <= changed
    assert "tests/answers/lawsuits.txt" not in changed
    after = renew.COUNTED.search((checkout / "README.md").read_text(encoding="utf-8"))
    assert before is not None
    assert after is not None
    assert [_number(after[n]) - _number(before[n]) for n in (1, 2, 3, 5)] == [1, 0, 1, 0]
    assert "made-up-investment" in (checkout / "tests/answers/donations.txt").read_text(encoding="utf-8")
    assert renew.renew(checkout, asked) == []


def _number(text: str) -> int:
    return int(text.replace(",", ""))


def test_bounds_are_widened_for_more_claims_and_not_for_fewer(graph: Graph):
    count = len(graph.query("SELECT ?x { ?x pg:kind pg:Lawsuit }"))
    text = "pg:Lawsuit\n    pg:leastClaims {} ;\n    pg:mostClaims {} .\n"
    for least, most in ((1, count), (count + 1, count + 2)):
        assert renew.bounds(graph, text.format(least, most)) == text.format(least, most)
    assert renew.bounds(graph, text.format(1, count - 1)) == text.format(1, max(-(-count * 13 // 10), count + 5))
    shipped = (renew.ROOT / renew.BOUNDS).read_text(encoding="utf-8")
    assert len(renew.BOUND.findall(shipped)) == shipped.count("pg:mostClaims") > 60


def test_a_block_that_is_cut_stays_as_long_as_it_was(graph: Graph):
    text = "before\n```console\n$ partnergraph find copilot\nold\nold\n…\n```\nafter\n"
    done = renew.document(graph, text)
    assert re.fullmatch(r"before\n```console\n\$ partnergraph find copilot\n.*copilot.*\n\n…\n```\nafter\n", done)
    whole = renew.document(graph, "```console\n$ partnergraph find copilot\nold\n```\n")
    assert whole.count("\n") > 5
    assert "\n…\n" not in whole


def test_it_needs_nothing_of_the_development_environment():
    code = f"""
import sys
for name in {["pytest", "hypothesis", "pandas", "polars", "pyarrow", "matplotlib", "IPython", "nbformat"]!r}:
    sys.modules[name] = None
sys.path.insert(0, {str(Path(renew.__file__).parent)!r})
import partnergraph, renew
print(renew.answer(partnergraph.load(), "donations"))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=dict(os.environ))
    assert done.stdout == (renew.ROOT / renew.ANSWERS / "donations.txt").read_text(encoding="utf-8") + "\n"


def test_what_a_command_fails_with_is_not_stored(graph: Graph):
    with pytest.raises(RuntimeError, match="no entity named 'nobody at all'"):
        renew.printed(graph, "show", "nobody at all")
