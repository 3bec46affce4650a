"""What users are given to import and to draft: files that bring readers down, that never end, or are no text."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest

from partnergraph.base.errors import ContentError
from partnergraph.intake.amounts import Unreadable, read_amount
from partnergraph.intake.articles import LONGEST, read_article
from partnergraph.intake.candidates import read_drafted
from partnergraph.intake.standards import standard_table
from partnergraph.intake.tables import MAX_CELL
from partnergraph.stores.sandbox.limits import Limits
from partnergraph.stores.sandbox.reading import read_apart

HEAD = "Investor,Target,Amount,Date,URL\n"
ROW = "Microsoft,OpenAI,$5 million,2024,https://example.org/a\n"
SMALL = Limits(seconds=0.5, memory=200 * 2**20)


def no_end() -> str:
    while True:
        pass


def no_bounds() -> str:
    return "x" * 10**10


def no_word() -> str:
    os._exit(3)


@pytest.mark.parametrize(
    ("read", "problem"),
    [
        (no_end, "did not end within 0.5 seconds"),
        (no_bounds, "more than the 200 MiB"),
        (no_word, "brings its reader down"),
        (lambda: open("/etc/hostname", encoding="ascii").read(), "Too many open files"),  # noqa: PTH123, SIM115
        (lambda: 1 // 0, "ZeroDivisionError"),
    ],
)
def test_what_reads_a_file_may_fail_in_any_way(read: Callable[[], object], problem: str) -> None:
    started = time.monotonic()
    with pytest.raises(ContentError, match=problem):
        read_apart(Path("a.xlsx"), read, SMALL)
    assert time.monotonic() - started < 4


def test_a_workbook_with_a_cell_beyond_all_sheets(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(HEAD.strip().split(","))
    book.save(tmp_path / "whole.xlsx")
    far = b'<row r="99999999999"><c r="ZZZZZZZ99999999999"><v>1</v></c></row></sheetData>'
    with ZipFile(tmp_path / "whole.xlsx") as whole, ZipFile(tmp_path / "far.xlsx", "w") as changed:
        for name in whole.namelist():
            changed.writestr(name, whole.read(name).replace(b"</sheetData>", far))
    with pytest.raises(ContentError, match="brings its reader down; save it anew"):
        standard_table(tmp_path / "far.xlsx", "investment", "")


# Longer than the reader of CSV takes by itself, and than any cell that a person has written.
@pytest.mark.parametrize("size", [MAX_CELL + 1, 200_000])
@pytest.mark.parametrize("name", ["long.csv", "long.jsonl"])
def test_a_cell_without_end_is_said_and_kept_out(size: int, name: str, tmp_path: Path) -> None:
    rows = {
        "long.csv": HEAD + ROW + ROW.replace("$5 million", "1 000" * (size // 5) + "x" * (size % 5)),
        "long.jsonl": '{"Investor":"Microsoft","Amount":"5"}\n{"Investor":"Microsoft","Amount":"' + "1" * size + '"}\n',
    }
    (tmp_path / name).write_text(rows[name], encoding="utf-8")
    table, _ = standard_table(tmp_path / name, "investment", "")
    assert [row.cells["Investor"] for row in table.rows] == ["Microsoft"]
    assert [why for _, _, why in table.passed] == [f"has a cell of {size:,} characters; a cell may have 20,000"]


def test_a_hundred_thousand_columns_are_no_table(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text(",".join(["name"] * 100_000) + "\n" + ",".join("1" * 100_000) + "\n", encoding="utf-8")
    with pytest.raises(ContentError, match="has 100,000 columns; more than 500 are no table"):
        standard_table(path, "investment", "")


@pytest.mark.parametrize("kind", ["gleif", "bods", "followthemoney", "investment"])
def test_a_table_without_end_is_no_file(kind: str) -> None:
    with pytest.raises(ContentError, match="/dev/zero: cannot be read: it is no file"):
        standard_table(Path("/dev/zero"), kind, "")


@pytest.mark.parametrize("text", ["$" + "1,000" + ",000" * 9, "$" + "9" * 15_000, "$" + "9" * 20 + " trillion"])
def test_a_sum_of_too_many_digits_is_none(text: str) -> None:
    with pytest.raises(Unreadable, match="more than 20 digits"):
        read_amount(text, unit="one")
    assert read_amount("$123,456,789,012,345,678", unit="one").least == 123456789012345678


def test_no_sentence_is_longer_than_people_write_and_none_of_it_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "one.txt"
    path.write_text("Microsoft OpenAI " * 3000 + "invested.\n" + "a" * 2500 + " end.", encoding="utf-8")
    article = read_article(path)
    sentences = list(article.sentences())
    assert max(len(one.text) for one in sentences) <= LONGEST
    assert " ".join(one.text for one in sentences if "a" * 9 not in one.text) == ("Microsoft OpenAI " * 3000 + "invested.")
    assert "".join(one.text for one in sentences if "a" * 9 in one.text) == "a" * 2500 + " end."
    assert all(article.text[one.start : one.end] == one.text for one in sentences)


def test_an_article_of_more_sentences_than_a_book_is_said(tmp_path: Path) -> None:
    path = tmp_path / "many.txt"
    path.write_text("It is so. " * 10_001, encoding="utf-8")
    with pytest.raises(ContentError, match="has more than 10,000 sentences; draft it in parts"):
        read_article(path)


@pytest.mark.parametrize("article", ["../../secret.txt", "/etc/passwd", "", "a/b"])
def test_candidates_name_no_file_elsewhere(article: str, tmp_path: Path) -> None:
    path = tmp_path / "a.candidates.jsonl"
    path.write_text(f'{{"partnergraph": 1, "article": "{article}", "sha256": "x", "source": {{}}}}\n', encoding="utf-8")
    with pytest.raises(ContentError, match="holds no candidates"):
        read_drafted(path)


CANDIDATE = {
    "number": 1,
    "quote": "q",
    "start": 0,
    "end": 1,
    "locator": "l",
    "classes": ["pg:Investment"],
    "kind": "pg:Investment",
    "starts": ["https://w3id.org/partnergraph/entity/microsoft"],
    "state": "accepted",
    "amount": {"least": "5.5", "currency": "USD"},
}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("amount", {"least": "1e999999999"}),
        ("amount", {"greatest": "1e-999999999"}),
        ("amount", {"least": "NaN"}),
        ("amount", {"least": "Infinity"}),
        ("amount", [1]),
        ("starts", ["https://x/ y"]),
        ("ends", ['a"> <b']),
        ("starts", "https://x/"),
        ("amount", {"least": "0." + "1" * 60}),
        ("kind", None),
        ("attestation", "pg:confirmed \x1b[31m"),
        ("stage", "x> . <y"),
        ("new", {"https://x/": 5}),
        ("texts", {"pg:note": [1]}),
        ("number", "z"),
        ("start", None),
        ("around", 5),
    ],
)
def test_candidates_hold_what_their_fields_are_for(field: str, value: object, tmp_path: Path) -> None:
    path = tmp_path / "a.candidates.jsonl"
    head = {"partnergraph": 1, "article": "a.txt", "sha256": "x", "source": {}}
    path.write_text(f"{json.dumps(head)}\n{json.dumps(CANDIDATE)}\n", encoding="utf-8")
    assert str(read_drafted(path).candidates[0].money().least) == "5.5"
    path.write_text(f"{json.dumps(head)}\n{json.dumps(CANDIDATE | {field: value})}\n", encoding="utf-8")
    with pytest.raises(ContentError, match=r"jsonl:2: (is no candidate|the amount is none)"):
        read_drafted(path)
    path.write_text(json.dumps(head | {"source": {"tier": "\x1b[31m"}}), encoding="utf-8")
    with pytest.raises(ContentError, match="its source is of no tier"):
        read_drafted(path)


def test_what_is_typed_where_the_system_writes_no_utf8_is_text_all_the_same(tmp_path: Path) -> None:
    plain = {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    command = [sys.executable, "-m", "partnergraph", "init", "own", "--field", "Künstliche 知能", "--alone"]
    done = subprocess.run(command, cwd=tmp_path, env=os.environ | plain, capture_output=True, check=False)
    assert (done.returncode, b"should not happen" in done.stderr) == (0, False)
    assert "Künstliche 知能" in (tmp_path / "own" / "README.md").read_text(encoding="utf-8")
    bad = [*command[:4], "own2", "--field", b"\xff\xfe", "--alone"]
    done = subprocess.run(bad, cwd=tmp_path, env=os.environ | plain, capture_output=True, check=False)
    assert done.returncode == 1
    assert b"holds bytes that are no text in UTF-8; type it anew" in done.stderr
