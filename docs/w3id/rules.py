"""The rules for w3id.org with the address at which partnergraph is served: ``python docs/w3id/rules.py https://example.org/partnergraph``."""

from __future__ import annotations

import re
import sys
from pathlib import Path

TEMPLATE = Path(__file__).with_name("htaccess")
ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]+)?(?:/[A-Za-z0-9._~-]+)*/?")


def rules(at: str) -> str:
    """The rules that lead to the address."""
    if not ADDRESS.fullmatch(at):
        raise SystemExit(f"{at!r} is no address; write https://example.org/partnergraph")
    return TEMPLATE.read_text(encoding="utf-8").replace("{at}", at.removesuffix("/"))


if __name__ == "__main__":
    sys.stdout.write(rules(sys.argv[1] if len(sys.argv) == 2 else ""))
