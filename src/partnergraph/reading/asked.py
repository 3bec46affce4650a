"""One way to understand a sentence: a question or a command with its values, the view, and which rows are wanted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from partnergraph.content.finding import ANALYSES
from partnergraph.content.phrasings import PHRASES
from partnergraph.content.queries import ANY
from partnergraph.reading.gist import quoted
from partnergraph.reading.measures import measure_words
from partnergraph.reading.wanted import Form

if TYPE_CHECKING:
    from partnergraph.content.queries import Query
    from partnergraph.reading.constraints import Constraint
    from partnergraph.reading.deeds import Deed

COMMANDS = frozenset(PHRASES) | frozenset(ANALYSES)
# Below this there are other readings to tell of.
UNSURE = 0.5


def grouped(names: Sequence[str], together: Collection[str]) -> tuple[tuple[str, ...], ...]:
    """The names each for itself, but for those of which one is enough.

    >>> grouped(["A", "B", "C"], {"A", "B"}), said(grouped(["A", "B", "C"], {"A", "B"}))
    ((('A', 'B'), ('C',)), 'A or B and C')
    """
    one = tuple(name for name in names if name in together)
    return (*((one,) if one else ()), *((name,) for name in names if name not in together))


def said(groups: Sequence[Sequence[str]]) -> str:
    """The groups of names in words."""
    return " and ".join(" or ".join(group) for group in groups)


@dataclass(frozen=True)
class Reading:
    """One way to understand a sentence."""

    target: str
    score: float
    values: dict[str, str] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()
    view: dict[str, str] = field(default_factory=dict)
    naming: tuple[str, ...] = ()
    span: tuple[str, str] | None = None
    taken: tuple[str, ...] = ()
    speaking: tuple[str, ...] = ()
    title: str = ""
    without: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    strange: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()
    # Words that the question is not asked with, and which rows may have; of these such as no question is asked with.
    rest: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    # Columns with what must stand in one of them, such as energySource and nuclear.
    kinds: tuple[tuple[str, tuple[str, ...]], ...] = ()
    # Whether the largest are wanted first, and how many rows; 0 for all.
    largest: bool = False
    most: int = 0
    smallest: bool = False
    # Whether it is asked of whom something is not so.
    denied: bool = False
    # Whether it is asked what came first.
    first: bool = False
    # Names of which one is enough, since "or" stands between them; and such with "and", of which one is better than none.
    either: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()
    # Of the names to be looked for those of who acts: of what was done to them nothing is wanted.
    acting: tuple[str, ...] = ()
    # What has a title that nothing in the graph is called by, such as a law: rows may speak of it.
    titles: tuple[str, ...] = ()
    # What is asked that the graph has no words for.
    outside: str = ""
    # What was not met, and was left for this.
    beyond: str = ""
    # What the rows must be beside, of what kind one must name a thing, and in which form the answer is wanted.
    constraints: tuple[Constraint, ...] = ()
    kind: Constraint | None = None
    form: Form = field(default_factory=Form)
    # Whether somebody did something to somebody, where that is asked.
    deed: Deed | None = None

    @property
    def command(self) -> str:
        """What one would type for it."""
        options = [f"--{name.replace('_', '-')} {value}" for name, value in self.view.items()]
        if self.target in COMMANDS:
            return " ".join(["partnergraph", self.target, *self.arguments, *options])
        given = [f"{name}={'any' if value == ANY else quoted(value)}" for name, value in self.values.items()]
        return " ".join(["partnergraph ask", self.target, *given, *options])

    def others(self, query: Query) -> list[Reading]:
        """The same with the names in other places: exchanged, in the other place, or open and looked for in the rows."""
        if any(parameter.kind == "day" for parameter in query.parameters):
            # That nothing was so on a day is an answer.
            return []
        places = [parameter.name for parameter in query.parameters if parameter.kind in ("entity", "house")]
        held = [name for name in places if self.values.get(name, ANY) != ANY]
        found = []
        if len(places) == 2:
            first, second = places
            turned = {first: self.values.get(second, ANY), second: self.values.get(first, ANY)}
            found.append(replace(self, values=self.values | turned))
        concepts = {
            parameter.name: ANY for parameter in query.parameters if parameter.kind == "concept" and parameter.name in self.values
        }
        if concepts:
            # What is no measure of theirs narrows nothing, and is said to.
            asked = tuple(self.values[name] for name in concepts if name == "measure" and self.values[name] != ANY)
            found.append(replace(self, values=self.values | concepts, measures=self.measures or asked))
        opened = (
            replace(
                self,
                values=self.values | {name: ANY},
                naming=(*self.naming, self.values[name]),
                # Rows that only name what is asked about are not of it.
                beyond=f"No row is of {self.values[name]} itself; these name it"
                if name == "entity" and not self.naming
                else self.beyond,
            )
            for name in held
        )
        return [*found, *opened]

    @property
    def words(self) -> str:
        """What was understood, in one line."""
        more = [f"the {self.most} largest" if self.most else "the largest first"] if self.largest else []
        more += ["the smallest first"] if self.smallest else []
        more += [f"whether {self.deed.said}"] if self.deed else []
        more += [f"rows that name {said(grouped(self.naming, self.either))}"] if self.naming else []
        more += [f"rows of {' or '.join(measure_words(self.measures))}"] if self.measures else []
        more += [f"rows that do not name {' or '.join(self.without)}"] if self.without else []
        more += [f"rows from {self.span[0]} to {self.span[1]}"] if self.span else []
        more += [f"rows that are {one.said}" for one in self.constraints]
        more += [f"rows that say {' or '.join(words)}" for _, words in self.kinds]
        more += [f"rows that speak of {' and '.join(self.speaking)}"] if self.speaking else []
        more += [self.beyond] if self.target in COMMANDS and self.beyond else []
        more += [f"the graph does not say {self.outside}"] if self.target in COMMANDS and self.outside else []
        more += [f"read {one}" for one in self.taken]
        short = self.command.removeprefix("partnergraph ").removeprefix("ask ")
        told = f" ({'; '.join(more)})" if more else ""
        others = f": it may be {' · '.join(self.instead)}" if self.instead else ""
        unsure = f"; not surely{others}" if self.score < UNSURE else ""
        return f"understood: {short}{told}{unsure}"
