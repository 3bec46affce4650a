"""The public API: what it is, that its page is current, and that what documents and notebooks import is of it."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import pyoxigraph as ox
import pytest
import reference

import partnergraph
from partnergraph import Graph

ROOT = Path(__file__).parents[1]
# What a change takes away from here, or adds, stands in the changelog.
PUBLIC = {
    "partnergraph": """Answer ClaimCard Coverage Entity Entry Graph Ledger Limits Map PartnerGraphError Server View Why compact connect expand
        load open_store Series __version__""",
    "partnergraph.errors": """AmbiguousName AnswerTooLarge ContentError OutputError ParameterError PartnerGraphError QueryDied
        QueryError QueryTimeout RefusedQuery StoreError UnknownName""",
    "partnergraph.disagreement": "Conflict Resolution Version conflicts resolve",
    "partnergraph.charts": "BLUE GREEN GREY ORANGE PALE PINK YELLOW Notes billions figure range_bars span_bars",
    "partnergraph.frames": "spans",
    "partnergraph.export": "FORMATS Format export find_format to_files",
    "partnergraph.analysis.concentration": "Market Seller concentration read_markets",
    "partnergraph.analysis.cuts": "Bridge Cut find_cuts",
    "partnergraph.analysis.entries": "entries",
    "partnergraph.analysis.exposure": "Dependent exposure find_dependents only_of reliance",
    "partnergraph.analysis.hhi": "hhi hhi_of_shares index shares",
    "partnergraph.analysis.legs": "USUAL Counting Leg read_legs",
    "partnergraph.analysis.loops": "Loop find_loops loops significance",
    "partnergraph.analysis.nullmodel": "Significance more_than_chance",
    "partnergraph.analysis.overlaps": "investor_and_supplier one_firm partner_and_rival",
    "partnergraph.analysis.paths": "Chain Step find_chains paths",
    "partnergraph.analysis.schedules": "by_attestation by_year",
    "partnergraph.analysis.tables": "Findings Table to_csv to_json",
    "partnergraph.ledger.amounts": "NOTHING Interval add hull less raised",
}
GRAPH = """query ask entity claim ledger why coverage rdflib network map pyvis store version at within local index intervals question bind bound is_open is_loaded with_claims
    term find_entity is_a find_source find_claim find_class find_concept project project_each questions projections names labels
    names_of kinds stages families evaluate house_of series scope scope_with left_out looked_through in_its_place spans arranged_index"""


def test_the_public_api_is_what_is_listed_here():
    api = reference.public_api()
    assert {module: {name for name in names if "." not in name} for module, names in api.items()} == {
        module: set(names.split()) for module, names in PUBLIC.items()
    }
    assert {name.partition(".")[2] for name in api["partnergraph"] if name.startswith("Graph.")} == set(GRAPH.split())


def test_its_page_is_current():
    assert reference.PAGE.read_text(encoding="utf-8") == reference.page(), "make docs writes it anew"


def test_everything_public_can_be_imported_and_a_shell_completes_it():
    assert partnergraph.__all__ == sorted(partnergraph.__all__)
    assert {*partnergraph.__all__, "__version__"} <= set(dir(partnergraph))
    for name in reference.public_modules():
        module = import_module(name)
        assert [public for public in reference.public_names(module) if not hasattr(module, public)] == []
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = partnergraph.nothing


def test_the_version_is_that_of_the_package():
    assert partnergraph.__version__ == version("partnergraph")


def imported() -> Iterator[tuple[str, str, str]]:
    """Each name that README, scripts and notebooks import from the package: where, from which module, and the name."""
    code = {"README.md": "\n".join(re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL))}
    code["docs/spark.py"] = (ROOT / "docs" / "spark.py").read_text(encoding="utf-8")
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        # Magics are no Python.
        code[path.name] = "\n".join(source for source in sources if "%" not in source[:1])
    for place, text in code.items():
        plain = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("%"))
        for node in ast.walk(ast.parse(plain)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "partnergraph":
                for alias in node.names:
                    yield place, str(node.module), alias.name


def test_what_documents_and_notebooks_import_is_public():
    found = list(imported())
    assert len({place for place, *_ in found}) == 5
    assert [name for name in found if name[2] not in PUBLIC.get(name[1], "").split()] == []


def test_rows_answer_to_places_and_to_names(graph: Graph):
    (row,) = graph.query("SELECT ?who (5 AS ?amount) ?none { VALUES ?who { ent:openai } }")
    assert row["who"] == row[0] == ox.NamedNode("https://w3id.org/partnergraph/entity/openai")
    assert row["amount"].value == "5"
    assert row["none"] is None
    who, amount, none = row
    assert (who, amount, none) == row == (row["who"], row["amount"], None)
    assert row[:2] == (who, amount)
    with pytest.raises(KeyError, match="no column named 'whom'; there are who, amount, none"):
        _ = row["whom"]
    with pytest.raises(IndexError):
        _ = row[3]


def test_rows_of_a_named_question_answer_to_names(graph: Graph):
    found = {row["claim"].value: row["investor"] for row in graph.ask("investments-in", entity="OpenAI")}
    assert found[partnergraph.expand("claim:microsoft-openai-2019-investment")].value == partnergraph.expand("ent:microsoft")
