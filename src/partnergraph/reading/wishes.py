"""In which form somebody wants an answer: words that say nothing about what is asked."""

from __future__ import annotations

import re

SHEET, CITE = "sheet", "cite"
_FORM = r"(?:an? |one |my |your |machine[- ]readable )*(?:spread ?sheet|excel(?: (?:sheet|file|table))?|xlsx|csv(?: (?:file|table))?|work ?book|google sheet|data ?frame|tsv)"
_SHEET = re.compile(
    rf"^(?:(?:i (?:want|need)|can i (?:have|get)|(?:please )?(?:give|send|get|make|export|download|print|save|create|show)(?: me| us)?) )?(?:{_FORM}) (?:of|with|for|listing)\b"
    rf"|[,;]?\s*\b(?:(?:and )?(?:save|export|download|print|write|put|give)(?:ed|d)?(?: it| them| that)? )?(?:as|in|into|for|to|on) {_FORM}\b"
    r"|^(?:please )?(?:export|download|save)(?= (?:all|the|every|a list|our|their|[A-Z\w.-]+['’]s)\b)"
    r"|[,;]?\s*\b(?:csv|xlsx|spread ?sheet)[ .?!]*$",
    re.IGNORECASE,
)
_CITED = r"(?:citations?|footnotes?|bibliograph\w+|quotations?)"
_CITE = re.compile(
    rf"^(?:(?:i (?:want|need)|can i (?:have|get)|(?:please )?(?:give|send|get|make|show|print|write|find)(?: me| us)?) )?(?:an? |the |some |proper )*{_CITED}(?: (?:to|that i can|i can|fit to|for) (?:print|quote|cite|use|publish|publication))? (?:of|for|to|on|about)\b(?: the fact)?(?: that\b)?"
    r"|^(?:how|what) (?:do|should|can|would|must) (?:i|we|one) (?:cite|quote|credit|reference)\b(?: the fact)?(?: that\b)?"
    r"|[,;]?\s*\b(?:with |and )(?:an? |the |proper )?"
    rf"{_CITED}(?: (?:to|i can|for) (?:print|quote|publish|publication))?[ .?!]*$"
    r"|[,;]?\s*\b(?:fit |ready )?(?:to print|for print|for publication|that i can (?:print|quote|cite))[ .?!]*$",
    re.IGNORECASE,
)


def wish_in(text: str) -> tuple[str, str]:
    """The sentence without the words for the form in which the answer is wanted, and this form: ``sheet``, ``cite`` or none.

    >>> wish_in("Give me all investments in Mistral as a spreadsheet")
    ('Give me all investments in Mistral', 'sheet')
    >>> wish_in("a citation to print for the Amazon investment in Anthropic")
    ('the Amazon investment in Anthropic', 'cite')
    >>> wish_in("who funds Excel")
    ('who funds Excel', '')
    """
    for pattern, wish in ((_CITE, CITE), (_SHEET, SHEET)):
        plain, times = pattern.subn(" ", text)
        plain = re.sub(r"\s+", " ", plain).strip(" ,;")
        if times and re.search(r"\w+\W+\w+", plain):
            return plain, wish
    return text, ""
