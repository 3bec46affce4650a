"""Names as people type them: folding them, those that are near, and the entity that a name means."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cached_property, lru_cache

from partnergraph.base.errors import AmbiguousName, UnknownName
from partnergraph.rdf.terms import compact, expand

# Marks that are accents: a name is the same without them. The others are vowels and voices of Indic, Thai, kana and the like.
_ACCENTS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u08ca-\u08ff\u180b-\u180f"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ua66f-\ua67d\ua69e\ua69f\ufe00-\ufe0f\ufe20-\ufe2f\U000e0100-\U000e01ef]"
)
_MARKS_OF_TRADE = re.compile("[\u2122\u2120\u00ae\u00a9]")
# Right behind a letter or digit these make another name: C, C++ and C# are three.
_TELLING = "+#"
# What firms bear at the end of their names by law, folded.
_LEGAL_FORMS = (
    "inc incorporated corp corporation co company llc llp lp ltd limited plc pbc gmbh ag kg se sa sas sarl srl spa nv bv ab asa oyj "
    "as aps kk pty pte pvt bhd sab"
)
LEGAL_FORMS = frozenset(_LEGAL_FORMS.split())
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@lru_cache(maxsize=1 << 15)
def fold(name: str) -> str:
    """A name without case, accents, punctuation and blanks, for comparing what people type.

    >>> fold("Open AI") == fold("OpenAI") == fold("open-ai")
    True
    >>> fold("C"), fold("C++"), fold("Command A+")
    ('c', 'c++', 'commanda+')
    """
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", _MARKS_OF_TRADE.sub("", name)))
    kept: list[str] = []
    attached = False
    for letter in plain.casefold():
        attached = letter.isalnum() or unicodedata.category(letter)[0] == "M" or (attached and letter in _TELLING)
        kept += letter if attached else ""
    return "".join(kept)


def fold_words(name: str) -> list[str]:
    """The words of a name, folded; together they are the folded name.

    >>> fold_words("Llama 3.1 – Meta")
    ['llama', '31', 'meta']
    """
    return [folded for word in name.split() if (folded := fold(word))]


def _key(name: str) -> str:
    """The folded name, or for one of signs alone the signs."""
    return fold(name) or name.strip()


def _firm(name: str) -> str:
    """The folded name less the legal form at its end: Microsoft Corp. is Microsoft."""
    words = [folded for word in name.replace("'s", "").split() if (folded := fold(word))]
    while len(words) > 1 and words[-1] in LEGAL_FORMS:
        words.pop()
    return "".join(words) or name.strip()


# Some firms bear these in their name and some leave them out, so they say less than a legal form.
_GROUPS = frozenset({"group", "holding", "holdings", "gruppe", "groupe", "international"})
_COUNTED = re.compile(r"([a-z])(\d{1,2})([a-z])")


def without_legal_form(name: str, more: Iterable[str] = ()) -> str:
    """The name without its legal form, and without other words at its end that are given; all of it where nothing else remains.

    >>> without_legal_form("Anthropic, PBC"), without_legal_form("Mistral AI S.A.S."), without_legal_form("Limited")
    ('Anthropic', 'Mistral AI', 'Limited')
    """
    forms = {*LEGAL_FORMS, *more}
    words = name.split()
    while len(words) > 1 and fold(words[-1]) in {*forms, ""}:
        words.pop()
    return " ".join(words).rstrip(",;") if words else name


# An item of Wikidata by its address or prefix, a legal entity identifier and a ticker by what they are called before them.
_IDENTIFIER = re.compile(
    r"(?:https?://(?:www\.|m\.)?wikidata\.org/(?:wiki|entity)/|(?:wikidata|wd|lei|ticker|isin)\s*[: ]\s*|\$(?=[A-Z]))(\S+)",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"([^()\[\]]*[^()\[\]\s])\s*[(\[]\s*([^()\[\]]+?)\s*[)\]]")
_TICKER = re.compile(r"[A-Z][A-Za-z]{1,7}\s?:\s?[A-Z0-9][A-Z0-9.-]{0,7}")
_SITE = re.compile(r"(.+)\.com", re.IGNORECASE)


def _bare_identifier(text: str) -> str:
    """The identifier without what says which kind it is."""
    match = _IDENTIFIER.fullmatch(text.strip())
    return match[1] if match else text


def _short_for(short: str, names: Iterable[tuple[str, str]]) -> list[str]:
    """The entities for whose name the short form is written: ``a16z`` for Andreessen Horowitz."""
    counted = _COUNTED.fullmatch(short)
    if counted is None:
        return []
    first, between, last = counted.groups()
    folded = ((iri, fold(name)) for iri, name in names)
    return [iri for iri, name in folded if len(name) == int(between) + 2 and name[0] == first and name[-1] == last]


def nearest_names(name: str, names: Iterable[str], limit: int = 3, cutoff: float = 0.6) -> tuple[str, ...]:
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
    close = difflib.get_close_matches(wanted, list(by_fold), n=limit, cutoff=0.75 if len(wanted) < 5 else cutoff)
    return tuple(by_fold[key] for key in dict.fromkeys([*inside, *close]))[:limit]


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
        self._firms: dict[str, list[str]] = {}
        for iri, name in pairs:
            self.label.setdefault(iri, name)
            self.names.append((iri, name))
            for known, key in ((self._by_fold, _key(name)), (self._firms, _firm(name))):
                bucket = known.setdefault(key, [])
                if iri not in bucket:
                    bucket.append(iri)

    def __contains__(self, name: object) -> bool:
        """Whether an entity is called so, by whatever name."""
        return isinstance(name, str) and (expand(name) in self.label or bool(self.called(name) or len(self.by_rule(name)) == 1))

    def called(self, name: str) -> list[str]:
        """The IRIs of the entities that the name means: those labelled exactly so, else those called so, else firms less their legal form."""
        found = [iri for iri in self._by_fold.get(_key(name), []) if self._same_numbers(iri, name)]
        exact = [iri for iri in found if self.label[iri] == name]
        # A label is what the entity is called; an alias of another one does not make it ambiguous.
        labelled = exact or [iri for iri in found if _key(self.label[iri]) == _key(name)]
        if found:
            return labelled if len(labelled) == 1 else found
        firms = [iri for iri in self._firms.get(_firm(name), []) if self._same_numbers(iri, name)]
        return firms if len(firms) == 1 else []

    def by_rule(self, name: str) -> dict[str, str]:
        """The entities that a name means by a rule although none is called so, each with the name of the rule."""
        wanted = fold(name)
        if not wanted or wanted in self._by_fold:
            return {}
        known = self.called(name)
        if known:
            return dict.fromkeys(known, "legal form")
        known = self._identified.get(fold(_bare_identifier(name)), [])
        if known:
            return dict.fromkeys(known, "identifier")
        bracketed = _BRACKETED.fullmatch(name)
        if bracketed:
            return self._with_brackets(bracketed[1], bracketed[2])
        site = _SITE.fullmatch(without_legal_form(name))
        known = self.called(site[1]) if site else []
        if len(known) == 1:
            return dict.fromkeys(known, "web name")
        known = self._groups.get(fold(without_legal_form(name, _GROUPS)), [])
        return dict.fromkeys(known, "group") or dict.fromkeys(_short_for(wanted, self.names), "short form")

    def _with_brackets(self, name: str, within: str) -> dict[str, str]:
        """The entities that a name with a ticker in brackets means: those of the name and those of the ticker, which may be two."""
        named = self.called(name) or list(self.by_rule(name))
        ticked = self._identified.get(fold(_bare_identifier(within)), [])
        if ticked:
            return dict.fromkeys([*ticked, *named], "ticker")
        if _TICKER.fullmatch(within):
            return dict.fromkeys(named, "ticker")
        # ``Andreessen Horowitz (a16z)``: the other name of the same, or of another one.
        inside = (self.called(within) or list(self.by_rule(within))) if named else []
        return dict.fromkeys([*named, *inside], "name in brackets") if inside else {}

    @cached_property
    def _identified(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for iri, identifier in self._identifiers():
            for form in {fold(identifier), fold(identifier.partition(":")[2])} - {""}:
                bucket = found.setdefault(form, [])
                if iri not in bucket:
                    bucket.append(iri)
        return found

    @cached_property
    def _groups(self) -> dict[str, list[str]]:
        """The names without legal forms and words for groups, folded."""
        found: dict[str, list[str]] = {}
        for iri, name in self.names:
            bucket = found.setdefault(fold(without_legal_form(name, _GROUPS)), [])
            if iri not in bucket:
                bucket.append(iri)
        return found

    def _same_numbers(self, iri: str, name: str) -> bool:
        """Whether a name of the entity that is folded alike has the same numbers: 31 is not 3.1."""
        wanted = _NUMBER.findall(name)
        return not wanted or any(_NUMBER.findall(known) == wanted for known in self._known(iri) if _firm(known) == _firm(name))

    def _known(self, iri: str) -> list[str]:
        return self._all_names.get(iri, [])

    @cached_property
    def _all_names(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for iri, name in self.names:
            found.setdefault(iri, []).append(name)
        return found

    def resolve(self, name: str) -> str:
        """The IRI of the entity called ``name``: by label, alias, short name or IRI.

        Raises UnknownName with the nearest names, or AmbiguousName where several entities bear the name.
        """
        iri = expand(name)
        if iri in self.label:
            return str(iri)
        found = self.called(name) or list(self.by_rule(name))
        if len(found) == 1:
            return found[0]
        if found:
            raise AmbiguousName(name, tuple(compact(iri) for iri in found))
        near = nearest_names(name, (known for _, known in self.names), cutoff=0.75)
        raise UnknownName("entity", name, near, "'partnergraph find TEXT' searches the names")

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
