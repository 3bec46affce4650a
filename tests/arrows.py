"""Networks read back by networkx, which takes no document that has edges with and without direction."""

from __future__ import annotations

import re
from pathlib import Path


def with_arrows(path: Path) -> Path:
    """A copy of the GraphML or GEXF file in which every edge has a direction."""
    data = re.sub(rb'(<edge [^>]*?) directed="false"', rb"\1", path.read_bytes())
    copy = path.with_name(f"arrows-{path.name}")
    copy.write_bytes(re.sub(rb'(<edge [^>]*?type=")un(?=directed")', rb"\1", data))
    return copy
