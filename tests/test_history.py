"""What changed between two states, why, and what a content owes to those who rely on its last release."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import Result

from partnergraph import Graph
from partnergraph.base.errors import ContentError, QueryError, UnknownName
from partnergraph.checks.violations import violations
from partnergraph.content.folders import Content, find_content
from partnergraph.history.changes import Change, find_changes
from partnergraph.history.comparing import compare
from partnergraph.history.drafts import draft
from partnergraph.history.faults import changed, faults, find_faults
from partnergraph.history.records import Records, read_records
from partnergraph.history.states import State, data_triples, differing, joined_triples, kept_versions, make_state, pack, read_kept
from partnergraph.rdf.terms import PREFIXES, expand

Run = Callable[..., Result]
HEAD = "".join(f"@prefix {name}: <{namespace}> .\n" for name, namespace in PREFIXES.items())

EARLIER = """
claim:kept a pg:Donation ; rdfs:label "A gives B 5." ; pg:amountMin 5 ; pg:cites [ pg:source src:a ; pg:locator "one" ] .
claim:mended a pg:Donation ; rdfs:label "A gives B 7." ; pg:amountMin 7 ; pg:cites [ pg:source src:a ; pg:locator "one" ] .
claim:cited a pg:Donation ; rdfs:label "A gives C 1." ; pg:cites [ pg:source src:a ; pg:locator "two" ] .
claim:merged a pg:Donation ; rdfs:label "A gave B 5." ; pg:cites [ pg:source src:a ; pg:locator "three" ] .
claim:false a pg:Donation ; rdfs:label "A gives D 9." ; pg:cites [ pg:source src:a ; pg:locator "four" ] .
src:a a pg:Source ; dcterms:title "Gifts" ; dcterms:issued "2026-10-01"^^xsd:date .
"""
LATER = """
claim:kept a pg:Donation ; rdfs:label "A gives B 5." ; pg:amountMin 5 ; pg:cites [ pg:source src:a ; pg:locator "one" ] .
claim:mended a pg:Donation ; rdfs:label "A gives B 8." ; pg:amountMin 8 ; pg:cites [ pg:source src:a ; pg:locator "one" ] .
claim:cited a pg:Donation ; rdfs:label "A gives C 1." ;
  pg:cites [ pg:source src:a ; pg:locator "two" ], [ pg:source src:b ; pg:locator "one" ] .
claim:read a pg:Donation ; rdfs:label "A gives E 2." ; pg:cites [ pg:source src:a ; pg:locator "nine" ] .
claim:news a pg:Donation ; rdfs:label "A gives F 3." ; pg:cites [ pg:source src:b ; pg:locator "last" ] .
src:a a pg:Source ; dcterms:title "Gifts" ; dcterms:issued "2026-10-01"^^xsd:date .
src:b a pg:Source ; dcterms:title "More gifts" ; dcterms:issued "2026-12-02"^^xsd:date .
"""
RECORDS = """
release:2026.11.0 a pg:Release ; rdfs:label "2026.11.0" ; dcterms:issued "2026-11-29"^^xsd:date .
release:2026.12.0 a pg:Release ; rdfs:label "2026.12.0" ; dcterms:issued "2026-12-20"^^xsd:date .
claim:merged a pg:Retired ; dcterms:isReplacedBy claim:kept .
claim:false a pg:Retired .
correction:one a pg:Correction ; pg:cause pg:cause-correction ; pg:changedSince release:2026.11.0 ;
  pg:changeReason "The source says 8." ; pg:changes claim:mended .
correction:two a pg:Correction ; pg:cause pg:cause-correction ; pg:changedSince release:2026.11.0 ;
  pg:changeReason "It is the gift of 5 once more." ; pg:changes claim:merged .
correction:three a pg:Correction ; pg:cause pg:cause-correction ; pg:changedSince release:2026.11.0 ;
  pg:changeReason "The source was withdrawn." ; pg:changes claim:false .
