"""What a sentence says that the rows must be, whichever question it asks: how it ended, how sure, how far, how much, whether it is still so, of what kind."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from partnergraph.rdf.terms import PG

if TYPE_CHECKING:
    from partnergraph.content.queries import Query

# Where what is asked for has no question of its own that was understood, it is asked in this one.
LAWSUITS, ACTS, REVIEWS, LAUNCHES, DEALS, CANCELLED = (
    "lawsuits",
    "acts-of-authorities",
    "reviews",
    "launches",
    "largest-deals",
    "broken-legs",
)


@dataclass(frozen=True)
class Constraint:
    """One thing that the rows must be: how one says it, the words that said so, what is looked for, and the question where it belongs.

    ``told_in`` names the properties of claims in which ``wanted``, a regular expression, is looked for; for amounts the stems of the columns.
    """

    said: str
    words: str
    told_in: str
    wanted: str = ""
    home: str = ""
    least: float | None = None
    most: float | None = None
    currency: str = ""
    # Whether the rows must not be so.
    negated: bool = False
    # Whether a row that names none of this kind has surely nothing of it: firms go by many kinds.
    exact: bool = False

    @property
    def bounded(self) -> bool:
        """Whether it is about how much."""
        return self.least is not None or self.most is not None

    @property
    def settles(self) -> bool:
        """Whether it belongs to one question alone, whatever else the sentence asks: what was dismissed is a suit."""
        return bool(self.home) and self.told_in in ("outcome", "outcome label", "label")


# What authorities review; a chip that may not be exported is blocked as well, and no such review tells of it.
_REVIEWED = "(?:" + "|".join(f"(?<={word}{s} )" for word in ("acquisition", "merger", "takeover", "deal") for s in ("", "s")) + ")"
# How one says it, the words for it, the property of claims that tells, what it then says, and the question where this belongs.
_TOLD = (
    # What was dismissed in part goes on.
    ("dismissed as a whole", r"dismissed|thrown out|tossed", "outcome", r"^(?:dismissed|thrown out)", LAWSUITS),
    (
        "settled",
        r"(?:were |was |been |be )?settled|(?:ended|end|ending) (?:in|with) (?:a )?settlements?",
        "outcome",
        r"settle",
        LAWSUITS,
    ),
    ("withdrawn or dropped", r"withdrawn|dropped", "outcome", r"withdr[ae]w|dropped|given up", ""),
    ("appealed", r"appealed|under appeal|on appeal", "outcome", r"appeal", LAWSUITS),
    ("annulled", r"annulled|overturned|struck down|quashed", "outcome", r"annul|overturn|cancelled|unlawful|blocked", ACTS),
    (
        "blocked",
        _REVIEWED + r"(?:that )?(?:were |was |got )?(?:blocked|prohibited|vetoed)",
        "outcome label",
        r"(?<!none )(?<!not )\b(?:block|prohibit|veto)",
        REVIEWS,
    ),
    (
        "cleared or let pass",
        _REVIEWED + r"(?:that )?(?:were |was |got )?(?:cleared|approved|waved through)",
        "outcome label",
        r"\bclear(?:s|ed)?\b|\bapprov|not qualify|not reviewable|thresholds not met",
        REVIEWS,
    ),
    ("a fine", r"fines|(?:a |the )?fine\b(?! print| of)", "outcome label", r"\bfine(?:[ds]|\b)", ACTS),
    (
        "of open weights",
        r"(?<!release )(?<!publish )open[- ](?:weights?|source|sourced)",
        "label",
        r"\bopen[- ]?(?:weight|source)|\bweights\b",
        LAUNCHES,
    ),
    (
        "rumoured",
        r"(?:are |is |were )?(?:only |merely |just |still )?(?:rumou?red|a rumou?r|rumou?rs)|rumou?rs (?:of|about)",
        "attestation",
        "rumoured",
        "",
    ),
    ("unconfirmed", r"(?:still )?(?:unconfirmed|not (?:yet )?(?:been )?confirmed)", "attestation", "rumoured|reported", ""),
    ("only reported", r"(?:only|merely|just) reported", "attestation", "reported", ""),
    (
        "only announced",
        r"(?:only|merely|just) (?:been )?announced",
        "attestation",
        "announced",
        "",
    ),
    (
        "cancelled",
        r"(?:were |was |are |been |got )?(?:cancelled|canceled|called off|scrapped|abandoned|axed)|(?:fell|fallen) (?:through|apart)",
        "stage",
        "cancelled",
        CANCELLED,
    ),
    (
        "only intended",
        r"(?:only|merely|just) (?:planned|intended|proposed|a plan|plans)|not (?:yet )?(?:been )?(?:signed|binding|closed)",
        "stage",
        "intended",
        "",
    ),
    ("completed", r"(?:have been |has been |were |was |already )completed", "stage", "completed|ended", ""),
    ("planned or under way", r"planned|upcoming", "stage", "intended|agreed|under-way", ""),
)
_NOW = re.compile(
    r"\b(?:still (?:investigating|examining|reviewing|probing|suing|holds?|ha(?:s|ve)|in force|valid|open|running|pending|going on|ongoing|under way|undecided)|pending|ongoing|unresolved|undecided|not (?:yet )?(?:been )?(?:over|decided|resolved)"
    r"|(?<=are )(?:open|running|ongoing)$|(?<=are )(?:currently )?(?:investigating|suing|probing|examining|reviewing)|(?<=is )(?:currently )?(?:investigating|suing|probing|examining)"
    r"|(?:sits?|serves?|is|are) (?=on (?:the|\w+['’]s) board)|(?:open|current) (?=cases?\b|lawsuits?|investigations?|probes?|reviews?|directors|board))",
    re.IGNORECASE,
)
_OVER = re.compile(r"\b(?:have|has) (?:already |since )?(?:ended|expired|lapsed)\b|\b(?:expired|lapsed) (?=\w)", re.IGNORECASE)

_SCALES = {"thousand": 1e3, "million": 1e6, "m": 1e6, "mn": 1e6, "billion": 1e9, "bn": 1e9, "b": 1e9, "trillion": 1e12, "tn": 1e12}
_MORE = r"more than|over|above|at least|exceeding|exceed(?:s|ed)?|greater than|larger than|bigger than|north of|upwards? of|beyond|>|pass(?:es|ed)?|top(?:s|ped)?|cross(?:es|ed)?|reach(?:es|ed)?|hits?"
# These include the bound itself.
_AT_LEAST, _AT_MOST = r"at least|north of|upwards? of|reach(?:es|ed)?|hits?", r"at most|up to"
_LESS = r"less than|under|below|at most|up to|smaller than|cheaper than|<"
_BOUND = re.compile(
    rf"(?:\b(?:are |is |was |were )?(?:worth |valued at |costing |of )?)(?P<how>{_MORE}|{_LESS})(?: (?:an? )?(?:valuation|value|revenue|worth) of)? ?(?P<sign>[$€£]|US\$)? ?(?P<number>\d[\d,]*(?:\.\d+)?)[ -]?"
    r"(?P<scale>thousand|million|billion|trillion|mn|bn|tn|m|b)?[ -]?(?P<unit>(?:US )?dollars?|usd|euros?|eur|pounds?|gbp|gw|gigawatts?|mw|megawatts?|percent|per cent|%)?(?=\W|$)",
    re.IGNORECASE,
)
_CURRENCIES = {"$": "USD", "us$": "USD", "€": "EUR", "£": "GBP", "d": "USD", "u": "USD", "e": "EUR", "p": "GBP", "g": "GBP"}
MONEY = "amount valuation committed paid total"
# Below a year nobody writes money without a scale.
LEAST_SUM = 10_000
_KINDS = (
    ("a model", r"models?|llms?", ("Model", "ModelFamily")),
    ("a chip", r"(?:ai )?chips?|processors?|accelerators?", ("Chip",)),
    ("an organization", r"compan(?:y|ies)|firms?|start-?ups?|business(?:es)?", ("Organization",)),
    ("a person", r"people|persons?|executives?|researchers?", ("Person",)),
    ("a data centre", r"data ?cent(?:re|er)s?", ("DataCentre", "Cluster", "Supercomputer")),
    ("a regulator", r"regulators?|watchdogs?", ("Regulator",)),
    ("a court", r"courts?", ("Court",)),
    ("a fund", r"funds", ("Fund",)),
    ("a publisher", r"publishers?|newspapers?|news (?:outlets|organi[sz]ations|firms)", ("Publisher",)),
    ("an application", r"apps|applications?", ("Application",)),
)
_ASKED_KIND = re.compile(
    rf"\b(?:which|what|how many|newest|latest|most recent|all|number of)(?: (?:other|different|new|AI|of|the|big|(?-i:[A-Z])[\w.]*(?:['’]s)?))* (?P<kind>{'|'.join(f'(?:{words})' for _, words, _ in _KINDS)})\b"
    # Who makes chips is no chip.
    r"(?! (?:makers?|rulings?|cases?|suppliers?|designers?|deals?|exports?|orders?|contracts?|firms?|companies|projects?|builders?|operators?|providers?|prices?|chiefs?|licen[cs]es|families)\b)",
    re.IGNORECASE,
)


def constraints_in(text: str) -> tuple[Constraint, ...]:
    """What the rows must be, by the words of a sentence.

    >>> [(one.said, one.told_in) for one in constraints_in("which lawsuits against AI companies were dismissed")]
    [('dismissed as a whole', 'outcome')]
    >>> [(one.said, one.least) for one in constraints_in("deals worth at least 10 billion dollars")]
    [('at least 10 billion USD', 10000000000.0)]
    """
    found = [_bound(match) for match in _BOUND.finditer(text)]
    if re.search(r"\bvalu(?:ed|ation)", text, re.IGNORECASE):
        found = [replace(one, told_in="valuation", home="") if one and one.currency else one for one in found]
    for said, told, property_, wanted, home in _TOLD:
        match = re.search(rf"\b(?:{told})\b", text, re.IGNORECASE)
        if match:
            no = re.search(r"\b(?:not|never|n['’]t)(?: yet)?(?: been)? $", text[: match.start()], re.IGNORECASE)
            words = f"{no[0]}{match[0]}" if no else match[0]
            found.append(Constraint(f"{'not ' if no else ''}{said}", words, property_, wanted, home, negated=bool(no)))
    now, over = _NOW.search(text), _OVER.search(text)
    if now:
        found.append(Constraint("still open", now[0], "end"))
    elif over:
        found.append(Constraint("over", over[0], "end", negated=True))
    if any(one and one.said == "only intended" for one in found):
        found = [one for one in found if one and one.said != "planned or under way"]
    return tuple(one for one in found if one)


def kind_in(text: str) -> Constraint | None:
    """Of which kind of thing the rows must name one: that which is asked for.

    >>> kind_in("how many models has OpenAI released").said, kind_in("who funds model makers")
    ('a model', None)
    """
    match = _ASKED_KIND.search(text)
    if not match:
        return None
    told = next(one for one in _KINDS if re.fullmatch(one[1], match["kind"], re.IGNORECASE))
    return Constraint(told[0], match["kind"], "type", "|".join(told[2]), exact=told[0] in ("a model", "a chip", "a person"))


def kinds_of(constraint: Constraint) -> set[str]:
    """The classes of the kind that is asked for."""
    return {f"{PG}{name}" for name in constraint.wanted.split("|")}


def without(text: str, constraints: Iterable[Constraint]) -> str:
    """The sentence without the words of the constraints."""
    for one in constraints:
        text = re.sub(
            rf"(?:\b(?:that|which|who) )?(?:\b(?:are|is|was|were|been|have|has) )?(?<!\w){re.escape(one.words)}(?!\w)",
            " ",
            text,
            count=1,
        )
    return re.sub(r"\s+", " ", text).strip()


def _bound(match: re.Match[str]) -> Constraint | None:
    number = float(match["number"].replace(",", ""))
    scale = (match["scale"] or "").casefold()
    unit = (match["unit"] or "").casefold()
    more = bool(re.fullmatch(_MORE, match["how"], re.IGNORECASE))
    exact = bool(re.fullmatch(f"{_AT_LEAST}|{_AT_MOST}", match["how"], re.IGNORECASE))
    how = ("at least" if exact else "over") if more else ("at most" if exact else "under")
    value = number * _SCALES.get(scale, 1.0)
    shown = f"{how} {match['number']}{f' {_scale_word(scale)}' if scale else ''}"
    if unit in ("%", "percent", "per cent"):
        said, stems = f"{how} {match['number']} per cent", "stake quantity"
    elif unit[:1] in ("g", "m") and not unit.startswith("gbp"):
        value *= 1000 if unit.startswith("g") else 1
        said, stems = f"{how} {value:,.0f} MW", "capacity"
    elif not (match["sign"] or unit or scale) or value < LEAST_SUM:
        return None
    else:
        currency = _CURRENCIES[(match["sign"] or "").casefold() or (unit[:1] if unit else "$")]
        said, stems = f"{shown} {currency}", MONEY
        return _bounded(Constraint(said, match[0], stems, home=DEALS, currency=currency), value, more=more, exact=exact)
    return _bounded(Constraint(said, match[0], stems), value, more=more, exact=exact)


def _bounded(constraint: Constraint, value: float, *, more: bool, exact: bool) -> Constraint:
    """The constraint with the least or the most that is meant; what is over a number is the next one at least."""
    if more:
        return replace(constraint, least=value if exact else math.nextafter(value, math.inf))
    return replace(constraint, most=value if exact else math.nextafter(value, -math.inf))


def _scale_word(scale: str) -> str:
    return next(word for word in ("thousand", "million", "billion", "trillion") if _SCALES[word] == _SCALES[scale])


def can_tell(query: Query, constraint: Constraint) -> bool:
    """Whether rows of a question have what tells whether they are so."""
    if constraint.bounded:
        return any(f"?{stem}Min" in query.text for stem in constraint.told_in.split())
    return bool(re.search(r"SELECT(?: DISTINCT)?(?: [?]\w+)*? [?]claim\b", query.text))
