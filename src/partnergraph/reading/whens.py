"""Dates and spans of time in a sentence, as figures or in words: their first and their last day, and the word before them."""

from __future__ import annotations

import calendar
import datetime
import re
from dataclasses import dataclass

MONTHS = {name.casefold(): n for names in (calendar.month_name, calendar.month_abbr) for n, name in enumerate(names) if name} | {
    "sept": 9
}
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_PARTS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "last": -1, "final": -1}
_PART = "|".join(_PARTS)
_DATE = (
    rf"(?P<iso>\d{{4}}-\d{{2}}-\d{{2}})|(?P<isomonth>\d{{4}}-\d{{2}})(?!\d)|(?P<day1>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<month1>{_MONTH})\.?,? (?P<year1>\d{{4}})"
    rf"|(?P<month2>{_MONTH})\.? (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year2>\d{{4}})|(?P<month3>{_MONTH})\.?,?(?: of)? (?P<year3>\d{{4}})"
    rf"|(?P<which>{_PART}) (?P<unit>quarter|half)(?: of| in)? (?:the year )?(?P<year5>\d{{4}})"
    r"|q(?P<quarter>[1-4])[ /]?(?:of )?(?P<year4>\d{4})|h(?P<half>[12])[ /]?(?:of )?(?P<year6>\d{4})"
    r"|(?P<around>this|last|next|current|previous) (?P<period>year|month|quarter)|(?P<today>today|yesterday|right now)"
    r"|(?P<year>(?:19|20)\d{2})(?![\w%-]|\.\d)"
)
_LEAD = (
    r"(?P<lead>as of|as at|at the end of|by the end of|until the end of|till the end of|end of|until|till|up to|before|prior to|by|on|in|during|since|from|after|past|beyond|between|to|and|through)?\s*"
    r"(?:the )?(?P<part>end of|late|early|beginning of|start of|mid)?[\s-]*"
)
WHEN = re.compile(rf"\b(?:{_LEAD})\b(?:{_DATE})\b", re.IGNORECASE)
_ENDS = ("by", "until", "till", "before")


@dataclass(frozen=True)
class When:
    """A date that was typed: its first and its last day, and the word before it."""

    lead: str
    first: str
    last: str


def read_when(match: re.Match[str], today: datetime.date | None = None) -> When | None:
    """What a match of WHEN means; None for what is no date.

    >>> read_when(WHEN.search("before 2020"))
    When(lead='until', first='2019-12-31', last='2019-12-31')
    >>> read_when(WHEN.search("in the last quarter of 2025"))
    When(lead='in', first='2025-10-01', last='2025-12-31')
    """
    span = _span_of(match, today or datetime.datetime.now(tz=datetime.UTC).date())
    if span is None:
        return None
    lead = " ".join((match["lead"] or "").casefold().split())
    first, last = _part(*span, (match["part"] or "").casefold())
    if "end of" in lead:
        first = last
        lead = next((word for word in _ENDS if lead.startswith(word)), "on")
    if lead in ("before", "prior to"):
        day = (datetime.date.fromisoformat(first) - datetime.timedelta(days=1)).isoformat()
        return When("until", day, day)
    if lead in ("after", "past", "beyond"):
        day = (datetime.date.fromisoformat(last) + datetime.timedelta(days=1)).isoformat()
        return When("since", day, day)
    return When(lead, first, last)


def _part(first: str, last: str, part: str) -> tuple[str, str]:
    """The part of a span that is meant; of a year early, mid and late are four months each, as nobody says exactly."""
    if "end" in part:
        return last, last
    if "beginning" in part or "start" in part:
        return first, first
    year = first[:4]
    if (first, last) == (f"{year}-01-01", f"{year}-12-31"):
        months = {"early": (1, 4), "mid": (5, 8), "late": (9, 12)}.get(part)
        return (_days(int(year), months[0])[0], _days(int(year), months[1])[1]) if months else (first, last)
    return first, last


def _span_of(match: re.Match[str], today: datetime.date) -> tuple[str, str] | None:
    part = match.groupdict()
    if part["iso"]:
        try:
            datetime.date.fromisoformat(part["iso"])
        except ValueError:
            return None
        return part["iso"], part["iso"]
    if part["around"] or part["today"]:
        return _near_today(part, today)
    year = next((int(part[f"year{n}"]) for n in ("1", "2", "3", "4", "5", "6", "") if part[f"year{n}"]), 0)
    if part["isomonth"]:
        year, month = (int(word) for word in part["isomonth"].split("-"))
    else:
        month = next((MONTHS[part[name].casefold()] for name in ("month1", "month2", "month3") if part[name]), 0)
    if year < 1:
        return None
    size, number = _piece(part)
    if size:
        first = size * (number - 1) + 1
        return (_days(year, first)[0], _days(year, first + size - 1)[1]) if first < 12 else None
    if not month and not part["isomonth"]:
        return f"{year:04}-01-01", f"{year:04}-12-31"
    if not 1 <= month <= 12:
        return None
    day = next((int(part[name]) for name in ("day1", "day2") if part[name]), 0)
    first_day, last_day = _days(year, month)
    if day:
        return (f"{year:04}-{month:02}-{day:02}",) * 2 if day <= int(last_day[-2:]) else None
    return first_day, last_day


def _piece(part: dict[str, str | None]) -> tuple[int, int]:
    """How many months the named part of a year has, and which of these parts it is; 0 if none is named."""
    if part["quarter"]:
        return 3, int(part["quarter"])
    if part["half"]:
        return 6, int(part["half"])
    if part["which"]:
        size = 3 if str(part["unit"]).casefold() == "quarter" else 6
        number = _PARTS[part["which"].casefold()]
        return size, 12 // size if number < 0 else number
    return 0, 0


def _near_today(part: dict[str, str | None], today: datetime.date) -> tuple[str, str]:
    if part["today"]:
        day = (today - datetime.timedelta(days=str(part["today"]).casefold() == "yesterday")).isoformat()
        return day, day
    step = {"last": -1, "previous": -1, "next": 1}.get(str(part["around"]).casefold(), 0)
    size = {"month": 1, "quarter": 3, "year": 12}[str(part["period"]).casefold()]
    months = 12 * today.year + (today.month - 1) // size * size + step * size
    year, month = divmod(months, 12)
    end_year, end_month = divmod(months + size - 1, 12)
    return _days(year, month + 1)[0], _days(end_year, end_month + 1)[1]


def _days(year: int, month: int) -> tuple[str, str]:
    return f"{year:04}-{month:02}-01", f"{year:04}-{month:02}-{calendar.monthrange(year, month)[1]:02}"
