"""The one shape of all answers: short by default, whole with --long, the same as data; every mark leads somewhere."""

from __future__ import annotations

import csv
import io
import json
import re
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

import partnergraph
import renew
from partnergraph.base.texts import clean
from partnergraph.cli import app
from partnergraph.content.folders import find_content
from partnergraph.content.queries import Queries
from partnergraph.rdf.terms import expand
from partnergraph.show.reply import height_of
from partnergraph.show.workbook import write_workbook

Run = Callable[..., Result]
QUESTIONS = Queries(find_content().queries("questions"))
MOST_LINES = 60
COMMANDS = (
    ("show", "OpenAI"),
    ("show", "src:seed-004"),
    ("show", "pg:Investment"),
    ("show", "ChatGPT", "--kind", "metric"),
    ("claim", "microsoft-openai-2023-third-phase"),
    ("find", "openai"),
    ("vocabulary",),
    ("vocabulary", "right"),
    ("conflicts",),
    ("conflicts", "Microsoft", "OpenAI"),
    ("diff", "2024-01-01", "2025-01-01"),
    ("timeline", "OpenAI"),
    ("timeline", "Microsoft", "OpenAI"),
    ("path", "Microsoft", "Anthropic"),
    ("loops",),
    ("exposure",),
    ("exposure", "Azure"),
    ("concentration", "compute"),
    ("overlaps", "partner-and-rival"),
    ("overlaps", "investor-and-supplier"),
    ("ledger",),
    ("ledger", "any", "OpenAI"),
    ("why", "Microsoft", "OpenAI"),
    ("ask",),
    ("query", "SELECT ?a ?b { ?a pg:investedIn ?b }"),
)


@pytest.fixture
def here(graph: partnergraph.Graph) -> Iterator[Callable[..., str]]:
    """What a command prints on the graph that is loaded already, at 100 columns."""

    def call(*words: str) -> str:
        result = CliRunner(env={"COLUMNS": "100", "LINES": None}).invoke(app, list(words), catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.stdout

    with renew.asked_of(graph):
        yield call


@pytest.mark.parametrize("words", [*COMMANDS, *(("ask", name) for name in QUESTIONS)], ids=" ".join)
def test_no_answer_is_longer_than_a_screen_unless_asked_for(words: tuple[str, ...], here: Callable[..., str]) -> None:
    text = here(*words)
    assert height_of(text, 100) <= MOST_LINES
    # Whatever is wider than the screen is an address.
    assert all(len(line) <= 100 or "://" in line or "claim:" in line for line in text.splitlines())


@pytest.mark.parametrize("name", ["investments-in", "stakes", "exclusive-on-a-day", "amendment-effects", "known-by"])
def test_every_mark_leads_to_a_claim_with_its_address(name: str, here: Callable[..., str]) -> None:
    for more in ((), ("--long",), ("--no-sources",)):
        text = here("ask", name, *more)
        numbers = {int(number) for number in re.findall(r"(?<!page of )\[(\d+)\]", text)}
        told = re.findall(r"(?:^|· )\[(\d+)\] (claim:\S+)", text, re.MULTILINE)
        assert {int(number) for number, _ in told} == numbers == set(range(1, len(numbers) + 1))
        assert ("<https://" in text) is (more != ("--no-sources",))


def test_what_is_cut_off_is_said(here: Callable[..., str]) -> None:
    short, whole = here("ask", "investments-in"), here("ask", "investments-in", "--long")
    assert re.search(r"… \d+ earlier rows of \d+: --long", short)
    assert "--long" not in whole
    assert whole.count("\n") > 2 * short.count("\n")


def test_the_finding_comes_first(here: Callable[..., str]) -> None:
    text = here("ask", "total-invested", "--as-of", "2025-09-30")
    finding = text.split("\n\n")[1]
    said = " ".join(finding.split())
    assert "Microsoft → OpenAI (financing): paid 11.6 billion USD; committed 13 billion USD; all of it confirmed." in said
    assert (
        here("ask", "exclusive-on-a-day")
        .split("\n\n")[1]
        .startswith("Yes: on 2024-06-01 OpenAI was bound to Microsoft exclusively in ")
    )


def test_an_answer_of_nothing_says_how_near_it_came(here: Callable[..., str]) -> None:
    text = here("ask", "reviews", "entity=FTC")
    assert "Nothing found: no claim fits entity US Federal Trade Commission." in text
    assert re.search(r"US Federal Trade Commission stands in \d+ of the \d+ rows as authority, not as entity\.", text)
    text = here("ask", "stakes", "owned=OpenAI", "--known-by", "2016-01-01")
    assert "Without the view there are some" in text


def test_json_has_what_the_text_has(here: Callable[..., str]) -> None:
    document = json.loads(here("ask", "stakes", "--format", "json"))
    assert document["asked"]["values"] == {"owned": "OpenAI"}
    rows = document["tables"][0]["rows"]
    row = next(row for row in rows if row["claim"]["id"] == "claim:microsoft-openai-stake-27-percent")
    assert row["owner"] == {"id": "ent:microsoft", "label": "Microsoft"}
    assert row["stake"] == {"min": 27, "max": 27, "unit": "%", "about": True}
    assert row["date"] == {"date": "2025-10-28", "precision": "day"}
    assert [note["mark"] for note in document["notes"]] == list(range(1, len(document["notes"]) + 1))
    assert all(note["citations"][0]["source"].startswith("src:") for note in document["notes"])


@pytest.mark.parametrize("words", [words for words in COMMANDS if words[0] not in ("ask", "query")], ids=" ".join)
def test_every_command_has_json_markdown_and_csv(words: tuple[str, ...], here: Callable[..., str]) -> None:
    document = json.loads(here(*words, "--format", "json"))
    assert isinstance(document, dict)
    if words[0] != "why":
        assert {"finding", "tables", "notes", "next"} <= document.keys()
        assert any(table["rows"] for table in document["tables"])
    assert here(*words, "--format", "markdown").strip()
    rows = list(csv.reader(io.StringIO(here(*words, "--format", "csv"))))
    assert len(rows) > 1
    assert len({len(row) for row in rows}) == 1


def test_csv_is_what_a_person_would_have_typed(here: Callable[..., str], graph: partnergraph.Graph) -> None:
    rows = list(csv.DictReader(io.StringIO(here("ask", "investments-in", "--format", "csv"))))
    assert len(rows) == len({row["claim"] for row in rows}), "one row a deal"
    row = next(row for row in rows if row["claim"] == "claim:microsoft-openai-2019-investment")
    assert (row["investor"], row["investor id"], row["amount min"], row["amount max"], row["amount unit"], row["date"]) == (
        "Microsoft",
        "ent:microsoft",
        "1000000000",
        "1000000000",
        "USD",
        "2019-07-22",
    )
    assert row["address"].startswith("https://")
    assert {"source", "published", "tier", "place"} <= row.keys()
    assert {expand(row["claim"]) for row in rows} <= {claim["claim"].value for claim in graph.project("claims").mappings()}


def test_a_workbook_is_read_by_pandas(tmp_path: Path, here: Callable[..., str]) -> None:
    path = tmp_path / "stakes.xlsx"
    here("ask", "stakes", "--output", str(path))
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message="Workbook contains no default style")
        sheets = pd.read_excel(path, sheet_name=None)
    assert list(sheets) == ["Table 1", "About"]
    frame = sheets["Table 1"]
    assert frame.loc[frame["claim"] == "claim:microsoft-openai-stake-27-percent", "stake min"].item() == 27
    here("loops", "--output", str(path))
    assert list(pd.read_excel(path, sheet_name=None)) == ["loops", "legs", "About"]


