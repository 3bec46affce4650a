"""Which questions and analyses the words of a person speak of."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from functools import lru_cache

from partnergraph.content.queries import Query, Texts
from partnergraph.rdf.names import nearest_names

# Questions that no SELECT answers are commands of their own: what each answers, and other words under which people look for it.
ANALYSES = {
    "path": ("How are two entities connected, by the best evidence?", "chain, link, degrees of separation, route, connection"),
    "loops": (
        "Does money go round in loops of up to five firms, and how much at least and at most?",
        "circular deals, circularity, round trip, vendor financing, cycle, reciprocal",
    ),
    "exposure": (
        "What breaks within three hops if an entity is gone?",
        "single point of failure, dependency, dependence, risk, fail, collapse, bankrupt, disappear, contagion, systemic",
    ),
    "concentration": (
        "How concentrated are the suppliers of a market, least and greatest?",
        "HHI, Herfindahl, market power, monopoly, share, diversification",
    ),
    "overlaps": (
        "Who is partner and rival, investor and supplier, or the one firm for money, cloud and chips?",
        "conflict of interest, both sides, dual role, frenemies, coopetition",
    ),
    "ledger": (
        "Who pays whom how much: every deal once, paid, committed, conditional and intended?",
        "sum, total, money, deals, invested, spent, paid, committed, bookkeeping",
    ),
    "why": (
        "What is a sum made of, which claims count and which do not?",
        "explain, unfold, breakdown, composition, reason, where does the number come from",
    ),
    "coverage": (
        "How many claims are there by topic and quarter, and until when were sources looked through?",
        "known until, completeness, complete, gaps, thin, missing, stale, up to date, cutoff, how much",
    ),
    "conflicts": (
        "Where do claims differ, version by version?",
        "contradiction, contested, disagree, disputed, sources, discrepancy",
    ),
    "diff": ("What began, ended or changed between two days?", "changes, compare dates, difference, history"),
    "timeline": ("What happened between two entities, in order?", "chronology, history, events, dates, sequence"),
    "map": (
        "What does it look like, drawn as a page to explore?",
        "network, picture, graph, diagram, visualize, chart, plot, HTML",
    ),
}


def _each(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Words that say nothing about which question is meant.
FILLERS = _each(
    "about all an and any are as at be been being but by can could did do does each every find for from get gets give had has have "
    "he her him his how if in into is it its list many me most much my of on or our out over she show so such tell than that the their them then "
    "there these they this those to up was we were what when where which who whom whose why will with would you"
)
# One way to write what is written in two: British and American, one word and two, one letter and two.
_SPELLINGS = tuple(
    (re.compile(pattern), plain)
    for pattern, plain in (
        (r"\bper cent", "percent"),
        (r"\bfine[sd]?\b", "penalty"),
        (r"\bdatacent", "data cent"),
        (r"our", "or"),
        (r"tre\b|tres\b", "ter"),
        (r"enc(?=e)", "ens"),
        (r"is(?=[eia])", "iz"),
        (r"([^\W\d_])\1", r"\1"),
    )
)
# What may follow the part of a word that its forms have in common.
_ENDINGS = _each(
    "s e es ed er ers or ors ing ings y ies ied ier iers al ally ive ity ion ions ation ations ition itions itor itors ory "
    "ment ments ship ships ership ance ant ent ents ense ency"
)
# Of so many words the stems are kept: all that questions are asked with, and some.
WORDS_KEPT = 8192
# Of how many words a name may be that is left out of what is asked.
_LONGEST_NAME = 5
# How much a word counts in each of the Texts.
_WEIGHTS = (3, 3, 3, 1, 2)


def find_questions(words: str, questions: Iterable[Query], limit: int = 5) -> list[Query]:
    """The questions that speak of the words, the nearest first, by names, titles and keywords more than by descriptions.

    >>> from pathlib import Path
    >>> funds = Query("investments-in", Path("q.rq"), "", {"title": "Who has funded an entity?"})
    >>> [query.name for query in find_questions("funding openai", [funds])]
    ['investments-in']
    """
    known = {query.name: query for query in questions}
    return [known[name] for name in find_texts(words, {name: query.texts for name, query in known.items()})[:limit]]


def find_nearest(
    name: str, words: str, questions: Iterable[Query], names: Container[str] = (), limit: int = 5
) -> list[tuple[str, str]]:
    """(name, title) of the questions and analyses that the words speak of, first the one whose own name is like ``name``."""
    texts = {query.name: query.texts for query in questions}
    texts |= {analysis: (analysis, title, keywords, "", "") for analysis, (title, keywords) in ANALYSES.items()}
    near = dict.fromkeys([*nearest_names(name, texts, limit=1), *find_texts(words, texts, names)])
    return [(known, texts[known][1]) for known in list(near)[:limit]]


def find_texts(words: str, texts: Mapping[str, Texts], names: Container[str] = ()) -> list[str]:
    """The keys of the texts that speak of the words, the nearest first; ``names`` of entities say nothing about what is asked."""
    forms = {key: [_forms(text) for text in own] for key, own in texts.items()}
    spoken = re.split(r"[\s,/'’]+", words)
    meant = _without_names(spoken, names, frozenset().union(*(title for _, title, *_ in forms.values()))) or spoken
    grades: dict[str, float] = {}
    for stems in dict.fromkeys(_stems(word) for word in _plain(" ".join(meant))):
        weights = {
            key: sum(weight for weight, text in zip(_WEIGHTS, own, strict=True) if stems & text)
            for key, own in forms.items()
            if any(stems & text for text in own)
        }
        # A word that many texts have tells them apart less well than one that few have.
        for key, weight in weights.items():
            grades[key] = grades.get(key, 0) + weight / len(weights) ** 0.5
    least = max(grades.values(), default=0) / 4
    return sorted((key for key in grades if grades[key] > least), key=lambda key: (-grades[key], len(texts[key][1]), key))


def _without_names(words: list[str], names: Container[str], telling: frozenset[str]) -> list[str]:
    """The words less those that name entities, but for names made of words that titles have."""
    kept = []
    start = 0
    while start < len(words):
        runs = (words[start : start + length] for length in range(_LONGEST_NAME, 0, -1))
        named = next((run for run in runs if " ".join(run) in names and not _all_in(run, telling)), None)
        kept += [] if named else [words[start]]
        start += len(named or [""])
    return kept


def _all_in(words: list[str], forms: frozenset[str]) -> bool:
    return all(_stems(word) & forms for word in _plain(" ".join(words)))


def _plain(text: str) -> list[str]:
    """The words of a text that say something, in one spelling."""
    text = " ".join(word for word in re.findall(r"[^\W_]{2,}", text.casefold()) if word not in FILLERS)
    for pattern, plain in _SPELLINGS:
        text = pattern.sub(plain, text)
    return text.split()


def _forms(text: str) -> frozenset[str]:
    return frozenset().union(*(_stems(word) for word in _plain(text)))


def _stems(word: str) -> frozenset[str]:
    """The word and what is left of it without an ending; forms of one word have one of these in common.

    >>> sorted(_stems("owned") & _stems("ownership"))
    ['own']
    """
    return frozenset({word, *(word[:-size] for size in range(1, min(len(word) - 2, 7)) if word[-size:] in _ENDINGS)})


@lru_cache(maxsize=WORDS_KEPT)
def stem_of(word: str) -> str:
    """What the forms of a word have in common: the shortest that is left without an ending.

    >>> stem_of("invested") == stem_of("investors") == stem_of("investment")
    True
    """
    plain = word.casefold()
    for pattern, other in _SPELLINGS:
        plain = pattern.sub(other, plain)
    return min(_stems(plain), key=len) if plain else word
