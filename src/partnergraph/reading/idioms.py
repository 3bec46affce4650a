"""What people say in several words and mean by one, and sentences that ask two things: said as one would ask the second alone."""

from __future__ import annotations

import re

# Where names may stand between the words, they are kept.
_IDIOMS = tuple(
    (re.compile(rf"\b{said}\b", re.IGNORECASE), meant)
    for said, meant in (
        (r"(?:pull(?:s|ed|ing)?|walk(?:s|ed|ing)?|back(?:s|ed|ing)?|drop(?:s|ped|ping)?) out", "leaves"),
        (r"walk(?:s|ed|ing)? away", "leaves"),
        (r"(?:go(?:es|ing)?|went|gone) (?:under|bust|belly[ -]up|broke|bankrupt|out of business|to the wall)", "fails"),
        (r"can(?:not|'t|’t) pay|could(?:n't|n’t| not) pay", "fails to pay"),
        (r"(?:go(?:es|ing)?|went|gone) public", "lists its shares"),
        (r"(?:take|takes|took|taken|taking|drag|drags|dragged) (?P<who>(?:[\w.&'’-]+ ){1,4})to court", r"sue \g<who>"),
        (r"(?:take|takes|took|taken|taking) over", "acquired"),
        (r"(?:shut|close|closed|switch|switched|turn|turned)(?:s|ting)? (?:down|off)", "retired"),
        (r"(?:give|gives|gave|given) up", "ended"),
        (r"(?:fell|fall|falls|fallen) (?:apart|through)|called off", "cancelled"),
        (r"(?:the )?EU(?: commission)?(?! AI act| laws?| rules?)", "European Commission"),
        (
            r"^(?:is (?:there (?:any |some )?(?:evidence|proof|indication|sign)|it (?:true|correct|right|certain|known|a fact)) that|(?:do|can|could) you (?:know|tell me|say|show me|explain)(?: if| whether)?|(?:i|we) (?:want|need|would like|wonder)(?: to (?:know|see))?(?: if| whether)?|(?:please |just )?(?:tell|show|give) (?:me|us)(?: if| whether)?|what can you (?:say|tell me) about)(?= \w)",
            "",
        ),
        (
            r"^(?:what(?:'s|’s| is| are) (?:the |your )?(?:evidence|proofs?|sources?|basis|grounds?)(?: (?:that|for(?: the claim| saying| the statement)?(?: that)?))|how (?:do|can) (?:you|we|i|one) (?:know|be sure|tell|prove|verify)(?: that)?|who says(?: that)?|where does it say that|on what (?:basis|grounds) do you say that|what (?:shows|proves) that|according to whom(?: does| is| has)?)(?= \w)",
            "",
        ),
        (r"(?:\d+(?:[.,]\d+)? ?)?(?:GW|gigawatts?)", "gigawatts"),
        (r"(?:\d+(?:[.,]\d+)? ?)?(?:MW|megawatts?)", "megawatts"),
        # What is asked besides stands in the columns.
        (
            r"(?<=\w),? and (?:with what|(?:for )?how (?:much|many|long)|since when|until when|by when|when|why|where|to whom|by whom|from whom|with whom|at (?:what|which) price|on (?:what|which) terms|under (?:what|which) terms|under which test|what (?:came of it|was (?:the|its|their) (?:result|outcome|end))|how (?:it|they|did it|did they) end(?:ed)?|how did (?:it|they) go)(?: (?:and|is|was|were|has|have|had|been|it|they|that|the|its|their|paid|out|so|far|now|did|does|do|each|put|in|due|to|be|of|them|agreed|promised|announced|still|left|come|open|outstanding|remains|over|years|result|outcome|effect))*(?=[ ?.!]*$)",
            "",
        ),
        (r"(?:up (?:to|until) |until |as of )now|so far", ""),
        (r"at the same time", "both"),
        (r"in all|all in all|all told", "in total"),
        (r"under the hood(?: of)?", "inside"),
        (r"take(?:n|s)? part|took part", "participate"),
        (r"come(?:s)? due", "is due"),
        (
            r"(?:did|does|do|has|have) (?P<a>[^?]+?) (?:invest|invested|put|fund|funded) more (?:money )?(?:in|into) (?P<c>[^?]+?) than (?P<b>[^?]+)",
            r"largest investors in \g<c>: \g<a> or \g<b>",
        ),
        (
            r"(?:did|does|do|has|have) (?P<a>[^?]+?) (?:have|had|make|made|earn|raise|raised|get|spend|own) more (?P<what>[a-z][a-z -]*?) than (?P<b>[^?]+)",
            r"compare \g<what> of \g<a> and \g<b>",
        ),
        (
            r"(?:spends?|spent) more (?:on|for) (?P<what>[a-z ]+?),? (?P<a>[A-Z][\w.]*) or (?P<b>[A-Z][\w.]*)",
            r"compare \g<what> of \g<a> and \g<b>",
        ),
        # What a firm spends on AI is no money of its unit that is called so.
        (r"AI (?=spending|investments?|deals?|capex|bets|budget|acquisitions?|suppliers?)", ""),
        (r"lays? off|laid off", "dismissed"),
        (r"on (?:his|her|its|their) own", "own"),
        (r"(?<!is )(?:made by|built by|developed by)", "from"),
    )
)
_TWO = re.compile(
    r"^\s*(?:what|who)(?:'s|’s| is| are| was) (?P<one>[^?]{1,80}?),? and (?P<rest>(?:who|whom|whose|what|how|which|where|when|why)\b.*\b(?:its|it|their|they|them|his|her)\b.*)$",
    re.IGNORECASE,
)
_OWN = re.compile(r"\b(its|their|his|her)\b", re.IGNORECASE)
_SELF = re.compile(r"\b(it|they|them|he|she|him)\b", re.IGNORECASE)


