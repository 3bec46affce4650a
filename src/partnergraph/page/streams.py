"""Money as a picture without a browser: what one house has committed to another, as streams from payers to payees."""

from __future__ import annotations

import math
import textwrap
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from partnergraph.ledger.amounts import NOTHING, Interval, add, apart, less
from partnergraph.page.marks import GROUND, INK, MARGIN, MUTED, WIDTH, Line, Mark, Picture, Polygon, Telling, Words
from partnergraph.page.money import COLOURS, FIRST
from partnergraph.page.stress import Point
from partnergraph.reading.ledger import Entry, Ledger, words

# So many flows are drawn, as on the page; each has room for a line of text, so that no amount lies on another one.
MOST = 24
SLOT, GAP, BAR = 16.0, 12.0, 12.0
TOP, LEFT, RIGHT = 104.0, 290.0, 990.0
# How high the largest flow is.
LARGEST = 110.0
# How high the smallest stream is, and the mean width of a bold letter by the size of the letters.
THIN, OUTLINE = 2.7, 6.0
LETTER_BOLD = 0.6
STEPS = 24
# From this rank of attestation on a deal was announced.
ANNOUNCED = 3


READING = (
    "Committed: paid, under way or signed. Each deal of the ledger counts once, for the houses of its parties. Height follows what is sure; "
    "an outline is a limit alone."
)
JOINT_READING = "Joint payers and payees: what several paid or got together, less the shares that are stated."


@dataclass(frozen=True)
class Look:
    """Where streams begin and end, how far down the first one is, how high an amount is, and how large letters and bars are."""

    left: float
    right: float
    top: float
    scale: float
    size: float = 11.5
    bar: float = BAR
    name: float = 13.0
    letters: int = 36


@dataclass(frozen=True)
class Flow:
    """All that one house, or several together, have committed to another for one purpose.

    Of what has a limit alone nothing is sure: its ``weight`` is nothing. ``joint`` are what several paid or got together.
    """

    payer: str
    payee: str
    purpose: str
    amount: str
    weight: float
    limit: float
    weakest: str
    announced: bool
    joint: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        """From whom to whom and for what."""
        return self.payer, self.payee, self.purpose


def flows(ledger: Ledger, focus: str = "") -> list[Flow]:
    """The flows of a ledger of which an amount is stated, those of which the most is sure first; with ``focus`` those of one house."""
    house = ledger.house(focus) if focus else ""
    whole = [entry for entry in ledger.all if not entry.within]
    legs: dict[tuple[str, str, str], list[Entry]] = defaultdict(list)
    for entry in whole:
        # What is a group's counts where the one house sums up.
        single = bool(entry.payer and entry.payee)
        if house in ("", entry.payer, entry.payee) and (single or (entry.receives if entry.payee else entry.spends)):
            legs[entry.payer, entry.payee, entry.purpose].append(entry)
    found = [_flow(ledger, leg, own, [] if all(leg[:2]) else _shares(whole, leg)) for leg, own in legs.items()]
    stated = [flow for flow in found if flow.weight or flow.limit]
    return sorted(stated, key=lambda flow: (-flow.weight, -flow.limit, *flow.key))


def _shares(whole: Sequence[Entry], leg: tuple[str, str, str]) -> list[Entry]:
    """What single members have put into deals of a group, and the stated totals whose rest counts beside these."""
    payer, payee, purpose = leg
    single = [entry for entry in whole if entry.payer and entry.payee and entry.purpose == purpose and entry.committed.least]
    return [
        entry
        for entry in single
        if (entry.payee == payee and not entry.receives if payee else entry.payer == payer and not entry.spends)
    ]


def _flow(ledger: Ledger, leg: tuple[str, str, str], own: Sequence[Entry], shares: Sequence[Entry]) -> Flow:
    """One flow; of a group without the shares that are stated, which are flows of their own."""
    totals = []
    parted = {entry.rest_of for entry in own}
    # One of which nobody states a currency adds to every sum.
    for currency in sorted({entry.currency for entry in own} - {""}) or [""]:
        whole = add(entry.committed for entry in own if entry.currency in ("", currency))
        stated = [entry for entry in shares if entry.currency == currency]
        # A stated total is a flow of its own: here stands of its rest what is less than the total, which shares of the joint deals are.
        whole = apart(whole, add(entry.committed for entry in stated if entry.name in parted))
        totals.append((currency, less(whole, add(entry.committed for entry in stated if entry.name not in parted))))
    totals = [(currency, total) for currency, total in totals if total != NOTHING]
    stating = [one for one in own if _stated(one.committed)] or list(own)
    weakest = min(stating, key=lambda one: one.weakest_rank)
    payer, payee, purpose = leg
    joint = not (payer and payee)
    least = max((total.least for _, total in totals), default=0.0)
    unstated = not (joint or least) and any(not (one.spends and one.receives) and _is_limit(one.committed) for one in own)
    return Flow(
        ledger.label(payer) if payer else f"Joint payers of {ledger.label(payee)}",
        ledger.label(payee) if payee else f"Joint payees of {ledger.label(payer)}",
        purpose,
        " + ".join(words(total, currency) for currency, total in totals) + ", share not stated" * unstated,
        least,
        max((total.greatest for _, total in totals if math.isfinite(total.greatest)), default=0.0),
        weakest.weakest,
        weakest.weakest_rank >= ANNOUNCED,
        joint,
    )


