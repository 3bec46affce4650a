"""What people type in plain words, and what it is taken for."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import Result

import partnergraph
import renew
from partnergraph.content.phrases import Phrasebook, read_phrase
from partnergraph.content.phrasings import PHRASES
from partnergraph.reading.idioms import plainly
from partnergraph.reading.understanding import COMMANDS, Reading, understand
from partnergraph.reading.whens import WHEN, read_when
from partnergraph.reading.wishes import wish_in

Run = Callable[..., Result]
CASES = json.loads((Path(__file__).parent / "cases" / "phrasings.json").read_text(encoding="utf-8"))["cases"]
# The share of the table that is understood; what is not is asked back or taken for something near.
LEAST_SHARE = 0.95


def fits(graph: partnergraph.Graph, reading: Reading, wanted: list[list[object]]) -> bool:
    """Whether the reading is one of those that answer the sentence, with the values that it must have."""
    held = {**reading.values, **reading.view}
    for target, *rest in wanted:
        values: dict[str, str] = rest[0] if rest else {}  # type: ignore[assignment]
        met = (
            any(same(graph, held.get(place, ""), value) for place in (held if name == "named" else [name]))
            or any(same(graph, one, value) for one in reading.naming)
            for name, value in values.items()
        )
        if reading.target == target and all(met):
            return True
    return False


# ``named`` stands for whichever place: what is meant is named somewhere.
def same(graph: partnergraph.Graph, held: str, wanted: str) -> bool:
    return held == wanted or bool(held and graph.names.called(held) and graph.names.called(held) == graph.names.called(wanted))


@pytest.fixture(scope="module")
def understood(graph: partnergraph.Graph) -> dict[str, list[Reading]]:
    return {text: understand(graph, text) for text, _ in CASES}


def test_the_table_is_understood(graph: partnergraph.Graph, understood: dict[str, list[Reading]]) -> None:
    assert len(CASES) >= 200
    missed = [text for text, wanted in CASES if len(understood[text]) != 1 or not fits(graph, understood[text][0], wanted)]
    share = 1 - len(missed) / len(CASES)
    assert share >= LEAST_SHARE, f"{share:.0%} understood; not: {missed}"


def test_hardly_anything_is_not_understood_at_all(understood: dict[str, list[Reading]]) -> None:
    assert [text for text, readings in understood.items() if not readings] == []


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("who funds anthropic", "partnergraph ask investments-in entity=Anthropic"),
        (
            "is azure exclusive for openai on 2024-06-01",
            "partnergraph ask exclusive-on-a-day grantor=OpenAI holder=any day=2024-06-01",
        ),
        (
            "what did microsoft pay openai by 2025",
            "partnergraph ask total-invested investor=Microsoft investee=OpenAI --as-of 2025-12-31",
        ),
        (
            "What did Microsoft pay OpenAI by 30 September 2025?",
            "partnergraph ask total-invested investor=Microsoft investee=OpenAI --as-of 2025-09-30",
        ),
        ("who owned openai in march 2024", "partnergraph ask stakes owned=OpenAI"),
        ("who owns openai as of 2024-03-01", "partnergraph ask stakes owned=OpenAI --as-of 2024-03-01"),
        (
            "what changed for openai between 2025-01-01 and 2025-06-30",
            "partnergraph ask in-force-between entity=OpenAI from=2025-01-01 until=2025-06-30",
        ),
        ("antropic funding rounds", "partnergraph ask funding-rounds raiser=Anthropic"),
        ("what would happen to oracle if openai defaulted", "partnergraph exposure OpenAI --who Oracle"),
        ("what if anthropic goes under", "partnergraph exposure Anthropic"),
        ("Which OpenAI model is inside GitHub Copilot?", 'partnergraph ask model-behind-a-product product="GitHub Copilot"'),
        (
            "how much did amazon invest in anthropic before 2024",
            "partnergraph ask total-invested investor=Amazon investee=Anthropic --as-of 2023-12-31",
        ),
        (
            "what happened to openai in the last quarter of 2025",
            "partnergraph ask in-force-between entity=OpenAI from=2025-10-01 until=2025-12-31",
        ),
        (
            "what was new about openai in h2 2025",
            "partnergraph ask in-force-between entity=OpenAI from=2025-07-01 until=2025-12-31",
        ),
        (
            "what was known about openai on 1 February 2023",
            "partnergraph ask known-by entity=OpenAI from=1900-01-01 until=2023-02-01",
        ),
        ("is anthropic planning to go public", "partnergraph ask listings issuer=Anthropic"),
        ("did the new york times take openai to court", "partnergraph ask lawsuits defendant=OpenAI"),
        ("what is coreweave and who are its main customers", "partnergraph ask supplies-and-leases supplier=CoreWeave"),
        ("how concentrated is the market for AI chips", "partnergraph concentration chips"),
        ("How concentrated is Anthropic's cloud supply?", "partnergraph concentration clouds --customer Anthropic"),
        ("how concentrated is the HBM market", 'partnergraph concentration "High-bandwidth memory"'),
        ("how concentrated is the memory market", 'partnergraph concentration "High-bandwidth memory"'),
        ("HHI of AI assistants", 'partnergraph concentration "AI assistants"'),
        ("how concentrated is the market for data centers", "partnergraph concentration sites"),
        ("is Nvidia a monopoly in AI chips", "partnergraph concentration chips"),
        ("how concentrated is AI compute", "partnergraph concentration compute"),
        ("where is Stargate being built", "partnergraph ask sites who=Stargate site=any"),
        ("Which data centres does Meta operate?", "partnergraph ask sites who=Meta site=any"),
        ("what did nvidia promise openai", "partnergraph ask total-invested investor=NVIDIA investee=OpenAI"),
        ("Which of Oracle's deals depend on OpenAI?", "partnergraph ask supplies-and-leases supplier=Oracle"),
        (
            "Which partnerships ended in 2025?",
            "partnergraph ask in-force-between entity=any from=2025-01-01 until=2025-12-31",
        ),
        ("Who is behind DeepSeek?", "partnergraph show DeepSeek"),
        ("Does Nvidia own a piece of CoreWeave?", "partnergraph ask stakes owned=CoreWeave"),
        ("Is xAI part of SpaceX?", "partnergraph ask stakes owned=xAI"),
        ("What is the evidence that Microsoft holds 27 percent of OpenAI?", "partnergraph ask stakes owned=OpenAI"),
        ("Which chips does TSMC make and for whom?", "partnergraph ask chip-designers"),
        ("Is Nvidia's 100 billion for OpenAI binding?", "partnergraph ask total-invested investor=NVIDIA investee=OpenAI"),
        ("Does Reddit sell its data to Google and for how much?", "partnergraph ask content-licences holder=Google"),
        ("Who are the five biggest investors in OpenAI?", "partnergraph ask largest-investors investee=OpenAI"),
        ("Which AI companies share directors?", "partnergraph ask positions-in-two-houses"),
        ("openai", "partnergraph show OpenAI"),
        ("openai revenue", "partnergraph ask figures entity=OpenAI measure=pg:measure-revenue"),
    ],
)
def test_a_sentence_is_a_command(text: str, command: str, graph: partnergraph.Graph) -> None:
    assert understand(graph, text)[0].command == command


@pytest.mark.parametrize(
    ("text", "plain", "wish"),
    [
        ("Give me all investments in Mistral as a spreadsheet", "Give me all investments in Mistral", "sheet"),
        ("export all loans of CoreWeave to Excel", "all loans of CoreWeave", "sheet"),
        ("lawsuits against OpenAI as csv", "lawsuits against OpenAI", "sheet"),
        ("csv of OpenAI's cloud contracts", "OpenAI's cloud contracts", "sheet"),
        ("how do I cite that Google owns 14 % of Anthropic", "Google owns 14 % of Anthropic", "cite"),
        ("who funds xAI, with citations", "who funds xAI", "cite"),
        ("export controls on H200", "export controls on H200", ""),
        ("who licenses Excel", "who licenses Excel", ""),
        ("citations", "citations", ""),
    ],
)
def test_the_form_that_is_wanted_is_no_part_of_the_question(text: str, plain: str, wish: str) -> None:
    assert wish_in(text) == (plain, wish)


def test_citations_to_print_are_those_of_the_claims(ask: Run) -> None:
    shown = ask("how do I cite that Google owns 14 % of Anthropic").stdout
    assert "https://w3id.org/partnergraph/claim/google-anthropic-14-percent\n" in shown
    assert "resting on\n  1. " in shown
    sheet = ask("all loans of CoreWeave as a spreadsheet").stdout
    assert "partnergraph ask 'all loans of CoreWeave as a spreadsheet' -o answer.xlsx" in " ".join(sheet.split())


def test_what_is_asked_besides_stands_in_the_columns(graph: partnergraph.Graph) -> None:
    (alone,) = understand(graph, "Which authorities have reviewed the Microsoft-OpenAI partnership?")
    (both,) = understand(graph, "Which authorities have reviewed the Microsoft-OpenAI partnership and with what result?")
    assert both == alone
    assert plainly("who funds openai and how much does microsoft own") == "who funds openai and how much does microsoft own"


@pytest.mark.parametrize(
    ("text", "told", "claim"),
    [
        ("Which banks financed the Abilene site?", "3 of 18 rows say lends for it", "abilene-loan-7-1b-2025"),
        (
            "Which deals give Microsoft a right of first refusal?",
            "1 of 21 rows say right of first refusal",
            "microsoft-first-refusal-right-2025",
        ),
        ("Which board seats or observer seats has Microsoft held?", "rows say board right", "microsoft-openai-board-observer-2023"),
        ("Is the Nvidia-OpenAI letter of intent still alive?", "say intended", "nvidia-openai-letter-of-intent-2025"),
    ],
)
def test_roles_rights_and_stages_narrow_the_rows(text: str, told: str, claim: str, ask: Run) -> None:
    output = ask(text).stdout
    assert told in output
    assert f"claim:{claim}" in output


def test_memory_and_ends_narrow_the_rows(ask: Run) -> None:
    memory = ask("Who makes the memory for Nvidia's GPUs?").stdout
    assert "9 of 12 rows say HBM or DRAM or NAND: these are shown." in memory
    assert "Lumentum" not in memory
    ended = ask("which contracts ended in 2026", "--long").stdout
    assert "  began  " not in ended.partition("\n[1] ")[0].partition("change")[2]


def test_a_second_question_within_a_sentence_is_named(ask: Run) -> None:
    output = ask("What is Anthropic's annual revenue and what does it spend on cloud?").stdout
    assert "rows of revenue run rate or revenue" in output
    assert "Asked besides, and another question: partnergraph ask 'what does Anthropic spend on cloud?'" in " ".join(output.split())
    assert "Asked besides" not in ask("who funds anthropic and how much is still to come").stdout


def test_several_are_called_as_one_is(graph: partnergraph.Graph) -> None:
    assert understand(graph, "who uses TPUs")[0].naming == ("TPU",)


def test_a_rank_is_by_size(graph: partnergraph.Graph) -> None:
    assert understand(graph, "Rank OpenAI's compute commitments by size")[0].largest
    assert not understand(graph, "OpenAI's compute commitments")[0].largest


def test_no_other_chip_answers_for_one_that_is_not_here(ask: Run) -> None:
    output = ask("Which export rules apply to Nvidia's H20?").stdout
    assert "Nothing here is called H20, and no row speaks of it" in output
    assert "H200" not in output


def test_what_ended_a_deal_is_said_with_it(ask: Run) -> None:
    output = " ".join(ask("Did Meta buy Manus?").stdout.split())
    assert "Ended: The National Development and Reform Commission of China ordered Meta to undo its purchase of Manus." in output
    assert "claim:china-orders-meta-manus-unwind-2026" in output


def test_what_no_day_is_known_of_happened_between_two_all_the_same(ask: Run) -> None:
    assert "claim:meta-manus-acquisition" in ask("events-between-two", "one=Meta", "other=Manus").stdout


def test_what_is_not_sure_is_answered_where_one_reading_alone_has_an_answer(ask: Run) -> None:
    output = ask("Has Getty Images sued anybody such as Stability AI over its pictures?").stdout
    assert "claim:getty-v-stability-uk" in output


def test_what_somebody_would_lose_with_another_is_what_of_his_depends_on_it(ask: Run) -> None:
    output = " ".join(ask("What happens to CoreWeave if OpenAI cannot pay?").stdout.split())
    assert "What would CoreWeave lose with OpenAI?" in output
    assert "The two have: OpenAI added $4 billion to its CoreWeave contracts in May 2025." in output
    assert "Anysphere" in ask("What would Cursor lose without OpenAI?").stdout


def test_who_holds_a_position_in_two_houses(ask: Run) -> None:
    output = ask("who sits on the boards of both OpenAI and Microsoft?").stdout
    assert "claim:templeton-board-observer-2024" in output
    assert (
        "one after the other"
        not in ask("Which AI companies share directors?", "--long").stdout.partition("\n[1] ")[0].partition("claim\n")[2]
    )


def test_a_sum_of_all_is_not_told_as_one_of_the_rows_shown(ask: Run) -> None:
    assert "In all, beyond what is shown: OpenAI (financing): paid at least" in " ".join(
        ask("What has Elon Musk given to OpenAI?").stdout.split()
    )
    assert "In all, beyond" not in ask("who funds openai").stdout
    assert "In all, beyond" not in ask("largest investors in openai").stdout


def test_what_happened_between_two_is_not_sought_in_vain_first(ask: Run) -> None:
    assert "No row of events-between-two" not in ask("Show me everything that happened between Nvidia and Anthropic").stdout


def test_a_fee_is_told_where_there_is_no_sum(ask: Run) -> None:
    output = " ".join(ask("How much does Apple pay Google for Gemini?").stdout.split())
    assert "Apple would pay Google roughly $1 billion a year for the Gemini model behind Siri." in output


def test_what_was_read_into_a_sentence_is_said(graph: partnergraph.Graph) -> None:
    (reading,) = understand(graph, "antropic funding rounds in 2025")
    assert reading.words == (
        "understood: funding-rounds raiser=Anthropic (rows from 2025-01-01 to 2025-12-31; read antropic as Anthropic)"
    )
    assert "rows that name Microsoft" in understand(graph, "how much of openai does microsoft own")[0].words


def test_words_of_every_day_are_no_names(graph: partnergraph.Graph) -> None:
    (reading,) = understand(graph, "which money depends on conditions at the time")
    assert reading.naming == ()


def test_names_that_are_not_wanted_narrow_the_rows(ask: Run, graph: partnergraph.Graph) -> None:
    (reading,) = understand(graph, "who makes chips for openai besides nvidia")
    assert (reading.target, reading.without, reading.naming) == ("chip-designers", ("NVIDIA",), ())
    output = ask("who has invested in openai other than microsoft").stdout
    assert "rows do not name Microsoft: these are shown." in output
    assert "\nMicrosoft " not in output


def test_several_names_narrow_together(ask: Run) -> None:
    output = ask("what did the cma decide about microsoft and openai").stdout
    assert "rows name UK Competition and Markets Authority" in output or "and UK Competition and Markets Authority" in output
    assert "Bundeskartellamt" not in output


def test_a_word_of_a_family_of_measures_narrows_the_figures(ask: Run) -> None:
    output = ask("how much money did openai lose in 2025").stdout
    assert "are of net loss or operating loss" in output
    assert "\nrevenue " not in output


@pytest.mark.parametrize("text", ["who works with Foobarium", "who funds foobarium", "are there export restrictions for H20"])
def test_a_name_that_nothing_has_is_said_to_be_none(text: str, ask: Run) -> None:
    shown = ask(text).stdout
    assert f"Nothing here is called {text.rsplit(maxsplit=1)[-1]}" in shown


def test_words_of_questions_are_no_strange_names(graph: partnergraph.Graph) -> None:
    for text in ("which claims did the editors reject", "who funds Anthropic", "Which Deals Were Cancelled"):
        assert understand(graph, text)[0].strange == ()


def test_a_place_is_known_by_the_beginning_of_its_name(graph: partnergraph.Graph) -> None:
    (reading,) = understand(graph, "did Microsoft restart Three Mile Island")
    assert (reading.target, reading.values["plant"]) == ("power-plants", "Crane Clean Energy Center")


def test_who_owns_is_answered_in_the_first_sentence(ask: Run) -> None:
    shown = " ".join(ask("who owns OpenAI").stdout.split())
    assert "Now, by the newest claim of each holder: " in shown
    assert "Microsoft about 27% (as converted, diluted, 2025-10-28)" in shown
    assert "32.5%" not in shown.split(" claims,")[0]


def test_that_nothing_was_exclusive_is_an_answer(ask: Run) -> None:
    # The last exclusivity ended on 27 April 2026.
    output = ask("is microsoft still openai's only cloud provider").stdout
    assert "\nNo: no claim has OpenAI bound to Microsoft exclusively on " in output


def test_what_does_not_name_whom_one_asks_about_is_no_yes(ask: Run) -> None:
    shown = ask("is Azure still exclusive for OpenAI").stdout
    assert "No: nothing of it names Azure" in shown
    assert "Yes: " not in shown


def test_a_time_is_looked_for_in_every_column(ask: Run) -> None:
    shown = ask("what changed in the Microsoft OpenAI deal in October 2025").stdout
    assert "rows are of that time." in shown
    assert "2019-07-22" not in shown.partition("claims:")[2].partition("[1] claim:")[0]


def test_releases_are_no_years(graph: partnergraph.Graph) -> None:
    (reading,) = understand(graph, "what was corrected between 2026.11.0 and 2026.11.1 and why")
    assert (reading.values["from"], reading.values["until"], reading.span) == ("2026.11.0", "2026.11.1", None)


def test_what_is_understood_badly_is_said_to_be_or_asked_back(graph: partnergraph.Graph) -> None:
    unsure = Reading("stakes", 0.45, {"owned": "OpenAI"}, instead=("partnergraph ask who-controls",))
    assert unsure.words == "understood: stakes owned=OpenAI; not surely: it may be partnergraph ask who-controls"
    assert len(understand(graph, "openai rather enjoys chrome")) > 1
    (reading,) = understand(graph, "who funds anthropic")
    assert "surely" not in reading.words


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("in early 2025", ("in", "2025-01-01", "2025-04-30")),
        ("in late 2025", ("in", "2025-09-01", "2025-12-31")),
        ("by the end of March 2025", ("by", "2025-03-31", "2025-03-31")),
        ("after 2026", ("since", "2027-01-01", "2027-01-01")),
        ("before March 2024", ("until", "2024-02-29", "2024-02-29")),
        ("in the second half of 2025", ("in", "2025-07-01", "2025-12-31")),
        ("during the third quarter of 2025", ("during", "2025-07-01", "2025-09-30")),
        ("last year", ("", "2025-01-01", "2025-12-31")),
        ("in the last month", ("in", "2026-02-01", "2026-02-28")),
        ("this quarter", ("", "2026-01-01", "2026-03-31")),
        ("yesterday", ("", "2026-02-28", "2026-02-28")),
        ("on 3 June 2024", ("on", "2024-06-03", "2024-06-03")),
        ("31 February 2024", None),
        ("the 3rd half of 2024", None),
        ("0000-00-00", None),
    ],
)
def test_dates_in_words(text: str, when: tuple[str, str, str] | None) -> None:
    match = WHEN.search(text)
    read = read_when(match, datetime.date(2026, 3, 1)) if match else None
    assert (read and (read.lead, read.first, read.last)) == when


def test_every_question_has_phrases_whose_places_it_knows(graph: partnergraph.Graph) -> None:
    for query in graph.questions.values():
        for text in filter(None, query.header.get("phrases", "").split("|")):
            assert read_phrase(query.name, text).words, text
    assert {phrase.target for phrase in Phrasebook(graph.questions.values()).phrases} == set(graph.questions) | COMMANDS
    assert set(PHRASES) <= COMMANDS


@pytest.fixture
def ask(graph: partnergraph.Graph, run: Run) -> Iterator[Run]:
    with renew.asked_of(graph):
        yield lambda *words, code=0: run("ask", *words, code=code)


def test_ask_says_what_it_understood_and_answers(ask: Run) -> None:
    output = ask("what", "did", "microsoft", "pay", "openai", "by", "2025").stdout
    assert "  understood: total-invested investor=Microsoft investee=OpenAI --as-of 2025-12-31\n" in output
    assert "as of 2025-12-31 · content" in output


def test_ask_asks_back_where_it_is_not_sure(ask: Run, graph: partnergraph.Graph) -> None:
    near = "openai rather enjoys chrome"
    assert len(understand(graph, near)) > 1
    message = ask(*near.split(), code=1).stderr
    assert "may mean several things; ask one of these" in message
    assert message.count("\n  partnergraph ") == len(understand(graph, near))


def test_ask_runs_the_command_that_a_sentence_means(ask: Run) -> None:
    result = ask("what happens if azure goes down")
    assert result.stderr == "partnergraph: understood: exposure Azure\n"
    assert result.stdout.startswith("What breaks within 3 steps if Azure is gone?\n")


def test_rows_that_name_somebody_are_shown_alone(ask: Run) -> None:
    output = ask("how much of openai does microsoft own").stdout
    assert "rows name Microsoft: these are shown." in output
    assert "SoftBank" not in output


def test_a_name_in_the_wrong_place_is_looked_for_in_the_others(ask: Run) -> None:
    # Microsoft has the right of first refusal, it did not grant it.
    assert "rows name Microsoft" in ask("right of first refusal microsoft").stdout


def test_hostile_words_are_words(ask: Run) -> None:
    for text in (
        "\x1b[31mwho funds \u202eopenai",
        "who funds openai'; DROP",
        "{entity} {x}",
        "2024-99-99 who funds openai",
        "q9 2024",
        "=" * 50,
    ):
        result = ask(text, code=1) if "openai" not in text else ask(text)
        assert "\x1b" not in result.output
