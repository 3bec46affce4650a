"""Names as people type them: folding them, those that are near, and the entity that a name means."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cached_property, lru_cache

from partnergraph.base.errors import AmbiguousName, UnknownName
from partnergraph.rdf.terms import compact, expand


@lru_cache(maxsize=1 << 15)
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


_FORMS = (
    *("inc", "incorporated", "corp", "corporation", "co", "company", "ltd", "limited", "llc", "llp", "lp", "plc", "pbc"),
    *("ag", "se", "gmbh", "kg", "kgaa", "ug", "sa", "sas", "sarl", "srl", "spa", "bv", "nv", "ab", "asa", "as", "aps", "oy", "oyj"),
    *("kk", "pty", "pte", "sdn", "bhd", "sl", "zrt", "doo", "llc", "jsc", "pjsc", "ltda", "lda", "gbr", "ev", "holdco", "opco"),
)
# Some firms bear these in their name and some leave them out, so they say less than a legal form.
_GROUPS = ("group", "holding", "holdings", "gruppe", "groupe", "international")


def without_legal_form(name: str, more: Iterable[str] = ()) -> str:
    """The name without its legal form, and without other words at its end that are given; all of it where nothing else remains.

    >>> without_legal_form("Anthropic, PBC"), without_legal_form("Mistral AI S.A.S."), without_legal_form("Limited")
    ('Anthropic', 'Mistral AI', 'Limited')
    """
    forms = {*_FORMS, *more}
    words = name.split()
    while len(words) > 1 and fold(words[-1]) in forms:
        words.pop()
    while len(words) > 1 and not fold(words[-1]):
        words.pop()
    return " ".join(words).rstrip(",;") if words else name


_COUNTED = re.compile(r"([a-z])(\d{1,2})([a-z])")


def _short_for(short: str, names: Iterable[tuple[str, str]]) -> list[str]:
    """The entities for whose name the short form is written: ``a16z`` for Andreessen Horowitz."""
    counted = _COUNTED.fullmatch(short)
    if counted is None:
        return []
    first, between, last = counted.groups()
    folded = ((iri, fold(name)) for iri, name in names)
    return [iri for iri, name in folded if len(name) == int(between) + 2 and name[0] == first and name[-1] == last]


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
    # Of two long names that share every other letter neither is meant for the other.
    close = difflib.get_close_matches(wanted, list(by_fold), n=limit, cutoff=0.75 if len(wanted) < 5 else 0.7)
    # A name in the other direction: "Mistral AI Studio" for "Mistral AI", by whole words at its beginning.
    words = fold_words(name)
    begun = [key for n in range(len(words) - 1, 0, -1) if len(key := "".join(words[:n])) > 3 and key in by_fold]
    return tuple(by_fold[key] for key in dict.fromkeys([*inside, *begun, *close]))[:limit]


class Names:
    """The names of the entities of a graph, for finding the one that a person means.

    ``pairs`` holds (IRI, name) with the label first for each IRI, then its aliases. ``identifiers`` gives, where a name
    is none of these, (IRI, identifier): a ticker, a legal entity identifier, the item of Wikidata.
    """

    def __init__(self, pairs: Iterable[tuple[str, str]], identifiers: Callable[[], Iterable[tuple[str, str]]] = tuple) -> None:
        self._identifiers = identifiers
        self.label: dict[str, str] = {}
        self.names: list[tuple[str, str]] = []
        self._by_fold: dict[str, list[str]] = {}
        self._by_plain: dict[tuple[str, ...], dict[str, list[str]]] = {}
        for iri, name in pairs:
            self.label.setdefault(iri, name)
            self.names.append((iri, name))
            bucket = self._by_fold.setdefault(fold(name), [])
            if iri not in bucket:
                bucket.append(iri)

    def __contains__(self, name: object) -> bool:
        """Whether an entity is called so, by whatever name."""
        return isinstance(name, str) and (expand(name) in self.label or fold(name) in self._by_fold or len(self.by_rule(name)) == 1)

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
        found = list(self.by_rule(name))
        if len(found) == 1:
            return found[0]
        if found:
            raise AmbiguousName(name, tuple(compact(iri) for iri in found))
        raise UnknownName(
            "entity", name, nearest_names(name, (known for _, known in self.names)), "'partnergraph find TEXT' searches the names"
        )

    def called(self, name: str) -> list[str]:
        """The entities that are called exactly so, by whatever name."""
        return list(self._by_fold.get(fold(name), ()))

    def by_rule(self, name: str) -> dict[str, str]:
        """The entities that a name means by a rule although none is called so, each with the name of the rule."""
        wanted = fold(name)
        if not wanted:
            return {}
        known = dict.fromkeys(self._identified.get(wanted, ()), "identifier")
        if known:
            return known
        for more, rule in (((), "legal form"), (_GROUPS, "group")):
            plain = fold(without_legal_form(name, more))
            known = dict.fromkeys((*self._by_fold.get(plain, ()), *self._plain(more).get(plain, ())), rule)
            if known:
                return known
        return dict.fromkeys(_short_for(wanted, self.names), "short form")

    @cached_property
    def _identified(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for iri, identifier in self._identifiers():
            for form in {fold(identifier), fold(identifier.partition(":")[2])} - {""}:
                bucket = found.setdefault(form, [])
                if iri not in bucket:
                    bucket.append(iri)
        return found

    def _plain(self, more: tuple[str, ...]) -> dict[str, list[str]]:
        """The names without their legal forms, folded."""
        if more not in self._by_plain:
            found: dict[str, list[str]] = {}
            for iri, name in self.names:
                bucket = found.setdefault(fold(without_legal_form(name, more)), [])
                if iri not in bucket:
                    bucket.append(iri)
            self._by_plain[more] = found
        return self._by_plain[more]

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
            hits.update((iri, (0, self.label[iri])) for iri in self.by_rule(text))
        if not hits:
            for key in difflib.get_close_matches(wanted, list(self._by_fold), n=5, cutoff=0.7):
                for iri in self._by_fold[key]:
                    hits.setdefault(iri, (4, self.label[iri]))
        ordered = sorted(hits.items(), key=lambda item: (item[1][0], self.label[item[0]].casefold()))
        return [(iri, name) for iri, (_, name) in ordered]
