"""Bad content is named with file, line, fault and repair; the shipped content has none."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from partnergraph.content.folders import find_content

Run = Callable[..., Result]
Folder = Callable[[str], Path]

GOOD = """
ent:a a pg:Company ; rdfs:label "A" .
ent:b a pg:Company ; rdfs:label "B" .
src:s a pg:Source ; dcterms:title "S" ; pg:tier pg:tier-weak ; dcterms:issued "2025-01"^^xsd:gYearMonth .
src:old a pg:Source ; dcterms:title "Old" ; pg:tier pg:tier-weak ; dcterms:issued "2024-01"^^xsd:gYearMonth .
claim:good a pg:Ownership ; rdfs:label "A owns B." ; pg:owner ent:a ; pg:owned ent:b ; pg:attestation pg:reported ;
  pg:cites [ pg:source src:s ; pg:locator "p. 1" ] , [ pg:source src:old ; pg:locator "p. 2" ] .
"""
OWNS = 'a pg:Ownership ; rdfs:label "x" ; pg:owner ent:a ; pg:owned ent:b ; pg:attestation pg:reported'
LENT = 'a pg:Loan ; rdfs:label "x" ; pg:lender ent:a ; pg:borrower ent:b ; pg:attestation pg:reported'
UNLABELLED = OWNS.replace('; rdfs:label "x" ', "")
UNSURE = OWNS.replace("pg:reported", "pg:sure")
CITED = 'pg:cites [ pg:source src:s ; pg:locator "p. 3" ]'

BAD = {
    'claim:x a pg:Ownership ; rdfs:label "x" ; pg:owner ent:a ; pg:owned ent:b ; pg:attestation pg:reported .': "a claim needs a citation; add pg:cites",
    f'claim:x {OWNS} ; pg:cites [ pg:locator "p. 1" ] .': "a citation needs exactly one pg:source",
    f"claim:x {OWNS} ; pg:cites [ pg:source src:none ] .": "a citation needs exactly one pg:source",
    f'claim:x a pg:Ownership ; rdfs:label "x" ; pg:owner ent:a ; pg:owned ent:nobody ; pg:attestation pg:reported ; {CITED} .': "a party is not an entity of the content: pg:owned is ent:nobody; add it to graph_data/entities/ or mend its name",
    f'claim:x a pg:Ownership ; rdfs:label "x" ; pg:owner ent:a ; pg:attestation pg:reported ; {CITED} .': "an end of the claim is missing: it needs pg:owned",
    f'claim:x a pg:Partnership ; rdfs:label "x" ; pg:agreeing ent:a ; pg:stage pg:stage-agreed ; pg:attestation pg:reported ; {CITED} .': "the relation has only one party",
    f'claim:x {OWNS} ; pg:begin "2024-05"^^xsd:gYearMonth ; pg:end "2023"^^xsd:gYear ; {CITED} .': "the claim ends before it begins: 2024-05 to 2023; mend pg:begin or pg:end",
    f"claim:x {OWNS} ; pg:stakeMin 30 ; pg:stakeMax 20 ; {CITED} .": "the least value is above the greatest: pg:stakeMin 30 > 20",
    f'claim:x {OWNS} ; pg:date "2024-13-45" ; {CITED} .': "pg:date is no date",
    f'claim:x {OWNS} ; pg:date "99999-13-45"^^xsd:date ; {CITED} .': "pg:date is no date",
    f'claim:x {OWNS} ; pg:amountMin 1e300000000 ; pg:currency "USD" ; {CITED} .': "pg:amountMin is one plain number",
    f"claim:x {OWNS} ; pg:amountMin 5 ; {CITED} .": "an amount or valuation has no currency: pg:amountMin 5; add pg:currency",
    f"claim:x {OWNS} ; pg:quantityMin 5 ; {CITED} .": "a quantity has no unit or no measure",
    f"claim:x {OWNS} ; pg:stakeMin 130 ; {CITED} .": "pg:stakeMin is a percentage from 0 to 100",
    f"claim:x {OWNS} ; pg:amuont 5 ; {CITED} .": "the ontology has no such term: pg:amuont",
    f"claim:x {UNSURE} ; {CITED} .": "a claim needs exactly one pg:attestation",
    f"claim:x {LENT} ; {CITED} .": "a deal needs a pg:stage",
    f'claim:x {LENT} ; pg:stage pg:stage-completed ; pg:date "2024-02-04"^^xsd:date ; pg:cites [ pg:source src:old ] .': "it is completed, but a source was published more than three days before it happened: src:old of 2024-01-31",
    f"claim:x {OWNS} ; pg:contradicts claim:none ; {CITED} .": "it links to a claim that does not exist: pg:contradicts claim:none",
    f"claim:x {OWNS} ; pg:contradicts claim:x ; {CITED} .": "the claim contradicts itself",
    f"claim:x {UNLABELLED} ; {CITED} .": "a claim needs exactly one rdfs:label",
    f'claim:x a pg:Ownership, pg:Membership ; rdfs:label "x" ; pg:owner ent:a ; pg:owned ent:b ; pg:member ent:a ; pg:memberOf ent:b ; pg:attestation pg:reported ; {CITED} .': "a claim has exactly one class",
    f'claim:x a pg:Owning ; rdfs:label "x" ; {CITED} .': "it is neither an entity nor a claim nor a source",
    f'claim:x a pg:Composition ; rdfs:label "x" ; pg:whole ent:a ; pg:part ent:b ; pg:attestation pg:reported ; {CITED} .': "an organization stands as a part in a composition: ent:a; make the claim a pg:Subdivision",
    "ent:x a pg:Company .": "an entity needs exactly one rdfs:label",
    'ent:x a pg:Company ; rdfs:label "A" .': "another entity is called the same, but for case, blanks, signs or language: A: ent:a; merge the two",
    'src:x a pg:Source ; dcterms:title "x" ; pg:tier pg:tier-weak ; schema:url "javascript:alert(1)" .': "schema:url must begin with http:// or https://",
    'src:x a pg:Source ; dcterms:title "x" .': "a source needs exactly one pg:tier",
    'src:x a pg:Source ; dcterms:title "x" ; pg:tier pg:tier-weak ; dcterms:publisher ent:nobody .': "its publisher, author or carrier is not an entity of the content: ent:nobody; add it to graph_data/entities/publishers.ttl",
}


SOURCE = 'a pg:Source ; dcterms:title "x" ; pg:tier pg:tier-weak ; dcterms:issued "2025"^^xsd:gYear'
BORROWED = LENT.replace('"x"', '"B borrows up to 10 million dollars."') + ' ; pg:stage pg:stage-agreed ; pg:currency "USD"'

BAD |= {
    f"claim:x {OWNS.replace('reported', 'confirmed')} ; {CITED} .": "it is confirmed, but no citation leads to the words of a party, an authority or a court: the best is weak; cite them",
    'src:x a pg:Source ; dcterms:title "x" ; pg:tier pg:tier-weak .': "the source has no date: x; take it from the page",
    f'src:x {SOURCE} ; schema:url "https://example.org/?a=1&utm_source=mail" .': "the address tracks its readers, searches, or chooses a language: https://example.org/?a=1&utm_source=mail",
    f"claim:x {BORROWED} ; pg:amountMin 0 ; pg:amountMax 20000000 ; {CITED} .": "the label gives a number that no property has: 10 million; add it",
    f"claim:x {BORROWED} ; pg:amountMin 10000000 ; pg:amountMax 10000000 ; {CITED} .": "the label qualifies a number otherwise than the range: up to 10000000: pg:amountMin 10000000, pg:amountMax 10000000",
}

WARNED = {
    f"src:x {SOURCE} .": "nothing rests on the source: x; cite it, or take it out",
    f"claim:x {OWNS} ; pg:cites [ pg:source src:s ] .": 'the locator of a citation leads nowhere: "" in src:s; name the heading',
    f'claim:x {OWNS} ; pg:cites [ pg:source src:s ; pg:locator "Opening paragraphs" ] .': 'the locator of a citation leads nowhere: "Opening paragraphs" in src:s; name the heading',
}

SEAT = 'a pg:Role ; rdfs:label "x" ; pg:roleAt ent:b ; pg:position "chief executive" ; pg:attestation pg:reported'
WARNED |= {
    f'claim:x {SEAT} ; pg:roleHolder ent:p ; pg:begin "2020"^^xsd:gYear ; {CITED} .\n'
    f'claim:y {SEAT} ; pg:roleHolder ent:q ; pg:date "2022"^^xsd:gYear ; {CITED} .\n'
    'ent:p a pg:Person ; rdfs:label "P" . ent:q a pg:Person ; rdfs:label "Q" .': "somebody else held the position later, and this claim has no end: chief executive, claim:y; give it a pg:end",
    f"claim:x {OWNS} ; pg:stage pg:stage-ended ; {CITED} .": "its stage is ended, but nothing says when: no pg:end; give it a pg:end",
    f"claim:x {OWNS} ; {CITED} .\nclaim:y {OWNS} ; pg:replaces claim:x ; {CITED} .": "a later claim replaces it, and it has no end: claim:y; give it a pg:end and pg:endedBy",
}

NOT_WARNED = f"""
ent:t a pg:Person ; rdfs:label "T" .
claim:t {SEAT} ; pg:roleHolder ent:t ; pg:begin "2020"^^xsd:gYear ; pg:end "2021"^^xsd:gYear ; {CITED} .
claim:r {OWNS} ; pg:replaces claim:s ; {CITED} .
claim:s {OWNS} ; pg:end "2021"^^xsd:gYear ; pg:stage pg:stage-ended ; {CITED} .
claim:w {OWNS.replace("reported", "confirmed")} ; pg:attestationNote "Both parties said so in court." ; {CITED} .
claim:v {BORROWED} ; pg:amountMin 0 ; pg:amountMax 10000000 ; {CITED} .
src:v a pg:Source ; dcterms:title "x" ; pg:tier pg:tier-weak ; pg:undatedBecause "a living page" ; schema:url "https://example.org/?p=1" .
claim:u {OWNS} ; pg:cites [ pg:source src:v ; pg:locator "heading 'Terms', paragraph 2" ] .
"""


@pytest.mark.parametrize("doubtful", WARNED)
def test_warnings_are_counted_and_listed_on_demand(doubtful: str, run: Run, folder: Folder):
    path = folder(GOOD + "\n\n" + doubtful) / "graph_data" / "mine.ttl"
    line = path.read_text(encoding="utf-8").splitlines().index(doubtful.splitlines()[0]) + 1
    name = doubtful.split(maxsplit=1)[0]
    content = str(path.parents[1])
    assert re.fullmatch(r"partnergraph: [12] warnings? in 1 file\n", run("check", "--content", content).output)
    assert f"{path}:{line}: warning: {name}: {WARNED[doubtful]}" in run("check", "--warnings", "--content", content).output


def test_two_sources_of_one_address_and_a_publisher_with_provenance(run: Run, folder: Folder):
    bad = f"""
