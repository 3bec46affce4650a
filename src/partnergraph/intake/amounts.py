"""Amounts of money as people write them: a grammar of our own, which says what it cannot tell instead of guessing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

UNITS = {
    "one": Decimal(1),
    "thousand": Decimal(10**3),
    "million": Decimal(10**6),
    "billion": Decimal(10**9),
    "trillion": Decimal(10**12),
}
_SCALES = {
    **dict.fromkeys(("k", "thousand", "thousands", "tsd", "tausend", "mille"), Decimal(10**3)),
    **dict.fromkeys(
        (
            "m",
            "mm",
            "mn",
            "mio",
            "mill",
            "million",
            "millions",
            "millionen",
            "millones",
            "millón",
            "milioni",
            "milione",
            "miljoen",
            "milhões",
            "mln",
        ),
        Decimal(10**6),
    ),
    **dict.fromkeys(
        (
            "b",
            "bn",
            "bln",
            "billion",
            "billions",
            "mrd",
            "md",
            "mds",
            "mld",
            "milliard",
            "milliards",
            "milliarde",
            "milliarden",
            "miliardi",
            "miljard",
        ),
        Decimal(10**9),
    ),
    **dict.fromkeys(("t", "tn", "trn", "trillion", "trillions", "billionen"), Decimal(10**12)),
    **dict.fromkeys(("lakh", "lakhs"), Decimal(10**5)),
    **dict.fromkeys(("crore", "crores", "cr"), Decimal(10**7)),
    **dict.fromkeys(("万", "萬", "만"), Decimal(10**4)),
    **dict.fromkeys(("億", "亿", "억"), Decimal(10**8)),
    **dict.fromkeys(("兆", "조"), Decimal(10**12)),
}
# A bare ``mil`` is a thousand in Spanish and a million in English slang, so it is nothing here.
_CODES = [
    "USD",
    "EUR",
    "GBP",
    "JPY",
    "CNY",
    "CHF",
    "CAD",
    "AUD",
    "NZD",
    "HKD",
    "SGD",
    "INR",
    "KRW",
    "TWD",
    "SEK",
    "NOK",
    "DKK",
    "PLN",
    "CZK",
    "HUF",
    "ILS",
    "AED",
    "SAR",
    "QAR",
    "BRL",
    "MXN",
    "ZAR",
    "TRY",
    "IDR",
    "THB",
    "VND",
    "MYR",
    "PHP",
    "RUB",
]
_SIGNS = {
    "us$": "USD",
    "$": "USD",
    "usd$": "USD",
    "a$": "AUD",
    "au$": "AUD",
    "c$": "CAD",
    "ca$": "CAD",
    "hk$": "HKD",
    "s$": "SGD",
    "nz$": "NZD",
    "r$": "BRL",
    "nt$": "TWD",
    "€": "EUR",
    "£": "GBP",
    "₹": "INR",
    "₩": "KRW",
    "₪": "ILS",
    "cn¥": "CNY",
    "jp¥": "JPY",
    "¥": "?JPY or CNY",
    "rmb": "CNY",
    "yuan": "CNY",
    "yen": "JPY",
    "円": "JPY",
    "元": "CNY",
    "원": "KRW",
    "rs": "INR",
    "rs.": "INR",
    "rupees": "INR",
    "dollars": "USD",
    "dollar": "USD",
    "us dollars": "USD",
    "u.s. dollars": "USD",
    "us-dollar": "USD",
    "euro": "EUR",
    "euros": "EUR",
    "pounds": "GBP",
    "pound": "GBP",
    "sterling": "GBP",
    "won": "KRW",
    "fr": "CHF",
    "fr.": "CHF",
    "sfr": "CHF",
    "kr": "?SEK, NOK or DKK",
    **{code.lower(): code for code in _CODES},
}
_UNDISCLOSED = re.compile(
    r"(?:undisclosed|not (?:publicly )?disclosed|unspecified|confidential|unknown|undis\.?|n\.?/?a\.?|n/d|nd|tbd|tba|none|nicht (?:bekannt|genannt|veröffentlicht)"
    r"|unbekannt|k\.? ?a\.?|non (?:divulgué|communiqué)e?|no revelado|[-–—?.]+)(?: amount| sum)?"
)
_ABOUT = r"(?:about|approximately|approx\.?|around|roughly|circa|ca\.?|c\.|some|nearly|almost|close to|an estimated|estimated|est\.?|etwa|rund|ungefähr|environ|unos|[~≈∼])"
_UP_TO = r"(?:up to|as much as|as high as|max\.?|maximum|at most|no more than|less than|under|below|bis zu|bis|maximal|höchstens|jusqu['’]à|hasta|fino a|[<≤])"
_AT_LEAST = r"(?:at least|more than|over|above|upwards of|min\.?|minimum|in excess of|exceeding|mindestens|über|mehr als|plus de|más de|oltre|[>≥])"
_SIGN = "|".join(sorted(map(re.escape, _SIGNS), key=len, reverse=True))
_SCALE = "|".join(sorted(map(re.escape, _SCALES), key=len, reverse=True))
_NUMBER = r"\d[\d.,'’  ]*\d|\d"
_AMOUNT = re.compile(
    rf"(?P<before>(?:{_SIGN})(?:\s*(?:{_SIGN}))?)?\s*(?P<number>{_NUMBER})(?:\s*-?(?P<scale>(?:{_SCALE})\.?(?![^\W\d_])))?\s*(?P<after>(?:{_SIGN})(?![^\W\d_]))?"
)
_JOINED = re.compile(r"\s*(?:-|–|—|to|bis|à|a|and|und|et)\s*")
_MULTI = re.compile(rf"(?:(?P<sign>{_SIGN})\s*)?multi-?\s?(?P<scale>million|billion|trillion)(?:[- ](?:dollar|euro)s?)?")
_WORDS = {
    "half a": "0.5",
    "a": "1",
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
    "six": "6",
    "seven": "7",
    "eight": "8",
    "nine": "9",
    "ten": "10",
}
_SPELLED = re.compile(
    r"\b(half a|an?|one|two|three|four|five|six|seven|eight|nine|ten)(?=\s+(?:hundred\s+)?(?:thousand|million|billion|trillion)\b)"
)
_RECURRING = re.compile(
    r"\b(?:per|a|an|each|every)\s+(?:year|month|quarter|annum|user|seat|share)|annual|monthly|/\s*(?:yr|year|mo|month)|p\.? ?a\.?$|\bjährlich|par an"
)
_OTHER_KIND = re.compile(r"valuation|valued at|bewertung|market cap|revenue|umsatz|%|percent|per cent")


class Unreadable(ValueError):
    """What cannot be told, and what would settle it."""


@dataclass(frozen=True)
class Amount:
    """A range of money: exact where both ends are equal, open where one is missing; ``notes`` say what was taken for granted."""

    least: Decimal | None = None
    greatest: Decimal | None = None
    currency: str = ""
    approximate: bool = False
    undisclosed: bool = False
    notes: tuple[str, ...] = ()


def plain(text: str) -> str:
    """The text in one way of writing: small letters, ordinary blanks and digits, no marks of footnotes."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace(" ", " ").replace(" ", " ")
    return re.sub(r"\s+", " ", re.sub(r"\[\w{1,3}\]|\*+|[¹²³†‡]", "", folded)).strip()


