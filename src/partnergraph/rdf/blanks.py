"""Blank nodes: which stand inside what they belong to, and what the others are called, whatever they were called before."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

import pyoxigraph as ox

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDF_FIRST = f"{RDF}first"
RDF_REST = f"{RDF}rest"
RDF_NIL = ox.NamedNode(f"{RDF}nil")
# Deeper than this a blank node is written under a name of its own.
MAX_NESTING = 6

Subject: TypeAlias = ox.NamedNode | ox.BlankNode
Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Predicates: TypeAlias = dict[str, list[Term]]
Subjects: TypeAlias = Mapping[Subject, Predicates]


class Blanks:
    """The blank nodes of a graph: ``inline`` stand where they are spoken of, ``names`` are those of the others that are spoken of."""

    def __init__(self, subjects: Subjects) -> None:
        self.subjects = subjects
        self.parents: dict[ox.BlankNode, Subject] = {}
        references: Counter[ox.BlankNode] = Counter()
        named: set[ox.BlankNode] = set()
        for subject, _, value in statements(subjects):
            if isinstance(value, ox.BlankNode):
                references[value] += 1
                self.parents[value] = subject
            elif isinstance(value, ox.Triple):
                named.update(blanks_within(value))
        self.inline = {node for node, count in references.items() if count == 1 and node not in named}
        self._name_circles()
        self._cut_nesting()
        outside = [node for node in references.keys() | named if node not in self.inline]
        ordered = outside if len(outside) < 2 else Order(subjects, self.inline).sorted(outside)
        self.names = {node: f"_:b{number}" for number, node in enumerate(ordered, 1)}

    def _name_circles(self) -> None:
        """Names every node that stands in itself, at whatever remove: none of them is the first."""
        done: set[Subject] = set()
        for start in list(self.inline):
            path: dict[Subject, int] = {}
            current: Subject = start
            while isinstance(current, ox.BlankNode) and current in self.inline and current not in done and current not in path:
                path[current] = len(path)
                current = self.parents[current]
            if current in path:
                self.inline.difference_update(node for node, place in list(path.items()) if place >= path[current])
            done.update(path)

    def _cut_nesting(self) -> None:
        """Names a node that would stand too deep inside others."""
        members = self._list_members()
        levels: dict[Subject, int] = {}
        for node in list(self.inline):
            path: list[ox.BlankNode] = []
            current: Subject = node
            while isinstance(current, ox.BlankNode) and current in self.inline and current not in levels:
                path.append(current)
                current = self.parents[current]
            level = levels.get(current, 0)
            for step in reversed(path):
                level += step not in members
                if level > MAX_NESTING:
                    self.inline.discard(step)
                    level = 0
                levels[step] = level

    def _list_members(self) -> set[ox.BlankNode]:
        """The nodes of well-formed lists except their heads: these stand beside each other, not in each other."""
        members: set[ox.BlankNode] = set()
        for node, predicates in self.subjects.items():
            current: Term = node
            if RDF_NIL not in predicates.get(RDF_REST, ()):
                continue
            while isinstance(current, ox.BlankNode) and current in self.inline and self.is_list_node(current):
                parent = self.parents[current]
                if not self.is_list_node(parent) or self.subjects[parent][RDF_REST] != [current] or parent not in self.inline:
                    break
                members.add(current)
                current = parent
        return members

    def is_list_node(self, node: Term) -> bool:
        """Whether the node has one first and one rest, and nothing else."""
        predicates = self.subjects.get(node) if isinstance(node, ox.BlankNode) else None
        return (
            predicates is not None
            and set(predicates) == {RDF_FIRST, RDF_REST}
            and all(len(values) == 1 for values in predicates.values())
        )

    def list_items(self, node: ox.BlankNode) -> list[Term] | None:
        """The items of the list that begins with the node; None where it is not the head of a list that can be written as one."""
        items: list[Term] = []
        current: Term = node
        while current != RDF_NIL:
            if not isinstance(current, ox.BlankNode) or not self.is_list_node(current) or (items and current not in self.inline):
                return None
            items += self.subjects[current][RDF_FIRST]
            (current,) = self.subjects[current][RDF_REST]
        return items


def statements(subjects: Subjects) -> Iterator[tuple[Subject, str, Term]]:
    """All triples, one by one."""
    return (
        (subject, name, value)
        for subject, predicates in subjects.items()
        for name, values in predicates.items()
        for value in values
    )


def blanks_within(triple: ox.Triple) -> Iterator[ox.BlankNode]:
    """The blank nodes that a triple term speaks of, in the order in which it does."""
    for part in (triple.subject, triple.object):
        if isinstance(part, ox.BlankNode):
            yield part
        elif isinstance(part, ox.Triple):
            yield from blanks_within(part)


class Order:
    """An order of blank nodes that follows from what is said of them: colours are refined until no more can be told apart.

    What is alike then is taken by the names it has, one after the other, so that what was written in this order is
    read in it again. Each step looks only at what borders on a class that was split.
    """

    def __init__(self, subjects: Subjects, inline: set[ox.BlankNode]) -> None:
        self._inline = inline
        self._edges: dict[ox.BlankNode, list[tuple[str, ox.BlankNode]]] = defaultdict(list)
        said: dict[ox.BlankNode, list[str]] = defaultdict(list)
        for subject, name, value in statements(subjects):
            blank = isinstance(subject, ox.BlankNode)
            inside = (
                [value] if isinstance(value, ox.BlankNode) else list(blanks_within(value)) if isinstance(value, ox.Triple) else []
            )
            what = f"{name} {_without_names(value)}"
            if isinstance(subject, ox.BlankNode):
                said[subject].append(f"> {what}")
            for place, node in enumerate(inside):
                said[node].append(f"< {'_:' if blank else subject} {what} {place}")
                if isinstance(subject, ox.BlankNode):
                    self._edge(subject, node, f"{what} {place}")
                for further, other in enumerate(inside[place + 1 :], place + 1):
                    self._edge(node, other, f"{what} {place} {further}")
        classes: dict[tuple[object, ...], set[ox.BlankNode]] = defaultdict(set)
        for node, about in said.items():
            classes[node in inline, *sorted(about)].add(node)
        # A colour is the place of the first of its class among all nodes.
        self._members: dict[int, set[ox.BlankNode]] = {}
        self._colour: dict[ox.BlankNode, int] = {}
        # What is still to be looked at, in the order in which it came up.
        self._waiting: dict[int, None] = {}
        colour = 0
        for mark in sorted(classes):
            self._put(colour, classes[mark])
            self._waiting[colour] = None
            colour += len(classes[mark])
        self._refine()

    def sorted(self, nodes: Iterable[ox.BlankNode]) -> list[ox.BlankNode]:
        """The nodes in their order."""
        wanted = set(nodes)
        colour = 0
        while colour < len(self._colour):
            members = self._members[colour]
            # Only what gets a name has one by which it is known again.
            alike = [] if len(members) == 1 or wanted.isdisjoint(members) else list(members)
            for last in sorted(alike, key=lambda node: (len(node.value), node.value), reverse=True):
                if self._colour[last] == colour and len(self._members[colour]) > 1:
                    self._split(colour, [{last}])
                    self._refine()
            colour += len(self._members[colour])
        return sorted(wanted, key=lambda node: self._colour[node])

    def _edge(self, start: ox.BlankNode, finish: ox.BlankNode, label: str) -> None:
        self._edges[finish].append((f"> {label}", start))
        self._edges[start].append((f"< {label}", finish))

    def _put(self, colour: int, members: set[ox.BlankNode]) -> None:
        self._members[colour] = members
        self._colour.update(dict.fromkeys(members, colour))

    def _split(self, colour: int, classes: list[set[ox.BlankNode]]) -> None:
        """Puts some of a class behind the rest of it, which keeps its place."""
        rest = self._members[colour]
        for members in classes:
            rest -= members
        parts = [part for part in (rest, *classes) if part]
        # Who borders on the largest part is told by who borders on the others, unless the whole is still to be looked at.
        largest = None if colour in self._waiting else max(parts, key=len)
        for part in parts:
            if part is not rest:
                self._put(colour, part)
            if part is not largest:
                self._waiting.setdefault(colour)
            colour += len(part)

    def _refine(self) -> None:
        while self._waiting:
            marks: dict[ox.BlankNode, list[str]] = defaultdict(list)
            splitter = next(iter(self._waiting))
            del self._waiting[splitter]
            for node in self._members[splitter]:
                for label, other in self._edges.get(node, ()):
                    marks[other].append(label)
            touched: dict[int, dict[tuple[str, ...], set[ox.BlankNode]]] = defaultdict(lambda: defaultdict(set))
            for node, labels in marks.items():
                touched[self._colour[node]][tuple(sorted(labels))].add(node)
            for colour in sorted(touched):
                self._split(colour, [members for _, members in sorted(touched[colour].items(), key=lambda item: item[0])])


def _without_names(term: Term) -> str:
    if isinstance(term, ox.BlankNode):
        return "_:"
    if isinstance(term, ox.Triple):
        return f"<<( {_without_names(term.subject)} {term.predicate} {_without_names(term.object)} )>>"
    return str(term)
