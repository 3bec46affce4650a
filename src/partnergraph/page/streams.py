"""Money as a picture without a browser: what one house has committed to another, as streams from payers to payees."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from partnergraph.ledger.amounts import NOTHING, Interval
from partnergraph.page.marks import GROUND, INK, MARGIN, MUTED, WIDTH, Mark, Picture, Polygon, Telling, Words
from partnergraph.page.money import COLOURS, FIRST
from partnergraph.page.stress import Point
from partnergraph.reading.ledger import Ledger, words

# So many flows are drawn, as on the page; each has room for a line of text, so that no amount lies on another one.
MOST = 24
SLOT, GAP, BAR = 16.0, 12.0, 12.0
TOP, LEFT, RIGHT = 104.0, 290.0, 990.0
# How high the largest flow is.
LARGEST = 110.0
STEPS = 24
# From this rank of attestation on a deal was announced.
ANNOUNCED = 3


@dataclass(frozen=True)
class Flow:
    """All that one house has committed to another for one purpose."""

    payer: str
    payee: str
    purpose: str
    amount: str
    weight: float
    weakest: str
    announced: bool


def flows(ledger: Ledger, focus: str = "") -> list[Flow]:
    """The flows of a ledger of which an amount is stated, the largest first; with ``focus`` those of one house."""
    legs = sorted({(entry.payer, entry.payee, entry.purpose) for entry in ledger.entries})
    found = [_flow(ledger, *leg) for leg in legs if not focus or ledger.house(focus) in leg[:2]]
    return sorted((flow for flow in found if flow.weight), key=lambda flow: (-flow.weight, flow.payer, flow.payee, flow.purpose))


def _flow(ledger: Ledger, payer: str, payee: str, purpose: str) -> Flow:
    own = ledger.between(payer, payee, purpose)
    totals = [(currency, own.total("committed", currency)) for currency in sorted({one.currency for one in own.entries} - {""})]
    totals = [(currency, total) for currency, total in totals if total != NOTHING]
    stating = [one for one in own.entries if _stated(one.committed)] or list(own.entries)
    weakest = min(stating, key=lambda one: one.weakest_rank)
    return Flow(
        ledger.label(payer),
        ledger.label(payee),
        purpose,
        " + ".join(words(total, currency) for currency, total in totals),
        max((_size(total) for _, total in totals), default=0.0),
        weakest.weakest,
        weakest.weakest_rank >= ANNOUNCED,
    )


def _stated(amount: Interval) -> bool:
    return amount.known and amount != NOTHING


def _size(amount: Interval) -> float:
    """For order and width: what is sure, else the limit."""
    return amount.least or (amount.greatest if math.isfinite(amount.greatest) else 0.0)


def money_marks(ledger: Ledger, found: Sequence[Flow], telling: Telling) -> Picture:
    """The largest flows as streams between payers on the left and payees on the right, with caption and legend."""
    drawn = list(found[:MOST])
    # Each kind of money has the colour that it has on the page.
    known = sorted({entry.purpose for entry in ledger.all}, key=lambda name: (f"purpose-{name}" not in FIRST, name))
    looks = {name: (_paler(COLOURS[at % len(COLOURS)][0]), name[:1].upper()) for at, name in enumerate(known)}
    purposes = [name for name in known if name in {flow.purpose for flow in drawn}]
    scale = LARGEST / max(flow.weight for flow in drawn)
    payers = list(dict.fromkeys(flow.payer for flow in drawn))
    far = {name: [payers.index(flow.payer) for flow in drawn if flow.payee == name] for name in {flow.payee for flow in drawn}}
    payees = sorted(far, key=lambda name: (sum(far[name]) / len(far[name]), name))
    starts = _slots(payers, sorted(drawn, key=lambda flow: payees.index(flow.payee)), "payer", scale)
    ends = _slots(payees, sorted(drawn, key=lambda flow: payers.index(flow.payer)), "payee", scale)
    marks: list[Mark] = []
    for flow in drawn:
        title = f"{flow.payer} → {flow.payee}: {flow.purpose}, {flow.amount}, at the weakest {flow.weakest}"
        marks.append(_stream(starts[flow], ends[flow], max(2.7, flow.weight * scale), looks[flow.purpose][0], title))
    for flow in drawn:
        told = f"{looks[flow.purpose][1]}  {flow.amount}{'' if flow.announced else f', {flow.weakest}'}"
        marks.append(Words((RIGHT - 8, ends[flow]), told, 11.5, bold=True, anchor="end", halo=GROUND))
    marks += _bars(starts, "payer", LEFT - BAR, scale) + _bars(ends, "payee", RIGHT, scale)
    count = f"{len(drawn)} of {len(found)} flows of money committed of which an amount is stated, {telling.view}"
    head: list[Mark] = [
        Words((MARGIN, 34), telling.title, 20, bold=True, anchor="start"),
        Words((MARGIN, 60), count, 12.5, MUTED, anchor="start"),
    ]
    y = max([*starts.values(), *ends.values()]) + LARGEST / 2 + 40
    legend: list[Mark] = []
    for at, name in enumerate(purposes):
        x = MARGIN + 12 + 150 * at
        legend.append(Polygon(((x, y - 5), (x + 26, y - 5), (x + 26, y + 5), (x, y + 5)), looks[name][0]))
        legend.append(Words((x + 34, y), f"{looks[name][1]}  {name.capitalize()}", 12.5, anchor="start"))
    notes = [
        "Committed: paid, under way or signed. Each deal of the ledger counts once, for the houses of its parties. Height follows the amount.",
        *textwrap.wrap(telling.source, 190),
    ]
    foot: list[Mark] = [Words((MARGIN, y + 34 + 18 * line), text, 12.5, MUTED, anchor="start") for line, text in enumerate(notes)]
    height = round(y + 34 + 18 * len(notes) + 14)
    return Picture(WIDTH, height, telling.title, f"{count}. {telling.source}", (*head, *marks, *legend, *foot))


def _slots(names: Sequence[str], ordered: Sequence[Flow], end: str, scale: float) -> dict[Flow, float]:
    """Where the middle of each flow is at one of its ends."""
    found: dict[Flow, float] = {}
    y = TOP
    for name in names:
        for flow in (flow for flow in ordered if getattr(flow, end) == name):
            room = max(SLOT, flow.weight * scale)
            found[flow] = y + room / 2
            y += room
        y += GAP
    return found


def _bars(slots: dict[Flow, float], end: str, x: float, scale: float) -> list[Mark]:
    """The houses at one side, each as high as what it pays or gets, with its name beside."""
    marks: list[Mark] = []
    for name in dict.fromkeys(getattr(flow, end) for flow in slots):
        own = [(y, max(SLOT, flow.weight * scale)) for flow, y in slots.items() if getattr(flow, end) == name]
        top, bottom = min(y - room / 2 for y, room in own) + 1, max(y + room / 2 for y, room in own) - 1
        marks.append(Polygon(((x, top), (x + BAR, top), (x + BAR, bottom), (x, bottom)), INK))
        beside, anchor = (x - 8, "end") if end == "payer" else (x + BAR + 8, "start")
        lines = textwrap.wrap(name, 36, max_lines=2, placeholder=" …")
        for line, text in enumerate(lines):
            at = (top + bottom) / 2 + (line - (len(lines) - 1) / 2) * 15
            marks.append(Words((beside, at), text, 13, bold=True, anchor=anchor))
    return marks


def _stream(start: float, finish: float, high: float, colour: str, title: str) -> Mark:
    """A band of even height between two heights, level at both of its ends."""

    def edge(shift: float) -> list[Point]:
        shares = [step / STEPS for step in range(STEPS + 1)]
        return [(LEFT + share * (RIGHT - LEFT), start + (finish - start) * share**2 * (3 - 2 * share) + shift) for share in shares]

    # Where two of one colour cross, the ground between them tells them apart.
    return Polygon((*edge(-high / 2), *reversed(edge(high / 2))), colour, GROUND, 1.5, title)


def _paler(colour: str) -> str:
    """The colour as it is through half of it on the ground, so that amounts can be read on it."""
    parts = [(int(colour[at : at + 2], 16) + int(GROUND[at : at + 2], 16)) // 2 for at in (1, 3, 5)]
    return "#" + "".join(f"{part:02x}" for part in parts)
