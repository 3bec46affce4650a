"""Spreadsheets become drafts: every row a claim, a citation or a reason; twice is once; whatever the locale, the encoding and the order of columns."""

from __future__ import annotations

import csv
import datetime
import io
import json
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import Result

import dirty
import partnergraph
from partnergraph.base.errors import ContentError
from partnergraph.content.folders import find_content
from partnergraph.intake.accepting import accept_draft
from partnergraph.intake.amounts import Unreadable, read_amount
from partnergraph.intake.dates import read_day
from partnergraph.intake.importing import Imported, import_table
from partnergraph.intake.stakes import Stake, read_stake
from partnergraph.intake.tables import read_table
from partnergraph.rdf.terms import PREFIXES, compact

Run = Callable[..., Result]
ROWS = dirty.rows()


def written(
    path: Path,
    rows: list[dict[str, str]],
    *,
    delimiter: str = ",",
    encoding: str = "utf-8",
    headings: tuple[str, ...] = dirty.HEADINGS,
) -> Path:
    """The rows as a file of text."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(headings)
    writer.writerows([row[name] for name in headings] for row in rows)
    path.write_bytes(out.getvalue().encode(encoding, "replace"))
    return path


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory, graph: partnergraph.Graph) -> Imported:
    path = written(tmp_path_factory.mktemp("dirty") / "deals.csv", [row.cells for row in ROWS], encoding="utf-8-sig", delimiter=";")
    return import_table(graph, path, "investment")


def test_two_hundred_rows_and_none_is_lost(imported: Imported):
    assert len(ROWS) == 200
    assert sorted(number for number, _ in imported.outcomes) == list(range(2, 202))
    told = {number for number, _, _ in imported.rejected}
    outcome = dict(imported.outcomes)
    for number, row in enumerate(ROWS, 2):
        if outcome[number] in {"rejected", "passed over"}:
            assert number in told or not any(row.cells.values())


def test_every_dirty_row_becomes_what_it_says(imported: Imported):
    claims = {claim.citations[0][1]: claim for claim in imported.draft.claims}
    wrong = []
    for number, row in enumerate(ROWS, 2):
        claim = claims.get(f"row {number} of deals.csv")
        if row.sum is None:
            if claim is not None:
                wrong.append((number, row.cells, "is a claim"))
            continue
        if claim is None:
            wrong.append((number, row.cells, next((why for at, _, why in imported.rejected if at == number), "?")))
            continue
        least, greatest, currency, about = row.sum
        said = (claim.amount.least, claim.amount.greatest, claim.amount.currency, claim.amount.approximate)
        expected = (None if least is None else Decimal(least), None if greatest is None else Decimal(greatest), currency, about)
        investors = {compact(iri) for role, iri in claim.roles if role == "pg:investor"}
        if (said, claim.days["pg:date"].text, investors) != (expected, row.day, {row.investor}):
            wrong.append((number, row.cells, (said, claim.days["pg:date"].text, investors)))
    assert wrong == []


def test_what_is_rejected_has_its_reason(imported: Imported):
    why = {number: reason for number, _, reason in imported.rejected}
    for number, row in enumerate(ROWS, 2):
        if row.refused:
            assert row.refused in why[number], row.cells


def test_a_second_import_changes_nothing(tmp_path: Path, graph: partnergraph.Graph):
    path = written(tmp_path / "deals.csv", [row.cells for row in ROWS])
    first = import_table(graph, path, "investment")
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    second = import_table(graph, path, "investment")
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before
    assert second.files == []
    assert first.files
    assert first.draft.turtle() == second.draft.turtle()


FORMS = {
    "tabs": {"delimiter": "\t", "encoding": "utf-8"},
    "UTF-16": {"delimiter": ";", "encoding": "utf-16"},
    "other order": {"delimiter": "|", "encoding": "utf-8", "headings": tuple(reversed(dirty.HEADINGS))},
}


@pytest.mark.parametrize("form", FORMS)
def test_the_form_of_the_file_does_not_matter(form: str, tmp_path: Path, graph: partnergraph.Graph, imported: Imported):
    path = written(tmp_path / "deals.csv", [row.cells for row in ROWS], **FORMS[form])
    done = import_table(graph, path, "investment")
    assert done.draft.turtle() == imported.draft.turtle()
    assert sorted(done.outcomes) == sorted(imported.outcomes)


def test_western_windows_keeps_its_letters(tmp_path: Path, graph: partnergraph.Graph):
    row = {**ROWS[0].cells, "Startup": "Müller & Söhne Café", "Amount": "€5m", "Notes": "€"}
    path = written(tmp_path / "deals.csv", [row, {**row, "Startup": "Straße Nord"}], delimiter=";", encoding="cp1252")
    done = import_table(graph, path, "investment")
    assert {name for name, _ in done.draft.entities.values()} == {"Müller & Söhne Café", "Straße Nord"}
    assert "Windows-1252" in done.table.about


def test_a_workbook_with_titles_merged_cells_and_days(tmp_path: Path, graph: partnergraph.Graph):
    book = openpyxl.Workbook()
    sheet = book.active
    rows = [("Our deals", None, None, None), (None,) * 4, ("Investor", "Company", "Amount (USD m)", "Date")]
    rows += [("Amazon", "Zed One", 40, "2024-05-04"), (None, "Zed Two", 55.5, 45412), ("NVIDIA", "Zed Three", 1200, "Q3 2024")]
    for row in rows:
        sheet.append(row)
    sheet.merge_cells("A4:A5")
    sheet.merge_cells("A1:D1")
    book.create_sheet("Other").append(["nothing"])
    book.save(tmp_path / "deals.xlsx")
    done = import_table(graph, tmp_path / "deals.xlsx", "investment")
    said = {done.draft.labels([claim.roles[1][1], claim.roles[0][1]])[claim.roles[1][1]]: claim for claim in done.draft.claims}
    amounts = sorted(int(claim.amount.greatest or 0) for claim in done.draft.claims)
    assert amounts == [40_000_000, 55_500_000, 1_200_000_000]
    assert len(said) == 3
    assert (
        sum({compact(iri) for role, iri in claim.roles if role == "pg:investor"} == {"ent:amazon"} for claim in done.draft.claims)
        == 2
    )


def test_a_day_that_may_be_two_is_settled_by_its_column_or_by_the_user(tmp_path: Path, graph: partnergraph.Graph):
    rows = [{**ROWS[0].cells, "Date": "04/05/2024"}, {**ROWS[1].cells, "Date": "06/07/2024"}]
    path = written(tmp_path / "deals.csv", rows)
    unsure = import_table(graph, path, "investment")
    assert all("--dates dmy or --dates mdy" in why for _, _, why in unsure.rejected)
    assert len(unsure.rejected) == 2
    settled = import_table(graph, path, "investment", settle={"dates": "mdy"})
    assert [claim.days["pg:date"].text for claim in settled.draft.claims] == ["2024-04-05", "2024-06-07"]
    told = import_table(graph, written(tmp_path / "told.csv", [*rows, {**ROWS[2].cells, "Date": "25/12/2023"}]), "investment")
    assert told.order == "dmy"
    assert sorted(claim.days["pg:date"].text for claim in told.draft.claims) == ["2023-12-25", "2024-05-04", "2024-07-06"]


def test_what_looks_like_a_claim_of_the_graph_becomes_a_citation(tmp_path: Path, graph: partnergraph.Graph):
    rows = [
        {
            **ROWS[0].cells,
            "Startup": "OpenAI",
            "Investor": "Microsoft",
            "Amount": "$1bn",
            "Date": "July 2019",
            "Source": "https://example.org/one",
            "Notes": "",
        },
        {
            **ROWS[0].cells,
            "Startup": "OpenAI",
            "Investor": "Microsoft",
            "Amount": "$3bn",
            "Date": "July 2019",
            "Source": "https://example.org/three",
            "Notes": "",
        },
    ]
    done = import_table(graph, written(tmp_path / "deals.csv", rows), "investment")
    assert [compact(claim) for claim, _, _ in done.draft.citations] == ["claim:microsoft-openai-2019-investment"]
    assert [compact(claim.contradicts) for claim in done.draft.claims] == ["claim:microsoft-openai-2019-investment"]


def test_nothing_of_the_users_is_overwritten(tmp_path: Path, graph: partnergraph.Graph):
    path = written(tmp_path / "deals.csv", [row.cells for row in ROWS[:3]])
    import_table(graph, path, "investment")
    draft = tmp_path / "deals.draft.ttl"
    draft.write_text(draft.read_text() + "\n", encoding="utf-8")
    edited = draft.read_bytes()
    with pytest.raises(ContentError, match="was edited since the import wrote it"):
        import_table(graph, written(path, [row.cells for row in ROWS[:4]]), "investment")
    assert draft.read_bytes() == edited
    mapping = tmp_path / "deals.map.toml"
    mapping.write_text(mapping.read_text().replace('"Notes" = "skos:editorialNote"', '"Notes" = ""') + "\n# mine\n")
    kept = mapping.read_bytes()
    draft.unlink()
    import_table(graph, path, "investment")
    assert mapping.read_bytes() == kept


def test_names_are_asked_once_and_remembered(tmp_path: Path, graph: partnergraph.Graph):
    path = written(tmp_path / "deals.csv", [{**ROWS[1].cells, "Startup": "Amazon Web"}, ROWS[2].cells])
    first = import_table(graph, path, "investment")
    assert [match.name for match in first.matches if match.how == "asked"] == ["Amazon Web"]
    names = tmp_path / "names.csv"
    lines = names.read_text(encoding="utf-8").splitlines()
    names.write_text(
        "\n".join(line.replace("Amazon Web,skos:exactMatch,,", "Amazon Web,skos:exactMatch,ent:amazon,") for line in lines),
        encoding="utf-8",
    )
    second = import_table(graph, path, "investment")
    assert any((("pg:investee", partnergraph.expand("ent:amazon"))) in claim.roles for claim in second.draft.claims)
    asked: list[str] = []

    def ask(match: object) -> str | None:
        asked.append(str(match))
        return None

    names.unlink()
    (tmp_path / "deals.draft.ttl").unlink()
    import_table(graph, path, "investment", ask=ask)
    assert len(asked) == 1


def test_import_accept_and_import_again(tmp_path: Path, run: Run):
    run("init", str(tmp_path / "mine"), "--field", "Deals")
    mine = ["--content", str(tmp_path / "mine")]
    path = written(tmp_path / "deals.csv", [row.cells for row in ROWS[:30]])
    said = run("import", str(path), "--as", "investment", *mine)
    assert "30 to be added" in said.stdout
    assert "30 claims" in said.stderr
    draft = str(tmp_path / "deals.draft.ttl")
    assert "added, 0 citations added, 0 there already" in run("accept", draft, *mine).stderr
    assert run("check", *mine).stdout == ""
    files = {file: file.read_bytes() for file in (tmp_path / "mine").rglob("*.ttl")}
    assert "0 added, 0 citations added" in run("accept", draft, *mine).stderr
    assert {file: file.read_bytes() for file in (tmp_path / "mine").rglob("*.ttl")} == files
    again = run("import", str(path), *mine)
    assert "0 to be added · 0 cite a claim that is there · 30 known already" in again.stdout
    assert run("fmt", "--check", *mine).output == ""


def test_a_sum_that_the_graph_has_not_is_not_lost_in_a_citation(tmp_path: Path, folder: Callable[[str], Path], run: Run):
    # A deal without a sum that its own citation does not carry: that was so before, and is no reason to refuse what is new.
    mine = folder(
        'ent:a a pg:Company ; rdfs:label "Alpha" . ent:b a pg:Company ; rdfs:label "Beta" . ent:p a pg:Publisher ; rdfs:label "P" .\n'
        'src:s a pg:Source ; dcterms:title "T" ; dcterms:publisher ent:p ; dcterms:issued "2024-01-05"^^xsd:date ; pg:tier pg:tier-weak .\n'
        'claim:x a pg:Investment ; rdfs:label "Alpha invests in Beta." ; pg:attestation pg:confirmed ; pg:stage pg:stage-agreed ;\n'
        '  pg:date "2024-01-05"^^xsd:date ; pg:investor ent:a ; pg:investee ent:b ; pg:cites [ pg:source src:s ; pg:locator "first paragraph" ] .\n'
    )
    assert "claim:x: it is confirmed, but no citation leads to" in run("check", "--content", str(mine), code=1).stdout
    # Within the same weeks: two sums, and a row that states none. In May another deal.
    said = [("$5 million", "2024-01-20"), ("$7 million", "2024-02-01"), ("", "2024-01-10"), ("$9 million", "2024-05-01")]
    rows = [
        {
            **dict.fromkeys(dirty.HEADINGS, ""),
            "Investor": "Alpha",
            "Startup": "Beta",
            "Amount": amount,
            "Date": day,
            "Source": f"https://example.org/{day}",
        }
        for amount, day in said
    ]
    path = written(tmp_path / "deals.csv", rows)
    told = run("import", str(path), "--as", "investment", "--content", str(mine)).stdout
    assert "3 to be added · 1 cite a claim that is there" in told
    assert "version    row 2 states a sum, which claim:x does not: proposed pg:versionOf" in told
    # Three claims and the four sources.
    assert "7 added, 1 citations added" in run("accept", str(tmp_path / "deals.draft.ttl"), "--content", str(mine)).stderr
    graph = partnergraph.load(mine)
    known = graph.query(
        "SELECT ?amount ?of { ?c pg:investor ent:a ; pg:amountMax ?amount OPTIONAL { ?c pg:versionOf ?of } } ORDER BY ?amount"
    )
    assert [(row["amount"].value, row["of"] and compact(row["of"].value)) for row in known] == [
        ("5000000", "claim:x"),
        ("7000000", None),
        ("9000000", None),
    ]
    again = run("import", str(path), "--content", str(mine)).stdout
    assert "0 to be added · 0 cite a claim that is there · 4 known already" in again
    # The deal and its version count once: 5 + 7 + 9.
    assert "committed 21 million USD, in 3 deals" in run("ledger", "Alpha", "Beta", "--content", str(mine)).stdout


def test_a_draft_with_a_violation_is_not_accepted_at_all(tmp_path: Path, run: Run):
    run("init", str(tmp_path / "mine"), "--field", "Deals", "--alone")
    draft = tmp_path / "bad.ttl"
    head = "".join(f"@prefix {name}: <{space}> .\n" for name, space in PREFIXES.items())
    draft.write_text(
        head + 'ent:new-a a pg:Company ; rdfs:label "New A" .\nent:new-b a pg:Company ; rdfs:label "new-a" .', encoding="utf-8"
    )
    before = sorted((tmp_path / "mine").rglob("*"))
    done = accept_draft(find_content(tmp_path / "mine"), draft)
    assert any("another entity is called the same" in said.problem for said in done.refused)
    assert done.files == []
    said = run("accept", str(draft), "--content", str(tmp_path / "mine"), code=1)
    assert "ent:new-a: another entity is called the same" in said.stdout
    assert "nothing was written" in said.stderr
    assert sorted((tmp_path / "mine").rglob("*")) == before


FTM = [
    {"id": "a", "schema": "Company", "properties": {"name": ["Microsoft Corporation"]}},
    {"id": "b", "schema": "Company", "properties": {"name": ["Xylem Data"]}},
    {"id": "p", "schema": "Person", "properties": {"name": ["Ada Moreau"]}},
    {
        "id": "o",
        "schema": "Ownership",
        "properties": {"owner": ["a"], "asset": ["b"], "percentage": ["27.5"], "startDate": ["2024-03"]},
    },
    {
        "id": "d",
        "schema": "Directorship",
        "properties": {"director": ["p"], "organization": ["b"], "role": ["chair"], "startDate": ["2024"]},
    },
    {
        "id": "y",
        "schema": "Payment",
        "properties": {"payer": ["a"], "beneficiary": ["b"], "amount": ["5000000"], "currency": ["USD"], "date": ["2024-05-04"]},
    },
]
BODS = [
    {"statementID": "e", "statementType": "entityStatement", "name": "Xylem Data"},
    {"statementID": "q", "statementType": "personStatement", "names": [{"fullName": "Ada Moreau"}]},
    {
        "statementID": "oc",
        "statementType": "ownershipOrControlStatement",
        "subject": {"describedByEntityStatement": "e"},
        "interestedParty": {"describedByPersonStatement": "q"},
        "interests": [{"type": "shareholding", "share": {"exact": 60}, "startDate": "2021-02-01"}],
    },
]
GLEIF = (
    "Relationship.StartNode.NodeID,Relationship.EndNode.NodeID,Relationship.RelationshipType,Relationship.Period.1.startDate\n"
    "529900T8BM49AURSDO55,INR2EJN1ERAN0W5ZP974,IS_DIRECTLY_CONSOLIDATED_BY,2016-01-01\n"
)


def test_maps_for_three_standards(tmp_path: Path, graph: partnergraph.Graph):
    ftm = tmp_path / "ftm.jsonl"
    ftm.write_text("\n".join(map(json.dumps, FTM)), encoding="utf-8")
    kinds = {claim.card.name: claim for claim in import_table(graph, ftm, "followthemoney").draft.claims}
    assert set(kinds) == {"pg:Ownership", "pg:Role", "pg:Payment"}
    assert kinds["pg:Ownership"].stake == Stake(Decimal("27.5"), Decimal("27.5"))
    assert kinds["pg:Ownership"].days["pg:begin"].text == "2024-03"
    assert kinds["pg:Payment"].amount.greatest == Decimal(5_000_000)
    bods = tmp_path / "bods.json"
    bods.write_text(json.dumps(BODS), encoding="utf-8")
    (owned,) = import_table(graph, bods, "bods").draft.claims
    assert owned.stake == Stake(Decimal(60), Decimal(60))
    gleif = tmp_path / "gleif.csv"
    gleif.write_text(GLEIF, encoding="utf-8")
    (consolidated,) = import_table(graph, gleif, "gleif").draft.claims
    # The owner is known by its identifier alone.
    assert partnergraph.expand("ent:microsoft") in {iri for _, iri in consolidated.roles}


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"", "a.csv", "has no row of headings"),
        (b"a,b\n", "a.csv", "has no row of headings"),
        (b"PK\x03\x04nonsense", "a.xlsx", "cannot be read as a workbook"),
        (b"{", "a.jsonl", "is no JSON"),
        (b"[1]", "a.json", "each line is an object"),
        (b"\xff\xfe\x00", "a.csv", "has no row of headings"),
        (bytes(range(256)) * 40, "a.csv", ""),
    ],
)
def test_what_is_no_table_is_refused_in_one_sentence(data: bytes, name: str, said: str, tmp_path: Path, run: Run):
    (tmp_path / name).write_bytes(data)
    result = run("import", str(tmp_path / name), "--as", "investment", code=1)
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_mapping_that_says_nonsense_is_refused(tmp_path: Path, run: Run):
    path = written(tmp_path / "deals.csv", [row.cells for row in ROWS[:2]])
    for text, said in (
        ("class = 3", "nobody knows what"),
        ('class = "investmnt"', "no class of claims named 'investmnt'"),
        ('class = "pg:Investment"\nunit = "dozen"', "unit is one of"),
        ('class = "pg:Investment"\n[columns]\n"Amount" = "pg:bogus"', "cannot hold 'pg:bogus'"),
        ('class = "pg:Investment"\n[columns]\n"Amout" = "pg:amount"', "a column 'Amout' that the table has not got"),
        ("class = [", "is no TOML"),
    ):
        (tmp_path / "deals.map.toml").write_text(text, encoding="utf-8")
        assert said in run("import", str(path), code=1).stderr


@pytest.mark.parametrize(
    ("text", "least", "currency"),
    [
        # "ron" of "environ" is no Romanian leu.
        ("environ 40 M€", 40 * 10**6, "EUR"),
        ("environ 40 millions", 40 * 10**6, "USD"),
        ("$20m CAD", 20 * 10**6, "CAD"),
        ("CAD $20m", 20 * 10**6, "CAD"),
        ("20m Canadian dollars", 20 * 10**6, "CAD"),
        ("5 млн руб", 5 * 10**6, "RUB"),
        ("10亿美元", 10**9, "USD"),
        ("₺1bn", 10**9, "TRY"),
        ("R$ 10 mi", 10**7, "BRL"),
        ("100 Series B", 10**8, "USD"),
        ("100 in shares", 10**8, "USD"),
    ],
)
def test_a_currency_and_a_unit_are_those_that_stand_there(text: str, least: int, currency: str):
    found = read_amount(text, currency="USD", unit="million")
    assert (found.least, found.greatest, found.currency) == (least, least, currency)


@pytest.mark.parametrize(
    "text",
    [
        "5 ETH",
        "1.5G$",
        "3 million shares",
        "5 million bitcoin",
        "20 million dollars (Canadian)",
        "$3m dollars canadiens",
        "$20m (CAD)",
        "−5m USD",
        "5 6",
        "$1 2m",
        "1 50 USD",
    ],
)
def test_what_is_given_for_a_whole_column_is_not_put_in_place_of_a_word(text: str):
    with pytest.raises(Unreadable):
        read_amount(text, currency="USD", unit="million")


def test_each_column_of_money_has_the_unit_and_the_currency_of_its_heading(tmp_path: Path, graph: partnergraph.Graph):
    path = tmp_path / "money.csv"
    path.write_text(
        "Investor,Company,Valuation (USD bn),Amount (USD m),Date\nMicrosoft,Quarto Labs,1.2,300,2024\n"
        "Microsoft / NVIDIA,Quinto Labs,€2bn,40\nAndreessen Horowitz (a16z) and others,Sesto Labs[2],,5\n"
        "undisclosed investors,Settimo Labs,,5\nMicrosoft,Decimo Labs,,5,2062\nMircosoft,Ottavo Labs,,5\nClaude,Nono Labs,,5\nZwischensumme,Tutti,,350\n",
        encoding="utf-8",
    )
    done = import_table(graph, path, "investment")
    found = {claim.label: claim for claim in done.draft.claims}
    first = found["Microsoft invested in Quarto Labs."]
    assert (first.valuation.least, first.amount.least, first.amount.currency) == (1_200_000_000, 300_000_000, "USD")
    # One claim has one currency: the other sum is told, not turned into dollars.
    second = found["Microsoft and NVIDIA invested in Quinto Labs."]
    assert (second.amount.least, second.valuation.least) == (40_000_000, None)
    assert any("€2bn (EUR) left out" in note for note in second.notes)
    assert list(found) == [first.label, second.label, "Andreessen Horowitz invested in Sesto Labs."]
    assert [reason for _, _, reason in done.rejected if "nothing is named as investor" in reason]
    assert [reason for _, _, reason in done.rejected if "'2062' is far ahead" in reason]
    assert [reason for _, _, reason in done.rejected if "who 'Mircosoft' is" in reason]
    assert [reason for _, _, reason in done.rejected if "ent:claude, which cannot be investor" in reason]


@given(
    st.integers(1, 999),
    st.sampled_from(["m", "million", "bn", "Mio", "Mrd"]),
    st.sampled_from(["$", "€", "USD ", "£"]),
    st.sampled_from(["before", "after"]),
    st.sampled_from(["", "~", "up to ", ">"]),
)
def test_an_amount_is_what_it_says_wherever_its_parts_stand(number: int, scale: str, sign: str, place: str, before: str):
    factor = {"m": 10**6, "million": 10**6, "Mio": 10**6, "bn": 10**9, "Mrd": 10**9}[scale]
    text = (
        f"{before}{number} {scale} {sign.strip()}"
        if place == "after"
        else f"{before}{sign}{number}{' ' if len(scale) > 2 else ''}{scale}"
    )
    found = read_amount(text)
    assert (found.least, found.greatest) == {
        "": (number * factor, number * factor),
        "~": (number * factor, number * factor),
        "up to ": (0, number * factor),
        ">": (number * factor, None),
    }[before]
    assert found.currency == {"$": "USD", "€": "EUR", "USD": "USD", "£": "GBP"}[sign.strip()]


@given(
    st.dates(min_value=datetime.date(1990, 1, 1), max_value=datetime.date(2060, 1, 1)),
    st.sampled_from(["%d.%m.%Y", "%Y/%m/%d", "%d %B %Y", "%B %d, %Y", "%d-%b-%Y", "%Y%m%d"]),
)
def test_a_day_is_itself_however_it_is_written(day: datetime.date, form: str):
    found = read_day(day.strftime(form))
    assert found is not None
    assert found.text == day.isoformat()


@given(st.text(max_size=40))
def test_no_text_breaks_the_grammars(text: str):
    for reader in (read_amount, read_day):
        with suppress(Unreadable):
            reader(text)


def test_a_table_is_read_alike_from_ods(tmp_path: Path, graph: partnergraph.Graph):
    rows = [["Investor", "Company", "Amount"], ["Amazon", "Zed One", "$40m"], ["NVIDIA", "Zed Two", "$50m"]]
    cells = "".join(
        "<table:table-row>"
        + "".join(f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in row)
        + "</table:table-row>"
        for row in rows
    )
    spaces = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    body = f'<office:document-content {spaces}><office:body><office:spreadsheet><table:table table:name="Deals">{cells}</table:table></office:spreadsheet></office:body></office:document-content>'
    from zipfile import ZipFile

    with ZipFile(tmp_path / "deals.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml", '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
        )
        archive.writestr("content.xml", body)
    table = read_table(tmp_path / "deals.ods", (tmp_path / "deals.ods").read_bytes())
    assert table.headings == rows[0]
    assert [list(row.cells.values()) for row in table.rows] == rows[1:]
    assert len(import_table(graph, tmp_path / "deals.ods", "investment").draft.claims) == 2


def test_the_draft_is_what_was_claimed(imported: Imported):
    triples = list(ox.parse(imported.draft.turtle().encode(), format=ox.RdfFormat.TURTLE))
    assert (
        len({quad.subject for quad in triples if str(quad.object) == "<https://w3id.org/partnergraph/ontology#Investment>"}) == 170
    )


# Objects as interfaces of the web give them, and what each becomes: a sum, a currency and a day, or a word of the reason why not.
LINES: list[tuple[str, tuple[int | None, str, str] | str]] = [
    ('"amount":1500000000,"currency":"USD","date":"2024-05-04"', (1_500_000_000, "USD", "2024-05-04")),
    ('"amount":"1500000000","currency":"USD","date":null', (1_500_000_000, "USD", "")),
    ('"amount":{"value":250,"unit":"million","currency":"EUR"},"date":"2024-05"', (250_000_000, "EUR", "2024-05")),
    ('"amount":2.5e9,"currency":"USD","date":{"year":2024,"month":5,"day":4}', (2_500_000_000, "USD", "2024-05-04")),
    ('"Amount":"$7m","Date":2024.0', (7_000_000, "USD", "2024")),
    ('"amount":"$1m","amount":"$2m"', "several amounts"),
    ('"amount":NaN,"currency":"USD"', "'NaN' has no number"),
    ('"amount":123456789012345678901234567890,"currency":"USD"', "more than 20 digits"),
    ('"amount":true,"currency":"USD"', "no number"),
    ('"amount":-5,"currency":"USD"', "negative"),
    ('"amount":250,"unit":"dozens","currency":"USD"', "is no unit of money"),
    ('"amount":"$5m" "date":"2024"', "is no object of JSON: Expecting ',' delimiter"),
]


def test_lines_of_json_as_they_come(tmp_path: Path, graph: partnergraph.Graph):
    parties = (
        '"investors":[{{"name":"Zuvo Fonds {0}","id":"f{0}"}},{{"name":"Zuvo Zwei {0}"}}],"investee":{{"name":"Zuvo Werk {0}"}}'
    )
    text = "\ufeff" + "".join(
        "{" + parties.format(n) + f",{said}" + ("}\r\n\r\n" if n % 2 else "}\n") for n, (said, _) in enumerate(LINES)
    )
    path = tmp_path / "web.jsonl"
    path.write_bytes(text.encode())
    result = import_table(graph, path, "investment")
    found = {claim.citations[0][1]: claim for claim in result.draft.claims}
    why = {number: reason for number, _, reason in result.rejected}
    line = 1
    for number, (_, expected) in enumerate(LINES):
        if isinstance(expected, str):
            assert expected in why[line]
        else:
            claim = found[f"row {line} of web.jsonl"]
            day = claim.days.get("pg:date")
            assert (claim.amount.greatest, claim.amount.currency, day.text if day else "") == expected
            assert {result.draft.labels([iri])[iri] for _, iri in claim.roles} == {
                f"Zuvo Fonds {number}",
                f"Zuvo Zwei {number}",
                f"Zuvo Werk {number}",
            }
        line += 1 + number % 2
    # What says something else of a party is no party.
    assert "investors.id" not in result.columns.columns


def test_a_list_within_an_answer_of_the_web_is_its_rows(tmp_path: Path, graph: partnergraph.Graph):
    path = tmp_path / "web.json"
    path.write_text(
        '{"count": 1, "results": [{"investor": "Zuvo", "investee": "Ylem\u2028Werk", "amount": "$5m"}]}', encoding="utf-8"
    )
    (claim,) = import_table(graph, path, "investment").draft.claims
    assert claim.amount.greatest == Decimal(5_000_000)


def test_a_standard_is_remembered_with_its_mapping_and_loses_no_relation(tmp_path: Path, graph: partnergraph.Graph):
    path = tmp_path / "ftm.jsonl"
    others = [
        {"id": "u", "schema": "UnknownLink", "properties": {"subject": ["a"], "object": ["b"]}},
        {"id": "n", "properties": {"owner": ["a"], "asset": ["b"]}},
        {**FTM[3], "id": "e", "properties": {**FTM[3]["properties"], "endDate": ["2020"]}},
        {**FTM[3], "id": "r", "properties": {**FTM[3]["properties"], "percentage": [">50"], "startDate": []}},
    ]
    path.write_text("\n".join([*map(json.dumps, [*FTM, *others]), '{"id": "x",']), encoding="utf-8")
    first = import_table(graph, path, "followthemoney")
    assert {number: why.partition(";")[0] for number, _, why in first.rejected} == {
        7: "is a relation of the kind 'UnknownLink', which is not read",
        8: "does not say of which kind it is",
        9: "it ends (2020) before it begins (2024-03)",
        11: "is no object of JSON: Expecting property name enclosed in double quotes at sign 12",
    }
    assert Stake(Decimal(50), None) in {claim.stake for claim in first.draft.claims}
    again = import_table(graph, path)
    assert (again.draft.turtle(), again.files) == (first.draft.turtle(), [])


@pytest.mark.parametrize(
    ("text", "least", "greatest", "about"),
    [
        ("27.5", "27.5", "27.5", False),
        ("27,5 %", "27.5", "27.5", False),
        ("25-50 %", "25", "50", False),
        ("25% to 50%", "25", "50", False),
        ("about 11%", "11", "11", True),
        (">50 %", "50", None, False),
        ("75%+", "75", None, False),
        ("up to 49.9 percent", "0", "49.9", False),
        ("0.5 %", "0.5", "0.5", False),
    ],
)
def test_a_stake_is_a_range_of_per_cent(text: str, least: str, greatest: str | None, *, about: bool):
    assert read_stake(text) == Stake(Decimal(least), None if greatest is None else Decimal(greatest), about)


@pytest.mark.parametrize("text", ["0.5", "130 %", "most", "50-25 %", "up to 10-20 %"])
def test_what_is_no_stake_is_not_taken_for_one(text: str):
    with pytest.raises(Unreadable):
        read_stake(text)


def test_a_share_is_that_of_its_interest_and_a_period_that_of_the_relation(tmp_path: Path, graph: partnergraph.Graph):
    bods = tmp_path / "bods.json"
    share = {**BODS[2], "interests": [{"type": "shareholding", "share": {"minimum": 25, "maximum": 50}}]}
    bods.write_text(json.dumps([*BODS[:2], share]), encoding="utf-8")
    (owned,) = import_table(graph, bods, "bods").draft.claims
    assert owned.stake == Stake(Decimal(25), Decimal(50))
    gleif = tmp_path / "gleif.csv"
    keys = ("startDate", "endDate", "periodType")
    before = (
        "Relationship.StartNode.NodeID,Relationship.EndNode.NodeID,Relationship.RelationshipType,Relationship.RelationshipStatus"
    )
    heading = ",".join([before, *(f"Relationship.Period.{n}.{key}" for n in (1, 2) for key in keys)])
    node = "529900T8BM49AURSDO55,INR2EJN1ERAN0W5ZP974,IS_DIRECTLY_CONSOLIDATED_BY"
    rows = [
        f"{node},ACTIVE,2022-01-01T00:00:00Z,2022-12-31T00:00:00Z,ACCOUNTING_PERIOD,2016-01-01T00:00:00Z,,RELATIONSHIP_PERIOD",
        f"{node},INACTIVE,2016-01-01,,RELATIONSHIP_PERIOD,,,",
        f"BAD{node},ACTIVE,2016-01-01,,RELATIONSHIP_PERIOD,,,",
    ]
    gleif.write_text("\n".join([heading, *rows]), encoding="utf-8")
    result = import_table(graph, gleif, "gleif")
    assert [claim.days["pg:begin"].text for claim in result.draft.claims] == ["2016-01-01"]
    assert [why.partition(",")[0] for _, _, why in result.rejected] == [
        "is over",
        "'BAD529900T8BM49AURSDO55' is no identifier of legal entities; it has 20 signs",
    ]


def test_a_second_row_of_headings_says_the_unit(tmp_path: Path, graph: partnergraph.Graph):
    path = tmp_path / "two.csv"
    path.write_text(
        "Investor,Target,Investment,Date of deal,Investor country\n,,USD m,,\nZuvo,Ylem,300¹,4 May 2024,France\nZuvo,Yrsa,12.5 (a),mi-2022,France\n",
        encoding="utf-8",
    )
    first, second = import_table(graph, path, "investment").draft.claims
    assert (first.amount.greatest, first.amount.currency, first.days["pg:date"].text) == (Decimal(300_000_000), "USD", "2024-05-04")
    assert (second.amount.greatest, second.days["pg:date"].text) == (Decimal(12_500_000), "2022")
    assert len(first.roles) == 2
