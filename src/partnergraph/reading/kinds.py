"""Words that narrow an answer: which kind of row is wanted, the largest ones, and how many of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from partnergraph.content.finding import stem_of
from partnergraph.content.phrases import words_of

if TYPE_CHECKING:
    from partnergraph.content.queries import Query

_NUMBERS = {name: n for n, name in enumerate(("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), 2)}
_MANY = rf"(\d{{1,3}}|{'|'.join(_NUMBERS)})"
_SUPERLATIVE = r"(?:largest|biggest|greatest|highest|costliest|most expensive)"
_LARGEST = re.compile(
    rf"\b(?:top(?:[ -]{_MANY})?|(?:{_MANY} )?{_SUPERLATIVE}(?: {_MANY})?|rank(?:ed|ing)?|(?:sort(?:ed)?|order(?:ed)?)? ?by (?:size|amount)|in order of (?:size|amount))\b",
    re.IGNORECASE,
)
_SMALLEST = re.compile(r"\b(?:smallest|tiniest|lowest|least expensive|cheapest)\b", re.IGNORECASE)
_DENIED = re.compile(
    r"^\W*(?:which|who|whom|what|whose|name|list)\b(?!.*\b(?:not|never) (?:yet )?(?:known|clear|certain|sure|disclosed|public|confirmed|paid))[^,;]*?(?:\b(?:do|does|did|has|have|had|is|are|was|were|can|may)(?: not| never|n['’]?t)|\bnever)\b",
    re.IGNORECASE,
)
_TITLE = re.compile(r"(?<!^)\b[A-Z][\w.&-]*(?: (?:[A-Z][\w.&-]*|\d{1,4}\b))+")
_FIRST = re.compile(
    r"\bwhen did\b.*\b(?:begin|start|originate)\b|\bsince when\b|\bhow long (?:has|have|did)\b|\b(?:first|earliest|oldest)\b(?! (?:quarter|half|day|refusal|month|year|week|\d))|\b(?:the )?(?:beginnings?|origins?) of\b",
    re.IGNORECASE,
)
# How a header has it: ``changeKind: left (quit, resigned) / hired (joined); position: director (board)``.
_KIND = re.compile(r"(?P<said>[^()/]+?)\s*(?:\((?P<also>[^)]*)\))?\s*(?:/|$)")


def largest_in(text: str) -> tuple[bool, int]:
    """Whether a sentence wants the largest first, and how many of them; 0 where it does not say.

    >>> largest_in("top 5 investors in openai"), largest_in("the three biggest deals"), largest_in("largest loan")
    ((True, 5), (True, 3), (True, 0))
    """
    found = _LARGEST.search(text)
    if not found:
        return False, 0
    said = next((word for word in found.groups() if word), "0").casefold()
    return True, _NUMBERS.get(said) or int(said)


def smallest_in(text: str) -> bool:
    """Whether a sentence wants the smallest first.

    >>> smallest_in("what is the smallest investment in OpenAI"), smallest_in("at least two")
    (True, False)
    """
    return bool(_SMALLEST.search(text))


def titles_in(text: str, known: Callable[[str], bool]) -> tuple[str, ...]:
    """What a sentence calls by several words with capitals or a number, such as a law, without words that are ``known`` as names.

    >>> titles_in("What does the EU AI Act say on SB 53 and Series F?", {"EU", "AI"}.__contains__)
    ('AI Act', 'SB 53', 'Series F')
    """
    found = []
    for run in _TITLE.findall(text):
        words = run.split()
        # Whose law it is stands before it; a title has two words at least.
        while words[2:] and (known(words[0]) or known(" ".join(words[:2]))) and not known(" ".join(words)):
            words = words[1:]
        owned = len(words) == len(run.split()) == 2 and known(words[0])
        found += [" ".join(words)] if words[1:] and not owned and not known(" ".join(words)) else []
    return tuple(found)


def denied_in(text: str) -> bool:
    """Whether a sentence asks of whom something is not so.

    >>> denied_in("Which companies have never invested in OpenAI?"), denied_in("who no longer works there"), denied_in("is it not so")
    (True, False, False)
    """
    return bool(_DENIED.search(text))


def first_in(text: str) -> bool:
    """Whether a sentence asks for what came first.

    >>> first_in("when did the partnership begin"), first_in("since when does Siri use Gemini"), first_in("in the first quarter")
    (True, True, False)
    """
    return bool(_FIRST.search(text))


def kinds_in(query: Query, text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The columns of a question with what a sentence wants to stand in them, by the words that the question's header knows for it.

    >>> from pathlib import Path
    >>> from partnergraph.content.queries import Query
    >>> left = Query("q", Path("q.rq"), "", {"kinds": "change: left (quit) / hired (joined)"})
    >>> kinds_in(left, "who quit openai")
    (('change', ('left',)),)
    """
    words = words_of(text)
    stems = {stem_of(word) for word in words}
    plain = f" {' '.join(words)} "
    found = []
    for told in filter(None, query.header.get("kinds", "").split(";")):
        column, _, kinds = told.partition(":")
        wanted = []
        for kind in _KIND.finditer(kinds):
            names = [kind["said"].strip(), *(kind["also"] or "").split(",")]
            if any(f" {name.strip()} " in plain or stem_of(name.strip()) in stems for name in names):
                wanted.append(kind["said"].strip())
        if wanted:
            found.append((column.strip(), tuple(wanted)))
    return tuple(found)
