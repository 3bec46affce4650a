"""What the tests of hostile input share."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from typer.testing import CliRunner, Result

from partnergraph.cli import app


@pytest.fixture
def run_any() -> Callable[..., Result]:
    """Runs the command line as a shell would, whatever comes out of it."""

    def call(*words: str) -> Result:
        return CliRunner().invoke(app, list(words), terminal_width=120)

    return call
