"""Dates as people write them, as precise as they are; what may be two days is said and not guessed."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass

from partnergraph.intake.amounts import Unreadable, plain

_MONTHS = (
    ("january jan januar jänner janvier enero gennaio januari janeiro", 1),
    ("february feb febr februar février fév fevrier febrero febbraio februari fevereiro", 2),
    ("march mar märz mär mrz mars marzo maart março", 3),
    ("april apr avril avr abril aprile", 4),
    ("may mai maj mayo maggio mei maio", 5),
    ("june jun juni juin junio giugno junho", 6),
    ("july jul juli juillet juil julio luglio julho", 7),
    ("august aug août aout agosto augustus", 8),
    ("september sept sep septembre septiembre settembre setembro", 9),
    ("october oct oktober okt octobre octubre ottobre outubro", 10),
    ("november nov novembre noviembre novembro", 11),
    ("december dec dezember dez décembre déc decembre diciembre dicembre dezembro", 12),
)
MONTHS = {name: number for names, number in _MONTHS for name in names.split()}
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_ORDINAL = r"(?:st|nd|rd|th|er|\.|º)?"
# The years before the first of each era of Japan.
_ERAS = {"令和": 2018, "平成": 1988}
_QUARTERS = {"1": "first", "2": "second", "3": "third", "4": "fourth"}
_PARTS = r"early|mid|mi|late|beginning of|end of|spring|summer|autumn|fall|winter|frühling|frühjahr|sommer|herbst|anfang|mitte|ende|début|fin|été|printemps|automne"
_NONE = re.compile(
    r"[-–—?]+|n/?a|n\.? ?[ad]\.?|s\.? ?d\.?|unknown|undated|none|null|nil|tbd|tba|tbc|k\.? ?a\.?|o\. ?d\.?|unbekannt|inconnue?|不明"
)
# Days as spreadsheets count them, of about the years 1990 to 2064.
FIRST_SERIAL, LAST_SERIAL = 32_874, 60_000
_EPOCH = datetime.date(1899, 12, 30)


@dataclass(frozen=True)
class Day:
    """A day, month or year in ISO form, as precise as it was written, and what was said beside it."""

    text: str
    notes: tuple[str, ...] = ()

    @property
    def datatype(self) -> str:
        """Its datatype, as a short name."""
        return {4: "xsd:gYear", 7: "xsd:gYearMonth"}.get(len(self.text), "xsd:date")


def day_order(texts: Iterable[str]) -> str:
    """Whether days stand before months in a column (``dmy``) or behind (``mdy``), where a value tells and none contradicts it."""
    seen = set()
    for text in texts:
        match = re.fullmatch(r"(\d{1,2})[/-](\d{1,2})[/-](\d{2}|\d{4})(?: .*)?", plain(text))
        if match and int(match[1]) > 12 >= int(match[2]):
            seen.add("dmy")
        elif match and int(match[2]) > 12 >= int(match[1]):
            seen.add("mdy")
    return seen.pop() if len(seen) == 1 else ""


def read_day(text: str, *, order: str = "") -> Day | None:
    """The day, month or year that a text states, None where it states none; raises Unreadable where it may mean several.

    ``order`` is ``dmy`` or ``mdy`` for days that are written in figures.
    """
    said = plain(text).strip(".")
    if not said or _NONE.fullmatch(said):
        return None
    said = re.sub(
        r"^(?:on|in|as of|since|announced|closed|am|im|seit|le|el)\s+|^(?:mon|tues?|wednes|wed|thurs?|thu|fri|satur|sat|sun)(?:day)?,?\s+"
        r"|^(?:(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|sonnabend|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo),?\s+(?:den\s+)?",
        "",
        said,
    )
    said = re.sub(r"[ t]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[ap]m)?(z| ?utc| ?[+-]\d{2}:?\d{2})?$", "", said)
    if re.search(r"\b(?:fy|fiscal|geschäftsjahr|gj|exercice)\b|\bfy ?'?\d", said):
        raise Unreadable(f"{text!r} is a fiscal year, which begins on another day for each firm; write the calendar year or month")
    for reader in (_iso, _asian, _in_figures, _in_words, _partial, _serial):
        found = reader(said, text, order)
        if found is not None:
            return found
    raise Unreadable(f"{text!r} is no date that can be told; write 2024-06-01, 2024-06 or 2024")


def _made(year: int, month: int = 0, day: int = 0, *, text: str, notes: tuple[str, ...] = ()) -> Day:
    if not 1900 <= year <= 2100:
        raise Unreadable(f"{text!r} is of the year {year}, which cannot be meant")
    try:
        datetime.date(year, month or 1, day or 1)
    except ValueError:
        raise Unreadable(f"{text!r} is no day of the calendar") from None
    return Day(f"{year:04}" + (f"-{month:02}" if month else "") + (f"-{day:02}" if day else ""), notes)


def _iso(said: str, text: str, order: str) -> Day | None:
    del order
    match = re.fullmatch(r"(\d{4})(?:[-/.] ?(\d{1,2})(?:[-/.] ?(\d{1,2}))?)?", said) or re.fullmatch(
        r"((?:19|20)\d\d)(\d\d)(\d\d)", said
    )
    return _made(int(match[1]), int(match[2] or 0), int(match[3] or 0), text=text) if match else None


def _asian(said: str, text: str, order: str) -> Day | None:
    del order
    era = re.match(r"(令和|平成)(\d{1,2}|元)(?= ?年)", said)
    if era:
        said = f"{_ERAS[era[1]] + int(era[2].replace('元', '1'))}{said[era.end() :]}"
    match = re.fullmatch(r"(\d{4}) ?[年년] ?(?:(\d{1,2}) ?[月월] ?(?:(\d{1,2}) ?[日일])?)?", said)
    return _made(int(match[1]), int(match[2] or 0), int(match[3] or 0), text=text) if match else None


def _year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits) if int(digits) < 70 else 1900 + int(digits)


def _in_figures(said: str, text: str, order: str) -> Day | None:
    match = re.fullmatch(r"(\d{1,2})([./-])(\d{1,2})\2 ?(\d{4}|\d{2})", said)
    if not match:
        match = re.fullmatch(r"(\d{1,2})[/.-](\d{4})", said)
        return _made(int(match[2]), int(match[1]), text=text) if match else None
    first, second, year = int(match[1]), int(match[3]), _year(match[4])
    notes = (f"{match[4]} is {year}",) if len(match[4]) == 2 else ()
    if match[2] == "." or first > 12 or first == second:
        return _made(year, second, first, text=text, notes=notes)
    if second > 12:
        return _made(year, first, second, text=text, notes=notes)
    if order not in {"dmy", "mdy"}:
        raise Unreadable(
            f"{text!r} may be the {first}. of month {second} or the {second}. of month {first}; say --dates dmy or --dates mdy"
        )
    day, month = (first, second) if order == "dmy" else (second, first)
    return _made(year, month, day, text=text, notes=(*notes, f"read as {order}"))


def _in_words(said: str, text: str, order: str) -> Day | None:
    del order
    match = re.fullmatch(
        rf"(?P<d>\d{{1,2}}){_ORDINAL}[ -]?(?:of |de |d['’])?(?P<m>{_MONTH})\.?,?[ -]?(?:de |of )?['’]?(?P<y>\d{{4}}|\d{{2}})", said
    )
    match = match or re.fullmatch(rf"(?P<m>{_MONTH})\.?[ -](?P<d>\d{{1,2}}){_ORDINAL},? ?(?P<y>\d{{4}})", said)
    match = match or re.fullmatch(rf"(?P<y>\d{{4}})[ -](?P<m>{_MONTH})\.?[ -](?P<d>\d{{1,2}})", said)
    if match:
        return _made(_year(match["y"]), MONTHS[match["m"]], int(match["d"]), text=text)
    match = re.fullmatch(rf"(?P<m>{_MONTH})\.?,?(?:[ -]|(?=['’]))(?:de )?['’]?(?P<y>\d{{4}}|\d{{2}})", said) or re.fullmatch(
        rf"(?P<y>\d{{4}})[ -](?P<m>{_MONTH})", said
    )
    if match:
        notes = (f"{match['y']} is the year {_year(match['y'])}",) if len(match["y"]) == 2 else ()
        return _made(_year(match["y"]), MONTHS[match["m"]], text=text, notes=notes)
    match = re.fullmatch(rf"(?P<p>{_PARTS})[ -](?P<m>{_MONTH})\.?[ -](?P<y>\d{{4}})", said)
    return _made(int(match["y"]), MONTHS[match["m"]], text=text, notes=(f"{match['p']} of the month",)) if match else None


def _partial(said: str, text: str, order: str) -> Day | None:
    del order
    match = re.fullmatch(
        r"(?P<q>[1-4])(?:\. ?quartal|er trimestre|e trimestre|ème trimestre|º trimestre|(?:st|nd|rd|th) quarter)(?: of| de)? (?P<y>\d{4})|[qt](?P<q2>[1-4])[ /-]*(?P<y2>\d{4}|\d\d)|(?P<y3>\d{4})[ /-]*[qt](?P<q3>[1-4])|(?P<q4>[1-4])[qt] ?(?P<y4>\d{4}|\d\d)",
        said,
    )
    if match:
        quarter = match["q"] or match["q2"] or match["q3"] or match["q4"]
        year = match["y"] or match["y2"] or match["y3"] or match["y4"]
        return _made(_year(year), text=text, notes=(f"{_QUARTERS[quarter]} quarter",))
    match = re.fullmatch(r"(?P<h>first|second) half (?:of )?(?P<y>\d{4})", said)
    if match:
        return _made(int(match["y"]), text=text, notes=(f"{match['h']} half",))
    match = re.fullmatch(r"h(?P<h>[12])[ /-]*(?P<y>\d{4}|\d\d)|(?P<y2>\d{4})[ /-]*h(?P<h2>[12])", said)
    if match:
        half = "first" if (match["h"] or match["h2"]) == "1" else "second"
        return _made(_year(match["y"] or match["y2"]), text=text, notes=(f"{half} half",))
    match = re.fullmatch(
        rf"(?P<p>{_PARTS}|circa|ca?\.?|about|around|approx\.?|um|vers|env\.?|environ|約|~)[ -]*['’]?(?P<y>\d{{4}})", said
    )
    if match:
        return _made(int(match["y"]), text=text, notes=(f"{match['p']} {match['y']}",))
    match = re.fullmatch(r"['’](\d\d)", said)
    return _made(_year(match[1]), text=text) if match else None


def _serial(said: str, text: str, order: str) -> Day | None:
    del order
    match = re.fullmatch(r"(\d{5})(?:\.\d+)?", said)
    if not match or not FIRST_SERIAL <= int(match[1]) <= LAST_SERIAL:
        return None
    found = (_EPOCH + datetime.timedelta(days=int(match[1]))).isoformat()
    return Day(found, (f"{text} is {found} as spreadsheets count days",))
