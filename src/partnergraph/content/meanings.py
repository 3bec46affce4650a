"""What the words of a sentence tell: their stems, what they mean, what stands beside a name, and which two follow each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from partnergraph.content.finding import FILLERS, stem_of

# Words that say when or how surely, and hardly ever which question is meant.
LIGHT = frozenset(
    [
        "after",
        "before",
        "during",
        "since",
        "while",
        "still",
        "now",
        "today",
        "currently",
        "ever",
        "actually",
        "really",
        "just",
        "also",
        "already",
        "yet",
        "please",
        "exactly",
        "roughly",
        "ago",
        "later",
        "nowadays",
        "recently",
        "finally",
        "even",
        "itself",
        "themselves",
        "himself",
        "herself",
        "thing",
        "things",
        "anything",
        "something",
        "anyone",
        "someone",
        "anybody",
        "somebody",
    ]
)
# Words that mean the same to whoever asks; the first names the group.
_MEANINGS = (
    "fund invest finance bankroll back place placed wire wired outlay taken collect collected gather gathered rake receive received bet bets money raise capital investor backer funder financier funding stake-in cash backing",
    "pay paid spend spent give gave given transfer hand pour sink sunk shell fork cost put",
    "largest greatest chief main principal biggest leading most top main big huge greatest",
    "total cumulative altogether overall sum combined all-in",
    "make made build built develop created creator creators maker invent invented produce produces manufacture manufactures manufactured manufacturer",
    "stop stopped stops stopping lose lost longer ended losing leaves withdraw withdraws withdrew quits cease ceased",
    "public ipo listing listed float flotation listings",
    "terms conditions clauses clause",
    "say says said claim claims state states quote",
    "trust reliable reliability trustworthy believe credible",
    "broken broke fell cancelled canceled collapse collapsed abandoned scrapped apart axed dropped failed",
    "before previously formerly former",
    "now currently today still",
    "change changed changes amend amended amendment renegotiate renegotiated revised",
    "use uses used using built-on based",
    "may can allowed permitted allow entitled forbidden banned",
    "terms-public redacted confidential disclosed",
    "own slice piece portion hold shareholder equity stake ownership owner share possess percent percentage",
    "rival compete competitor competition competing opponent adversary challenger",
    "partner partnership ally alliance collaborate cooperate collaboration team teamed work",
    "cloud clouds servers compute computing server hosting host infrastructure datacenter run runs capacity",
    "chip hardware gpu gpus tpu tpus processor accelerator silicon semiconductor",
    "sue sued sues suing suit suits lawsuit litigation court trial case legal",
    "review investigate probe antitrust regulator scrutiny inquiry investigation examine",
    "valuation worth value valued valuable price",
    "exclusive exclusively exclusivity sole only monopoly locked",
    "launch release released unveil introduce debut ship out",
    "buy bought acquires swallow swallowed takeovers acquire acquisition bought takeover merger purchase merge swallow acquired",
    "control governs board govern charge power governance",
    "revenue sales turnover earn income earnings arr",
    "loss lose losing losses burn burning unprofitable",
    "end ends ending expires expired lapses expire lapse terminate over stop ended expiry",
    "licence license licensed licenses licences licensing ip intellectual rights",
    "debt loan borrow lend credit bond lender lent owe",
    "leave left quit fired depart resign departure ousted sacked",
    "ceo cfo cto coo chairman chair president director boss head chief leader executive",
    "electricity energy power nuclear",
    "contradict disagree contested dispute conflict disputed conflicting disagreement contradictory contradiction differ",
    "number numbers figure figures amount amounts",
    "rumour leak leaks leaked rumor rumoured rumored gossip unconfirmed",
    "source evidence reliable trust proof sourced",
    "circular loop circle roundtrip round trip",
    "timeline chronology history happen happened events",
    "connect connection connected link linked path chain tie ties related relationship relation",
    "fail fails failed failing failure bankruptcy bankrupt bust default defaulted collapse gone disappear break breaks crash insolvent down",
    "model models llm weights network",
    "user users customers-of audience",
    "train trained training",
    "criticism concern critics worry worries worried criticise fear",
    "predict predicted prognosis outlook expected expects forecasts prediction forecast expect",
    "retire retired deprecated discontinued shutdown shut sunset",
    "unknown secret hidden undisclosed missing gap gaps uncertain unclear",
    "late missed overdue behind delayed deadline deadlines delay",
    "newspaper newspapers publisher publishers media press news articles journalism",
    "customer customers client clients buyer buyers",
    "supplier suppliers vendor vendors provider providers supply supplies supplied deliver delivers",
    "country countries abroad china export exports",
    "succeed ancestor ancestors descendant descendants forerunner successor replace replaced replaces predecessor followed",
    "person people who staff employees",
    "site sites data-centre campus facility facilities",
    "commit committed promise promised commitment obligation pledge pledged",
)


@cache
def meanings() -> dict[str, str]:
    """The stem of each word of a group to the first word of its group."""
    found: dict[str, str] = {}
    for line in _MEANINGS:
        first, *_ = words = line.split()
        for word in words:
            found.setdefault(stem_of(word), first)
    return found


def features(words: Sequence[str]) -> Mapping[str, float]:
    """What words tell: themselves, what they mean, what stands beside a name, and which two follow each other."""
    found: dict[str, float] = {}
    stems = [word if is_name(word) or word == "DAY" else meant(word) for word in words]
    for number, word in enumerate(words):
        before = stems[number - 1] if number else "^"
        if word == "DAY":
            found["d:"] = 0.4
            continue
        if is_name(word):
            after = stems[number + 1] if number + 1 < len(words) else "$"
            found[f"b:{before} {word}"] = 0.35
            found[f"a:{word} {after}"] = 0.35
            continue
        if word in LIGHT:
            found[f"f:{word}"] = 0.3
            continue
        stem = stem_of(word)
        found[f"f:{word}" if word in FILLERS else f"w:{stem}"] = 0.3 if word in FILLERS else 0.7
        if word not in FILLERS:
            # Investors of a firm are no investments of it, though both are of one stem.
            found[f"x:{word}"] = 0.12
        if stem in meanings():
            found[f"m:{stems[number]}"] = 1.1
        if before != "DAY":
            found[f"2:{before} {stems[number]}"] = 0.2
    return found


def is_name(word: str) -> bool:
    """Whether a word stands for a name, such as ``E1``."""
    return word[0] == "E" and word[1:].isdigit()


def meant(word: str) -> str:
    """The name of the group that a word belongs to, or its own stem."""
    stem = stem_of(word)
    return meanings().get(stem, stem)
