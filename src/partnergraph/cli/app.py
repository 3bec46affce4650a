"""What all commands share: one application, one way to fail, one way to open the graph."""

from __future__ import annotations

import errno
import functools
import gc
import inspect
import io
import signal
import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import fields
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command_from_info

from partnergraph.base.errors import OutputError, QueryError
from partnergraph.base.faults import sentence
from partnergraph.base.progress import listening
from partnergraph.base.texts import clean, encodable, encoding_of
from partnergraph.cli.opened import OPENED, keep_for_later
from partnergraph.cli.output import abandon, echo, explain, finish, hold_streams, tell, width
from partnergraph.cli.typed import with_texts
from partnergraph.content.folders import find_content
from partnergraph.core.views import View, make_view
from partnergraph.stores.sandbox.foreign import within_reason

if TYPE_CHECKING:
    from partnergraph.api import Graph

# Seconds after which a person wants to know what is being done.
PATIENCE = 0.3
# In which module of this package each command stands: only the one that is run is imported, and only its options are made.
HOMES = {
    "ask": "asking",
    "query": "querying",
    "find": "searching",
    "show": "reading",
    "claim": "reading",
    "vocabulary": "wording",
    **dict.fromkeys(("conflicts", "diff", "timeline"), "comparing"),
    **dict.fromkeys(("path", "loops", "exposure", "concentration", "overlaps"), "analysing"),
    **dict.fromkeys(("ledger", "why"), "summing"),
    "coverage": "covering",
    "map": "mapping",
    "export": "exporting",
    "changes": "releasing",
    "release": "releasing",
    "check": "keeping",
    "fmt": "keeping",
    **dict.fromkeys(("init", "new", "upgrade"), "starting"),
    **dict.fromkeys(("draft", "review"), "drafting"),
    **dict.fromkeys(("import", "accept"), "importing"),
    "build": "building",
    "push": "building",
    **dict.fromkeys(("serve", "mcp", "site"), "serving"),
}


class Shelf(Mapping[str, Any]):
    """All commands by name, each made when it is asked for."""

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            import_module(f"partnergraph.cli.{HOMES[name]}")
            registered = {info.name: info for info in commands.registered_commands}
            info = registered[name]
            if info.callback is not None:
                info.callback = with_texts(info.callback)
            self._made[name] = get_command_from_info(info, pretty_exceptions_short=False, rich_markup_mode=None)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(HOMES)

    def __len__(self) -> int:
        return len(HOMES)


