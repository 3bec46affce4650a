"""Whether two graphs say the same, where it is known which blank nodes of one are which of the other."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from partnergraph.rdf.blanks import Term, blanks_within

Meaning = Counter[str]


def meaning(triples: Iterable[ox.Triple], names: Mapping[ox.BlankNode, str]) -> Meaning | None:
    """What the triples say: equal for two graphs that are alike, in which ``names`` says which blank nodes are the same.

    The other blank nodes are known by what is said of them. That is all there is of them as long as each stands in
    one place, and not in itself; None where that is not so.
    """
    said: dict[ox.BlankNode, list[ox.Triple]] = defaultdict(list)
    places: Counter[ox.BlankNode] = Counter()
    top: list[ox.Triple] = []
    for triple in set(triples):
        for node in [triple.object] if isinstance(triple.object, ox.BlankNode) else _within(triple.object):
            places[node] += 1
        if isinstance(triple.subject, ox.BlankNode) and triple.subject not in names:
            said[triple.subject].append(triple)
        else:
            top.append(triple)
    unnamed = [node for node in said.keys() | places.keys() if node not in names]
    if any(places[node] > 1 for node in unnamed):
        return None
    known: dict[ox.BlankNode, str] = {node: f"_:{name}" for node, name in names.items()}
    waiting = list(unnamed)
    under_way: set[ox.BlankNode] = set()
    while waiting:
        node = waiting[-1]
        if node in known:
            waiting.pop()
            continue
        inner = [t.object for t in said[node] if isinstance(t.object, ox.BlankNode) and t.object not in known]
        inner += [part for t in said[node] for part in _within(t.object) if part not in known]
        if not inner:
            lines = sorted(f"{triple.predicate} {_key(triple.object, known)}" for triple in said[node])
            known[node] = f"[{hashlib.sha256(chr(0).join(lines).encode()).hexdigest()}]"
        elif node in under_way:
            return None
        else:
            under_way.add(node)
            waiting += inner
    found = Counter(f"{_key(t.subject, known)} {t.predicate} {_key(t.object, known)}" for t in top)
    found.update(known[node] for node in unnamed if not places[node])
    return found


def _within(term: Term) -> list[ox.BlankNode]:
    return list(blanks_within(term)) if isinstance(term, ox.Triple) else []


def _key(term: Term, known: Mapping[ox.BlankNode, str]) -> str:
    if isinstance(term, ox.BlankNode):
        return known[term]
    if isinstance(term, ox.Triple):
        return f"<<( {_key(term.subject, known)} {term.predicate} {_key(term.object, known)} )>>"
    return str(term)
