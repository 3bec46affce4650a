"""Which measures people mean by words that are the label of none of them."""

from __future__ import annotations

import re

_FAMILIES = (
    (r"los[est]\w*|unprofitable|in the red", ("net-loss", "operating-loss", "adjusted-operating-loss")),
    (r"profit\w*|net income|in the black", ("net-income", "operating-income", "net-gain", "net-loss", "margin")),
    (r"burn\w*", ("cash-burn",)),
    (r"staff|employ\w*|headcount|workforce|people work\w*", ("employees",)),
    (r"(?:people|persons) us\w+|users?|audience", ("users", "weekly-active-users", "monthly-active-users", "subscribers")),
    (r"subscri\w+|paying users", ("subscribers", "paid-seats", "paid-share")),
    (r"capex|capital (?:spending|expenditures?)", ("capital-spending",)),
    (
        r"(?:spen[dt]\w*|invest\w*|costs?|put\w*)\b.*\b(?:data ?cent(?:er|re)s?|infrastructure|building)",
        ("capital-spending", "spending"),
    ),
    (
        r"annuali[sz]ed|annual revenues?|yearly revenues?|revenues? (?:a|per) year|run[ -]rate|recurring|arr",
        ("revenue-run-rate", "revenue"),
    ),
    (r"turnover|sales|earn(?:s|ed|ings)?|income", ("revenue", "revenue-run-rate")),
    (r"indebted|debts?|owes?", ("debt",)),
    (r"r&d|research", ("research-spending",)),
    (r"spen[dt]\w*|costs?", ("spending", "research-spending", "capital-spending")),
)


def measures_in(text: str) -> tuple[str, ...]:
    """The measures that a sentence means, such as ``pg:measure-net-loss``; none where no word tells.

    >>> measures_in("how much cash does xAI burn")
    ('pg:measure-cash-burn',)
    """
    for words, names in _FAMILIES:
        if re.search(rf"\b(?:{words})\b", text, re.IGNORECASE):
            return tuple(f"pg:measure-{name}" for name in names)
    return ()


def measure_words(measures: tuple[str, ...]) -> list[str]:
    """The measures as words."""
    return [name.removeprefix("pg:measure-").replace("-", " ") for name in measures]