class Commands(TyperGroup):
    """The commands; whatever goes wrong on purpose becomes one message on stderr and exit code 1."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = Shelf()  # type: ignore[assignment]  # nothing is ever put into it

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Runs the program and ends it: whatever goes wrong becomes one sentence on stderr and exit code 1."""
        run = functools.partial(super().main, args, prog_name, complete_var, False, windows_expand_args, **extra)
        return sys.exit(ended(run)) if standalone_mode else run()

    def invoke(self, ctx: Any) -> Any:
        """Runs the command that was asked for."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # Typer would take it for a failure.
            raise _Enough from None


class _Enough(Exception):  # nothing went wrong
    """The reader of the pipe has seen enough, as with `| head`."""


def ended(run: Callable[[], object]) -> int:
    """Runs the program and says with which code it ends."""
    try:
        code = run()
        finish()
    except SystemExit:
        raise
    except (_Enough, BrokenPipeError):
        abandon(sys.stdout)
        return 0
    except KeyboardInterrupt:
        return 130
    except BaseException as error:  # noqa: BLE001  # the engine's panics are no Exceptions
        return failed(error)
    return code if isinstance(code, int) else 0


def failed(error: BaseException) -> int:
    """Says in one sentence what went wrong, and returns the code to end with."""
    usage = getattr(error, "show", None)
    if usage is not None:
        # Typer's own errors about options and arguments: how the command is used, and what is wrong.
        said = io.StringIO()
        usage(file=said)
        explain(said.getvalue())
        return int(getattr(error, "exit_code", 2))
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT} and error.filename is None:
        # Typer's own words, such as those of --help, go to stdout by another way.
        error = OutputError(f"the answer cannot be written: {error.strerror}")
    tell(sentence(error))
    abandon(sys.stdout)
    return 1


class Application(typer.Typer):
    """The program ``partnergraph``: what a shell starts."""

    def __call__(self, *words: Any, **options: Any) -> Any:
        """Runs it; Ctrl-C ends it at once, also within a query, where Python would not hear of it until the end."""
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
        hold_streams()
        # What has been imported stays to the end, and at the end all goes at once: the collector need not look through either.
        gc.freeze()
        told = listening(Ticker()) if sys.stderr is not None and sys.stderr.isatty() else nullcontext()
        try:
            with told:
                return super().__call__(*words, **options)
        finally:
            gc.freeze()


app = Application(
    cls=Commands,
    name="partnergraph",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
# What the modules of this package register; typer would make every command of ``app`` at every start.
commands = typer.Typer()


def _print_version(value: bool) -> None:
    if value:
        from partnergraph.stores.manifest import package_version

        echo(package_version())
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    """Who funds, powers, licenses, supplies and competes with whom in AI: sourced claims, asked and drawn."""


ContentOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--content",
        metavar="DIR",
        help="A folder of your own instead of the shipped content; given again, each stands on those before it ('shipped' is ours).",
    ),
]

TrustOption = Annotated[
    bool, typer.Option("--trust", help="Let the rules and queries of an ontology in --content DIR run without limits.")
]
StoreOption = Annotated[
    Path | None, typer.Option("--store", metavar="DIR", help="A store that 'partnergraph build DIR' has built, instead of loading.")
]
EndpointOption = Annotated[
    str | None, typer.Option("--endpoint", metavar="URL", help="A SPARQL server that holds the graph, instead of loading.")
]
OnServerOption = Annotated[
    str | None,
    typer.Option("--on-server", metavar="IRI", help="With --endpoint: which graph of the server, if not its default one."),
]
CopyOption = Annotated[
    bool, typer.Option("--copy", help="With --endpoint: copy all triples first and answer here, where a server errs or is slow.")
]


def _view_options() -> dict[str, tuple[Any, Any]]:
    """An option for each restriction of a view, with the words that the view itself has for it."""
    made: dict[str, tuple[Any, Any]] = {}
    for axis in fields(View):
        flag = isinstance(axis.default, bool)
        option = typer.Option(f"--{axis.name.replace('_', '-')}", metavar=axis.metadata.get("metavar"), help=axis.metadata["help"])
        made[axis.name] = (Annotated[bool if flag else str | None, option], axis.default)
    return made


VIEW = _view_options()
SHARED = {
    **VIEW,
    "content": (ContentOption, None),
    "trust": (TrustOption, False),
    "store": (StoreOption, None),
    "endpoint": (EndpointOption, None),
    "on_server": (OnServerOption, None),
    "copy": (CopyOption, False),
}


def one_of(words: Collection[str], what: str = "format") -> Callable[[str], str]:
    """What refuses a format, or another thing, that there is not before any work is done for it."""

    def check(value: str) -> str:
        if value not in words:
            raise QueryError(f"no {what} named {value!r}; take one of {', '.join(words)}")
        return value

    return check


def with_lookups(command: Callable[..., None]) -> Callable[..., None]:
    """As with_graph, for a command that looks up a few things and need not have the whole graph in memory."""
    return with_graph(command, whole=False)


def with_graph(command: Callable[..., None], *, whole: bool = True) -> Callable[..., None]:
    """Gives a command the options that say which graph it looks at, and the opened graph as its first argument."""

    @functools.wraps(command)
    def opened(**options: Any) -> None:
        view = make_view(**{name: options.pop(name) for name in VIEW if name in shared})
        place = {name: options.pop(name) for name in SHARED if name not in VIEW}
        with within_reason(find_content(place["content"], trust=place["trust"])):
            graph = open_graph(view, **place, whole=whole)
            command(graph, **options)
            if not (OPENED or place["store"] or place["endpoint"]):
                keep_for_later(graph)

    signature = inspect.signature(command, eval_str=True)
    # Where a command has a word of its own for what a view may be, it says more exactly what it does there.
    shared = {name: option for name, option in SHARED.items() if name not in signature.parameters}
    own = [parameter for name, parameter in signature.parameters.items() if name != "graph"]
    kept = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in own]
    kept += [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
        for name, (annotation, default) in shared.items()
    ]
    opened.__signature__ = signature.replace(parameters=kept)  # type: ignore[attr-defined]
    opened.__annotations__ = {parameter.name: parameter.annotation for parameter in kept}
    return opened


def open_graph(  # each is one place where a graph can be
    view: View,
    content: list[Path] | None = None,
    store: Path | None = None,
    endpoint: str | None = None,
    on_server: str | None = None,
    *,
    copy: bool = False,
    trust: bool = False,
    whole: bool = True,
) -> Graph:
    """The graph that the common options ask for."""
    from partnergraph.api import Graph, connect, open_store

    if OPENED:
        return OPENED[-1].within(view)
    # A view is made of what is kept beside a store, and lies in memory.
    whole = whole and view == View()
    if endpoint is not None:
        graph = connect(endpoint, on_server)
        graph = graph.local if copy else graph
    elif store is not None:
        graph = open_store(store, content, whole=whole, trust=trust)
    else:
        from partnergraph.stores.cache import load_cached, load_view

        found = find_content(content, trust=trust)
        graph = Graph(load_cached(found, whole=whole), found)
        if view != View() and (engine := load_view(found, repr(view))) is not None:
            return Graph(engine, found, view, graph)
    return graph.within(view)


class Ticker:
    """Shows a person at a terminal what takes long, on one line of stderr that is gone when it has ended."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._shown = False

    def __call__(self, step: str) -> None:
        """Shows the step, or clears the line where it has ended."""
        if step and time.monotonic() - self._started > PATIENCE:
            self._shown = True
            sys.stderr.write(encodable(f"\r\x1b[K{clean(step)[: width() - 2]} …", encoding_of(sys.stderr)))
        elif not step and self._shown:
            self._shown = False
            sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()
