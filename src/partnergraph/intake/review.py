"""Going through candidates: what is shown of each, and what a key does to it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from partnergraph.base.errors import AmbiguousName, ParameterError, UnknownName
from partnergraph.base.texts import clean
from partnergraph.core.graph import GraphCore
from partnergraph.intake.amounts import Unreadable, read_amount
from partnergraph.intake.articles import Article
from partnergraph.intake.candidates import ACCEPTED, CITED, OPEN, REJECTED, Candidate, kept_amount
from partnergraph.intake.dates import read_day
from partnergraph.intake.drafts import STAGES, slug
from partnergraph.intake.guards import DRAFTED, like_a_sentence
from partnergraph.intake.proposing import Proposer
from partnergraph.rdf.terms import PREFIXES, compact
from partnergraph.show.values import amount as money

KEYS = (
    "1-5 class · s swap the ends · from=NAME, to=NAME (several with ;) · amount=… · date=… · stage=… · attestation=… · label=… · "
    "m or m2 one more citation of a claim below · a accept · r reject · enter: later · b back · q quit"
)
# What a claim of these classes must say beside its ends, as a text that is typed, or not here at all.
NEEDS = {"pg:Prediction": "criterion", "pg:Rename": "newName", "pg:Metric": ""}
_FIELDS = ("criterion", "newName", "from", "to", "amount", "date", "stage", "attestation", "label")


@dataclass
class Review:
    """A review of candidates on one graph."""

    graph: GraphCore
    article: Article | None

    def __post_init__(self) -> None:
        self.proposer = Proposer(self.graph)

    def shown(self, candidate: Candidate, of: int) -> str:
        """A candidate for people: its sentence in its paragraph, what it would claim, and what the graph has like it."""
        lines = [
            f"{candidate.number} of {of} · {candidate.locator} · by {candidate.by} · {candidate.state}",
            *self._paragraph(candidate),
            "",
        ]
        for number, name in enumerate(candidate.classes, 1):
            card = self.proposer.cards.get(name)
            if card is not None:
                mark = "▸" if name == candidate.kind else " "
                lines.append(f" {mark}[{number}] {card.label}: {card.start.label} → {card.finish.label}")
        amount = candidate.money()
        lines += ["", f"    claims  {candidate.label}", f"    from    {self._named(candidate, candidate.starts)}"]
        lines.append(f"    to      {self._named(candidate, candidate.ends)}")
        said = money(amount.least, amount.greatest, amount.currency, about=amount.approximate) if candidate.amount else ""
        values = [said, candidate.day, candidate.stage.rpartition("-")[2], candidate.attestation.removeprefix("pg:")]
        lines.append("    values  " + " · ".join(filter(None, values)))
        new = list(dict.fromkeys([*candidate.new.values(), *candidate.unknown]))
        lines += [f"    new?    {', '.join(new)}"] if new else []
        lines += [f"    doubt   {doubt}" for doubt in candidate.doubts]
        labels = self.graph.labels(candidate.similar)
        lines += [
            f"    m{number}      {labels.get(claim, '')} ({compact(claim)})" for number, claim in enumerate(candidate.similar, 1)
        ]
        return "\n".join(clean(line) for line in lines)

    def _paragraph(self, candidate: Candidate) -> list[str]:
        text = self.article.text if self.article else ""
        if text[candidate.start : candidate.end] != candidate.quote:
            return [f"    »{candidate.quote}«"]
        begin = text.rfind("\n", 0, candidate.start) + 1
        end = text.find("\n", candidate.end)
        end = len(text) if end < 0 else end
        lead = [f"    {candidate.around}"] if candidate.around else []
        return [*lead, f"    {text[begin : candidate.start]}»{candidate.quote}«{text[candidate.end : end]}"]

    def _named(self, candidate: Candidate, iris: list[str]) -> str:
        return " and ".join(candidate.new.get(iri) or self.graph.names.label.get(iri, compact(iri)) for iri in iris) or "nobody"

    def apply(self, candidate: Candidate, key: str) -> str:
        """Does what a key says, and tells what is wrong with it where it cannot be done; empty where it was."""
        key = key.strip()
        if re.fullmatch(r"[1-9]", key):
            return self._class(candidate, int(key))
        match = re.fullmatch(r"m(\d*)", key)
        if match:
            return self._cite(candidate, int(match[1] or 1))
        if key == "s":
            candidate.starts, candidate.ends = candidate.ends, candidate.starts
            return self._changed(candidate)
        if key == "r":
            candidate.state = REJECTED
            return ""
        if key == "a":
            return self._accept(candidate)
        name, equals, value = key.partition("=")
        if equals and name.strip() in _FIELDS:
            return self._edit(candidate, name.strip(), value.strip())
        return f"nobody knows the key {key[:40]!r}; {KEYS}"

    def _class(self, candidate: Candidate, number: int) -> str:
        if number > len(candidate.classes):
            return f"there are {len(candidate.classes)} classes"
        candidate.kind = candidate.classes[number - 1]
        card = self.proposer.cards[candidate.kind]
        here = self.proposer.mentions.find(candidate.quote)
        above = [
            mention for mention in self.proposer.mentions.find(candidate.around) if mention.iri not in {one.iri for one in here}
        ]
        known = [mention for mention in here if mention.iri in {*candidate.starts, *candidate.ends, *candidate.others}] or here
        starts, ends = self.proposer.parties.assign(card, known, above, candidate.quote)
        if not candidate.new:
            candidate.starts, candidate.ends = starts or candidate.starts, ends or candidate.ends
        if not card.is_deal:
            candidate.stage = ""
        elif not candidate.stage:
            candidate.stage = "pg:stage-agreed"
        return self._changed(candidate)

    def _cite(self, candidate: Candidate, number: int) -> str:
        if not 1 <= number <= len(candidate.similar):
            return "no claim is shown under that number"
        candidate.state, candidate.cites = CITED, candidate.similar[number - 1]
        return ""

    def _accept(self, candidate: Candidate) -> str:
        card = self.proposer.cards[candidate.kind]
        missing = [
            end.label
            for end, found in ((card.start, candidate.starts), (card.finish, candidate.ends))
            if not found and end.name not in card.optional
        ]
        if card.start == card.finish:
            missing = [card.start.label] if len({*candidate.starts, *candidate.ends}) < 2 else []
        if missing:
            return f"nobody is {missing[0]}: say from=NAME or to=NAME"
        need = NEEDS.get(candidate.kind)
        if need is not None and f"pg:{need}" not in candidate.texts:
            other = "write it by hand, 'partnergraph new metric' shows how" if not need else f"say {need}=…"
            return f"a {card.label} needs {f'pg:{need}' if need else 'a measure and a unit'}: {other}"
        if like_a_sentence(candidate.label, candidate.quote):
            return "the label is the sentence of the article: say label=… in words of your own"
        candidate.state = ACCEPTED
        return ""

    def _edit(self, candidate: Candidate, name: str, value: str) -> str:
        try:
            match name:
                case "from" | "to":
                    iris = [self._party(candidate, part.strip()) for part in value.split(";") if part.strip()]
                    candidate.starts, candidate.ends = (iris, candidate.ends) if name == "from" else (candidate.starts, iris)
                    candidate.new = {
                        iri: said for iri, said in candidate.new.items() if iri in {*candidate.starts, *candidate.ends}
                    }
                case "amount":
                    candidate.amount = kept_amount(read_amount(value)) if value else {}
                case "date":
                    day = read_day(value) if value else None
                    candidate.day = day.text if day else ""
                case "stage":
                    candidate.stage = f"pg:stage-{_one(value, STAGES, name)}"
                case "attestation":
                    candidate.attestation = f"pg:{_one(value, DRAFTED, name)}"
                case "criterion" | "newName":
                    candidate.texts[f"pg:{name}"] = " ".join(value.split())[:400]
                    return ""
                case _:
                    candidate.label = " ".join(value.split())[:400]
                    return ""
        except (Unreadable, UnknownName, AmbiguousName, ParameterError) as error:
            return str(error)
        return self._changed(candidate)

    def _party(self, candidate: Candidate, name: str) -> str:
        """The entity of that name; ``new NAME`` proposes one."""
        if name.startswith("new "):
            said = " ".join(name.removeprefix("new ").split())
            if said in self.graph.names:
                raise UnknownName("new entity", said, hint=f"it is {compact(self.graph.names.resolve(said))} already")
            iri = f"{PREFIXES['ent']}{slug(said)}"
            candidate.new[iri] = said
            return iri
        try:
            return self.graph.find_entity(name)
        except UnknownName as error:
            raise UnknownName("entity", name, error.nearest, f"'new {name}' proposes it") from None

    def _changed(self, candidate: Candidate) -> str:
        candidate.state = OPEN
        candidate.label = self.proposer.label(candidate)
        self.proposer.compare(candidate)
        return ""


def _one(value: str, words: tuple[str, ...], name: str) -> str:
    if value not in words:
        raise ParameterError(name, f"is one of {', '.join(words)}")
    return value
