"""``%load_ext partnergraph``: cells of SPARQL in a notebook, with completion of short names."""

from __future__ import annotations

import argparse
import re
import shlex
from dataclasses import fields
from typing import TYPE_CHECKING, Any, NoReturn
from weakref import WeakKeyDictionary

from IPython.core.completer import CompletionContext, SimpleCompletion, SimpleMatcherResult, context_matcher
from IPython.core.error import UsageError

from partnergraph.api import Graph, load
from partnergraph.base.errors import UnknownName
from partnergraph.core.views import View, make_view
from partnergraph.rdf.names import nearest_names
from partnergraph.rdf.terms import PREFIXES, compact

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    from IPython.core.interactiveshell import InteractiveShell

    from partnergraph.reading.answers import Answer

MATCHER = "partnergraph.sparql"
USUAL_NAME = "graph"
MAX_COMPLETIONS = 200
KEYWORDS = tuple(
    re.findall(
        r"\w+",
        "ASK BIND CONSTRUCT COUNT DESCRIBE DISTINCT EXISTS FILTER GROUP BY HAVING LIMIT MINUS NOT OFFSET OPTIONAL ORDER PREFIX "
        "SELECT STR STRSTARTS UNION VALUES WHERE",
    )
)
# What stands before the cursor: a variable, a short name or the beginning of one, or a word.
FRAGMENT = re.compile(r"(?:[?$]\w*|[A-Za-z][\w-]*(?::[\w./-]*)?)$")


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}; %%sparql? explains all options")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        "%%sparql", add_help=False, description="Asks the SPARQL query in the cell. Prefixes of the project need not be declared."
    )
    add = parser.add_argument
    add("graph", nargs="?", help="the variable that holds the graph; without it 'graph', or else the shipped content")
    for axis in fields(View):
        what = {"action": "store_true"} if isinstance(axis.default, bool) else {"metavar": axis.metadata["metavar"]}
        add(f"--{axis.name.replace('_', '-')}", help=axis.metadata["help"], **what)
    add("--format", "-f", default="answer", choices=["answer", "df", "pandas", "polars"], help="what the cell gives")
    add("--names", default="short", choices=["short", "label", "iri"], help="how a frame writes entities")
    add("--out", "-o", metavar="VARIABLE", help="keep what the cell gives in a variable")
    return parser


class Sparql:
    """The ``%%sparql`` cell magic of one running IPython, and its completion."""

    def __init__(self, shell: InteractiveShell) -> None:
        self.shell = shell
        self._shipped: Graph | None = None
        self._names: WeakKeyDictionary[Graph, list[str]] = WeakKeyDictionary()

    def run(self, line: str, cell: str) -> Answer | pd.DataFrame | pl.DataFrame:
        """What a cell gives: an answer that shows itself with its sources, or a frame."""
        try:
            given = _parser().parse_args(shlex.split(line))
        except ValueError as error:
            raise UsageError(f"{error} in {line!r}") from None
        if given.out and not given.out.isidentifier():
            raise UsageError(f"{given.out!r} is no name of a variable")
        view = make_view(**{axis.name: getattr(given, axis.name) for axis in fields(View)})
        graph = self.find(given.graph).within(view)
        answer = graph.query(cell.rstrip())
        result = (
            answer
            if given.format == "answer"
            else answer.to_polars(given.names)
            if given.format == "polars"
            else answer.to_pandas(given.names)
        )
        if given.out:
            self.shell.user_ns[given.out] = result
        return result

    def find(self, name: str | None) -> Graph:
        """The graph in the variable; without a name the one in ``graph``, or else the shipped content."""
        variables: dict[str, Any] = self.shell.user_ns
        found = variables.get(name or USUAL_NAME)
        if isinstance(found, Graph):
            return found
        if name is not None:
            graphs = [known for known, value in variables.items() if isinstance(value, Graph) and not known.startswith("_")]
            raise UnknownName(
                "variable with a graph", name, nearest_names(name, graphs) or tuple(graphs), "graph = partnergraph.load() makes one"
            )
        if self._shipped is None:
            self._shipped = load()
        return self._shipped

    def complete(self, context: CompletionContext) -> SimpleMatcherResult:
        """What may stand at the cursor of a SPARQL cell: variables, short names, prefixes, words of the language."""
        first, _, rest = context.full_text.partition("\n")
        if not first.startswith("%%sparql") or not context.cursor_line:
            return {"completions": []}
        match = FRAGMENT.search(context.text_until_cursor)
        fragment = match[0] if match else ""
        found = [
            SimpleCompletion(text, type=kind)
            for text, kind in self._candidates(fragment, first, rest)
            if text.startswith(fragment) and text != fragment
        ]
        if fragment.isalpha():
            found += [
                SimpleCompletion(word, type="keyword")
                for word in KEYWORDS
                if word.startswith(fragment.upper()) and word != fragment
            ]
        # Names of Python mean nothing here, so that nobody else is to offer any.
        return {"completions": found[:MAX_COMPLETIONS], "matched_fragment": fragment, "suppress": True, "ordered": True}

    def _candidates(self, fragment: str, first: str, rest: str) -> list[tuple[str, str]]:
        variables = [(name, "variable") for name in dict.fromkeys(re.findall(r"[?$]\w+", rest))]
        try:
            words = first.split()[1:2]
            graph = self.find(words[0] if words and words[0].isidentifier() else None)
        except UnknownName:
            return variables
        if graph not in self._names:
            rows = graph.engine.answer(
                "SELECT DISTINCT ?x { { ?x rdfs:label ?l } UNION { ?x dcterms:title ?l } UNION { ?s ?x ?o } }", {}
            ).rows
            names = {compact(str(term.value)) for (term,) in rows if term is not None}
            self._names[graph] = sorted(name for name in names if name.partition(":")[0] in PREFIXES)
        prefixes = [(f"{prefix}:", "namespace") for prefix in PREFIXES]
        return [*variables, *prefixes, *((name, "name") for name in self._names[graph] if ":" in fragment)]


def register(shell: InteractiveShell) -> None:
    """Adds the cell magic and its completion to a running IPython."""
    magic = Sparql(shell)

    def sparql(line: str, cell: str) -> Answer | pd.DataFrame | pl.DataFrame:
        return magic.run(line, cell)

    sparql.__doc__ = _parser().format_help()
    shell.magics_manager.register_function(sparql, "cell")
    forget(shell)

    @context_matcher(identifier=MATCHER)  # type: ignore[untyped-decorator]
    def complete(context: CompletionContext) -> SimpleMatcherResult:
        return magic.complete(context)

    if shell.Completer is not None:
        shell.Completer.custom_matchers.append(complete)


def forget(shell: InteractiveShell) -> None:
    """Takes the completion away again."""
    if shell.Completer is not None:
        matchers = shell.Completer.custom_matchers
        matchers[:] = [matcher for matcher in matchers if getattr(matcher, "matcher_identifier", "") != MATCHER]
