"""Pictures of a map without a browser, stories told on it, and the ledger of every day that travels with it."""

from __future__ import annotations

import math
import re
import shutil
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from typer.testing import Result

import partnergraph
from partnergraph import Graph
from partnergraph.base.errors import OutputError, QueryError
from partnergraph.core.views import ATTESTATIONS, TIERS
from partnergraph.ledger.entry import Entry
from partnergraph.page import fonts
from partnergraph.page.books import read_books
from partnergraph.page.marks import GROUND
from partnergraph.page.stories import SHIPPED, shipped_stories
from partnergraph.page.streams import flows
from partnergraph.reading.ledger import KINDS, Ledger, read_ledger, words

SVG = "{http://www.w3.org/2000/svg}"
TINY = Path(__file__).parent / "tiny"
Run = Callable[..., Result]


@pytest.fixture(scope="module")
def tiny() -> Graph:
    return partnergraph.load(TINY)


def test_a_picture_has_names_legend_day_version_and_source(tiny: Graph):
    text = tiny.at(as_of="2024-06-30").map(title="<b>&").picture("svg").decode()
    root = ElementTree.fromstring(text)  # noqa: S314  # ours
    told = [words.text for words in root.iter(f"{SVG}text")]
    assert told[0] == "<b>&"
    assert "as of 2024-06-30" in str(told[1])
    assert {"Giant", "Lab", "Companies", "Reported"} <= set(told)
    assert any(tiny.version in str(words) for words in told)
    # Our licence is not that of somebody else's content.
    assert "CC BY" not in text
    assert text == tiny.at(as_of="2024-06-30").map(title="<b>&").picture("svg").decode()
    titles = [title.text for title in root.iter(f"{SVG}title")]
    assert any("claims, most of money" in str(title) for title in titles)


def test_a_picture_of_what_is_around_one(tiny: Graph):
    root = ElementTree.fromstring(tiny.map(focus="Rival").picture())  # noqa: S314  # ours
    near = {end for edge in tiny.network().edges() for end in edge if "ent:rival" in edge}
    shapes = [
        shape for shape in root.iter() if shape.find(f"{SVG}title") is not None and shape.tag in {f"{SVG}polygon", f"{SVG}circle"}
    ]
    assert len(shapes) == len(near)


@pytest.mark.parametrize(("ending", "start"), [("png", b"\x89PNG"), ("pdf", b"%PDF")])
def test_pictures_for_print(ending: str, start: bytes, tiny: Graph, tmp_path: Path):
    written = tiny.map().write_picture(tmp_path / f"map.{ending.upper()}").read_bytes()
    assert written.startswith(start)
    assert written == tiny.map().picture(ending)


def test_names_that_no_font_has_are_drawn_by_whoever_looks_at_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    # As on a machine without fonts for Chinese, which some machines have.
    monkeypatch.setattr(fonts, "_families", lambda: [fonts.USUAL])
    assert fonts.fonts_for(["Ωmega", "Яндекс"]) == [fonts.USUAL]
    folder = tmp_path / "own"
    shutil.copytree(TINY, folder)
    for path in folder.rglob("*.ttl"):
        path.write_text(path.read_text(encoding="utf-8").replace('"Giant"', '"北京巨人"'), encoding="utf-8")
    shown = partnergraph.load(folder).map()
    with pytest.raises(OutputError, match="no font of this machine has 京, 人, 北, 巨; write SVG"):
        shown.picture("png")
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        bundle = shown._repr_mimebundle_()
    assert not told
    assert set(bundle) == {"text/plain", "text/html", "image/svg+xml"}
    assert ">北京巨人</text>" in str(bundle["image/svg+xml"])


def test_what_is_no_picture_is_said(tiny: Graph, run: Run, tmp_path: Path):
    with pytest.raises(OutputError, match="svg, png or pdf"):
        tiny.map().picture("gif")
    with pytest.raises(QueryError, match="shows one day"):
        tiny.map(compare=("2023-01-01", "2024-01-01")).picture()
    with pytest.raises(QueryError, match="nothing to draw"):
        tiny.at(as_of="1900-01-01", attested="confirmed").map().picture()
    result = run("map", "--picture", str(tmp_path / "one.svg"), "--content", str(TINY), "--focus", "Lab")
    assert result.stdout == f"{tmp_path / 'one.svg'}\n"
    assert "Around Lab" in result.stderr
    assert "by the ending of its name" in run("map", "--picture", str(tmp_path / "one"), "--content", str(TINY), code=1).stderr


