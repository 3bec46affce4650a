"""Values as people read them: amounts as ranges in words, dates as precise as they are known, nothing hostile."""

from __future__ import annotations

import calendar
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import pyoxigraph as ox

from partnergraph.base.texts import clean
from partnergraph.rdf.terms import Term, compact

MONTHS = 12
MAGNITUDES = ((Decimal(10) ** 12, "trillion"), (Decimal(10) ** 9, "billion"), (Decimal(10) ** 6, "million"))


# So many decimals are read; what has more is written in digits, or rounded where nobody stated it so.
MOST_DECIMALS = 6
LONGEST_NUMBER = 20


def number(value: Decimal) -> str:
    """A number in words from a million up, in digits below that: always the number itself, but for ends without end.

    >>> number(Decimal("13750000000")), number(Decimal(999_999_999)), number(Decimal(9007199254740993)), number(Decimal("0.0004"))
    ('13.75 billion', '999.999999 million', '9,007,199,254,740,993', '0.0004')
    """
    for size, word in MAGNITUDES:
        if abs(value) >= size:
            scaled = value / size
            if _decimals(scaled) > MOST_DECIMALS and not _decimals(value) and value.adjusted() < LONGEST_NUMBER:
                return f"{value:,f}".partition(".")[0]
            return f"{_plain(scaled)} {word}"
    return _plain(value)


def _decimals(value: Decimal) -> int:
    return max(0, -int(value.normalize().as_tuple().exponent))


def _plain(value: Decimal) -> str:
    decimals = _decimals(value)
    if decimals > MOST_DECIMALS:
        # Three digits that say something, also of what is far below one.
        decimals = 3 if abs(value) >= Decimal("0.1") else min(2 - value.adjusted(), LONGEST_NUMBER)
    text = f"{value:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def amount(least: Decimal | None, greatest: Decimal | None, unit: str = "", *, about: bool = False) -> str:
    """A range in words.

    >>> amount(Decimal(10**9), Decimal(10**9), "USD")
    '1 billion USD'
    >>> amount(Decimal(0), Decimal(4 * 10**9), "USD")
    'up to 4 billion USD'
    >>> amount(Decimal(10**9), None, "USD")
    'at least 1 billion USD'
    >>> amount(None, None)
    'undisclosed'
    """
    space = "" if unit == "%" else " "
    suffix = f"{space}{unit}" if unit else ""
    prefix = "about " if about else ""
    if least is None and greatest is None:
        return "undisclosed"
    if greatest is None:
        return f"at least {number(least)}{suffix}" if least else "not stated"
    if least == greatest:
        return f"{prefix}{number(greatest)}{suffix}"
    if not least:
        return f"up to {number(greatest)}{suffix}"
    low, high = number(least), number(greatest)
    if low == high:
        low, high = f"{least:,f}", f"{greatest:,f}"
    if low.split()[1:] == high.split()[1:]:
        low = low.split()[0]
    return f"{prefix}{low} to {high}{suffix}"


def decimal(term: Term | None) -> Decimal | None:
    """The number of a literal, or None where there is none that can be computed with."""
    if not isinstance(term, ox.Literal):
        return None
    try:
        value = Decimal(term.value)
    except InvalidOperation:
        return None
    # A literal may say 1e300000000; nothing here needs more than the money of the world.
    return value if value.is_finite() and abs(value.adjusted()) <= 30 else None


def is_true(term: Term | None) -> bool:
    """Whether the literal is the boolean true."""
    return isinstance(term, ox.Literal) and term.value in {"true", "1"}


@dataclass(frozen=True)
class Range:
    """Columns that together are one range: their common stem and where the unit comes from."""

    stem: str
    unit: str = ""
    fixed: str = ""

    def columns(self) -> tuple[str, ...]:
        """The columns that the range is made of."""
        parts = (*(f"{self.stem}{part}" for part in ("Min", "Max", "Approximate", "Undisclosed")), self.unit)
        return tuple(name for name in parts if name)

    def text(self, row: Mapping[str, Term], labels: Mapping[str, str]) -> str:
        """The range of one row in words."""
        unit = row.get(self.unit) if self.unit else None
        text = amount(
            decimal(row.get(f"{self.stem}Min")),
            decimal(row.get(f"{self.stem}Max")),
            plain(unit, labels) if unit is not None else self.fixed,
            about=is_true(row.get(f"{self.stem}Approximate")),
        )
        undisclosed = is_true(row.get(f"{self.stem}Undisclosed")) and text != "undisclosed"
        return f"undisclosed, {text}" if undisclosed else text