def _stated(amount: Interval) -> bool:
    return amount.known and amount != NOTHING


def _is_limit(amount: Interval) -> bool:
    return not amount.least and 0 < amount.greatest < math.inf


def money_marks(ledger: Ledger, found: Sequence[Flow], telling: Telling) -> Picture:
    """The largest flows as streams between payers on the left and payees on the right, with caption and legend."""
    drawn = list(found[:MOST])
    colours = looks(kinds(ledger))
    purposes = [name for name in colours if name in {flow.purpose for flow in drawn}]
    scale = scale_of(drawn, LARGEST)
    look = Look(LEFT, RIGHT, TOP, scale)
    starts, ends = seats(drawn, look)
    marks = stream_marks(starts, ends, look, colours)
    for slots, end in ((starts, "payer"), (ends, "payee")):
        marks += bars(slots, end, look, lambda flow: max(SLOT, flow.weight * scale) - 2)
    count = f"{len(drawn)} of {len(found)} flows of money committed of which an amount is stated, {telling.view}"
    head: list[Mark] = [
        Words((MARGIN, 34), telling.title, 20, bold=True, anchor="start"),
        Words((MARGIN, 60), count, 12.5, MUTED, anchor="start"),
    ]
    y = max([*starts.values(), *ends.values()]) + LARGEST / 2 + 40
    legend = kind_marks(purposes, colours, y)
    notes = [*reading(drawn), *textwrap.wrap(telling.source, 190)]
    foot: list[Mark] = [Words((MARGIN, y + 34 + 18 * line), text, 12.5, MUTED, anchor="start") for line, text in enumerate(notes)]
    height = round(y + 34 + 18 * len(notes) + 14)
    return Picture(WIDTH, height, telling.title, f"{count}. {telling.source}", (*head, *marks, *legend, *foot))


def kinds(ledger: Ledger) -> list[str]:
    """The kinds of money of all of a ledger, in the order in which they have their colours."""
    return sorted({entry.purpose for entry in ledger.all}, key=lambda name: (f"purpose-{name}" not in FIRST, name))


def looks(known: Sequence[str]) -> dict[str, tuple[str, str]]:
    """The colour, which it has on the page, and the letter of each kind of money."""
    return {name: (_paler(COLOURS[at % len(COLOURS)][0]), name[:1].upper()) for at, name in enumerate(known)}


def kind_marks(purposes: Sequence[str], colours: Mapping[str, tuple[str, str]], y: float) -> list[Mark]:
    """The legend of the kinds of money."""
    marks: list[Mark] = []
    for at, name in enumerate(purposes):
        x = MARGIN + 12 + 150 * at
        marks.append(Polygon(((x, y - 5), (x + 26, y - 5), (x + 26, y + 5), (x, y + 5)), colours[name][0]))
        marks.append(Words((x + 34, y), f"{colours[name][1]}  {name.capitalize()}", 12.5, anchor="start"))
    return marks


def seats(drawn: Sequence[Flow], look: Look) -> tuple[dict[Flow, float], dict[Flow, float]]:
    """Where the middle of each flow is at its payer and at its payee; those who are paid by the same stand together."""
    payers = list(dict.fromkeys(flow.payer for flow in drawn))
    far = {name: [payers.index(flow.payer) for flow in drawn if flow.payee == name] for name in {flow.payee for flow in drawn}}
    payees = sorted(far, key=lambda name: (sum(far[name]) / len(far[name]), name))
    starts = _slots(payers, sorted(drawn, key=lambda flow: payees.index(flow.payee)), "payer", look)
    return starts, _slots(payees, sorted(drawn, key=lambda flow: payers.index(flow.payer)), "payee", look)


def _slots(names: Sequence[str], ordered: Sequence[Flow], end: str, look: Look) -> dict[Flow, float]:
    """Where the middle of each flow is at one of its ends."""
    found: dict[Flow, float] = {}
    y = look.top
    for name in names:
        for flow in (flow for flow in ordered if getattr(flow, end) == name):
            room = max(SLOT, flow.weight * look.scale)
            found[flow] = y + room / 2
            y += room
        y += GAP
    return found


def house_lines(ledger: Ledger, house: str) -> list[str]:
    """What a house pays and gets in all, each kind of money apart: a deal of a group counts once."""
    lines = []
    for verb, own in (("Pays", ledger.pay(payer=house)), ("Gets", ledger.pay(payee=house))):
        told = [f"{name[:1].upper()} {text}" for name in kinds(own) for text in [_totals(own, name)] if text]
        lines.append(f"{verb} {', '.join(told) or 'nothing that is stated'}")
    return lines