def test_shipped_stories_hold_on_the_shipped_content(graph: Graph):
    told = shipped_stories(graph.map().data)
    assert {story["id"] for story in told} == {path.stem for path in SHIPPED.glob("*.md")}
    assert len(told) == 3
    for story in told:
        cited = [part for step in story["steps"] for parts in step["text"] for part in parts if isinstance(part, dict)]
        assert len(cited) >= 8, story["id"]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "a story has a title"),
        ("## One\n[map](#view=money)\n", "a story has a title"),
        ("# T\nwords\n", "line 2: a story begins with"),
        ("# T\n## One\nwords\n", "line 2: a step begins with a link to a state"),
        ("# T\n## One\n[map](#entity=nobody)\n", "line 3: the page holds no entity 'nobody'"),
        ("# T\n## One\n[map](#relation=lab~nobody)\n", "line 3: the page holds no entity 'nobody'"),
        ("# T\n## One\n[map](#view=money)\n\nAs [said](claim:nothing).\n", "line 5: the page holds no claim 'nothing'"),
    ],
)
def test_a_story_that_is_none_is_refused_with_its_line(text: str, wrong: str, tiny: Graph, tmp_path: Path):
    told = tmp_path / "story.md"
    told.write_text(text, encoding="utf-8")
    with pytest.raises(QueryError, match=wrong):
        _ = tiny.map(stories=[told]).html
    with pytest.raises(QueryError, match="cannot be read"):
        _ = tiny.map(stories=[tmp_path / "none.md"]).html


def test_the_ledger_of_every_day_is_that_of_the_views(graph: Graph):
    eras = read_books(graph).whole.eras
    for day in ("2016-01-01", "2019-07-22", "2023-01-23", "2024-02-29", "2025-09-22", "2026-03-31"):
        standing: dict[str, Entry] = {
            era.entry.key: era.entry for era in eras if era.since <= day and (not era.until or day < era.until)
        }
        ledger = read_ledger(graph.at(as_of=day))
        assert set(standing) == {entry.name for entry in ledger.all}, day
        for entry in ledger.all:
            mine = standing[entry.name]
            assert [getattr(mine.worth, kind) for kind in KINDS] == [getattr(entry, kind) for kind in KINDS], (day, entry.name)
            assert mine.within == entry.within, (day, entry.name)


def _same(entries: Iterable[Entry], ledger: Ledger) -> None:
    mine = {entry.key: entry for entry in entries}
    assert set(mine) == {entry.name for entry in ledger.all} != set()
    for entry in ledger.all:
        own = mine[entry.name]
        assert [getattr(own.worth, kind) for kind in KINDS] == [getattr(entry, kind) for kind in KINDS], entry.name
        assert (own.within, own.stage, own.weakest.rank) == (
            entry.within,
            entry.stage.replace("under way", "underway"),
            entry.weakest_rank,
        ), entry.name


def test_the_ledger_of_better_attested_and_sourced_claims_is_that_of_the_views(graph: Graph):
    books = read_books(graph)
    for name, ranks, made in (("attested", ATTESTATIONS, books.attested), ("tier", TIERS, books.tiers)):
        for rank, book in made.items():
            view = {name: ranks[rank - 1]}
            _same(book.dayless, read_ledger(graph.at(**view)))
    day = "2025-09-22"
    standing = [era.entry for era in books.attested[3].eras if era.since <= day and (not era.until or era.until > day)]
    _same(standing, read_ledger(graph.at(as_of=day, attested="announced")))


@pytest.mark.parametrize("day", ["2019-07-22", "2025-06-30", "2026-05-24"])
def test_the_ledger_of_what_was_known_by_a_day_is_that_of_the_view(day: str, graph: Graph):
    known = read_books(graph).known
    assert known
    standing = [era.entry for era in known if era.since <= day and (not era.until or day < era.until)]
    _same(standing, read_ledger(graph.at(known_by=day)))


