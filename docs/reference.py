"""The public names of the package, with signatures and what their docstrings say: ``python docs/reference.py`` writes docs/api.md."""

from __future__ import annotations

import ast
import dataclasses
import functools
import inspect
import textwrap
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from rooms import PACKAGE, SOURCE, find_modules, first_sentence

PAGE = Path(__file__).with_name("api.md")
HEAD = """# The Python API

What stands here is public: it changes with a line in the [changelog](../CHANGELOG.md). Everything else of the package may move.
The page is made from the docstrings by `docs/reference.py` (`make docs`). The package is typed: `mypy --strict` sees all of it.
A row of an answer is a tuple whose values answer to their places and to the names of the columns: `row[0]`, `row["investor"]`.
"""
DOORS = ("errors", "disagreement", "charts", "frames", "export")
# Rooms whose modules are public where they list their names.
WHOLE = ("analysis", "ledger")


def public_modules() -> list[str]:
    """The modules whose public names are the API, the package first."""
    inner = [f"{PACKAGE}.{room}.{name}" for room in WHOLE for name in find_modules(SOURCE / room) if name != "__init__"]
    listing = [name for name in inner if hasattr(import_module(name), "__all__")]
    return [PACKAGE, *(f"{PACKAGE}.{name}" for name in DOORS), *listing]


def public_names(module: ModuleType) -> list[str]:
    """The names that a module lists as public."""
    return [*module.__all__, *(["__version__"] if module.__name__ == PACKAGE else [])]


def public_api() -> dict[str, list[str]]:
    """The public names of each public module; those of a class as ``Graph.query``."""
    found = {}
    for name in public_modules():
        module = import_module(name)
        names = []
        for public in public_names(module):
            value = getattr(module, public)
            inner = members(value) if inspect.isclass(value) else ()
            names += [public, *(f"{public}.{member}" for member, _ in inner)]
        found[name] = names
    return found


def members(cls: type) -> Iterator[tuple[str, Any]]:
    """The public methods and properties of a class, its own first, then those that it inherits from this package."""
    seen = set()
    fields = {field.name for field in dataclasses.fields(cls)} if dataclasses.is_dataclass(cls) else set()
    for base in cls.__mro__:
        if not base.__module__.startswith(PACKAGE):
            continue
        for name, value in vars(base).items():
            is_member = inspect.isfunction(value) or isinstance(value, property | functools.cached_property | classmethod)
            if is_member and not name.startswith("_") and name not in seen | fields:
                seen.add(name)
                yield name, value


def signature(name: str, value: Any) -> str:
    """How a function, class or method is called, as its source has it; a property stands for itself."""
    if inspect.isclass(value):
        return f"{name}{_made_from(value)}"
    if isinstance(value, property | functools.cached_property):
        getter = value.fget if isinstance(value, property) else value.func
        return f"{name}: {inspect.signature(getter).return_annotation}" if getter else name
    called = inspect.signature(getattr(value, "__func__", value))
    node, text = _source(getattr(value, "__func__", value))
    if not isinstance(node, ast.FunctionDef):
        raise TypeError(f"{name} is no function")
    by_place = [*node.args.posonlyargs, *node.args.args]
    defaults = {argument.arg: value for argument, value in zip(reversed(by_place), reversed(node.args.defaults), strict=False)}
    defaults |= {argument.arg: value for argument, value in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True) if value}
    parts = []
    for parameter in called.parameters.values():
        if parameter.name in {"self", "cls"}:
            continue
        if parameter.kind is parameter.KEYWORD_ONLY and "*" not in "".join(part[:1] for part in parts):
            parts.append("*")
        stars = {parameter.VAR_POSITIONAL: "*", parameter.VAR_KEYWORD: "**"}.get(parameter.kind, "")
        default = f" = {ast.get_source_segment(text, defaults[parameter.name])}" if parameter.name in defaults else ""
        parts.append(f"{stars}{parameter.name}: {parameter.annotation}{default}")
    return f"{name}({', '.join(parts)}) -> {called.return_annotation}"


def _source(value: Any) -> tuple[ast.stmt, str]:
    text = textwrap.dedent(inspect.getsource(value))
    return ast.parse(text).body[0], text


def _made_from(cls: type) -> str:
    """What a class is made from, if callers make it: the fields of a dataclass."""
    node, text = _source(cls)
    if not dataclasses.is_dataclass(cls) or not isinstance(node, ast.ClassDef):
        return ""
    parts = []
    for field in node.body:
        if isinstance(field, ast.AnnAssign):
            default = field.value
            if isinstance(default, ast.Call):
                default = next((word.value for word in default.keywords if word.arg == "default"), ast.Constant(...))
            stated = [ast.get_source_segment(text, part) or "…" for part in (field.target, field.annotation, default) if part]
            parts.append(": ".join(stated[:2]) + "".join(f" = {value}" for value in stated[2:]))
    return f"({', '.join(parts)})"


def lines(name: str, value: Any) -> Iterator[str]:
    """What the page says of a public name."""
    if name == "__version__":
        # The page is the same for every version.
        yield f"- `{name}: str` – The version of the package."
        return
    if not (callable(value) or isinstance(value, property | functools.cached_property | classmethod)):
        yield f"- `{name}` – {', '.join(value)}." if isinstance(value, dict) else f"- `{name} = {value!r}`"
        return
    says = first_sentence(inspect.getdoc(value))
    if not says:
        raise ValueError(f"{name} has no docstring")
    yield f"- `{signature(name, value)}` – {says}"
    if inspect.isclass(value) and not issubclass(value, Exception):
        for member, inner in members(value):
            yield f"  - `.{signature(member, inner)}` – {first_sentence(inspect.getdoc(inner))}"


def page() -> str:
    """The page as it is when it is current."""
    parts = [HEAD]
    for path in public_modules():
        module = import_module(path)
        parts.append(f"\n## {path}\n\n{first_sentence(inspect.getdoc(module))}\n")
        parts.append("\n" + "\n".join(line for name in public_names(module) for line in lines(name, getattr(module, name))) + "\n")
    return "".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
