"""Addresses of servers, looked at before anything is sent there."""

from __future__ import annotations

from urllib.parse import urlsplit

from partnergraph.base.errors import StoreError
from partnergraph.base.texts import clean


def check_address(address: str) -> None:
    """Raises StoreError where this is no address of a server, or holds a password, which it does not repeat."""
    if "@" in address.partition("://")[2].partition("?")[0]:
        # Wherever the password ends: nothing before the last @ is shown.
        shown = f"{address.partition('://')[0]}://{address.rpartition('@')[2]}"
        problem = (
            "holds a name or password; leave it out and set PARTNERGRAPH_USER and PARTNERGRAPH_PASSWORD, or PARTNERGRAPH_TOKEN"
        )
        raise StoreError(shown, problem)
    if not address.startswith(("http://", "https://")):
        raise StoreError(address, "is no address of a server; write http:// or https:// first")
    if not _is_whole(address):
        raise StoreError(address, "is no address of a server; write it as http://localhost:7878/query")


def _is_whole(address: str) -> bool:
    """Whether the address names a host, a port that there is if any, and is written in the signs that addresses have."""
    try:
        parts = urlsplit(address)
        # A port that is none says so only when it is asked for.
        named = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return named and address.isascii() and clean(address) == address and " " not in address