def test_money_as_streams(graph: Graph):
    ledger = read_ledger(graph.at(as_of="2025-12-31"))
    found = {(flow.payer, flow.payee, flow.purpose): flow for flow in flows(ledger, "ent:openai")}
    # What was paid by then of a promise of 30 billion in all was 100 million; 13 billion in all had been committed before.
    assert found["NVIDIA", "OpenAI", "financing"].amount == "100 million USD"
    assert found["Microsoft", "OpenAI", "financing"].amount == "13 billion USD"
    assert found["OpenAI", "Oracle", "purchase"].weakest == "reported"
    assert all("OpenAI" in key[:2] for key in found)
    text = graph.at(as_of="2025-12-31").map(money=True, focus="OpenAI").picture("svg").decode()
    told = [words.text for words in ElementTree.fromstring(text).iter(f"{SVG}text")]  # noqa: S314  # ours
    assert told[0] == "Money around OpenAI"
    assert f"{len(found)} of {len(found)} flows of money committed of which an amount is stated, as of 2025-12-31" in told
    assert "F  100 million USD, reported" in told
    assert "O  Other" in told
    # Two of one colour that cross are told apart by the ground between them.
    streams = [shape for shape in ElementTree.fromstring(text).iter(f"{SVG}polygon") if list(shape)]  # noqa: S314  # ours
    assert len(streams) == len(found)
    sure = sum(flow.weight > 0 for flow in found.values())
    assert [shape.get("stroke") for shape in streams].count(GROUND) == sure > 5
    # What has a limit alone is hollow.
    assert [shape.get("fill") for shape in streams].count(GROUND) == len(found) - sure > 0


# Worked out by hand: 65 billion from A, B and C together, of which C is said to have put in 5; A's and B's shares are not stated,
# nor is that of D, who took part, too. For sure these three put in 60 together, and each of them at most all of it. E's 2 are its own.
ROUND = """
ent:lab a pg:Company ; rdfs:label "Lab" .
ent:a a pg:Company ; rdfs:label "A" . ent:b a pg:Company ; rdfs:label "B" . ent:c a pg:Company ; rdfs:label "C" .
ent:d a pg:Company ; rdfs:label "D" . ent:e a pg:Company ; rdfs:label "E" .
claim:round a pg:FundingRound ; rdfs:label "Lab closed a round of 65 billion led by A, B and C." ; pg:leadInvestor ent:a, ent:b, ent:c ;
  pg:raiser ent:lab ; pg:attestation pg:announced ; pg:stage pg:stage-completed ; pg:date "2026-05-28"^^xsd:date ;
  pg:amountMin 65000000000 ; pg:amountMax 65000000000 ; pg:currency "USD" .
claim:c-part a pg:Investment ; rdfs:label "C put 5 billion into it." ; pg:investor ent:c ; pg:investee ent:lab ; pg:partOf claim:round ;
  pg:attestation pg:announced ; pg:stage pg:stage-completed ; pg:date "2026-05-28"^^xsd:date ;
  pg:amountMin 5000000000 ; pg:amountMax 5000000000 ; pg:currency "USD" .
claim:d-part a pg:Investment ; rdfs:label "D took part." ; pg:investor ent:d ; pg:investee ent:lab ; pg:partOf claim:round ;
  pg:attestation pg:announced ; pg:stage pg:stage-completed ; pg:date "2026-05-28"^^xsd:date .
claim:e-own a pg:Investment ; rdfs:label "E put 2 billion into Lab." ; pg:investor ent:e ; pg:investee ent:lab ;
  pg:attestation pg:announced ; pg:stage pg:stage-completed ; pg:date "2026-01-10"^^xsd:date ;
  pg:amountMin 2000000000 ; pg:amountMax 2000000000 ; pg:currency "USD" .
"""


def test_a_joint_round_is_drawn_once_and_an_unstated_share_by_what_is_sure_of_it(folder: Callable[[str], Path]):
    graph = partnergraph.load(folder(ROUND))
    found = flows(read_ledger(graph))
    assert [(flow.payer, flow.amount, flow.weight) for flow in found] == [
        ("Joint payers of Lab", "60 billion USD", 60e9),
        ("C", "5 billion USD", 5e9),
        ("E", "2 billion USD", 2e9),
        ("A", "up to 60 billion USD, share not stated", 0.0),
        ("B", "up to 60 billion USD, share not stated", 0.0),
        ("D", "up to 60 billion USD, share not stated", 0.0),
    ]
    # All of them come to what the ledger says that Lab got, the round once.
    assert math.fsum(flow.weight for flow in found) == 67e9 == read_ledger(graph).pay(payee="Lab").total("committed").least
    drawn = ElementTree.fromstring(graph.map(money=True).picture("svg").decode())  # noqa: S314  # ours
    high = {}
    for shape in drawn.iter(f"{SVG}polygon"):
        title = shape.find(f"{SVG}title")
        if title is not None:
            ys = [float(number) for number in re.findall(r"[-\d.]+", str(shape.get("points")))[1::2]]
            high[str(title.text).partition(" →")[0]] = round(ys[-1] - ys[0], 1), shape.get("fill") == GROUND
    assert high["Joint payers of Lab"] == (110.0, False)
    assert high["C"] == (round(110 / 12, 1), False)
    assert high["A"] == high["D"] == (6.0, True)