def plainly(text: str) -> str:
    """The sentence with one word for what is said in several.

    >>> plainly("What does OpenAI lose if Microsoft pulls out?")
    'What does OpenAI lose if Microsoft leaves?'
    """
    text = re.sub(r"(?<=\d) ?%", " percent", text)
    for said, meant in _IDIOMS:
        text = said.sub(meant, text)
    return text


def second(text: str) -> str:
    """The second of two questions about one thing, with its name for the pronoun; empty for what asks one thing.

    >>> second("What is CoreWeave and who are its main customers?")
    "who are CoreWeave's main customers?"
    """
    found = _TWO.match(text)
    if not found or re.search(r"['’]s\b", found["one"]):
        # What is asked of what somebody has is a question by itself.
        return ""
    rest, owned = _OWN.subn(lambda _: f"{found['one']}'s", found["rest"], count=1)
    return rest if owned else _SELF.sub(lambda _: found["one"], rest, count=1)


# A second question within the sentence begins with a word of asking, and is one by itself.
_BESIDES = re.compile(
    r"^(?P<one>\W*(?:who|whom|whose|what|which|where|when|why|how|is|are|was|were|do|does|did|has|have|had)\b.{8,}?),? and (?P<rest>(?:who|whom|whose|what|which|where|when|why|how|does|do|did|has|have)\b.+)$",
    re.IGNORECASE,
)
_LEAST_WORDS = 4
_NAME = re.compile(r"(?<!^)(?<![.?!] )\b[A-Z][\w.&-]*(?: [A-Z][\w.&-]*)*")


def apart(text: str) -> tuple[str, str]:
    """The first of two questions in a sentence, and the second as one would ask it alone; empty for one question.

    >>> apart("Why did Sam Altman get fired, and who was on the board then?")
    ('Why did Sam Altman get fired', 'who was on the board then?')
    >>> apart("What is Anthropic's annual revenue and what does it spend on cloud?")
    ("What is Anthropic's annual revenue", 'what does Anthropic spend on cloud?')
    >>> apart("Who funds OpenAI and Anthropic?"), apart("Who is xAI's landlord and why?")
    (('Who funds OpenAI and Anthropic?', ''), ("Who is xAI's landlord and why?", ''))
    """
    found = _BESIDES.match(text)
    if not found or second(text) or not plainly(text).rstrip(" ?!.").endswith(plainly(found["rest"]).rstrip(" ?!.")):
        return text, ""
    if len(found["rest"].split()) < _LEAST_WORDS:
        return text, ""
    named = _NAME.search(found["one"])
    who = re.sub(r"['’]s?$", "", named[0]) if named else ""
    rest = _OWN.sub(f"{who}'s", _SELF.sub(who, found["rest"], count=1), count=1) if who else found["rest"]
    return found["one"], rest