def test_a_workbook_holds_no_formula_and_no_false_number(tmp_path: Path) -> None:
    path = tmp_path / "w.xlsx"
    path.write_bytes(
        write_workbook(
            [("a/b:c" * 20, ["x"], [["=1+1"], [9_007_199_254_740_993], [True], [None], ["\x00<&>\n2"]]), ("A B C", ["y"], [])]
        )
    )
    sheets = pd.read_excel(path, sheet_name=None, dtype=object)
    first, second = sheets.values()
    assert first["x"].tolist()[:3] == ["=1+1", "9007199254740993", True]
    assert clean(first["x"].tolist()[-1]) == "<&> 2"
    assert second.columns.tolist() == ["y"]


def test_a_file_gets_the_format_of_its_name(tmp_path: Path, here: Callable[..., str]) -> None:
    for name, start in (("a.csv", b"owner,owner id,"), ("a.json", b"{"), ("a.md", b"**Which stake")):
        here("ask", "stakes", "--output", str(tmp_path / name))
        assert (tmp_path / name).read_bytes().startswith(start)
    here("ask", "stakes", "--format", "csv", "--excel", "--output", str(tmp_path / "e.csv"))
    assert (tmp_path / "e.csv").read_bytes().startswith(b"\xef\xbb\xbfowner")


def test_short_is_as_high_as_the_terminal(graph: partnergraph.Graph) -> None:
    with renew.asked_of(graph):
        heights = {}
        for lines in (24, 40, 200):
            result = CliRunner(env={"COLUMNS": "100", "LINES": str(lines)}).invoke(
                app, ["ask", "investments-in"], catch_exceptions=False
            )
            heights[lines] = height_of(result.stdout, 100)
    assert heights[24] < heights[40] < heights[200] <= MOST_LINES


@pytest.mark.parametrize("name", ["seed-004", "untitled article", "Untitled article on the Microsoft-OpenAI partnership"])
def test_a_source_has_a_card(name: str, here: Callable[..., str]) -> None:
    assert " · source · src:seed-00" in " ".join(here("show", name).split())


def test_a_class_has_a_card(here: Callable[..., str]) -> None:
    text = here("show", "pg:Investment")
    assert "investment · class · pg:Investment" in text
    assert "For example claim:" in text
    assert "questions that use it" in text
    assert "investments-in" in text


def test_days_that_are_swapped_are_put_right(graph: partnergraph.Graph, run: Run) -> None:
    with renew.asked_of(graph):
        result = run("diff", "2025-01-22", "2025-01-20")
        straight = run("diff", "2025-01-20", "2025-01-22")
    assert "the days stand in the other order" in result.stderr
    assert result.stdout == straight.stdout


def test_a_pair_typed_as_one_word_is_two_names(graph: partnergraph.Graph, run: Run) -> None:
    with renew.asked_of(graph):
        assert run("conflicts", "NVIDIA-OpenAI").stdout == run("conflicts", "NVIDIA", "OpenAI").stdout
        assert "none of" in run("conflicts", "zzz").stderr