def decimal_sign(texts: Iterable[str]) -> str:
    """The sign before the decimals in a column, where one value leaves no doubt and none contradicts it; empty otherwise."""
    seen = set()
    for text in texts:
        for match in re.finditer(_NUMBER, plain(text)):
            number = match[0]
            last = max(number.rfind("."), number.rfind(","))
            if last >= 0 and (len(number) - last - 1 != 3 or {".", ","} <= set(number)):
                seen.add(number[last])
            elif last >= 0 and number.count(number[last]) > 1:
                seen.add("," if number[last] == "." else ".")
    return seen.pop() if len(seen) == 1 else ""


def read_amount(text: str, *, unit: str = "", currency: str = "", decimal: str = "") -> Amount:
    """The amount that a text states; raises Unreadable where it may mean several.

    ``unit`` is that of bare numbers (``million``), ``currency`` that of amounts without one, ``decimal`` the sign before decimals.
    """
    said = plain(text)
    if not said:
        return Amount()
    if _UNDISCLOSED.fullmatch(said):
        return Amount(undisclosed=True)
    if _RECURRING.search(said):
        raise Unreadable(f"{text!r} recurs: that is a quantity with a unit such as dollars a year, not an amount of a deal")
    if _OTHER_KIND.search(said):
        raise Unreadable(f"{text!r} speaks of something else than the money that moves")
    multi = _MULTI.search(said)
    if multi and not re.search(r"\d", said):
        sign = _money(multi["sign"] or ("$" if "dollar" in said else "€" if "euro" in said else ""), text, currency)
        return Amount(_SCALES[multi["scale"]], None, sign[0], notes=sign[1])
    said = _SPELLED.sub(lambda match: _WORDS["a" if match[1] == "an" else match[1]], said)
    return _ranged(said, text, unit, currency, decimal)