def test_what_is_known_to_be_a_members_share_is_not_in_the_rest_of_a_shipped_round(graph: Graph):
    # By the claims of the round of October 2024: 6.6 billion in all; Microsoft 1, SoftBank 0.5, NVIDIA 0.1, Thrive 1.2 to 1.25 of it,
    # so the others at least 3.75. Of the round of 2019 no amount is known, so there is no limit.
    found = {
        flow.payer: flow.amount for flow in flows(read_ledger(graph.at(as_of="2024-12-31")), "ent:openai") if flow.payee == "OpenAI"
    }
    assert found["Thrive Capital"].endswith("1.25 billion USD")
    assert found["Joint payers of OpenAI"] == "at least 3.75 billion USD"


def _panels(text: str) -> dict[str, dict[str, tuple[float, ...]]]:
    """Of each day the shapes that have a title, by that: how far to the right of the day's own title, how far below it, and how high."""
    panels: dict[str, dict[str, tuple[float, ...]]] = {}
    left = top = 0.0
    for shape in ElementTree.fromstring(text):  # noqa: S314  # ours
        if shape.tag == f"{SVG}text" and shape.get("font-weight") and re.fullmatch(r"\d{4}-\d\d-\d\d", shape.text or ""):
            left, top = float(shape.get("x", "")), float(shape.get("y", ""))
            own = panels.setdefault(str(shape.text), {})
        title = shape.find(f"{SVG}title")
        if title is None or shape.tag == f"{SVG}path":
            continue
        numbers = [
            float(number) for number in re.findall(r"[-\d.]+", f"{shape.get('points') or shape.get('cx')} {shape.get('cy') or ''}")
        ]
        xs, ys = numbers[::2], numbers[1::2]
        # A stream is as high at its payer as the first and the last of its corners are apart.
        own[str(title.text)] = round(min(xs) - left, 1), round(min(ys) - top, 1), round(ys[-1] - ys[0], 1)
    return panels


def test_entities_of_several_days_stand_in_one_place(tiny: Graph):
    days = ["2022-06-30", "2024-06-30", "2023-01-31"]
    shown = tiny.map(beside=days, title="<i>")
    panels = _panels(shown.picture("svg").decode())
    assert list(panels) == sorted(days)
    places: dict[str, tuple[float, ...]] = {}
    again = 0
    for day, own in panels.items():
        linked = {name for edge in tiny.at(as_of=day).network().edges() for name in edge}
        assert len(own) == len(linked), day
        for name, place in own.items():
            again += name in places
            assert places.setdefault(name, place) == pytest.approx(place, abs=0.11), (day, name)
    assert again >= 2
    assert shown.purpose.start == "days=2022-06-30~2023-01-31~2024-06-30"


def test_money_of_several_days_has_one_scale(graph: Graph):
    text = graph.map(money=True, beside=["2025-12-31", "2024-12-31"]).picture("svg").decode()
    before, after = _panels(text).values()
    # Worked out by hand: 10 billion in 2024, at least 310 a year later, the largest flow of all.
    small = before["OpenAI → Oracle: purchase, 10 billion USD, at the weakest reported"]
    large = after["OpenAI → Oracle: purchase, at least 310 billion USD, at the weakest reported"]
    assert large[2] == 84.0
    assert small[2] == round(84 / 31, 1)
    # The middle of both is in one place.
    assert small[1] + small[2] / 2 == pytest.approx(large[1] + large[2] / 2, abs=0.11)
    assert "F  13 billion USD" in text
    assert text.count("<rect") == 1