src:x {SOURCE} ; schema:url "https://www.example.org/a/" .
src:y {SOURCE} ; schema:url "http://example.org/a" .
ent:x a pg:Publisher ; rdfs:label "Reuters via Example" .
"""
    output = run("check", "--content", str(folder(GOOD + bad)), code=1).output
    assert "src:x: another source has the same address: https://www.example.org/a/; merge the two" in output
    assert "src:y: another source has the same address: http://example.org/a; merge the two" in output
    assert "ent:x: the name of a publisher tells where its text comes from: Reuters via Example; name the outlet alone" in output


# The evening before, or what is only agreed, may be told ahead.
TOLD_AHEAD = f"""
claim:y {LENT} ; pg:stage pg:stage-completed ; pg:date "2024-02-03"^^xsd:date ; pg:cites [ pg:source src:old ; pg:locator "p. 3" ] .
claim:z {LENT} ; pg:stage pg:stage-agreed ; pg:date "2024-06"^^xsd:gYearMonth ; pg:cites [ pg:source src:old ; pg:locator "p. 3" ] .
"""


@pytest.mark.parametrize("good", [GOOD, GOOD + TOLD_AHEAD, GOOD + NOT_WARNED])
def test_good_content_is_silent(good: str, run: Run, folder: Folder):
    assert run("check", "--content", str(folder(good))).output == ""


@pytest.mark.parametrize("bad", BAD)
def test_bad_content(bad: str, run: Run, folder: Folder):
    path = folder(GOOD + "\n\n" + bad) / "graph_data" / "mine.ttl"
    line = path.read_text(encoding="utf-8").splitlines().index(bad) + 1
    name = bad.split(maxsplit=1)[0]
    output = run("check", "--content", str(path.parents[1]), code=1).output
    assert f"{path}:{line}: {name}: {BAD[bad]}" in output
    assert re.search(r"partnergraph: \d+ violations?( and \d+ warnings?)? in 1 file$", output, re.MULTILINE)


@pytest.mark.parametrize(
    ("bounds", "words"),
    [
        (
            "pg:Ownership pg:leastClaims 5 ; pg:mostClaims 9 .",
            "pg:Ownership: the number of claims of this class is out of bounds: 1, not 5 to 9",
        ),
        (
            "pg:Ownership pg:leastClaims 0 ; pg:mostClaims 0 .",
            "pg:Ownership: the number of claims of this class is out of bounds: 1, not 0 to 0",
        ),
        (
            "pg:Loan pg:leastClaims 1 ; pg:mostClaims 9 .",
            "pg:Loan: the number of claims of this class is out of bounds: 0, not 1 to 9",
        ),
        ("pg:Ownership pg:leastClaims 1 ; pg:mostClaims 1 .", ""),
    ],
)
def test_a_class_that_loses_or_explodes_its_claims(bounds: str, words: str, run: Run, folder: Folder):
    output = run("check", "--content", str(folder(GOOD + "\n\n" + bounds)), code=1 if words else 0).output
    assert words in output
    assert bool(output) == bool(words)


def test_a_subject_in_two_files(run: Run, folder: Folder):
    path = folder(GOOD) / "graph_data"
    (path / "other.ttl").write_text((path / "mine.ttl").read_text(encoding="utf-8"), encoding="utf-8")
    output = run("check", "--content", str(path.parent), code=1).output
    assert f"{path / 'other.ttl'}:" in output
    assert f"claim:good: also stands in {path / 'mine.ttl'}:" in output


def test_every_file_with_a_syntax_error_is_named(run: Run, folder: Folder):
    path = folder(GOOD + "\nclaim:x a .") / "graph_data"
    (path / "other.ttl").write_text("@prefix a: <b:c>\n", encoding="utf-8")
    output = run("check", "--content", str(path.parent), code=1).output
    assert re.search(r"mine.ttl:\d+: file: not valid Turtle: ", output)
    assert "other.ttl:2: file: not valid Turtle: " in output or "other.ttl:1: file: not valid Turtle: " in output


def test_loading_names_file_and_line(run: Run, folder: Folder):
    path = folder(GOOD + "\nclaim:x a .")
    output = run("find", "A", "--content", str(path), code=1).output
    assert re.fullmatch(r"partnergraph: .*mine\.ttl:\d+: not valid Turtle: .*\n", output)


def test_every_check_has_a_problem_and_a_solution():
    from partnergraph.content.queries import read_query

    paths = find_content().queries("checks")
    assert len(paths) >= 10
    for path in paths:
        assert {"title", "problem", "solution"} <= set(read_query(path).header), path


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: path / "missing", "no such folder"),
        (lambda path: path, "has no graph_data/ folder"),
        (lambda path: _touch(path / "file"), "is a file"),
        (lambda path: _mkdir(path / "empty" / "graph_data").parent, "holds no .ttl file"),
    ],
)
def test_unusable_folders(make: Callable[[Path], Path], words: str, run: Run, tmp_path: Path):
    for command in (["find", "x"], ["check"], ["ask"]):
        output = run(*command, "--content", str(make(tmp_path)), code=1).output
        assert output.startswith("partnergraph: ")
        assert words in output
        assert output.count("\n") == 1


def _touch(path: Path) -> Path:
    path.touch()
    return path


def _mkdir(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    return path


def test_fmt_writes_and_checks(run: Run, folder: Folder):
    path = folder(GOOD) / "graph_data" / "mine.ttl"
    before = run("fmt", "--check", str(path), code=1).output
    assert f"would change {path}" in before
    assert "run 'partnergraph fmt'" in before
    assert run("fmt", str(path)).output == f"changed {path}\n"
    assert run("fmt", "--check", str(path)).output == ""
    assert "claim:good\n    a pg:Ownership ;\n" in path.read_text(encoding="utf-8")
    assert list(path.parent.iterdir()) == [path]
