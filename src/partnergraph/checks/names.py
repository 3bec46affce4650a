"""Names that two entities bear: whoever looks one up would find the other, or neither."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

import pyoxigraph as ox

from partnergraph.rdf.names import fold, without_legal_form
from partnergraph.rdf.terms import PG, PREFIXES, RDF_TYPE, RDFS, compact

_LABEL = ox.NamedNode(f"{RDFS}label")
_ALIAS = ox.NamedNode(f"{PREFIXES['skos']}altLabel")
# Shorter names often differ by a letter only.
LONG = 8
_SOLUTION = "merge the two, or tell them apart in their names"


def _letters(name: str) -> str:
    return re.sub(r"[^\w+#]|_", "", name.lower())


def taken_names(store: ox.Store) -> Iterator[tuple[ox.NamedNode, str, bool]]:
    """The entities one of whose names is another's, as look-ups compare them, what is wrong, and whether that is only a warning.

    An alias that two have in common is found for neither, and a name that differs by its legal form alone is easily meant
    for the other: both are warnings.
    """
    entities = {
        quad.subject.value
        for quad in store.quads_for_pattern(None, ox.NamedNode(RDF_TYPE), ox.NamedNode(f"{PG}Entity"))
        if isinstance(quad.subject, ox.NamedNode)
    }
    bearers: dict[str, dict[str, tuple[bool, str]]] = defaultdict(dict)
    shorter: dict[str, dict[str, str]] = defaultdict(dict)
    for property_ in (_LABEL, _ALIAS):
        for quad in store.quads_for_pattern(None, property_, None):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal) and quad.subject.value in entities:
                name = quad.object.value
                bearers[fold(name)].setdefault(quad.subject.value, (property_ == _LABEL, name))
                shorter[fold(without_legal_form(name))].setdefault(quad.subject.value, name)
    yield from _borne_twice(bearers)
    yield from _by_form_alone(shorter)
    yield from _by_one_letter(bearers)


def _borne_twice(bearers: dict[str, dict[str, tuple[bool, str]]]) -> Iterator[tuple[ox.NamedNode, str, bool]]:
    for folded, known in bearers.items():
        if not folded or len(known) < 2:
            continue
        for iri, (is_label, name) in known.items():
            others = {other: named for other, named in known.items() if other != iri}
            other, (other_is_label, other_name) = min(others.items(), key=lambda item: (not item[1][0], item[0]))
            if is_label and other_is_label and _letters(name) == _letters(other_name):
                # Two that are labelled alike are the affair of a check of the ontology, which knows who may be.
                continue
            if is_label or other_is_label:
                way = "is called" if other_is_label else "is also called"
                yield (
                    ox.NamedNode(iri),
                    f"the name {name!r} is found as that of another entity: {compact(other)} {way} {other_name!r}; {_SOLUTION}",
                    False,
                )
            else:
                yield (
                    ox.NamedNode(iri),
                    f"the other name {name!r} means {compact(other)} as well, so it finds neither; {_SOLUTION}",
                    True,
                )


def _by_one_letter(bearers: dict[str, dict[str, tuple[bool, str]]]) -> Iterator[tuple[ox.NamedNode, str, bool]]:
    """Labels of one entity each that differ by a letter that is missing: the one is easily a slip for the other."""
    labels = {
        folded: (iri, name)
        for folded, known in bearers.items()
        for iri, (is_label, name) in known.items()
        if is_label and len(known) == 1 and len(folded) >= LONG and folded.isalpha()
    }
    for folded, (iri, name) in labels.items():
        for place in range(len(folded)):
            found = labels.get(folded[:place] + folded[place + 1 :])
            # Of a name in the plural the other is no slip.
            if found and found[0] != iri and place < len(folded) - 1:
                (other, other_name) = found
                for one, said, another, another_name in ((iri, name, other, other_name), (other, other_name, iri, name)):
                    problem = f"the name {said!r} differs from that of {compact(another)}, {another_name!r}, by one letter alone"
                    yield ox.NamedNode(one), f"{problem}; mend it if it is a slip; if they are two, leave it", True
                break


def _by_form_alone(shorter: dict[str, dict[str, str]]) -> Iterator[tuple[ox.NamedNode, str, bool]]:
    for folded, names in shorter.items():
        if folded and len(names) > 1 and len({fold(name) for name in names.values()}) > 1:
            for iri, name in names.items():
                other = next(known for known in sorted(names) if known != iri)
                if fold(names[other]) != fold(name):
                    problem = f"the name {name!r} differs from that of {compact(other)}, {names[other]!r}, by a legal form alone"
                    yield ox.NamedNode(iri), f"{problem}; {_SOLUTION}", True