def _ranged(said: str, text: str, unit: str, currency: str, decimal: str) -> Amount:
    if re.search(r"\(\s*[^()]*\d[^()]*\)", said) and re.match(r"^[^()]*\d", said):
        # The same once more in another currency, or what it is for.
        said = re.sub(r"\([^()]*\)", " ", said).strip()
    if re.fullmatch(r"\(.*\)|-\s*[^a-z]*\d.*", said):
        raise Unreadable(f"{text!r} is negative; an amount is what moves, with the parties in their roles")
    found = list(_AMOUNT.finditer(said))
    if not found:
        raise Unreadable(f"{text!r} has no number")
    first, *others = found
    joined = bool(others) and bool(_JOINED.fullmatch(said[first.end() : others[0].start()]))
    if len(others) > int(joined):
        raise Unreadable(f"{text!r} has several amounts; keep one")
    last = others[0] if joined else first
    before, after = said[: first.start()].strip(), said[last.end() :].strip(" .;,")
    signs = [match[part] for match in found for part in ("before", "after") if match[part]]
    code, notes = _money(signs[0] if signs else "", text, currency)
    if len({_money(sign, text, "")[0] for sign in signs} - {""}) > 1 and not _agree(signs):
        raise Unreadable(f"{text!r} has two currencies; keep one")
    scale = last["scale"] or first["scale"]
    greatest = _value(last, last["scale"] or scale, text, unit, decimal)
    # Of "10 to 15 million" both are millions.
    least = _value(first, first["scale"] or scale, text, unit, decimal) if joined else greatest
    if least > greatest:
        raise Unreadable(f"{text!r} runs from more to less")
    about = bool(re.search(rf"{_ABOUT}\s*$", before))
    if joined:
        return Amount(least, greatest, code, about, notes=(*notes, *_left(before, after)))
    if re.search(rf"(?:^|\s){_UP_TO}\s*$", before):
        return Amount(Decimal(0), greatest, code, notes=notes)
    if re.search(rf"(?:^|\s){_AT_LEAST}\s*$", before) or re.match(r"\+|or more|plus\b", after):
        return Amount(least, None, code, notes=notes)
    return Amount(least, greatest, code, about, notes=(*notes, *_left(before, after)))


def _agree(signs: list[str]) -> bool:
    """Whether the signs are two ways to write one currency, as in ``US$ … dollars`` or ``$ … CAD``."""
    codes = {_SIGNS[sign.strip()] for sign in signs if sign.strip() in _SIGNS}
    return codes - {"USD"} == set() or len(codes) == 1


def _money(sign: str, text: str, currency: str) -> tuple[str, tuple[str, ...]]:
    """The code of a currency, and what was taken for granted."""
    known = sign.strip()
    code = _SIGNS.get(known, "") or next((_SIGNS[part] for part in known.split() if part in _SIGNS), "")
    if code.startswith("?"):
        if currency:
            return currency, (f"{known} is {currency}",)
        raise Unreadable(f"the currency of {text!r} may be {code[1:]}; say --currency")
    if known == "$":
        return currency or "USD", (f"$ is {currency or 'USD'}",)
    if not code and not currency:
        raise Unreadable(f"{text!r} has no currency; say --currency USD, or map a column to pg:currency")
    return code or currency, ()


def _value(match: re.Match[str], scale: str | None, text: str, unit: str, decimal: str) -> Decimal:
    number = _number(match["number"], text, decimal)
    if scale:
        return _whole(number * _SCALES[scale.rstrip(".")])
    if unit:
        # Nobody counts a million of millions: what is so large is written out already.
        return _whole(number if number >= 10**6 else number * UNITS[unit])
    if number < 100_000:
        raise Unreadable(f"the unit of {text!r} is not known; say --unit million, or --unit one")
    return _whole(number)


def _whole(number: Decimal) -> Decimal:
    if number >= 10**20:
        raise Unreadable("a sum of more than 20 digits is none")
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()


def _number(text: str, whole: str, decimal: str) -> Decimal:
    digits = re.sub(r"['’  ]", "", text)
    points, commas = digits.count("."), digits.count(",")
    if points and commas:
        # The last of the two stands before the decimals.
        sign = "." if digits.rfind(".") > digits.rfind(",") else ","
        if digits.count(sign) > 1:
            raise Unreadable(f"{whole!r} has a number that is none")
        return Decimal(digits.replace("," if sign == "." else ".", "").replace(sign, "."))
    sign = "." if points else "," if commas else ""
    if not sign:
        return Decimal(digits)
    if digits.count(sign) > 1:
        parts = digits.split(sign)
        if len(parts[-1]) != 3 or any(len(part) not in {2, 3} for part in parts[1:]):
            raise Unreadable(f"{whole!r} has a number that is none")
        return Decimal("".join(parts))
    after = len(digits) - digits.index(sign) - 1
    if after == 3 and digits.index(sign) <= 3 and digits[0] != "0":
        if decimal:
            return Decimal(digits.replace(sign, "." if sign == decimal else ""))
        raise Unreadable(
            f"{text!r} in {whole!r} may be {digits.replace(sign, '')} or {digits.replace(sign, '.')}; say --decimal point or --decimal comma"
        )
    return Decimal(digits.replace(sign, "."))


def _left(before: str, after: str) -> tuple[str, ...]:
    rest = re.sub(rf"{_ABOUT}|^(?:between|from|von|a|an)\b", "", f"{before} {after}").strip()
    return (f"left out: {rest}",) if rest else ()
