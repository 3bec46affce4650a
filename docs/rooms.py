"""The rooms of the package: which may import which, what each imports in truth, and the picture of it.

``python docs/rooms.py`` writes what is made from the code into docs/architecture.md and CONTRIBUTING.md.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = "partnergraph"
SOURCE = ROOT / "src" / PACKAGE
# From the ground up: a room imports only rooms before it. A file of its own beside the rooms is a room, too.
ROOMS = (
    *(
        "base",
        "rdf",
        "content",
        "show",
        "ledger",
        "stores",
        "history",
        "checks",
        "core",
        "reading",
        "intake",
        "network",
        "analysis",
        "export",
    ),
    *("page", "release", "api", "errors", "disagreement", "charts", "frames", "notebook", "mcp", "server", "cli"),
    *("__init__", "__main__"),
)


def find_modules(source: Path = SOURCE) -> dict[str, Path]:
    """The modules of the package in ``source`` by name: ``page.palette``, ``page.__init__`` for what the room itself holds."""
    return {".".join(path.relative_to(source).with_suffix("").parts): path for path in sorted(source.rglob("*.py"))}


def room_of(module: str) -> str:
    """The room in which a module stands."""
    return module.partition(".")[0]


def imports(module: str, path: Path, modules: dict[str, Path]) -> dict[str, int]:
    """Which other modules of the package a module imports, on which line: wherever in it that is done, types included."""
    found: dict[str, int] = {}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[tuple[str, str]] = []
        if isinstance(node, ast.Import):
            names = [(alias.name, "") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            # One dot is the package in which the module stands.
            inside = [PACKAGE, *module.split(".")][: -node.level] if node.level else []
            names = [(".".join([*inside, *filter(None, [node.module])]), alias.name) for alias in node.names]
        for name, part in names:
            if name.partition(".")[0] == PACKAGE:
                found.setdefault(_resolve(name, part, modules), node.lineno)
    found.pop(module, None)
    return found


def _resolve(name: str, part: str, modules: dict[str, Path]) -> str:
    """What ``from name import part`` imports: the module of that name, or what the module or room ``name`` holds."""
    inner = name.partition(".")[2]
    candidates = [f"{inner}.{part}".strip("."), f"{inner}.{part}.__init__".strip("."), inner, f"{inner}.__init__".strip(".")]
    return next(candidate for candidate in candidates if candidate in modules)


def stands_on(modules: dict[str, Path]) -> dict[str, set[str]]:
    """For each room the rooms that its modules import."""
    found: dict[str, set[str]] = {room: set() for room in ROOMS}
    for module, path in modules.items():
        found[room_of(module)] |= {room_of(other) for other in imports(module, path, modules)} - {room_of(module)}
    return found


def first_sentence(docstring: str | None) -> str:
    """The first sentence of a docstring, on one line."""
    text = " ".join((docstring or "").partition("\n\n")[0].split())
    return text.partition(". ")[0].removesuffix(".") + "." if text else ""


def says(path: Path) -> str:
    """What a module says that it is."""
    return first_sentence(ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))))


def picture(on: dict[str, set[str]]) -> str:
    """The rooms as a Mermaid diagram: an arrow leads to what a room stands on, unless that follows from other arrows."""

    def below(room: str) -> set[str]:
        lower = on[room] & set(ROOMS[: ROOMS.index(room)])
        return lower.union(*(below(other) for other in lower))

    lines = ["```mermaid", "flowchart TD"]
    for room in reversed(ROOMS):
        direct = on[room] - {far for near in on[room] for far in below(near)}
        lines += [f"    {_shown(room)} --> {_shown(other)}" for other in ROOMS if other in direct]
    return "\n".join([*lines, "```"])


def _shown(room: str) -> str:
    return f"{PACKAGE}([{PACKAGE}])" if room == "__init__" else room.strip("_")


def table(modules: dict[str, Path], on: dict[str, set[str]]) -> str:
    """The rooms as a table: what each holds, its modules, and all rooms that it imports."""
    lines = ["| room | what it holds | modules | imports |", "|---|---|---|---|"]
    for room in ROOMS:
        own = [name.removeprefix(f"{room}.") for name in modules if name.startswith(f"{room}.") and not name.endswith("__init__")]
        held = says(modules.get(room) or modules[f"{room}.__init__"])
        names = ", ".join(f"`{name}`" for name in own)
        needs = ", ".join(other for other in ROOMS if other in on[room])
        lines.append(f"| `{room}` | {held} | {names} | {needs} |")
    return "\n".join(lines)


def tree(modules: dict[str, Path]) -> str:
    """The rooms as a tree of folders and files, from the ground up, with what each is."""
    names = {room: f"{room}.py" if room in modules else f"{room}/" for room in ROOMS}
    longest = max(map(len, names.values()))
    lines = [f"src/{PACKAGE}/"]
    lines += [f"  {names[room]:<{longest}}  {says(modules.get(room) or modules[f'{room}.__init__'])}" for room in ROOMS]
    return "\n".join(["```", *lines, "```"])


def filled(text: str, name: str, block: str) -> str:
    """The text with the block in the place that its comments name."""
    pattern = re.compile(rf"(<!-- {name}: made by [^>]*-->\n).*?(<!-- /{name} -->)", re.DOTALL)
    done, count = pattern.subn(lambda match: f"{match[1]}{block}\n{match[2]}", text)
    if count != 1:
        raise ValueError(f"one place for {name} is needed, there are {count}")
    return done


def documents() -> dict[Path, str]:
    """The documents as they are when what is made from the code is current."""
    modules = find_modules()
    on = stands_on(modules)
    places = {
        ROOT / "docs" / "architecture.md": {"picture": picture(on), "rooms": table(modules, on)},
        ROOT / "CONTRIBUTING.md": {"tree": tree(modules)},
    }
    made = {}
    for path, blocks in places.items():
        text = path.read_text(encoding="utf-8")
        for name, block in blocks.items():
            text = filled(text, name, block)
        made[path] = text
    return made


if __name__ == "__main__":
    for document, content in documents().items():
        document.write_text(content, encoding="utf-8")
