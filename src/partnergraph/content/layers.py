"""What a folder of content says of itself in ``partnergraph.toml``: on what it stands, its own names, its defaults."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from partnergraph.base.errors import ContentError

LAYER_FILE = "partnergraph.toml"
_KEYS = {"uses", "field", "prefix", "namespace", "defaults", "written_for"}
_PREFIX = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_NAMESPACE = re.compile(r"https?://[^\s<>\"{}|\\^`]+[/#]")


@dataclass(frozen=True)
class Layer:
    """On what a folder stands (``uses``), its field (``of``), the names of its own, what its questions are asked with, and for which version it was written."""

    uses: tuple[str, ...] = ()
    of: str = ""
    prefixes: dict[str, str] = field(default_factory=dict, hash=False)
    defaults: dict[str, str] = field(default_factory=dict, hash=False)
    written_for: str = ""


def read_layer(path: Path, data: bytes) -> Layer:
    """What the file says; raises ContentError where it says what nobody understands."""
    import tomllib

    try:
        said = tomllib.loads(data.removeprefix(b"\xef\xbb\xbf").decode("utf-8"))
    except UnicodeDecodeError:
        raise ContentError(path, "is not UTF-8") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        line = re.search(r"line (\d+)", str(error))
        raise ContentError(path, f"is no TOML: {error}", int(line[1]) if line else None) from None
    for key in said:
        if key not in _KEYS:
            raise ContentError(path, f"nobody knows what {key!r} means; it takes {', '.join(sorted(_KEYS))}")
    uses = said.get("uses", [])
    if isinstance(uses, str) or not isinstance(uses, list) or not all(isinstance(use, str) and use for use in uses):
        raise ContentError(path, 'uses is a list of texts; write uses = ["shipped content"], ["shipped ontology"] or folders')
    return Layer(
        tuple(uses), _text(path, said, "field"), _prefixes(path, said), _defaults(path, said), _text(path, said, "written_for")
    )


def _text(path: Path, said: dict[str, Any], key: str) -> str:
    value = said.get(key, "")
    if not isinstance(value, str):
        raise ContentError(path, f"{key} is a text; put it into quotes")
    return value


def _prefixes(path: Path, said: dict[str, Any]) -> dict[str, str]:
    prefix, namespace = _text(path, said, "prefix"), _text(path, said, "namespace")
    if not prefix and not namespace:
        return {}
    if not _PREFIX.fullmatch(prefix):
        raise ContentError(path, 'a namespace needs a prefix of letters and digits; write prefix = "mine"')
    if not _NAMESPACE.fullmatch(namespace):
        raise ContentError(
            path, 'a prefix needs a namespace; write namespace = "https://example.org/mine/", with / or # at its end'
        )
    return {prefix: namespace}


def _defaults(path: Path, said: dict[str, Any]) -> dict[str, str]:
    defaults = said.get("defaults", {})
    if not isinstance(defaults, dict):
        raise ContentError(path, 'defaults is a table; write [defaults] and below it entity = "A name"')
    found: dict[str, str] = {}
    for name, value in defaults.items():
        values = value if isinstance(value, dict) else {"": value}
        for parameter, given in values.items():
            if not isinstance(given, str):
                raise ContentError(path, f"the default of {name} is a text; put it into quotes")
            found[f"{name}.{parameter}" if parameter else name] = given
    return found
