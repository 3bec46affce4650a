"""What the documents say of measuring the page runs."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "page.py"


def test_the_measurement_of_the_page_runs():
    command = [sys.executable, str(SCRIPT), "--sizes", "40", "--stock-limit", "60", "--quick"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in done.stdout.splitlines() if line.startswith("| ")]
    assert [row[0] for row in rows] == ["page", "map, 40: core", "map, 40: all", "stock pyvis, 40", "bare vis-network, 40"]
    for row in rows[1:]:
        assert re.fullmatch(r"[\d.]+ s", row[5]), row
    assert all(re.fullmatch(r"\d+", row[9]) for row in rows[1:3])
    # What is drawn is that of the page as it opens, not of the day on which the slider has left it.
    core, everything = (int(row[1].split(" / ")[0]) for row in rows[1:3])
    assert everything >= core > 30
