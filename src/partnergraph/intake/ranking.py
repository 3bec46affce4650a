"""Which class of claims a sentence speaks of: by its cue words, and by the labels of the graph's own claims that are most like it."""

from __future__ import annotations

import heapq
import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection
from functools import cached_property

from partnergraph.core.graph import GraphCore
from partnergraph.rdf.names import fold
from partnergraph.rdf.terms import compact

NEIGHBOURS = 15
# Words by which people speak of a relation; the stronger ones first in what they weigh.
_CUES: dict[str, tuple[float, str]] = {
    "Investment": (1.0, r"\binvest\w*|\balso (?:joined|participated|took part)\b|\breceiv\w+ (?:about |up to )?[$€£][^;]*\bfrom\b|\bpour(?:s|ed|ing)\b|\bbacked\b|\bstake in\b|\bput(?:s|ting)? (?:up to |as much as |about |around |another |an? )?[$€£\d]|\bbeteilig\w+|\bsteuert\b.*\bbei\b"),
    "FundingRound": (1.0, r"\bfunding round\b|\braised?\b|\bseries [A-H]\d?\b|\bseed round\b|\b(?:brought in|picked up|bagged|landed) (?:about |some |another )?[$€£]|\b(?:closed|secur\w+|led)\b.{0,60}\bround\b|\bfinanzierungsrunde\b|\bgesichert\b|\blevée de fonds\b"),
    "Acquisition": (1.2, r"\bacquir\w+(?! an? [\w.%]+(?: per ?cent)?(?: \w+)? (?:stake|interest)\b)|\bacquisition\b(?! of an? [\w.%]+(?: per ?cent)?(?: \w+)? (?:stake|interest)\b)|\b(?:buys?|buying|bought)\b(?! .*\b(?:percent|per cent|%|shares|stake|chips?|chipsets?|gpus?|tpus?|accelerators?|processors?|servers?|racks?|systems?|memory|wafers?|megawatts?|gigawatts?|mw|gw|electricity|power|energy|hydropower|capacity|comput(?:e|ing)|cloud)\b)|\bbid (?:for|to buy)\b|\btake ?over\b|\bpurchase of\b|\bbuyout\b|\bübern(?:immt|ahm|ommen)\b|\berwirbt\b|\brachète\b"),
    "Partnership": (0.9, r"\bpartner\w*|\balliance\b|\bcollaborat\w+|\bteam(?:s|ed)? up\b|\bkooperier\w+|\bzusammenarbeit\w*"),
    "Exclusivity": (1.1, r"\bexclusiv\w+|\bsole\b"),
    "ContentLicence": (1.3, r"\blicen[sc]\w+\b.{0,60}\b(?:content|articles?|archives?|characters?|works|songs|music|news|posts|photos|images|journalism)\b|\b(?:content|articles?|archives?|characters?|news|posts|photos|images|music)\b.{0,60}\blicen[sc]\w+(?! exam)|\baccess to (?:its|their|the) (?:posts|archives?|articles?|content|photos)\b"),
    "Licence": (1.1, r"\blicen[sc]\w+|\blizen[zs]\w+"),
    "Hosting": (0.9, r"\bhost\w*\b|\bruns? on\b|\bcloud provider\b|\bpowered by\b|\bprovides the infrastructure\b|\bbacked by\b"),
    "Integration": (0.9, r"\bintegr(?:at|ier)\w+|\bembed\w*|\bbuilt into\b|\bincorporat\w+|\bcopilot\b|\bproduct/service\b|\bassistance\b|\benterprise api\b"),
    "ModelSupply": (0.7, r"\bdelivers?\b|\bsuppl(?:y|ies)\b.*\bmodels?\b|\baccess to \w+(?:'s|’s)? models\b"),
    "Launch": (1.0, r"\blaunch\w*|\breleas\w+|\bunveil\w*|\bintroduc\w+|\bdebut\w*|\brolled out\b"),
    "Founding": (0.9, r"(?<!, )\b(?:co-?)?founded\b(?! by)"),
    "Development": (0.8, r"\bdevelop\w*|\bcreator of\b|\bmaker of\b|\bhave built\b|\bdelivers\b|\bcreated\b"),
    "Competition": (1.0, r"\bcompet\w+(?! (?:and|&) markets|[^.;]{0,20} (?:authority|commission|law)\b)|\brival\w*|\bversus\b|(?<!lawsuit )(?<!lawsuits )(?<!complaint )(?<!case )(?<!suit )(?<!claims )\bagainst\b"),
    "CompetitiveResponse": (1.0, r"(?<!-)\baccelerat\w+|\bdeepen\w*|\bopen-sourc\w+|\brespon\w+ (?:to|by)\b|\bresponses?\b"),
    "Construction": (1.0, r"\bbuil(?:d|t|ds|ding)\b|\bbaut\b|\berrichte\w+|\bsupercomput\w+|\bdata cent\w+|\bconstruct\w+|\binfrastructure development\b"),
    "Concern": (1.0, r"\bconcern\w*|\bcritic\w*|\brisk\w*|\bworr\w+|\bfears?\b|\bquestions?\b|\bdominance\b|\binfluence over\b|\bsafeguards\b|\bduopoly\b"),
    "Prediction": (1.0, r"\bexpect\w*|\blikely\b|\bforecast\w*|\bpredict\w*|\blooking ahead\b|\bconfident\b|\bwill (?:be|only|benefit|help|play|serve)\b|\btrajectory\b"),
    "Recommendation": (1.1, r"\bshould\b|\badvis\w+|\brecommend\w*|\bstrateg\w+|\bguidelines\b"),
    "Advantage": (1.0, r"\badvantages?\b|\bleapfrog\w*|\bgain(?:s|ed)?\b|\bdifferentiat\w+|\bsecured\b|\bspur\w*|\bshares of the\b"),
    "Goal": (0.9, r"\baims?\b|\bgoals?\b|\bplans? to\b|\bseeks?\b|\bintend\w*|\bwill (?:empower|deploy|expand)\b|\bpriority\b|\bis increasing\b|\bin order to\b|\bhopes\b"),
    "Training": (1.1, r"\btrain(?:ed|ing)\b"),
    "Specification": (1.0, r"\d[\d,]*\+?\s*(?:gpus?|nodes?|chips?|gbps|mw|megawatts?|gigawatts?|parameters|racks|cores)\b|\|\s*\d|\bscale\b.*\||\bbandwidth\b|\bstorage\b|\bcan write\b"),
    "Composition": (0.8, r"\bconsists? of\b|\bclusters?\b|\bcontains?\b|\bmade up of\b|\bA100|\bH100"),
    "Metric": (0.9, r"\brevenue\b|\busers\b|\bmarket share\b|\bcustomers\b|\bprofit\b|\bbacklog\b|\bearnings\b|\bup \d+%"),
    "Valuation": (1.1, r"\bvalu(?:ed|ing|ation)\b"),
    "Statement": (0.7, r"\bsaid\b|\bsays\b|\bstated\b|\baccording to\b|\bdisclos\w+|\brepresentative\b|\bimportant\b|\binteresting\b|\breshaping\b|\bopinions\b"),
    "Lawsuit": (1.2, r"\bsu(?:ed|es|ing)\b|\bfil(?:ed|es|ing) suit\b|\blawsuit\b|\blawsuits\b|\bcomplaints?\b|\b(?:take|takes|taken|taking|took)\b.{0,60}\bto court\b|\baccus(?:e[sd]?|ing)\b|\bverklag\w+|\bklagt\w*|\bporte plainte\b|\ben justice\b"),
    "Guarantee": (1.3, r"\bbackstop\w*|\bguarant\w+"),
    "Agreement": (0.8, r"\b(?:signed|struck|inked|reached)\b.{0,60}\b(?:deal|agreement|pact|memorandum)\b"),
    "ExportLicence": (1.5, r"\bexport licen[sc]es?\b"),
    "Review": (1.1, r"\bcleared\b|\bapproved\b.{0,40}\b(?:acquisition|deal|merger|partnership|purchase|takeover)\b|\binvestigat\w+|\bprobe\b|\binquiry\b|\bantitrust\b|\breview(?:s|ed|ing)?\b|\bscrutin\w+"),
    "Role": (0.8, r"\bCEO\b|\bchief\b|\banalyst\b|\bchairs?\b|\bheads\b|\bleads [A-Z]|\bchairman\b|\bdirector\b|\bserves as\b"),
    "PersonnelChange": (1.2, r"\breturn(?:s|ed) to [A-Z]|\brejoin\w*|\bleft\b|\bleav(?:es|ing)\b|\bdepart(?:s|ed|ing|ure)\b|\bjoin(?:s|ed|ing)? (?:[A-Z]\w+|as\b)|\bappoint\w*|\bnamed to\b|\bpoach\w*|\bhir(?:ed|es|ing)\b|\bresign\w*|\bsteps? down\b|\bbec(?:omes?|ame)\b.{0,60}\b(?:C[A-Z]O|chief|president|head)\b|\bnamed\b.{0,40}\b(?:C[A-Z]O|chief)\b"),
    "SupplyContract": (1.0, r"\bcontracts?\b|\border(?:s|ed)\b|\b(?:an|its|new|placed|won) (?:[\w$.,-]+ ){0,4}order\b|\b(?:buys?|buying|bought|purchas\w+)\b.{0,60}\b(?:chips?|chipsets?|gpus?|tpus?|accelerators?|processors?|servers?|racks?|systems?|memory|wafers?|megawatts?|gigawatts?|mw|gw|electricity|power|energy|hydropower|capacity|comput(?:e|ing)|cloud)\b|\b(?:agree\w*|deal|pact)\b.{0,80}\bto (?:deliver|supply|provide|host)\b|\b(?:cloud|compute|computing|chip|supply) (?:deal|agreement|pact)s?\b|\bspen(?:d|ds|t)\b.{0,40}\bon\b.{0,60}\b(?:chips?|gpus?|cloud|comput\w+)|\bpurchase commitment\b|\b(?:agreed|committed) to (?:buy|purchas|spend)\w*"),
    "Supply": (0.8, r"\b(?:customer|client)s? of\b|\bsuppl(?:y|ies|ied|ier)\b|\bprovides?\b|\bdeliver(?:s|ed|ing)?\b|\b(?:be)?liefer\w+|\bfourni\w+"),
    "Lease": (1.1, r"\bleas(?:e|es|ed|ing)\b|\brent(?:s|ed|ing)?\b|\btenants?\b|\bmiete\w*|\bloue\w*"),
    "EnergySupply": (1.4, r"\bpower purchase\b|\bPPAs?\b|\b(?:agreement|deal|contract)\b.{0,100}\b(?:megawatts?|mw|gigawatts?|gw)\b.{0,12}\bof (?:\w+ )?(?:power|energy|electricity)\b|\b(?:buys?|buying|bought|sell\w*|sold|suppl\w+|deliver\w*|purchas\w+|provid\w+)\b.{0,60}\b(?:electricity|power|energy|hydropower|megawatts?|gigawatts?|mw|gw)\b(?! (?:of|worth of) (?:\w+ ){0,2}(?:chips?|gpus?|tpus?))|\bnuclear (?:power )?(?:plant|reactor)s?\b|\breactors?\b"),
    "ExportControl": (1.3, r"\bexport\w*\b|\b(?:bar|bars|barred|ban|bans|banned|block|blocks|blocked|forb\w+)\b.{0,60}\b(?:sell\w*|sales?|chips?|shipments?)\b"),
    "ShareSale": (1.3, r"\bs(?:old|ells?|elling)\b.{0,40}\b(?:stake|shares)\b|\btender offer\b|\bsecondary (?:share )?sale\b"),
    "Payment": (1.0, r"\b(?:pay|pays|paid|paying)\b.{0,40}[$€£](?!.*\b(?:stake|shares)\b)|\bsettle\w*\b|\bvergleich\b"),
    "Loan": (1.1, r"\bloans?\b|\bl(?:ends?|ending|ent)\b|\bcredit facilit(?:y|ies)\b|\bkredit\w*|\bdarlehen\b|\bprêts?\b|\bdebt financing\b|\bborrow\w*"),
    "Distribution": (0.9, r"\bdistribut\w+|\bresell\w*|\bsold through\b|\bexpand access\b|\bavailable (?:in|on|through)\b"),
    "Ownership": (0.9, r"\bowns?\b|\bstake of\b|\bshareholder\b|\b\d+(?:[.,]\d+)?\s?(?:%|percent|per cent|prozent)\s(?:stake|interest)|(?:%|prozent)\s(?:an|der)\b|(?:%|percent|per cent|prozent)\sof\b.{0,40}\b(?:shares|stock|equity)\b"),
    "RevenueShare": (1.0, r"\brevenue[- ]shar\w+"),
    "Evaluation": (1.1, r"\bpassed\b.*\bexam\w*|\bbenchmark\w*|\bscor(?:ed|es)\b"),
    "Warrant": (1.2, r"\bwarrants?\b"),
    "Ruling": (1.3, r"\bfin(?:ed|es)\b.{0,60}[$€£\d]|\b(?:judge|court|jury|tribunal)\b.{0,60}\b(?:dismiss|rul|order|grant|den(?:y|ie)|toss|find|found)\w*"),
    "Membership": (1.0, r"\bmembers? of\b|\bjoined the\b"),
    "Amendment": (1.0, r"\bamend\w*|\brenegotiat\w+|\brevised\b"),
}  # fmt: skip
# A heading about a court does not make each sentence below it a ruling.
_SAID_HERE = frozenset({"Ruling", "Warrant"})
_STOP = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "to",
        "in",
        "and",
        "or",
        "for",
        "on",
        "at",
        "by",
        "with",
        "from",
        "as",
        "that",
        "this",
        "it",
        "its",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "has",
        "have",
        "had",
        "not",
        "but",
        "which",
        "who",
        "will",
        "would",
        "than",
        "into",
        "their",
        "they",
        "he",
        "she",
        "his",
        "her",
        "we",
        "our",
        "you",
        "your",
    ]
)