def test_houses_side_by_side_have_one_scale(graph: Graph):
    shown = graph.at(as_of="2026-06-30").map(beside=["Microsoft", "Google", "Amazon"])
    assert shown.purpose.start == "asof=2026-06-30&view=money&houses=microsoft~google~amazon"
    text = shown.picture("svg").decode()
    drawn = ElementTree.fromstring(text)  # noqa: S314  # ours
    told = [str(words.text) for words in drawn.iter(f"{SVG}text")]
    assert {"Microsoft", "Alphabet", "Amazon"} <= set(told)
    ledger = graph.ledger(as_of="2026-06-30")
    for house in ("Microsoft", "Alphabet", "Amazon"):
        gets = ledger.pay(payee=house, purpose="purchase").total("committed")
        assert any(line.startswith(f"Gets P {words(gets, 'USD')}"[:40]) for line in told), house
    # One scale: what is drawn is as high for a billion here as there.
    high = {}
    for shape in drawn.iter(f"{SVG}polygon"):
        title = shape.find(f"{SVG}title")
        ys = [float(number) for number in re.findall(r"[-\d.]+", str(shape.get("points")))[1::2]]
        if title is not None:
            high[str(title.text).partition(":")[0]] = ys[-1] - ys[0]
    totals = [("OpenAI", "Microsoft"), ("Anthropic", "Alphabet"), ("OpenAI", "Amazon"), ("Anthropic", "Amazon")]
    scales = [high[f"{a} → {b}"] / ledger.between(a, b, "purchase").total("committed").least for a, b in totals]
    assert scales == pytest.approx([scales[0]] * 4, rel=0.01)


def test_days_that_cannot_be_side_by_side(tiny: Graph, run: Run, tmp_path: Path):
    for days, wrong in (
        (["2024-01-01"], "two to 9 different days; 1 were given"),
        (["2024-01-01", "2024-01-01"], "two to 9 different days; 1 were given"),
        ([f"2024-01-{day:02}" for day in range(1, 11)], "two to 9 different days; 10 were given"),
        (["soon", "2024-01-01"], "is no day"),
    ):
        with pytest.raises(QueryError, match=wrong):
            tiny.map(beside=days)
    days = ["2023-01-01", "2024-01-01"]
    for view in ({"as_of": "2024-01-01"}, {"known_by": "2024-01-01"}):
        with pytest.raises(QueryError, match="leave out the other ones"):
            tiny.at(**view).map(beside=days)
    with pytest.raises(QueryError, match="leave out the other ones"):
        tiny.map(beside=days, compare=("2023-01-01", "2024-01-01"))
    for money in (False, True):
        with pytest.raises(QueryError, match="nothing to draw"):
            tiny.map(beside=["1900-01-01", "1901-01-01"], money=money).picture()
    with pytest.raises(QueryError, match="two to 9 different houses; 1 were given"):
        tiny.map(beside=["Lab"])
    with pytest.raises(QueryError, match="houses side by side show their money"):
        tiny.map(beside=["Lab", "Giant"], loops=True)
    written = tmp_path / "days.pdf"
    run("map", "--picture", str(written), "--content", str(TINY), "--beside", "2023-01-01", "--beside", "2024-01-01")
    assert written.read_bytes().startswith(b"%PDF")


def test_a_name_that_is_cut_says_so(folder: Callable[[str], Path]):
    text = """ent:court a pg:Court ; rdfs:label "District Court for the Southern District of New York" . ent:a a pg:Company ; rdfs:label "A" .
    claim:c a pg:Lawsuit ; rdfs:label "c" ; pg:claimant ent:a ; pg:defendant ent:court ; pg:attestation pg:reported ."""
    drawn = partnergraph.load(folder(text)).map().picture("svg").decode()
    told = [words.text for words in ElementTree.fromstring(drawn).iter(f"{SVG}text")]  # noqa: S314  # ours
    # Eighteen letters a line and three lines: "York" would be the fourth.
    assert {"District Court for", "the Southern", "District of New …"} <= set(told)


def test_money_has_one_scope_and_something_to_draw(graph: Graph):
    with pytest.raises(QueryError, match="take focus with it"):
        graph.map(money=True, loops=True)
    with pytest.raises(QueryError, match="no amount of money is stated"):
        graph.at(as_of="2001-01-01").map(money=True).picture("svg")
    assert "view=money" in graph.map(money=True).purpose.start
