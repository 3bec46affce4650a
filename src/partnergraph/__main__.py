"""``python -m partnergraph``."""

from partnergraph.cli import app

app()
