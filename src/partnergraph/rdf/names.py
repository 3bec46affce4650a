"""Names as people type them: folding them, those that are near, and the entity that a name means."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable

from partnergraph.base.errors import AmbiguousName, UnknownName
from partnergraph.rdf.terms import compact, expand


def fold(name: str) -> str:
    """A name without case, accents, punctuation and blanks, for comparing what people type.

    >>> fold("Open AI") == fold("OpenAI") == fold("open-ai")
    True
    """
    plain = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in plain.casefold() if letter.isalnum())


def fold_words(name: str) -> list[str]:
    """The words of a name, folded; together they are the folded name.

    >>> fold_words("Llama 3.1 – Meta")
    ['llama', '31', 'meta']
    """
    return [folded for word in name.split() if (folded := fold(word))]


def nearest_names(name: str, names: Iterable[str], limit: int = 3) -> tuple[str, ...]:
    """Those of ``names`` that contain ``name``, the shortest first, or are most like it; at most ``limit``."""
    by_fold: dict[str, str] = {}
    for known in names:
        by_fold.setdefault(fold(known), known)
    wanted = fold(name)
    inside = [key for key in by_fold if len(wanted) > 2 and wanted in key]
    # Few letters are in many names, and much like many, by chance.
    if len(wanted) < 5:
        inside = [key for key in inside if any(fold(word).startswith(wanted) for word in re.findall(r"\w+", by_fold[key]))]
    inside.sort(key=len)
    close = difflib.get_close_matches(wanted, list(by_fold), n=limit, cutoff=0.75 if len(wanted) < 5 else 0.6)
    return tuple(by_fold[key] for key in dict.fromkeys([*inside, *close]))[:limit]


class Names:
    """The names of the entities of a graph, for finding the one that a person means.

    ``pairs`` holds (IRI, name) with the label first for each IRI, then its aliases.
    """

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self.label: dict[str, str] = {}
        self.names: list[tuple[str, str]] = []
        self._by_fold: dict[str, list[str]] = {}
        for iri, name in pairs:
            self.label.setdefault(iri, name)
            self.names.append((iri, name))
            bucket = self._by_fold.setdefault(fold(name), [])
            if iri not in bucket:
                bucket.append(iri)

    def __contains__(self, name: object) -> bool:
        """Whether an entity is called so, by whatever name."""
        return isinstance(name, str) and (expand(name) in self.label or fold(name) in self._by_fold)

    def resolve(self, name: str) -> str:
        """The IRI of the entity called ``name``: by label, alias, short name or IRI.

        Raises UnknownName with the nearest names, or AmbiguousName where several entities bear the name.
        """
        iri = expand(name)
        if iri in self.label:
            return str(iri)
        found = self._by_fold.get(fold(name), [])
        if len(found) == 1:
            return found[0]
        if found:
            # A label is what the entity is called; an alias of another one does not make it ambiguous.
            labelled = [iri for iri in found if fold(self.label[iri]) == fold(name)]
            if len(labelled) == 1:
                return labelled[0]
            raise AmbiguousName(name, tuple(compact(iri) for iri in found))
        raise UnknownName(
            "entity", name, nearest_names(name, (known for _, known in self.names)), "'partnergraph find TEXT' searches the names"
        )

    def search(self, text: str) -> list[tuple[str, str]]:
        """(IRI, name) whose name contains the text or is much like it: whole name first, then start, then inside, then near."""
        wanted = fold(text)
        if not wanted:
            return []
        hits: dict[str, tuple[int, str]] = {}
        for iri, name in self.names:
            folded = fold(name)
            words = fold_words(name)
            grade = (
                0
                if folded == wanted
                else 1
                if folded.startswith(wanted)
                else 2
                if any(word.startswith(wanted) for word in words)
                else 3
                if wanted in folded
                else None
            )
            if grade is not None and (iri not in hits or grade < hits[iri][0]):
                hits[iri] = (grade, name)
        if not hits:
            for key in difflib.get_close_matches(wanted, list(self._by_fold), n=5, cutoff=0.7):
                for iri in self._by_fold[key]:
                    hits.setdefault(iri, (4, self.label[iri]))
        ordered = sorted(hits.items(), key=lambda item: (item[1][0], self.label[item[0]].casefold()))
        return [(iri, name) for iri, (_, name) in ordered]