RANGES = (
    Range("amount", unit="currency"),
    Range("total", unit="currency"),
    *(Range(kind, unit="currency") for kind in ("paid", "committed", "conditional", "intended", "preferred")),
    Range("valuation", unit="currency"),
    *(Range(kind, unit="currency") for kind in ("threshold", "cap", "backstop", "option")),
    Range("quantity", unit="unit"),
    Range("stake", fixed="%"),
    Range("capacity", fixed="MW"),
    Range("share", fixed="%"),
)


def plain(term: Term | ox.Triple | None, labels: Mapping[str, str]) -> str:
    """One term for people: a label rather than an IRI, a literal without its datatype, nothing for None."""
    if term is None:
        return ""
    if isinstance(term, ox.NamedNode):
        return clean(labels.get(term.value) or compact(term.value))
    if isinstance(term, ox.Literal):
        if term.datatype.value.endswith("#boolean"):
            return "yes" if is_true(term) else "no"
        value = decimal(term) if term.datatype.value.endswith(("#decimal", "#integer", "#double")) else None
        return clean(term.value) if value is None else number(value)
    # A triple as a term has no label; a blank node has nothing to say.
    return clean(str(term)) if isinstance(term, ox.Triple) else ""


def span_words(first: str, last: str) -> str:
    """The date that stands for the days from the first to the last, as precise as that is: never padded.

    >>> span_words("2023-01-01", "2023-12-31"), span_words("2023-02-01", "2023-02-28"), span_words("2023-02-07", "2023-02-07")
    ('2023', '2023-02', '2023-02-07')
    >>> span_words("2023-01-01", "2023-01-23")
    '2023-01, by 2023-01-23'
    """
    if first == last or not last:
        return first
    if first[4:] == "-01-01" and last == last_day(first[:4]):
        return first[:4]
    for length, start in ((7, "-01"), (4, "-01-01")):
        if first[:length] == last[:length] and first[length:] == start:
            return first[:length] if last == last_day(first[:length]) else f"{first[:length]}, by {last}"
    return f"{first or 'unknown'} to {last}"


def last_day(date: str) -> str:
    """The last day that a year, a month or a day may mean."""
    if len(date) == len("2023"):
        return f"{date}-12-31"
    if len(date) == len("2023-01") and date[5:].isdecimal() and 1 <= int(date[5:]) <= MONTHS and int(date[:4] or "0") >= 1:
        return f"{date}-{calendar.monthrange(int(date[:4]), int(date[5:]))[1]}"
    return date


def until_words(end: str) -> str:
    """An end as people say it: what holds no longer on the first day of a year holds through the year before.

    >>> until_words("2033-01-01"), until_words("2032"), until_words("2025-10-28")
    ('through 2032', '2032', '2025-10-28')
    """
    return f"through {int(end[:4]) - 1}" if re.fullmatch(r"[1-9][0-9]{3}-01-01", end) else end


def interval(row: Mapping[str, Term]) -> str:
    """When a claim holds: a date, or from when until when, as precise as known; sorts as text by its first date.

    >>> interval({"begin": ox.Literal("2019-07"), "end": ox.Literal("2025")})
    '2019-07 – 2025'
    >>> interval({"date": ox.Literal("2026-04"), "end": ox.Literal("2033-01-01")})
    '2026-04 – through 2032'
    """
    return interval_words({name: str(row[name].value) for name in ("date", "begin", "end") if name in row})


def interval_words(row: Mapping[str, str]) -> str:
    """The same for a row of texts, empty or missing where nothing is known."""
    date, begin, end = (clean(row.get(name, "")) for name in ("date", "begin", "end"))
    return f"{begin or date} – {until_words(end)}".strip() if begin or end else date or "undated"


def decimal_or_none(value: float) -> Decimal | None:
    """The number as a decimal, or None where there is no bound."""
    return Decimal(repr(value)) if math.isfinite(value) else None