class Ranking:
    """Ranks the classes of a graph for sentences; claims that cite a source in ``without`` are not looked at."""

    def __init__(self, graph: GraphCore, without: Collection[str] = ()) -> None:
        self._graph = graph
        self._without = set(without)
        # A sentence is ranked first and compared then.
        self._last: tuple[str, list[tuple[str, float]]] = ("", [])

    @cached_property
    def _labels(self) -> list[tuple[str, str, str]]:
        kinds = {
            str(row["claim"].value): compact(str(row["kind"].value)) for row in self._graph.project("claim-likeness").mappings()
        }
        cited = self._graph.project("source-addresses").mappings() if self._without else []
        left_out = {str(row["claim"].value) for row in cited if "claim" in row and str(row["source"].value) in self._without}
        rows = self._graph.project("claims").mappings()
        labels = [(str(row["claim"].value), str(row["label"].value)) for row in rows]
        return [(claim, kinds[claim], label) for claim, label in labels if claim in kinds and claim not in left_out]

    @cached_property
    def _index(self) -> tuple[dict[str, list[tuple[int, float]]], dict[str, float]]:
        """By word the labels that have it, with weights, and how much each word tells."""
        rows = [Counter(words(label)) for _, _, label in self._labels]
        seen = Counter(word for row in rows for word in row)
        tells = {word: math.log(1 + len(rows) / count) for word, count in seen.items()}
        index: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, row in enumerate(rows):
            length = math.sqrt(sum((count * tells[word]) ** 2 for word, count in row.items())) or 1.0
            for word, count in row.items():
                index[word].append((number, count * tells[word] / length))
        return dict(index), tells

    def nearest(self, text: str, limit: int = NEIGHBOURS) -> list[tuple[str, float]]:
        """The claims whose labels are most like the text, with how much they are."""
        known, found = self._last
        if known != text or len(found) < limit:
            found = self._nearest(text, max(limit, NEIGHBOURS))
            self._last = text, found
        return found[:limit]

    def _nearest(self, text: str, limit: int) -> list[tuple[str, float]]:
        index, tells = self._index
        score: dict[int, float] = defaultdict(float)
        for word, count in Counter(words(text)).items():
            for number, weight in index.get(word, ()):
                score[number] += count * tells[word] * weight
        best = heapq.nsmallest(limit, score.items(), key=lambda item: (-item[1], item[0]))
        return [(self._labels[number][0], value) for number, value in best]

    @cached_property
    def _kinds(self) -> dict[str, str]:
        return {claim: kind for claim, kind, _ in self._labels}

    @cached_property
    def _own_cues(self) -> dict[str, re.Pattern[str]]:
        """For classes without cue words here, such as a user's own, the words of their labels."""
        known = {f"pg:{name}" for name in _CUES}
        found = {}
        for row in self._graph.project("class-cards").mappings():
            name = compact(str(row["class"].value))
            if name not in known:
                said = re.escape(str(row["label"].value).split()[0].casefold()[:12])
                found[name] = re.compile(rf"\b{said}", re.IGNORECASE)
        return found

    def rank(self, text: str, around: str = "") -> list[tuple[str, float]]:
        """The classes that the text may speak of, the likeliest first, with their weights; ``around`` is what stands above it."""
        score: dict[str, float] = defaultdict(float)
        near = self.nearest(text)
        total = sum(value for _, value in near) or 1.0
        for claim, value in near:
            score[self._kinds[claim]] += value / total
        for name, (weight, pattern) in _CUES.items():
            if re.search(pattern, text, re.IGNORECASE):
                score[f"pg:{name}"] += weight
            elif around and name not in _SAID_HERE and re.search(pattern, around, re.IGNORECASE):
                score[f"pg:{name}"] += 0.7 * weight
        for name, own in self._own_cues.items():
            if own.search(text):
                score[name] += 0.8
        return sorted(score.items(), key=lambda item: (-item[1], item[0]))


def cues(name: str, text: str) -> list[tuple[int, int]]:
    """Where in a text the cue words of a class begin and end."""
    _, pattern = _CUES.get(name.removeprefix("pg:"), (0.0, r"(?!)"))
    return [match.span() for match in re.finditer(pattern, text, re.IGNORECASE)]


def words(text: str) -> list[str]:
    """The words of a text that tell something, without their endings."""
    told = (word for word in re.findall(r"[^\W\d_]{3,}", text.casefold()) if word not in _STOP)
    return [re.sub(r"(?:ations?|ments?|ings?|ies|ed|es|s)$", "", fold(word)) or word for word in told]