"""


def triples(*turtle: str) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse((HEAD + "".join(turtle)).encode(), format=ox.RdfFormat.TURTLE)]


KNOWN_TO_CHANGE = read_records(data_triples(find_content())).reasons
OLD = make_state(triples(EARLIER), "2026.11.0")
NEW = make_state(triples(LATER, RECORDS), "2026.12.0")
KNOWN = read_records(triples(LATER, RECORDS))


def test_each_change_says_what_was_what_is_and_why() -> None:
    found = {change.name: change for change in find_changes(OLD, NEW, KNOWN)}
    assert {name: (change.op, change.kind, change.reason) for name, change in found.items()} == {
        "claim:mended": ("MOD", "correction", "The source says 8."),
        "claim:cited": ("MOD", "new source", ""),
        "claim:merged": ("REDIRECT", "correction", "It is the gift of 5 once more."),
        "claim:false": ("DEL", "correction", "The source was withdrawn."),
        # Its source is older than the release before, so that it is no news.
        "claim:read": ("ADD", "new source", ""),
        "claim:news": ("ADD", "new fact", ""),
        "src:b": ("ADD", "", ""),
    }
    assert found["claim:mended"].before == ('rdfs:label "A gives B 7."', "pg:amountMin 7")
    assert found["claim:mended"].after == ('rdfs:label "A gives B 8."', "pg:amountMin 8")
    assert found["claim:cited"].before == ()
    assert found["claim:cited"].after == ('pg:cites [ pg:source src:b ; pg:locator "one" ]',)
    assert found["claim:merged"].to == "claim:kept"
    assert found["claim:false"].label == "A gives D 9."


def test_a_reason_belongs_to_the_release_after_which_the_change_was_made() -> None:
    later = State("2027.01.0", NEW.says)
    assert KNOWN.between("claim:mended", "2026.11.0", "2026.12.0") != []
    assert KNOWN.between("claim:mended", "2026.12.0", "2027.01.0") == []
    assert {change.reason for change in find_changes(OLD, later, KNOWN) if change.name == "claim:mended"} == {"The source says 8."}


def owed(records: Records, now: State = NEW) -> dict[str, str]:
    return dict(find_faults(OLD, now, records))


def test_what_changed_without_a_reason_is_owed_one() -> None:
    # That a claim has one more source is a change of it like any other.
    assert list(owed(KNOWN)) == ["claim:cited"]
    nothing = owed(Records())
    assert set(nothing) == {"claim:mended", "claim:cited", "claim:merged", "claim:false"}
    assert "reads otherwise than in release 2026.11.0" in nothing["claim:mended"]
    assert "is gone; put it back" in nothing["claim:merged"]


def test_a_reason_for_a_change_that_was_not_made_is_found() -> None:
    idle = read_records(triples(RECORDS.replace("pg:changes claim:mended", "pg:changes claim:mended, claim:kept")))
    assert "says why claim:kept changed since release 2026.11.0, but it reads as it did" in owed(idle)["correction:one"]


def test_releases_are_in_the_order_of_their_numbers() -> None:
    text = "".join(
        f'release:{version} a pg:Release ; rdfs:label "{version}" ; dcterms:issued "2026-11-29"^^xsd:date .\n'
        for version in ("2026.11.10", "2026.11.9", "2026.2.0", "2026.02.1")
    )
    # A month has two digits.
    assert list(read_records(triples(text)).releases) == ["2026.02.1", "2026.11.9", "2026.11.10"]


def test_a_state_that_is_packed_is_the_same_bytes_and_says_the_same(tmp_path: Path) -> None:
    once, again = pack(triples(EARLIER)), pack(list(reversed(triples(EARLIER))))
    assert once == again
    (tmp_path / "releases").mkdir()
    (tmp_path / "releases" / "2026.11.0.ttl.gz").write_bytes(once)
    (tmp_path / "releases" / "no-version.ttl.gz").write_bytes(b"")
    content = Content(tmp_path, tmp_path)
    assert kept_versions(content) == ["2026.11.0"]
    assert read_kept(content, "2026.11.0") == OLD
    for broken in (b"", b"no gzip", once[:-9]):
        (tmp_path / "releases" / "2026.11.0.ttl.gz").write_bytes(broken)
        with pytest.raises(ContentError, match=r"2026\.11\.0\.ttl\.gz"):
            read_kept(content, "2026.11.0")


# The shipped content


def test_the_content_keeps_releases_and_owes_no_reason() -> None:
    content = find_content()
    assert kept_versions(content)[:2] == ["2026.11.0", "2026.11.1"]
    found = compare(content, "2026.11.0", "2026.11.1").changes
    published = [change for change in found if change.op != "ADD" and not change.name.startswith(("ent:", "src:"))]
    assert len(published) > 800
    assert [change.name for change in published if not change.reason] == []


def change_of(name: str) -> Change:
    return next(change for change in compare(find_content(), "2026.11.0", "2026.11.1").changes if change.name == name)


def test_what_was_corrected_in_a_claim_and_why(graph: Graph) -> None:
    found = change_of("claim:microsoft-openai-2019-investment")
    assert (found.op, found.kind) == ("MOD", "correction")
    assert (
        'pg:cites [ pg:source src:bloomberg-microsoft-invests-1-billion-partnership ; pg:locator "opening paragraphs" ]'
        in found.before
    )
    answer = graph.ask("what-was-corrected", entity="Microsoft", cause="correction")
    rows = [row for row in answer if row["claim"].value.endswith("/microsoft-openai-2019-investment")]
    assert [row["reason"].value for row in rows] == [found.reason]
    assert len(graph.ask("what-was-corrected", entity="Microsoft", until="2026.11.0")) == 0


def test_a_check_demands_the_reason_and_a_draft_has_room_for_it(tmp_path: Path) -> None:
    shutil.copytree(find_content().data, tmp_path / "graph_data")
    # A claim of the last release that no record of corrections names yet.
    taken = {*KNOWN_TO_CHANGE, *(change.name for change in compare(find_content()).changes if change.op == "ADD")}
    path, text, found = next(
        (path, text, one)
        for path in sorted((tmp_path / "graph_data" / "claims").glob("*.ttl"))
        for text in [path.read_text(encoding="utf-8")]
        for one in re.finditer(r"^(claim:\S+)\n(?:    .*\n)*", text, re.MULTILINE)
        if one[1] not in taken
    )
    mended = found[0].replace('rdfs:label "', 'rdfs:label "Once more: ', 1)
    path.write_text(text.replace(found[0], mended), encoding="utf-8")

    def told() -> dict[str, bool]:
        content = find_content(tmp_path)
        return {name: waits for name, problem, waits in faults(content, data_triples(content)) if "nothing says why" in problem}

    # While the next release is not declared it can wait.
    (one,) = [one for one in violations(find_content(tmp_path)) if one.subject == found[1] and "nothing says why" in one.problem]
    assert one.warning
    assert told()[found[1]] is True
    with (tmp_path / "graph_data" / "releases.ttl").open("a", encoding="utf-8") as file:
        file.write('release:2099.01.0 a pg:Release ; rdfs:label "2099.01.0" ; dcterms:issued "2099-01-01"^^xsd:date .\n')
    assert told()[found[1]] is False
    drafted = draft(find_content(tmp_path))
    assert f"pg:changes {found[1]}" in drafted or f"{found[1]}," in drafted
    place = tmp_path / "graph_data" / "corrections" / "2099.ttl"
    place.write_text(drafted, encoding="utf-8")
    # A reason is not written by a machine.
    assert any("a correction has one pg:changeReason" in one.problem for one in violations(find_content(tmp_path), [place]))
    place.write_text(
        drafted.replace('pg:changeReason ""', 'pg:changeReason "Because the source was read again."'), encoding="utf-8"
    )
    assert told() == {}
    assert draft(find_content(tmp_path)) == ""


def test_a_retired_name_leads_on_or_says_why_it_was_withdrawn(graph: Graph) -> None:
    assert graph.entity("ent:reuters-via-mint").iri.endswith("/reuters")
    with pytest.raises(UnknownName, match="it was withdrawn: An outlet is whose report it is"):
        graph.entity("ent:macrumors")


def test_changes_are_asked_for_by_name_cause_and_format(run: Run) -> None:
    told = run("changes", "2026.11.0", "2026.11.1", "--of", "microsoft-openai-2019-investment").output
    assert "changed (1) · correction: Citations were held against their sources" in " ".join(told.split())
    assert "from 2026.11.0 to 2026.11.1: 1 changed" in told
    listed = json.loads(run("changes", "2026.11.0", "2026.11.1", "--cause", "ontology", "--format", "json").output)
    assert {row["kind"] for row in listed} == {"ontology"}
    assert run("changes", "2026.11.0", "2026.11.1", "--of", "ent:reuters-via-mint", "-f", "csv").output.count("\n") == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["2026.11.1", "2026.11.0"], "2026.11.1 is later than 2026.11.0"),
        (["2026.11.7"], "no release named '2026.11.7'"),
        (["../somewhere"], "no release named '../somewhere'"),
        (["--cause", "correctoin"], "did you mean 'correction'?"),
        (["."], "is no index of a release"),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, list) else "",
)
def test_versions_that_there_are_not(
    words: list[str], said: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert said in run("changes", *words, code=1).stderr


def test_an_index_of_something_else_is_none(tmp_path: Path) -> None:
    for text in ("", "[]", '{"version": 5}', '{"version": "../2026.11.0"}', "[" * 5000):
        (tmp_path / "index.json").write_text(text, encoding="utf-8")
        with pytest.raises(ContentError, match="is no index of a release"):
            compare(find_content(), str(tmp_path))


def test_the_earlier_comes_first() -> None:
    with pytest.raises(QueryError, match="name the earlier one first"):
        compare(find_content(), "2026.11.1", "2026.11.0")


def test_two_contents_are_compared_by_what_they_say_and_not_by_how_blank_nodes_are_called() -> None:
    cited = 'claim:{} rdfs:label "{}" ; pg:cites [ pg:source src:a ; pg:locator "one" ] .\n'

    def parsed(text: str) -> list[ox.Triple]:
        return [quad.triple for quad in ox.parse((HEAD + text).encode(), format=ox.RdfFormat.TURTLE)]

    same, other, twice = cited.format("same", "S"), cited.format("other", "O"), cited.format("twice", "T")
    # Two blank nodes that say the same are two; where that is so all is written out and compared as text.
    twice += twice
    before, after = differing(
        parsed(same + other + twice), parsed(same + other.replace("one", "two") + twice + cited.format("new", "N"))
    )
    assert set(make_state(before).says) == set(make_state(after).says) == {"claim:other", "claim:twice"}
    before, after = differing(parsed(same), parsed(same), {expand("claim:same") or ""})
    assert make_state(before).says == make_state(after).says != {}


PREFIXED = "@prefix claim: <https://w3id.org/partnergraph/claim/> .\n@prefix pg: <https://w3id.org/partnergraph/ontology#> .\n"
HEADS = [PREFIXED, PREFIXED, PREFIXED, PREFIXED.replace("ontology#", "other#"), PREFIXED + "@base <https://x.example/> .\n"]
# The same subject in a few ways, and what stands in the way of telling by paragraphs.
SAID = [
    *(f"claim:{name}\n    a pg:Donation ;\n    pg:amountMin {number} ." for name in "abc" for number in (1, 2)),
    "claim:a\n    pg:cites _:one .",
    'claim:b\n    pg:cites [ pg:locator "one" ] .',
    '_:one\n    pg:locator "one" .',
    '_:one\n    pg:locator "two" .',
    'claim:c\n    pg:note """one\n\nclaim:b\n    pg:amountMin 1 .\n\n""" .',
    "PREFIX pg: <https://w3id.org/partnergraph/other#>",
    "claim:a\n    a pg:Donation ;\n    pg:amountMin 1 .\nclaim:b\n    pg:amountMin 3 .",
    "<https://w3id.org/partnergraph/claim/a>\n    pg:amountMin 1 .",
    "claim:a\\,b\n    pg:amountMin 1 .",
    # The same in other words, and what looks alike and is not.
    "claim:a\n    a pg:Donation ;\n    pg:amountMin 1, 1 .",
    'claim:a\n    pg:amountMin "1"^^<http://www.w3.org/2001/XMLSchema#integer> ;\n    a pg:Donation .',
    *(
        f"claim:{name}\n    pg:note {text} ."
        for name in "ab"
        for text in ('"one"', "'one'", '"o\\u006Ee"', '"one"@en', '"two"', '"one", "two"')
    ),
    "claim:b\n    pg:note 'two \"one\"' .",
    'claim:b # "two"\n    pg:note "one" .',
]
TEXTS = st.builds(
    lambda head, paragraphs, end: (head + "".join(f"\n{one}\n" for one in paragraphs)).replace("\n", end).encode(),
    st.sampled_from(HEADS),
    st.lists(st.sampled_from(SAID), max_size=5),
    st.sampled_from(["\n", "\n", "\n", "\r\n"]),
)


@settings(max_examples=300)
@given(kept=TEXTS, files=st.lists(TEXTS, min_size=1, max_size=3), reasoned=st.sets(st.sampled_from(["claim:a", "claim:b"])))
def test_paragraphs_that_are_the_same_need_not_be_read(kept: bytes, files: list[bytes], reasoned: set[str]) -> None:
    named = [(Path(f"{number}.ttl"), data) for number, data in enumerate(files)]
    last, now = joined_triples([(Path("kept.ttl"), kept)]), joined_triples(named)

    def told(earlier: list[ox.Triple], later: list[ox.Triple]) -> list[tuple[Change, ...]]:
        before, after = make_state(earlier), make_state(later)
        same = {name for name in reasoned if before.says.get(name) == after.says.get(name) is not None}
        # What is new owes nothing, nor does what changed with a reason.
        owing = [
            one
            for one in find_changes(before, after, Records())
            if one.op == "DEL" or (one.op == "MOD" and one.name not in reasoned)
        ]
        return [tuple(owing), tuple(sorted(same))]  # type: ignore[arg-type]

    iris = {expand(name) or "" for name in reasoned}
    assert told(*changed((Path("kept.ttl"), kept), named, now, iris)) == told(last, now)