def _totals(own: Ledger, purpose: str) -> str:
    """What is committed for one purpose, by currency; nothing where no amount is stated."""
    entries = [entry for entry in own.all if not entry.within and entry.purpose == purpose]
    totals = []
    for currency in sorted({entry.currency for entry in entries} - {""}) or [""]:
        total = add(entry.committed for entry in entries if entry.currency in ("", currency))
        if _stated(total):
            totals.append(words(total, currency))
    return " + ".join(totals)


def scale_of(found: Sequence[Flow], largest: float) -> float:
    """How high an amount is where the largest flow is so high."""
    return largest / (max(flow.weight for flow in found) or 1.0)


def reading(found: Sequence[Flow]) -> list[str]:
    """How the streams are read."""
    return [READING, JOINT_READING] if any(flow.joint for flow in found) else [READING]


def height(flow: Flow, scale: float) -> float:
    """How high the stream of a flow is; that of a limit alone has no height of its own."""
    return max(THIN, flow.weight * scale) if flow.weight else OUTLINE


def stream_marks(
    starts: Mapping[Flow, float],
    ends: Mapping[Flow, float],
    look: Look,
    colours: Mapping[str, tuple[str, str]],
) -> list[Mark]:
    """Flows as streams with their amounts, which stand at the payee: those that are known to be announced say nothing of it."""
    marks: list[Mark] = []
    for flow in starts:
        title = f"{flow.payer} → {flow.payee}: {flow.purpose}, {flow.amount}, at the weakest {flow.weakest}"
        marks.append(_stream(look, flow, (starts[flow], ends[flow]), colours[flow.purpose][0], title))
    for flow in starts:
        least = f"{colours[flow.purpose][1]}  {flow.amount}"
        told = least if flow.announced else f"{least}, {flow.weakest}"
        # What has no room stands in the words that explain the stream.
        fits = len(told) * look.size * LETTER_BOLD < look.right - look.left - 16
        marks.append(Words((look.right - 8, ends[flow]), told if fits else least, look.size, bold=True, anchor="end", halo=GROUND))
    return marks


def bars(slots: Mapping[Flow, float], end: str, look: Look, high: Callable[[Flow], float]) -> list[Mark]:
    """The houses at one side, each as high as its flows are, with its name beside; a line joins those that do not touch."""
    marks: list[Mark] = []
    wide = look.bar
    x = look.left - wide if end == "payer" else look.right
    for name in dict.fromkeys(getattr(flow, end) for flow in slots):
        own = [(y - high(flow) / 2, y + high(flow) / 2) for flow, y in slots.items() if getattr(flow, end) == name]
        parts: list[tuple[float, float]] = []
        for start, finish in sorted(own):
            # Less than a line's width apart is together.
            if parts and start - parts[-1][1] <= 2.1:
                parts[-1] = parts[-1][0], finish
            else:
                parts.append((start, finish))
        top, bottom = parts[0][0], parts[-1][1]
        if len(parts) > 1:
            marks.append(Line((x + wide / 2, top), (x + wide / 2, bottom), INK, 1.5))
        marks += [Polygon(((x, start), (x + wide, start), (x + wide, finish), (x, finish)), INK) for start, finish in parts]
        beside, anchor = (x - 8, "end") if end == "payer" else (x + wide + 8, "start")
        lines = textwrap.wrap(name, look.letters, max_lines=2, placeholder=" …")
        for line, text in enumerate(lines):
            at = (top + bottom) / 2 + (line - (len(lines) - 1) / 2) * look.name * 1.15
            marks.append(Words((beside, at), text, look.name, bold=True, anchor=anchor))
    return marks


def _stream(look: Look, flow: Flow, ends: Point, colour: str, title: str) -> Mark:
    """A band of even height between two heights, level at both of its ends; hollow for a limit alone."""
    start, finish = ends
    high = height(flow, look.scale)

    def edge(shift: float) -> list[Point]:
        shares = [step / STEPS for step in range(STEPS + 1)]
        return [
            (look.left + share * (look.right - look.left), start + (finish - start) * share**2 * (3 - 2 * share) + shift)
            for share in shares
        ]

    # Where two of one colour cross, the ground between them tells them apart.
    surface = (colour, GROUND, 1.5) if flow.weight else (GROUND, colour, 1.0)
    return Polygon((*edge(-high / 2), *reversed(edge(high / 2))), *surface, title)


def _paler(colour: str) -> str:
    """The colour as it is through half of it on the ground, so that amounts can be read on it."""
    parts = [(int(colour[at : at + 2], 16) + int(GROUND[at : at + 2], 16)) // 2 for at in (1, 3, 5)]
    return "#" + "".join(f"{part:02x}" for part in parts)
