"""The named questions: each has an expected answer, filters by its parameters, and rests on the claims that it names."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from typer.testing import Result

import partnergraph
import renew
from partnergraph.api import Graph
from partnergraph.base.errors import ContentError, ParameterError, UnknownName
from partnergraph.cli.app import HOMES
from partnergraph.content.catalogue import PARAMETER, QUESTION, describe
from partnergraph.content.finding import ANALYSES, find_questions, find_texts
from partnergraph.content.folders import find_content
from partnergraph.content.queries import Queries, Query, read_query
from partnergraph.ledger.triples import add_ledger
from partnergraph.rdf.terms import PG, PREFIXES, compact
from partnergraph.reading.sheets import cited_claims
from partnergraph.reading.vocabulary import find_terms, term_lines
from partnergraph.show.sheet import Sheet, condensed, table
from partnergraph.stores.engine import Embedded
from partnergraph.stores.loading import derive

HERE = Path(__file__).parent
TINY = HERE / "tiny"
ANSWERS = HERE / "answers"
RENEW = "make renew writes them anew; review the difference as an analyst"
QUESTIONS = Queries(find_content().queries("questions"))
Run = Callable[..., Result]

# What the ontology declares and rules derive rests on no claim.
# What is asked about terms, topics, entities and identifiers rests on no claim.
ABOUT_THE_ONTOLOGY = {
    "coverage",
    "house-members",
    "identifiers",
    "kinds-of-claims",
    "retired-identifiers",
    "topics-of",
    "what-is-derived",
}

# Leaves out whoever is named as a rival directly, and so answers from what no claim says.
BY_ABSENCE = {"indirect-rivals"}


def body(query: Query) -> str:
    return "\n".join(line for line in query.text.splitlines() if not line.startswith("#"))


# The corpus


def test_there_are_questions() -> None:
    assert len(QUESTIONS) >= 60


def test_every_question_has_an_expected_answer_and_every_answer_a_question() -> None:
    assert {path.name for path in ANSWERS.glob("*")} == {f"{name}.txt" for name in QUESTIONS}, RENEW


@pytest.fixture
def ask(graph: Graph, run: Run) -> Iterator[Run]:
    """The command ``ask`` on the graph that is loaded already."""
    with renew.asked_of(graph):
        yield lambda *words, code=0: run("ask", *words, code=code)


@pytest.mark.parametrize("name", QUESTIONS)
def test_answer(name: str, graph: Graph) -> None:
    assert renew.answer(graph, name) == (ANSWERS / f"{name}.txt").read_text(encoding="utf-8"), RENEW


# What every question file holds to


@pytest.mark.parametrize("query", QUESTIONS.values(), ids=list(QUESTIONS))
def test_header(query: Query) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", query.name)
    assert query.title.endswith("?")
    assert re.match(r"\d+ \w", query.group)
    assert all(parameter.default for parameter in query.parameters), "a question answers something without any value"
    told = {"title", "description", "group", "keywords", "phrases", "kinds"}
    assert set(query.header) <= told | {"finding", "several", "held", "tally", "line", "beside", "otherwise", "sum"}


@pytest.mark.parametrize("query", QUESTIONS.values(), ids=list(QUESTIONS))
def test_question_is_plain_sparql_in_a_stated_order(query: Query) -> None:
    # No prefixes are given from outside: the file runs on any engine as it is.
    assert isinstance(ox.Store().query(query.text), ox.QuerySolutions)
    assert "ORDER BY" in body(query)
    assert not re.search(r"\bLATERAL\b|oxigraph|NOW\(\)|RAND\(\)|UUID\(\)", body(query))


@pytest.mark.parametrize("query", QUESTIONS.values(), ids=list(QUESTIONS))
def test_answer_names_the_claims_it_rests_on(query: Query, graph: Graph) -> None:
    assert bool(cited_claims(graph.ask(query.name))) is (query.name not in ABOUT_THE_ONTOLOGY)


DATES = ("pg:date", "pg:begin", "pg:end", "pg:agreedEnd", "pg:dueDate", "dcterms:issued")


@pytest.mark.parametrize("path", sorted(find_content().ontology.rglob("*.rq")), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_no_stored_query_compares_dates_of_mixed_precision(path: Path) -> None:
    text = re.sub(r"\bSTR\(\?\w+\)", "text", body(read_query(path)))
    # Those that take part in a property path end in the same variable.
    for name in {found for date in DATES for found in re.findall(rf"{date}(?:\|[\w:]+)*\s+\?(\w+)", text)}:
        assert not re.search(rf"\?{name}\b\s*(?:[<>]|!?=)|(?:[<>]|!=|\s=)\s*\?{name}\b", text), f"?{name} is compared"
        assert not re.search(rf"\b(?:MIN|MAX|YEAR|MONTH|DAY)\(\?{name}\)", text), f"?{name} is computed with"
        assert not re.search(rf"ORDER BY[^{{}}]*\?{name}\b", text), f"?{name} is sorted by"


def test_every_class_and_property_of_the_ontology_is_used_by_a_question() -> None:
    # How the map is drawn, and what analyses make of stages and families, is no matter of questions: files of their own.
    text = (find_content().ontology / "partnergraph.ttl").read_text(encoding="utf-8")
    terms = set(re.findall(r"^(pg:\w+)\n {4}a owl:", text, re.MULTILINE))
    used = {name for query in QUESTIONS.values() for name in re.findall(r"pg:[\w-]+", body(query))}
    assert len(terms) > 250
    assert terms <= used


def test_questions_name_no_unknown_term(graph: Graph) -> None:
    used = {name for query in QUESTIONS.values() for name in re.findall(r"pg:[\w-]+", body(query))}
    known = {compact(term.value) for term in (quad.subject for quad in graph.store) if isinstance(term, ox.NamedNode)}
    assert used <= known


# Parameters


def two_values(graph: Graph, query: Query, name: str) -> tuple[list[str], dict[str, str]]:
    """Two values of a parameter that answers have where it is left open, and what the other parameters are left at."""
    kinds = {parameter.name: parameter.kind for parameter in query.parameters}
    if kinds[name] == "day":
        return ["2019-01-01", "2026-02-01"], {}
    # With the other parameters at their defaults there may be one value only.
    for others in ({}, {other: "*" for other in kinds if other != name and kinds[other] != "day"}):
        rows = graph.ask(query.name, **{name: "*"}, **others).mappings()
        found = dict.fromkeys(str(row[name].value) for row in rows if name in row)
        if len(found) > 1:
            break
    return [compact(iri) for iri in found][:2], others


# Between which releases is asked with both ends, of which there are two.
RELEASES = {("what-was-corrected", "from"), ("what-was-corrected", "until")}
PAIRS = [
    (query.name, parameter.name)
    for query in QUESTIONS.values()
    for parameter in query.parameters
    if (query.name, parameter.name) not in RELEASES
]


@pytest.mark.parametrize(("question", "parameter"), PAIRS)
def test_parameter_filters(question: str, parameter: str, graph: Graph) -> None:
    values, others = two_values(graph, QUESTIONS[question], parameter)
    assert len(values) == 2, "the content has no two values to tell apart"
    first, second = (graph.ask(question, **{parameter: value}, **others) for value in values)
    assert first.rows != second.rows
    for value, answer in zip(values, (first, second), strict=True):
        column = answer.columns.index(parameter)
        assert answer.rows or "day" in {p.kind for p in QUESTIONS[question].parameters}
        assert {compact(str(row[column].value)) for row in answer if row[column] is not None} <= {value}
        assert all(row[column] is not None for row in answer), "rows come without what was asked for"


def test_parameter_that_is_missing_or_unknown_is_explained(graph: Graph, tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="has no parameter 'investee'; it takes entity=OpenAI"):
        graph.ask("investments-in", investee="OpenAI")
    path = tmp_path / "needy.rq"
    path.write_text("#+ title: Who?\n#+ param who: entity -- who is meant\nSELECT ?who WHERE { ?who ?p ?o } ORDER BY ?who")
    with pytest.raises(ParameterError) as caught:
        graph.bind(read_query(path), {})
    assert str(caught.value) == ("needy: needs who=ENTITY; it takes\n  who: who is meant; an entity by any of its names; needed")


def test_parameter_must_stand_in_the_select(tmp_path: Path) -> None:
    path = tmp_path / "hidden.rq"
    path.write_text("#+ title: Who?\n#+ param who: entity -- who is meant\nSELECT ?other WHERE { ?who ?p ?other }")
    with pytest.raises(ContentError, match="must stand in the SELECT"):
        read_query(path)


def test_concepts_are_found_by_label_or_short_name(graph: Graph) -> None:
    assert graph.find_concept("backlog") == graph.find_concept("pg:measure-backlog") == f"{PG}measure-backlog"
    with pytest.raises(UnknownName, match="did you mean"):
        graph.find_concept("backlogs")


def test_label_of_several_concepts_is_of_the_scheme_that_the_parameter_is_called_after(graph: Graph) -> None:
    with pytest.raises(UnknownName, match="did you mean 'pg:measure-revenue' or 'pg:scope-revenue'"):
        graph.find_concept("revenue")
    assert graph.find_concept("revenue", "measure") == f"{PG}measure-revenue"
    assert graph.find_concept("revenue", "scope") == f"{PG}scope-revenue"
    assert graph.find_concept("pg:scope-revenue", "measure") == f"{PG}scope-revenue"
    assert graph.find_concept("backlog", "unit") == f"{PG}measure-backlog"
    assert graph.ask("figures", measure="Revenue").rows == graph.ask("figures", measure="pg:measure-revenue").rows


@pytest.mark.parametrize(("question", "parameter"), [("figures", "entity"), ("figures", "measure"), ("in-force-between", "until")])
def test_any_leaves_a_parameter_open(question: str, parameter: str, graph: Graph, ask: Run) -> None:
    assert graph.ask(question, **{parameter: "any"}).rows == graph.ask(question, **{parameter: "*"}).rows
    assert ask(question, f"{parameter}=any").stdout == ask(question, f"{parameter}=*").stdout


def test_any_may_be_the_name_of_an_entity(folder: Callable[[str], Path]) -> None:
    mine = partnergraph.load(folder('ent:any-bank a pg:Company ; rdfs:label "ANY" .'))
    [parameter] = QUESTIONS["investments-in"].parameters
    assert not mine.is_open(parameter, "any")
    assert mine.is_open(parameter, "*")
    assert mine.bind(QUESTIONS["investments-in"], {"entity": "any"}) == {"entity": ox.NamedNode(f"{PREFIXES['ent']}any-bank")}


# The claims an answer rests on


def without(content_store: ox.Store, graph: Graph, claim: ox.NamedNode) -> Graph:
    """The graph as it were if the claim had never been written."""
    gone: set[object] = {claim} | {quad.object for quad in content_store.quads_for_pattern(claim, ox.NamedNode(f"{PG}cites"), None)}
    store = ox.Store()
    store.extend([quad for quad in content_store if quad.subject not in gone and quad.object not in gone])
    derive(store, graph.content)
    add_ledger(store, graph.content)
    return Graph(Embedded(store), graph.content)


Said = tuple[list[tuple[str, ...]], set[str]]


def answers_and_claims(graph: Graph) -> dict[str, Said]:
    """What each answer says, with who contests the claims it rests on, and all claims that it names in doing so."""
    contests: dict[str, list[tuple[str, ...]]] = {}
    for row in graph.project("rivals"):
        claim, *rest = (str(term.value) for term in row if term is not None)
        contests.setdefault(claim, []).append((claim, *rest))
    said: dict[str, Said] = {}
    for name in QUESTIONS.keys() - ABOUT_THE_ONTOLOGY:
        answer = graph.ask(name)
        rows = [tuple(cell(column, term) for column, term in zip(answer.columns, row, strict=True)) for row in answer]
        claims = cited_claims(answer)
        disputes = [dispute for claim in claims for dispute in sorted(contests.get(claim, []))]
        said[name] = rows + disputes, {*claims, *(other for _, other, _ in disputes)}
    return said


def cell(column: str, term: object) -> str:
    """The text of a term; claims and parties side by side in a stable order, numbers to six places."""
    if term is None:
        return ""
    text = str(getattr(term, "value", term))
    if column in {"claims", "payers", "payees"}:
        return " ".join(sorted(set(text.split())))
    return f"{float(text):.6g}" if re.fullmatch(r"-?\d+(\.\d+)?(E[+-]?\d+)?", text) else text


@pytest.fixture(scope="module")
def content_store() -> ox.Store:
    """The shipped content as it is written, before any rule."""
    content = find_content()
    store = ox.Store()
    for path in [*content.vocabulary_files(), *content.data_files()]:
        store.load(path.read_bytes(), format=ox.RdfFormat.TURTLE)
    return store


def test_removing_a_claim_changes_exactly_the_questions_that_cite_it(graph: Graph, content_store: ox.Store) -> None:
    before = answers_and_claims(graph)
    every = sorted(set().union(*(claims for _, claims in before.values())))
    assert len(every) > 1000
    for claim in random.Random(7).sample(every, 3):  # noqa: S311
        node = ox.NamedNode(claim)
        reduced = without(content_store, graph, node)
        after = answers_and_claims(reduced)
        changed = {name for name in before if after[name][0] != before[name][0]}
        citing = {name for name, (_, claims) in before.items() if claim in claims}
        assert citing <= changed, claim
        # What a claim kept out, by being preferred, by showing it to be a mistake or by being there at all, comes in when it goes.
        overruling = ("pg:preferredOver", "pg:rejectedIn")
        keeps_out = {
            name for name, query in QUESTIONS.items() if name in BY_ABSENCE or any(word in query.text for word in overruling)
        }
        overrules = any(True for _ in graph.store.quads_for_pattern(node, ox.NamedNode(f"{PG}preferredOver"), None))
        assert changed - citing <= (keeps_out if overrules else BY_ABSENCE), claim


# Another engine


# What takes rdflib more than a minute with the shipped content is compared on the small one, and of whom there.
HEAVY = {"evidence": {"entity": "ent:giant"}, "term-grid": {"developer": "ent:lab", "partner": "ent:giant"}}


@pytest.mark.slow
@pytest.mark.parametrize("name", QUESTIONS)
def test_rdflib_gives_the_same_answer(name: str, graph: Graph) -> None:
    values: dict[str, object] = {**HEAVY.get(name, {})}
    if values:
        graph = partnergraph.load(TINY)
    answer = graph.ask(name, **values)
    assert answer.rows or not values
    bindings = {key: rdf_term(term) for key, term in graph.bind(QUESTIONS[name], values).items()}
    # Without use_store_provided=False the store under rdflib would answer, which is Oxigraph again.
    result = graph.rdflib.query(QUESTIONS[name].text, initBindings=bindings, use_store_provided=False)
    columns = [str(variable) for variable in result.vars or []]
    assert columns == list(answer.columns)
    theirs = [tuple(cell(column, rdf_text(row[number])) for number, column in enumerate(columns)) for row in result]  # type: ignore[index]
    ours = [tuple(cell(column, term) for column, term in zip(columns, row, strict=True)) for row in answer]
    # In the same order too: what is sorted by leaves no two rows to chance.
    assert theirs == ours


def rdf_text(term: object) -> str | None:
    # A literal of rdflib has a Python value as well, which is not how it is written.
    return None if term is None else str(term)


def rdf_term(term: object) -> rdflib.term.Identifier:
    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    assert isinstance(term, ox.Literal)
    return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value))


# The command


def test_ask_lists_every_question_in_one_line_by_group(ask: Run) -> None:
    lines = ask("--long").stdout.splitlines()
    for query in QUESTIONS.values():
        assert sum(line.startswith(f"  {query.name} ") and query.title in line for line in lines) == 1
    groups = [line for line in lines if re.match(r"\d+ ", line)]
    assert groups == sorted({query.group for query in QUESTIONS.values()}, key=lambda group: int(group.split()[0]))
    assert "Ask one: partnergraph ask investments-in entity=OpenAI" in lines[-1]


def test_ask_shows_groups_and_examples_that_are_understood(ask: Run) -> None:
    output = ask().stdout
    assert f"{len(QUESTIONS)} named questions" in output
    examples = re.findall(r"^  partnergraph ask (.*)", output, re.MULTILINE)
    assert len(examples) == 5
    for example in examples:
        assert ask(*example.split()).stdout


def test_ask_points_to_the_analyses_that_are_commands(ask: Run) -> None:
    assert set(ANALYSES) < set(HOMES)
    listed = ask("--long").stdout
    for name, (title, _) in ANALYSES.items():
        assert f"  {name} " in listed
        assert title in listed
        # A command may be called as a question is, too: then that one answers.
        if name not in QUESTIONS:
            assert f"it is a command: partnergraph {name} --help" in ask(name, code=1).stderr


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (("funds", "openai"), "investments-in"),
        (("who owns stakes",), "stakes"),
        (("antitrust",), "reviews"),
        (("backlog share",), "share-of-backlog"),
        (("launched",), "launches"),
        (("licensing",), "licences"),
        (("canceled deals",), "broken-legs"),
        (("who owns openai",), "stakes"),
    ],
)
def test_ask_answers_the_question_that_the_words_speak_of(words: tuple[str, ...], wanted: str, ask: Run) -> None:
    assert ask(*words).stdout.startswith(QUESTIONS[wanted].title)


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("single point of failure", "exposure"),
        ("what if CoreWeave goes bankrupt", "exposure CoreWeave"),
        ("connection between NVIDIA and ChatGPT", "path NVIDIA ChatGPT"),
        ("conflicting sources", "conflicts"),
        ("openai", "show OpenAI"),
    ],
)
def test_ask_runs_the_command_that_the_words_speak_of(words: str, wanted: str, ask: Run) -> None:
    assert ask(*words.split()).stderr == f"partnergraph: understood: {wanted}\n"


@pytest.mark.parametrize(
    ("words", "wanted"), [(("investment-in", "x=y"), "investments-in"), (("stakse", "owned=OpenAI"), "stakes")]
)
def test_a_misspelled_name_with_values_is_explained(words: tuple[str, ...], wanted: str, ask: Run) -> None:
    error = ask(*words, code=1).stderr
    assert error.startswith(f"partnergraph: no question named '{words[0]}'; the nearest are\n")
    assert f"  {wanted}  {QUESTIONS[wanted].title}\n" in error


@pytest.mark.parametrize("words", ["sued nobody", "openai " * 5000, "." * 100_000, "x" * 100_000, "", "'"])
def test_any_words_may_be_asked(words: str, graph: Graph) -> None:
    texts = {name: query.texts for name, query in QUESTIONS.items()}
    assert set(find_texts(words, texts, graph.names)) <= set(QUESTIONS)


def test_names_of_entities_say_nothing_about_the_question(graph: Graph) -> None:
    texts = {name: query.texts for name, query in QUESTIONS.items()}
    plain = find_texts("valuation of", texts)
    assert plain[0] == "valuations"
    for name in ("OpenAI", "Azure OpenAI", "meta platforms", "Microsoft's"):
        assert find_texts(f"valuation of {name}", texts, graph.names) == plain
    # A name made of words that titles have is a topic as well.
    assert "whose-compute" in find_texts("who buys cloud computing", texts, graph.names)


def test_ask_for_nothing_known_says_where_the_list_is(ask: Run) -> None:
    assert ask("zzz", code=1).stderr == "partnergraph: no question named 'zzz'; 'partnergraph ask' lists them\n"


def test_find_questions_prefers_names_to_descriptions() -> None:
    assert next(iter(find_questions("loans", QUESTIONS.values()))).name == "loans"
    assert find_questions("of the and", QUESTIONS.values()) == []


def test_ask_shows_the_sparql_with_its_parameters(ask: Run) -> None:
    text = ask("investments-in", "--show").stdout
    assert text == QUESTIONS["investments-in"].text
    assert "#+ param entity: entity = OpenAI -- who is funded" in text


def test_ask_prints_the_claims_alone(ask: Run, graph: Graph) -> None:
    lines = ask("stakes", "--claims").stdout.splitlines()
    assert lines == [compact(claim) for claim in cited_claims(graph.ask("stakes"))]
    assert all(line.startswith("claim:") for line in lines)


def test_answer_says_its_view_and_version(ask: Run, graph: Graph) -> None:
    output = ask("stakes", "--as-of", "2024-01-01").stdout
    assert f" · as of 2024-01-01 · content {graph.version}" in output


def test_raw_answer_has_short_names_and_every_row(ask: Run, graph: Graph) -> None:
    output = ask("stakes", "--raw", "--no-sources", "--long").stdout
    assert "claim:microsoft-openai-stake-27-percent" in output
    assert f"{len(graph.ask('stakes'))} rows" in output


def test_answers_hide_iris_and_say_what_was_asked(ask: Run) -> None:
    output = ask("stakes", "owned=Anthropic", "--no-sources").stdout
    assert "  owned = Anthropic\n" in output
    assert "https://" not in output
    assert "owned  " not in output.split("\n\n")[2]


# The questions as data


def test_questions_are_described_in_rdf(ask: Run) -> None:
    store = ox.Store()
    store.load(ask("--rdf").stdout.encode(), format=ox.RdfFormat.TURTLE)
    found = store.query(
        """SELECT ?question ?comment ?select WHERE {
          ?question a sh:SPARQLSelectExecutable, sh:SPARQLExecutable ; rdfs:comment ?comment ; sh:select ?select ; schema:keywords ?word
        }""",
        prefixes=PREFIXES,
    )
    rows = {row["question"].value.removeprefix(QUESTION): (row["comment"].value, row["select"].value) for row in found}  # type: ignore[union-attr, index]
    assert rows == {name: (query.title, query.text) for name, query in QUESTIONS.items()}


def test_description_has_parameters(ask: Run) -> None:
    text = ask("stakes", "--rdf").stdout
    assert text == describe([QUESTIONS["stakes"]])
    graph = rdflib.Graph().parse(data=text)
    shacl = rdflib.Namespace(PREFIXES["sh"])
    node = graph.value(rdflib.URIRef(QUESTION + "stakes"), shacl.parameter)
    assert graph.value(node, shacl.path) == rdflib.URIRef(PARAMETER + "owned")
    assert graph.value(node, shacl.defaultValue) == rdflib.Literal("OpenAI")


# Tables


def test_condensed_sheet_has_one_row_a_claim() -> None:
    sheet = Sheet(
        ["who", "what", "none", "claim"], [["a", "x", "", "[1]"], ["b", "x", "", "[1]"], ["c", "y", "", "[2]"]], [], ["1", "1", "2"]
    )
    assert condensed(sheet).cells == [["a, b", "x", "[1]"], ["c", "y", "[2]"]]
    assert condensed(sheet, ["what"]).headings == ["who", "claim"]
    assert condensed(sheet, ["claim"]).cells == [["a", "x"], ["b", "x"], ["c", "y"]]


def test_table_puts_long_texts_below_and_cuts_nothing() -> None:
    words = "a sentence that is far too long for a column of a narrow table, but must be read to its end"
    text = table(Sheet(["name", "statement", "when", "claim"], [["one", words, "2024", "[1]"], ["two", "", "", "[2]"]]), 40)
    assert text.splitlines()[0] == "name  when  claim"
    assert " ".join(text.split()).count(words) == 1
    assert max(map(len, text.splitlines())) <= 40


def test_table_breaks_a_word_only_if_it_must() -> None:
    text = table(Sheet(["a", "b"], [["Bundeskartellamt", "x " * 30]]), 40)
    assert "Bundeskartellamt" in text


# The words of the ontology


def test_vocabulary_lists_every_term_with_its_definition(run: Run, graph: Graph) -> None:
    terms = {term.name: term for term in find_terms(graph)}
    stated = graph.query(
        "SELECT DISTINCT ?term WHERE { ?term rdfs:label ?label ; skos:definition ?d . FILTER (STRSTARTS(STR(?term), STR(pg:))) "
        "FILTER NOT EXISTS { ?term a skos:ConceptScheme } }"
    )
    assert set(terms) == {compact(str(row["term"].value)) for row in stated.mappings()}
    assert terms["pg:Investment"].goes == "pg:investor → pg:investee"
    assert terms["pg:Investment"].count == len(graph.query("SELECT ?x WHERE { ?x a pg:Investment }"))
    output = run("vocabulary", "--long").stdout
    assert "Classes of claims\n" in output
    assert f"  pg:investee  {terms['pg:investee'].count}: Who receives the investment.\n" in output


def test_vocabulary_finds_terms_by_text(run: Run, graph: Graph) -> None:
    assert next(term.name for term in find_terms(graph, "Investment")) == "pg:Investment"
    assert "pg:FirstRefusal" in run("vocabulary", "refusal").stdout
    assert "no term named 'investmint'; did you mean" in run("vocabulary", "investmint", code=1).stderr


def test_a_term_is_no_wider_than_asked(graph: Graph) -> None:
    assert max(len(line) for term in find_terms(graph) for line in term_lines(term, 80).splitlines()) <= 80
