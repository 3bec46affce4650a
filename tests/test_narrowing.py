"""Which rows a sentence wants, and what it is told where there are none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from typer.testing import Result

import partnergraph
import renew
from partnergraph.reading.asked import Reading
from partnergraph.reading.kinds import largest_in
from partnergraph.reading.placing import releases
from partnergraph.reading.profile import profile
from partnergraph.reading.understanding import nearest, understand

Run = Callable[..., Result]


@pytest.fixture
def ask(graph: partnergraph.Graph, run: Run) -> Iterator[Callable[[str], str]]:
    with renew.asked_of(graph):
        yield lambda text: " ".join(run("ask", text).stdout.split())


def read(graph: partnergraph.Graph, text: str) -> Reading:
    (reading,) = understand(graph, text)
    return reading


# Names


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("did apple invest in anthropic", {"investor": "Apple", "investee": "Anthropic"}),
        ("who funds opneai", {"entity": "OpenAI"}),
        ("how are OpenAI-Microsoft related", {"one": "OpenAI", "other": "Microsoft"}),
        ("which chips are banned for china", {"destination": "China"}),
    ],
)
def test_a_name_is_read_however_it_is_typed(text: str, values: dict[str, str], graph: partnergraph.Graph) -> None:
    assert read(graph, text).values.items() >= values.items()


@pytest.mark.parametrize(
    ("text", "no_name"),
    [
        ("data centers in texas", "Anthropic data centres in Texas"),
        ("which reactors power Microsoft's data centres", "Microsoft data centres in the United Arab Emirates"),
        ("which of Microsoft's AI investments were paid in cash", "Microsoft AI"),
        ("Chinese rules on Nvidia chips", "Chinese state AI fund"),
        ("news about anthropic since september 2026", "News Corp"),
    ],
)
def test_words_are_no_part_of_a_longer_name(text: str, no_name: str, graph: partnergraph.Graph) -> None:
    for reading in understand(graph, text):
        assert no_name not in (*reading.values.values(), *reading.naming)


def test_only_a_country_is_a_destination(graph: partnergraph.Graph) -> None:
    reading = read(graph, "export controls nvidia china")
    assert (reading.values["destination"], reading.naming) == ("China", ("NVIDIA",))


# Nothing that names them


def test_two_that_no_row_names_are_told_what_happened_between_them(ask: Callable[[str], str]) -> None:
    shown = ask("did apple ever invest in openai")
    assert "understood: events-between-two one=Apple other=OpenAI" in shown
    assert "No row of total-invested names Apple and OpenAI; this is what happened between them." in shown


def test_rows_about_others_are_no_answer(ask: Callable[[str], str]) -> None:
    shown = ask("Helion lawsuits")
    assert "Nothing found: no claim fits defendant Helion." in shown
    assert "next: partnergraph ask " in shown
    shown = ask("who gets power from Talen")
    assert re.search(
        r"Nothing here is called Talen, and no row speaks of it; its \d+ rows: partnergraph ask energy-supplies\.", shown
    )
    assert "0 rows ·" in shown


def test_a_near_question_whose_rows_name_all_is_taken(ask: Callable[[str], str]) -> None:
    # A model that is replaced has no person in its place, and no product switched away from what Siri still uses.
    shown = ask("did Apple drop ChatGPT from Siri")
    assert "understood: model-behind-a-product product=Siri" in shown
    assert "rows name Apple and ChatGPT: these are shown." in shown


def test_what_was_not_so_on_a_day_is_told_of_any_time(ask: Callable[[str], str]) -> None:
    shown = ask("MSFT stake in openai before June 2024")
    assert "None as of 2024-05-31; this is of any time." in shown
    assert "Microsoft about 27%" in shown


def test_a_unit_stands_for_nothing_but_its_house(ask: Callable[[str], str]) -> None:
    shown = ask("since when does openai use oracle cloud infrastructure")
    assert "Of Oracle Cloud Infrastructure itself there is none; this is of its house, Oracle." in shown
    assert "2024-06 Oracle" in shown


def test_rows_of_several_claims_name_whom_these_name(ask: Callable[[str], str]) -> None:
    shown = ask("disputed claims about Microsoft and OpenAI")
    assert "understood: disputes-about entity=Microsoft (rows that name OpenAI)" in shown
    assert "rows name OpenAI: these are shown." in shown
    # Of a sum the rows themselves name who gave it, though a claim of it may name others.
    assert re.search(r"\b1 of \d+ rows name Amazon", ask("is amazon the largest investor in openai"))


# Words that no question is asked with


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Getty lawsuits", "rows speak of getty"),
        ("UK regulator on microsoft", "rows speak of uk"),
        ("what happened in the Bartz case", "rows speak of Bartz"),
        ("who runs the data center in Mount Pleasant", "rows speak of Mount Pleasant"),
        ("andy jassy statements about openai", "No row speaks of jassy; this is without it."),
        ("is Thinking Machines funded by nvidia", "rows speak of Thinking Machines"),
    ],
)
def test_a_strange_word_narrows_or_is_said_to_be_nowhere(text: str, told: str, ask: Callable[[str], str]) -> None:
    assert told in ask(text)


def test_an_amount_without_a_name_is_looked_for(graph: partnergraph.Graph) -> None:
    assert read(graph, "sources for the 13 billion").command == 'partnergraph find "13 billion"'


def test_a_number_is_found_as_a_number(graph: partnergraph.Graph, run: Run) -> None:
    with renew.asked_of(graph):
        found = run("find", "13", "billion", "--long").stdout
    assert "$13 billion" in found
    assert "1.3 billion" not in found


# Kinds, sizes, times


def test_a_word_for_a_kind_narrows_its_column(ask: Callable[[str], str]) -> None:
    left = ask("who left openai in 2024")
    assert "rows say left: these are shown." in left
    assert " appointed " not in left.partition("claims,")[2].partition("[1] claim:")[0]
    assert "rows say nuclear: these are shown." in ask("nuclear power deals")


def test_who_is_in_office_stands_before_who_was(ask: Callable[[str], str]) -> None:
    shown = ask("who sits on the openai board")
    assert "rows say director: these are shown." in shown
    assert shown.index("Adebayo Ogunlesi") < shown.index("more rows of")
    assert "Reid Hoffman" not in shown.partition("[1] claim:")[0]


def test_so_many_rows_as_are_asked_for(ask: Callable[[str], str]) -> None:
    shown = ask("top 5 investors in openai")
    assert "The first 5 of " in shown
    assert "more rows" not in shown
    assert "5 rows ·" in shown
    assert largest_in("who are the largest investors") == (True, 0)
    assert largest_in("how big is the deal") == (False, 0)


def test_the_largest_come_first_in_the_commonest_currency(ask: Callable[[str], str]) -> None:
    rows = ask("three biggest loans to softbank").partition("claim ─")[2]
    assert rows.index("40 billion") < rows.index("11.87 billion")


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("what changed in october 2025", "partnergraph diff 2025-10-01 2025-10-31"),
        ("openai timeline 2025", "partnergraph ask in-force-between entity=OpenAI from=2025-01-01 until=2025-12-31"),
        ("which predictions are due by 2099", "partnergraph ask predictions about=any"),
    ],
)
def test_a_time_is_never_dropped_in_silence(text: str, command: str, graph: partnergraph.Graph) -> None:
    reading = read(graph, text)
    assert reading.command.startswith(command.removesuffix(" about=any"))
    if "2099" in text:
        assert reading.span == ("1900-01-01", "2099-12-31")


def test_either_of_two_is_enough_where_or_is_said(graph: partnergraph.Graph) -> None:
    reading = read(graph, "which products added Claude or Gemini")
    assert (reading.either, "rows that name Claude or Gemini" in reading.words) == (("Claude", "Gemini"), True)


# Releases and shares


def test_corrections_since_the_newest_release_are_told_by_cause(graph: partnergraph.Graph, ask: Callable[[str], str]) -> None:
    *_, before, newest = releases(graph)
    shown = ask("what was corrected since the last release")
    if f"from={newest} until=now" not in shown:
        # On the day of a release nothing has changed since.
        assert f"from={before} until={newest}" in shown
        assert f"Since {newest}, the newest release, nothing was changed; this was in it, since {before}." in shown
    assert re.search(r" Claims by cause: [a-z ]+ \([\d,]+\)", shown)
    assert "Claims by reason: " in shown
    between = ask("between two releases what was corrected and why")
    assert "Claims by cause: correction (" in between


def test_what_makes_up_the_whole_leaves_nothing_beside_it(ask: Callable[[str], str]) -> None:
    # 47, about 27 and 26 per cent are of one day.
    assert "Those of 2025-10-28 make up the whole: what SoftBank has is a part of theirs, or came later." in ask("who owns openai")
    assert "make up the whole" not in ask("who owns anthropic")


def test_many_who_are_bound_are_no_subject(ask: Callable[[str], str]) -> None:
    assert re.search(r"On \S+ \d+ exclusive rights were in force; who is bound: ", ask("exclusive deals in force today"))


def test_bad_readings_are_asked_back_and_good_ones_are_not() -> None:
    bad, worse, good = Reading("a", 0.35), Reading("b", 0.31), Reading("c", 0.9)
    assert nearest([bad, worse]) == [bad, worse]
    assert nearest([good, bad]) == [good]
    assert nearest([]) == []


def test_a_card_has_the_owners_of_now(graph: partnergraph.Graph, run: Run) -> None:
    with renew.asked_of(graph):
        shown = " ".join(run("show", "OpenAI").stdout.split())
    # 32.5 per cent ended with the recapitalisation, and 49 depended on what never came.
    assert (
        "owned by: OpenAI employees and other investors (47%), Microsoft (about 27%), OpenAI Foundation (26%) and SoftBank" in shown
    )
    short = profile(graph, graph.find_entity("OpenAI"), None).text(80, 20)
    assert re.search(r"With --long also: contested \([\d,]+\)\.", short)
