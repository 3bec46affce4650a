"""Stored queries: ``.rq`` files whose ``#+`` header says what they are and what may be asked of them."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from partnergraph.content import read_bytes
from partnergraph.errors import ContentError

# The value that leaves a parameter open.
ANY = "*"
KINDS = {
    "entity": "an entity by any of its names",
    "claim": "a claim by its short name",
    "source": "a source by its short name or words of its title",
    "class": "a class of the ontology",
    "concept": "a measure, stage, scope or other word of the ontology's lists",
    "day": "a day: 2024-06-01",
    "number": "a number",
    "text": "some text",
}


@dataclass(frozen=True)
class Parameter:
    """One thing that a question leaves open: its name, its kind (a key of KINDS), what it means, and a default or None."""

    name: str
    kind: str
    description: str
    default: str | None = None

    def usage(self) -> str:
        """How the parameter is written in a call: ``investor=microsoft``."""
        value = self.default if self.default is not None else self.kind.upper()
        return f"{self.name}='{value}'" if " " in value else f"{self.name}={value}"

    def explanation(self) -> str:
        """What the parameter means, what may be given for it, and what holds if nothing is."""
        rest = f"without it {self.default}" if self.default not in {None, ANY} else "without it all" if self.default else "needed"
        return f"{self.name}: {self.description}; {KINDS[self.kind]}; {rest}"


@dataclass(frozen=True)
class Query:
    """One stored query: its name (that of its file), its text, and what its header says."""

    name: str
    path: Path
    text: str
    header: dict[str, str]
    parameters: tuple[Parameter, ...] = field(default=())

    @property
    def title(self) -> str:
        """What the query asks or does, in one line."""
        return self.header["title"]

    @property
    def description(self) -> str:
        """What a reader of the answer should know beyond the title: how it was put together, what it leaves out."""
        return self.header.get("description", "")

    @property
    def group(self) -> str:
        """The heading under which a question is listed."""
        return self.header.get("group", "")

    def defaults(self) -> dict[str, str]:
        """The value that each parameter has if none is given; empty text for those that must be given."""
        return {parameter.name: parameter.default or "" for parameter in self.parameters}

    @property
    def keywords(self) -> tuple[str, ...]:
        """Other words under which people look for the question."""
        return tuple(word.strip() for word in self.header.get("keywords", "").split(",") if word.strip())

    @property
    def texts(self) -> Texts:
        """By what people find the question."""
        return (self.name, self.title, " ".join(self.keywords), self.description, self.group)


# By what something is found: its name, its title, its keywords, its description, the heading it is listed under.
Texts = tuple[str, str, str, str, str]

_HEADER = re.compile(r"#\+\s*([a-z-]+):\s*(.*)")
_PARAMETER = re.compile(r"(?P<name>\w+)\s*:\s*(?P<kind>\w+)(?:\s*=\s*(?P<default>.*?))?\s+--\s+(?P<description>.+)")


def read_query(path: Path) -> Query:
    """The stored query of one ``.rq`` file.

    The header is lines such as ``#+ title: …`` and ``#+ param investor: entity = microsoft -- who invests``.
    Raises ContentError with file and line where the header is wrong.
    """
    text = read_bytes(path).decode("utf-8")
    header: dict[str, str] = {}
    parameters: list[Parameter] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("#+"):
            continue
        match = _HEADER.fullmatch(line.strip()) or re.fullmatch(r"#\+\s*(param)\s+(.*)", line.strip())
        if not match:
            raise ContentError(path, f"not a header line: {line!r}; write '#+ key: value'", number)
        key, value = match[1], match[2]
        if key != "param":
            header[key] = value
            continue
        found = _PARAMETER.fullmatch(value)
        if not found or found["kind"] not in KINDS:
            kinds = ", ".join(KINDS)
            raise ContentError(path, f"write '#+ param name: kind = default -- meaning', kind one of {kinds}", number)
        parameters.append(Parameter(found["name"], found["kind"], found["description"], found["default"] or None))
    if "title" not in header:
        raise ContentError(path, "has no '#+ title:' line", 1)
    projected = re.search(r"SELECT(.*?)WHERE", text, re.DOTALL | re.IGNORECASE)
    for parameter in parameters:
        # Oxigraph binds a parameter only if the SELECT has it; the answer then also says what was asked.
        if projected and not re.search(rf"[?$]{parameter.name}\b", projected[1]):
            raise ContentError(path, f"the parameter {parameter.name!r} must stand in the SELECT")
    return Query(path.stem, path, text, header, tuple(parameters))


class Queries(Mapping[str, Query]):
    """Stored queries by name, each read when it is first asked for: a command needs a few of the hundreds."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self._paths = {path.stem: path for path in paths}
        self._read: dict[str, Query] = {}

    def __getitem__(self, name: str) -> Query:
        if name not in self._read:
            self._read[name] = read_query(self._paths[name])
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)

    def __contains__(self, name: object) -> bool:
        return name in self._paths


def _each(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Words that say nothing about which question is meant.
_FILLERS = _each(
    "about all an and any are as at be been being but by can could did do does each every find for from get gets give had has have "
    "how if in into is it its list many me most much my of on or our out over show so such tell than that the their them then "
    "there these they this those to up was we were what when where which who whom whose why will with would you"
)
# One way to write what is written in two: British and American, one word and two, one letter and two.
_SPELLINGS = tuple(
    (re.compile(pattern), plain)
    for pattern, plain in (
        (r"\bper cent", "percent"),
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
# Of how many words a name may be that is left out of what is asked.
_LONGEST_NAME = 5
# How much a word counts in each of the Texts.
_WEIGHTS = (3, 3, 3, 1, 2)


def find_questions(words: str, questions: Iterable[Query], limit: int = 5) -> list[Query]:
    """The questions that speak of the words, the nearest first, by names, titles and keywords more than by descriptions.

    >>> funds = Query("investments-in", Path("q.rq"), "", {"title": "Who has funded an entity?"})
    >>> [query.name for query in find_questions("funding openai", [funds])]
    ['investments-in']
    """
    known = {query.name: query for query in questions}
    return [known[name] for name in find_texts(words, {name: query.texts for name, query in known.items()})[:limit]]


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
    text = " ".join(word for word in re.findall(r"[^\W_]{2,}", text.casefold()) if word not in _FILLERS)
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


def explain(parameters: Iterable[Parameter], given: Mapping[str, str] | None = None) -> str:
    """One line a parameter, with what holds for it in a call."""
    values = given or {}
    return "\n".join(
        f"  {parameter.explanation()}" + (f" (here {values[parameter.name]})" if parameter.name in values else "")
        for parameter in parameters
    )
