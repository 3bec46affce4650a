"""Amounts of money as people write them: a grammar of our own, which says what it cannot tell instead of guessing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from partnergraph.intake.moneywords import (
    ABOUT,
    ABOUT_AFTER,
    AT_LEAST,
    AT_LEAST_AFTER,
    CODES,
    DOLLARS,
    FILLERS,
    MEANS,
    MIL,
    OTHER_KIND,
    RECURRING,
    SCALES,
    SIGNS,
    UNDISCLOSED,
    UNITS,
    UNSAID,
    UP_TO,
    UP_TO_AFTER,
)

_SIGN = "|".join(sorted(map(re.escape, SIGNS), key=len, reverse=True))
_SCALE = "|".join(sorted((re.escape(word) for word in SCALES if word.isascii() or len(word) > 1), key=len, reverse=True))
# Scales of East Asia stand between number and currency without any blank.
_JOINED_SCALE = "".join(word for word in SCALES if len(word) == 1 and not word.isascii())
_NUMBER = r"\d[\d.,'’  ]*\d|\d"
_AMOUNT = re.compile(
    rf"(?P<before>(?<![^\W\d_])(?:{_SIGN})(?:\s*(?:{_SIGN}))?)?\s*(?P<number>{_NUMBER})(?:\s*-?(?P<scale>(?:{_SCALE})\.?(?![^\W\d_])|[{_JOINED_SCALE}]))?"
    rf"\s*(?:d(?:e\s|['’]))?\s*(?P<after>(?:{_SIGN})(?![^\W\d_]))?"
)
_JOINED = re.compile(r"\s*(?:-|–|—|to|bis|à|a|and|und|et|y|e)\s*")
_MULTI = re.compile(rf"(?:(?P<sign>{_SIGN})\s*)?multi-?\s?(?P<scale>million|billion|trillion)(?:[- ](?:dollar|euro)s?)?")
# ``TEUR`` and ``M€``: a scale and a currency in one word. T is thousand there.
_IN_ONE = re.compile(r"(?<![^\W\d_])(t|k|m|mn|mio|mrd|md|bn)(eur|€|chf|usd|gbp|sek|nok|dkk|pln|czk|huf|inr)(?![^\W\d_])")
_POWER = re.compile(r"(?<![\w.,])(\d(?:[.,]\d+)?)e\+?(\d{1,2})(?!\w)")
# ``1兆5000億``: one number in two units.
_EAST = re.compile(r"(\d[\d,.]*)([兆조億亿억])(\d[\d,]*)([億亿억万萬만])")
_BARE_DOLLARS = frozenset(["$", "dollar", "dollars"])
# ``20 million dollars (Canadian)``
_OTHER_MONEY = re.compile(
    rf"(?<!\w)(?:{'|'.join(code.lower() for code in CODES)}|[ck]anad\w+|austral\w+|new zealand|singapore|hong kong|taiwan\w*|mexi[ck]an\w*|chinese|japanese|indian)(?!\w)"
)
_WORDS = dict(
    zip(
        ["a", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"],
        map(str, (1, *range(1, 11))),
        strict=True,
    )
) | {"half a": "0.5"}
_SPELLED = re.compile(
    r"\b(half a|an?|one|two|three|four|five|six|seven|eight|nine|ten)(?=\s+(?:hundred\s+)?(?:thousand|million|billion|trillion)\b)"
)
_BEFORE = re.compile(rf"(?:(?P<up>{UP_TO})(?!\w)|(?P<least>{AT_LEAST})(?!\w)|(?P<about>{ABOUT})(?!\w)|{FILLERS}(?!\w)|\s)\s*")


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
    # First of all: what is raised is a plain digit afterwards.
    unmarked = re.sub(r"\[\w{1,3}\]|\*+|[¹²³⁴⁵⁶⁷⁸⁹⁰†‡]|(?<=\d)\s?\([a-z]\)$", "", text.strip())
    folded = unicodedata.normalize("NFKC", unmarked).casefold().replace("−", "-").replace(" ", " ").replace(" ", " ")
    return re.sub(r"\s+", " ", folded).strip()


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
    if UNDISCLOSED.fullmatch(said):
        return Amount(undisclosed=True)
    if re.match(r"=\s*[\w(+-]", said):
        raise Unreadable(f"{text!r} is a formula; write what it gives")
    if RECURRING.search(said):
        raise Unreadable(f"{text!r} recurs: that is a quantity with a unit such as dollars a year, not an amount of a deal")
    if OTHER_KIND.search(said):
        raise Unreadable(f"{text!r} speaks of something else than the money that moves")
    multi = _MULTI.search(said)
    if multi and not re.search(r"\d", said):
        sign = _money(multi["sign"] or ("$" if "dollar" in said else "€" if "euro" in said else ""), text, currency)
        return Amount(SCALES[multi["scale"]], None, sign[0], notes=sign[1])
    if MIL.search(said):
        raise Unreadable(f"'mil' in {text!r} is a thousand in Spanish and a million elsewhere; write 10 million or 10 thousand")
    said = _SPELLED.sub(lambda match: _WORDS["a" if match[1] == "an" else match[1]], said)
    said = re.sub(rf"{_IN_ONE.pattern}\s*({_NUMBER})", r"\3 \1\2", said)
    said = _IN_ONE.sub(lambda match: f" {'thousand' if match[1] == 't' else match[1]} {match[2]}", said)
    said = _EAST.sub(_in_one_unit, said)
    said = _POWER.sub(lambda match: f"{Decimal(match[1].replace(',', '.')) * 10 ** int(match[2]):f}", said)
    # ``$.5bn``
    said = re.sub(r"(?<![\d.,])\.(?=\d)", "0.", said)
    return _ranged(said, text, unit, currency, decimal)


def _in_one_unit(match: re.Match[str]) -> str:
    greater, less = (Decimal(match[place].replace(",", "")) * SCALES[match[place + 1]] for place in (1, 3))
    return f"{(greater + less) / SCALES[match[4]]:f}{match[4]}"


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
    code, notes = _money(_sharper(signs), text, currency)
    if len({_money(sign, text, "")[0] for sign in signs} - {""}) > 1 and not _agree(signs):
        raise Unreadable(f"{text!r} has two currencies; keep one")
    if code in {"EUR", "CHF"} and "t" in {first["scale"], last["scale"]}:
        raise Unreadable(f"T in {text!r} may be thousand (Tausend) or trillion; write the word")
    about, bound, after = _qualified(before, after, text)
    scale = last["scale"] or first["scale"]
    _understood(after, text, taken=not (signs and scale))
    greatest = _value(last, last["scale"] or scale, text, unit, decimal)
    # Of "10 to 15 million" both are millions.
    least = _value(first, first["scale"] or scale, text, unit, decimal) if joined else greatest
    if least > greatest:
        raise Unreadable(f"{text!r} runs from more to less")
    notes = (*notes, *((f"left out: {after}",) if after else ()))
    if bound == "up":
        return Amount(Decimal(0), greatest, code, about, notes=notes)
    return Amount(least, None if bound == "least" else greatest, code, about, notes=notes)


def _qualified(before: str, after: str, text: str) -> tuple[bool, str, str]:
    """Whether it is about so much, whether it is ``up`` to or at ``least`` so much, and what is left of the words behind it.

    Raises Unreadable for words that nobody knows: what is taken for an exact sum must have been said to be one.
    """
    about, bound, place = False, "", 0
    while place < len(before):
        match = _BEFORE.match(before, place)
        if match is None or match.end() == place:
            raise Unreadable(
                f"nobody knows what {before[place:]!r} in {text!r} says of the amount; write it alone, or with up to, at least or about"
            )
        about = about or bool(match["about"])
        bound = "up" if match["up"] else "least" if match["least"] else bound
        place = match.end()
    for name, pattern in (("least", AT_LEAST_AFTER), ("up", UP_TO_AFTER), ("about", ABOUT_AFTER)):
        match = pattern.match(after)
        if match:
            bound = name if name != "about" else bound
            about = about or name == "about"
            after = after[match.end() :].strip(" .;,")
    if UNSAID.search(after):
        raise Unreadable(f"nobody knows what {after!r} in {text!r} makes of the amount; write what was paid in all")
    return about, bound, after if re.search(r"\w", after) else ""


def _understood(after: str, text: str, *, taken: bool) -> None:
    """Raises Unreadable where what is left of the words may be the currency: always by its name, and else where one or a unit was ``taken``."""
    named = _OTHER_MONEY.search(after)
    rest = re.sub(rf"(?<!\w)(?:{MEANS}|{FILLERS})(?!\w)", " ", after)
    if named or (taken and re.search(r"[^\W\d_]", rest)):
        raise Unreadable(
            f"what {(named[0] if named else after)!r} in {text!r} says of the amount is not understood; write 10 million USD"
        )


def _sharper(signs: list[str]) -> str:
    """The sign that says which currency it is: of ``$ … CAD`` the code, where that one is written with $ at home."""
    said = dict.fromkeys(sign.strip() for sign in signs)
    sharp = [sign for sign in said if SIGNS.get(sign) in DOLLARS - {"USD"}]
    return sharp[0] if len(sharp) == 1 and set(said) <= {*sharp, *_BARE_DOLLARS} else signs[0] if signs else ""


def _agree(signs: list[str]) -> bool:
    """Whether the signs are two ways to write one currency, as in ``US$ … dollars`` or ``$ … CAD``."""
    codes = {SIGNS[sign.strip()] for sign in signs if sign.strip() in SIGNS}
    return codes - {"USD"} == set() or len(codes) == 1 or _sharper(signs) != signs[0] or _sharper(signs[::-1]) != signs[-1]


def _money(sign: str, text: str, currency: str) -> tuple[str, tuple[str, ...]]:
    """The code of a currency, and what was taken for granted."""
    known = sign.strip()
    code = SIGNS.get(known, "") or next((SIGNS[part] for part in known.split() if part in SIGNS), "")
    if code.startswith("?"):
        if currency in re.findall(r"[A-Z]{3}", code):
            return currency, (f"{known} is {currency}",)
        raise Unreadable(f"the currency of {text!r} may be {code[1:]}; say --currency")
    if known == "$":
        if currency != "USD" and currency in DOLLARS:
            return currency, (f"$ is {currency}",)
        return "USD", ("$ is USD",)
    if not code and (apart := re.search(rf"(?<!\w)(?:{_SIGN})(?!\w)", plain(text))) and SIGNS[apart[0]] != currency:
        raise Unreadable(f"what stands between the number and {apart[0]!r} in {text!r} is not understood; write 10 million USD")
    if not code and not currency:
        raise Unreadable(f"{text!r} has no currency; say --currency USD, or map a column to pg:currency")
    return code or currency, ()


def _value(match: re.Match[str], scale: str | None, text: str, unit: str, decimal: str) -> Decimal:
    number = _number(match["number"], text, decimal)
    if not number:
        raise Unreadable(f"{text!r} may be nothing or not known; write undisclosed, or leave it empty")
    if scale:
        return _whole(number * SCALES[scale.rstrip(".")])
    if unit:
        # Nobody counts a million of millions: what is so large is written out already.
        return _whole(number if number >= 10**6 else number * UNITS[unit])
    # Whoever writes cents behind groups of thousands has written all of it.
    if number < 100_000 and not re.fullmatch(r"\d{1,3}([.,'’ ])\d{3}[.,]\d\d", match["number"]):
        raise Unreadable(f"the unit of {text!r} is not known; say --unit million, or --unit one")
    return _whole(number)


def _whole(number: Decimal) -> Decimal:
    if number >= 10**20:
        raise Unreadable("a sum of more than 20 digits is none")
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()


def _number(text: str, whole: str, decimal: str) -> Decimal:
    # Blanks and the like stand between groups of three: "5 6" is two numbers.
    if re.search(r"\d['’\s]", text) and not re.fullmatch(r"\d{1,3}(?:['’\s]\d{3})+(?:[.,]\d+)?", text):
        raise Unreadable(f"{whole!r} has a number that is none")
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
