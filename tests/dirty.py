"""Two hundred dirty rows of deals, with what each must become: worked out by hand, not by the code that reads them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

MILLION = 1_000_000
BILLION = 1_000_000_000
# Each sum as people write it, and what it says: least, greatest, currency, and whether it is about so much.
SUMS: list[tuple[str, int | None, int | None, str, bool]] = [
    ("US$1.5bn", 1500 * MILLION, 1500 * MILLION, "USD", False),
    ("$40M", 40 * MILLION, 40 * MILLION, "USD", False),
    ("~€300m", 300 * MILLION, 300 * MILLION, "EUR", True),
    ("up to $2bn", 0, 2 * BILLION, "USD", False),
    (">$500m", 500 * MILLION, None, "USD", False),
    ("at least 75 million dollars", 75 * MILLION, None, "USD", False),
    ("$10-15 million", 10 * MILLION, 15 * MILLION, "USD", False),
    ("between £20m and £25m", 20 * MILLION, 25 * MILLION, "GBP", False),
    ("EUR 40 Mio.", 40 * MILLION, 40 * MILLION, "EUR", False),
    ("1,5 Mrd. €", 1500 * MILLION, 1500 * MILLION, "EUR", False),
    ("€ 3,5 milliards", 3500 * MILLION, 3500 * MILLION, "EUR", False),
    ("12.500.000,00 EUR", 12_500_000, 12_500_000, "EUR", False),
    ("$1,500,000", 1_500_000, 1_500_000, "USD", False),
    ("1 500 000 USD", 1_500_000, 1_500_000, "USD", False),
    ("CHF 2'500'000", 2_500_000, 2_500_000, "CHF", False),
    ("₹500 crore", 5 * BILLION, 5 * BILLION, "INR", False),
    ("RMB 3bn", 3 * BILLION, 3 * BILLION, "CNY", False),
    ("C$40m", 40 * MILLION, 40 * MILLION, "CAD", False),
    ("half a billion dollars", 500 * MILLION, 500 * MILLION, "USD", False),
    ("multi-billion dollar", BILLION, None, "USD", False),
    ("$4.5 billion (€4.1bn)", 4500 * MILLION, 4500 * MILLION, "USD", False),
    ("about 10 billion dollars", 10 * BILLION, 10 * BILLION, "USD", True),
    ("$300m+", 300 * MILLION, None, "USD", False),
    ("USD 300 million Series B", 300 * MILLION, 300 * MILLION, "USD", False),
    ("undisclosed", None, None, "", False),
]
# Each day as people write it, and as ISO writes it with no more than was said.
DAYS = [
    ("2024-05-04", "2024-05-04"),
    ("04.05.2024", "2024-05-04"),
    ("25/12/2023", "2023-12-25"),
    ("4 May 2024", "2024-05-04"),
    ("May 4th, 2024", "2024-05-04"),
    ("4. Mai 2024", "2024-05-04"),
    ("1er janvier 2023", "2023-01-01"),
    ("2019年5月4日", "2019-05-04"),
    ("May 2024", "2024-05"),
    ("Sept. 2023", "2023-09"),
    ("2024 Q3", "2024"),
    ("H1 2024", "2024"),
    ("2022", "2022"),
    ("45412", "2024-04-30"),
    ("2024-05-04T12:00:00Z", "2024-05-04"),
    ("20230704", "2023-07-04"),
]
# A name as it is written, and the entity that it means; None for one that the graph has not got.
NAMES = [
    ("Microsoft Corp.", "ent:microsoft"),
    ("NVIDIA Corporation", "ent:nvidia"),
    ("Amazon", "ent:amazon"),
    ("MSFT", "ent:microsoft"),
    ("SoftBank Group", "ent:softbank"),
    ("a16z", "ent:andreessen-horowitz"),
    ("Google LLC", "ent:google"),
    ("BlackRock", "ent:blackrock"),
]
# What must be rejected, with a word of the reason.
REFUSED = [
    ({"Amount": "300"}, "currency"),
    ({"Amount": "$5m per year"}, "recurs"),
    ({"Amount": "-5m USD"}, "negative"),
    ({"Amount": "$1bn valuation"}, "something else"),
    ({"Amount": "¥200億"}, "may be JPY or CNY"),
    ({"Amount": "$1m or $2m or $3m"}, "several amounts"),
    ({"Date": "2024-02-30"}, "no day of the calendar"),
    ({"Date": "31/31/2024"}, "no day of the calendar"),
    ({"Date": "2024-2025"}, "no date"),
    ({"Date": "1204-05-01"}, "1204"),
    ({"Startup": ""}, "nothing is named"),
    ({"Investor": ""}, "nothing is named"),
    ({"Source": "javascript:alert(1)"}, "no address"),
    ({"Source": "see above"}, "no address"),
    ({"Status": "kind of"}, "no stage"),
    ({"Startup": "12345"}, "no name"),
    ({"Startup": "x" * 200}, "no name"),
    ({"Investor": "Same Firm", "Startup": "Same Firm"}, "one and the same"),
    ({"Amount": "lots"}, "no number"),
    ({"Amount": "€5m $6m"}, "amounts"),
]
HEADINGS = ("Startup", "Investor", "Amount", "Date", "Source", "Status", "Notes")


@dataclass(frozen=True)
class Dirty:
    """A row as it is written, and what must come of it: a sum and a day, or a word of the reason why not."""

    cells: dict[str, str]
    sum: tuple[int | None, int | None, str, bool] | None = None
    day: str = ""
    investor: str = ""
    refused: str = ""


def rows() -> list[Dirty]:
    """Two hundred of them: 170 that are claims, 20 that are none, 10 that say nothing or something again."""
    found: list[Dirty] = []
    kinds = itertools.cycle(range(len(SUMS)))
    for number in range(170):
        text, least, greatest, currency, about = SUMS[next(kinds)]
        day, iso = DAYS[number % len(DAYS)]
        name, iri = NAMES[number % len(NAMES)]
        cells = {
            "Startup": f"Xylo{number:03} Labs{', Inc.' if number % 7 == 0 else ''}",
            "Investor": name,
            "Amount": text,
            "Date": day,
            "Source": f"https://example.org/deal/{number}?utm_source=mail",
            "Status": ("closed", "Announced", "", "signed")[number % 4],
            "Notes": ("", "=HYPERLINK(1)", "zwei Zeilen\nin einer Zelle", "naïve; “quoted”, with commas")[number % 4],
        }
        found.append(Dirty(cells, (least, greatest, currency, about), iso, iri))
    right = {
        "Startup": "Ylem Works",
        "Investor": "Amazon",
        "Amount": "$40M",
        "Date": "2024-05-04",
        "Source": "https://example.org/r",
        "Status": "",
        "Notes": "",
    }
    for number, (wrong, why) in enumerate(REFUSED):
        found.append(
            Dirty({**right, "Startup": f"Ylem{number} Works", "Source": f"https://example.org/r/{number}", **wrong}, refused=why)
        )
    empty = dict.fromkeys(HEADINGS, "")
    again = found[5].cells
    found += [Dirty(empty, refused="")] * 4
    found += [Dirty(dict(zip(HEADINGS, HEADINGS, strict=True)), refused="repeats the headings")] * 2
    found += [Dirty({**empty, "Startup": "Total", "Amount": "$9bn"}, refused="sums up other rows")]
    found += [Dirty({**empty, "Startup": "Deals of the second half"}, refused="one cell only")]
    found += [Dirty(again, refused="says what row")] * 2
    return found
