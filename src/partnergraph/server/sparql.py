"""The SPARQL 1.1 Protocol, its query part: what is asked, by GET or POST, and in which format the answer is wanted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from partnergraph.server.negotiation import best, wants_page
from partnergraph.server.problems import Problem
from partnergraph.server.settings import LEAST_SECONDS, MAX_BODY
from partnergraph.server.writing import ROWS, TRIPLES, not_acceptable
from partnergraph.stores.sandbox.guard import MAX_QUERY_CHARACTERS, query_form

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
MAX_FIELDS = 100
# Other words for a format, as other servers have them.
ALIASES = {
    **{name: name for name in (*ROWS, *TRIPLES)},
    "ttl": "turtle",
    "nt": "ntriples",
    "n-triples": "ntriples",
    "json-ld": "jsonld",
    "rdf": "rdfxml",
    "rdf+xml": "rdfxml",
    "srj": "json",
    "srx": "xml",
}
# An answer that is another one each time is not kept.
_FICKLE = re.compile(r"\b(?:NOW|RAND|UUID|STRUUID|BNODE)\s*\(", re.IGNORECASE)


@dataclass(frozen=True)
class Asked:
    """A query as it was sent: its text, the formats wanted of rows and of triples, and how long it may take."""

    query: str
    formats: dict[str, str]
    seconds: float | None

    @property
    def keep(self) -> bool:
        """Whether the same query has the same answer tomorrow."""
        return not _FICKLE.search(self.query)

    def job(self) -> dict[str, Any]:
        """What a worker is asked."""
        return {"do": "sparql", "query": self.query, "format": self.formats}


async def read_body(request: Request) -> bytes:
    """The body of a request; raises Problem where it is too long."""
    stated = request.headers.get("content-length", "")
    if stated.isdecimal() and int(stated) > MAX_BODY:
        raise _too_long()
    parts, size = [], 0
    try:
        async for part in request.stream():
            size += len(part)
            if size > MAX_BODY:
                raise _too_long()
            parts.append(part)
    except ClientDisconnect:
        raise Problem(400, "the request ended before its body did") from None
    return b"".join(parts)


def _too_long() -> Problem:
    return Problem(413, f"a request may have {MAX_BODY:,} bytes", {}, {"limit": MAX_BODY, "unit": "bytes"})


def fields(data: bytes) -> list[tuple[str, str]]:
    """The names and values of a query string or form; raises Problem for what is none."""
    try:
        text = data.decode("ascii")
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except UnicodeDecodeError:
        raise Problem(400, "the parameters hold bytes that are no UTF-8; write every sign as %-escaped UTF-8") from None
    except ValueError:
        raise Problem(400, f"a request may have {MAX_FIELDS} parameters") from None


async def read_query(request: Request) -> Asked | None:  # noqa: C901  # one case a rule of the protocol
    """What a request to the endpoint asks; None where it asks nothing. Raises Problem for what the protocol does not have."""
    given = fields(request.scope["query_string"])
    direct: list[str] = []
    if request.method == "POST":
        media, _, parameters = request.headers.get("content-type", "").partition(";")
        _check_encoding(request, parameters)
        media = media.strip().lower()
        if media == FORM:
            given += fields(await read_body(request))
        elif media == QUERY:
            direct.append(_text(await read_body(request)))
        elif media == UPDATE:
            raise read_only()
        else:
            raise Problem(415, f"send a query as {FORM} or as {QUERY}", {"Accept-Post": f"{FORM}, {QUERY}"})
    if any(name == "update" for name, _ in given):
        raise read_only()
    for name, value in given:
        if name in {"default-graph-uri", "named-graph-uri"}:
            told = f"{name}={value}: everything here is in the default graph, and no other graph is there; leave {name} out"
            raise Problem(400, told)
    queries = direct + [value for name, value in given if name == "query"]
    if len(queries) > 1:
        raise Problem(400, "one request asks one query; this one has several")
    if not queries:
        return None
    if not queries[0].strip():
        raise Problem(400, "the query is empty")
    if len(queries[0]) > MAX_QUERY_CHARACTERS:
        raise Problem(413, f"a query may have {MAX_QUERY_CHARACTERS:,} characters", {}, {"limit": MAX_QUERY_CHARACTERS})
    last = dict(given)
    return Asked(queries[0], wanted(last, request.headers.get("accept", ""), queries[0]), seconds(last))


def read_only() -> Problem:
    """Nobody changes anything here."""
    return Problem(403, "this endpoint is read-only: it answers queries and takes no updates")


def wanted(given: Mapping[str, str], accept: str, query: str) -> dict[str, str]:
    """The formats asked for: by ``format`` or ``output`` where one is named, else by Accept, else JSON and Turtle."""
    named = (given.get("format") or given.get("output") or "").strip().lower()
    if named:
        types = {other: name for name, (media, others) in (ROWS | TRIPLES).items() for other in (media.partition(";")[0], *others)}
        name = ALIASES.get(named) or types.get(named.replace(" ", "+"))
        if name is None:
            raise not_acceptable(ROWS | TRIPLES, "answers")
        if named in {"json", "xml"} or name in {"json", "xml"}:
            # Either may be meant of triples, too.
            return {"rows": name, "triples": {"json": "jsonld", "xml": "rdfxml"}[name]}
        return {"rows": name} if name in ROWS else {"triples": name}
    rows = best(accept, {name: (media, *others) for name, (media, others) in ROWS.items()})
    triples = best(accept, {name: (media, *others) for name, (media, others) in TRIPLES.items()})
    found = {kind: name for kind, name in (("rows", rows), ("triples", triples)) if name is not None}
    form = query_form(query)
    needed = "triples" if form in {"CONSTRUCT", "DESCRIBE"} else "rows"
    # A page is made of any answer.
    if form and needed not in found and not wants_page(accept):
        raise not_acceptable(TRIPLES if needed == "triples" else ROWS, needed)
    return found


def seconds(given: Mapping[str, str]) -> float | None:
    """How long the client is ready to wait; it can only be less than what the server allows."""
    text = given.get("timeout", "")
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        raise Problem(400, f"timeout={text!r} is no number of seconds") from None
    if not LEAST_SECONDS <= value < 1e6:
        raise Problem(400, f"timeout={text!r}: give the seconds that you can wait")
    return value


def _check_encoding(request: Request, parameters: str) -> None:
    charset = re.search(r"charset\s*=\s*\"?([\w-]+)", parameters, re.IGNORECASE)
    if charset and charset[1].lower().replace("-", "").replace("_", "") not in {"utf8", "usascii", "ascii"}:
        raise Problem(415, "write the request in UTF-8")
    if request.headers.get("content-encoding", "identity").lower() not in {"", "identity"}:
        raise Problem(415, "send the request as it is, not compressed")


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise Problem(400, "the query holds bytes that are no UTF-8") from None
