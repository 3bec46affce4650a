"""Answers of servers in JSON: read row by row, put into the standard's form, and joined."""

from __future__ import annotations

import time

import pytest

from partnergraph.stores import answers
from partnergraph.stores.answers import form_of, joined, mended, solutions


def page(*rows: str, columns: str = '"n"') -> bytes:
    return f'{{"head":{{"vars":[{columns}]}},"results":{{"bindings":[{",".join(rows)}]}}}}'.encode()


def texts(data: bytes) -> list[str]:
    return [str(row[0]) for row in solutions(data)]  # type: ignore[union-attr]


YES = "http://www.w3.org/2001/XMLSchema#boolean"


@pytest.mark.parametrize(
    ("term", "meant"),
    [
        ('{"type": "bnode", "value": "nodeID://b-1.2"}', "_:b12"),
        ('{"value": "nodeID://b1", "type": "bnode"}', "_:b1"),
        (f'{{"type": "typed-literal", "datatype": "{YES}", "value": "1"}}', f'"true"^^<{YES}>'),
        (f'{{"type": "literal", "datatype": "{YES}", "value": "0"}}', f'"false"^^<{YES}>'),
        # A text that speaks of such terms stays as it is.
        (r'{"type": "literal", "value": "\"bnode\", \"value\": \"nodeID://b-1\""}', r'"\"bnode\", \"value\": \"nodeID://b-1\""'),
        (r'{"type": "literal", "value": "a\"bnode"}', r'"a\"bnode"'),
    ],
)
def test_terms_of_an_older_form_become_the_standards(term: str, meant: str) -> None:
    assert texts(mended(page(f'{{"n":{term}}}'))) == [meant]


def test_pages_are_joined_in_their_order_and_an_empty_one_adds_nothing() -> None:
    one, two = ('{"n":{"type":"literal","value":"' + word + '"}}' for word in ('one ]}} \\"bindings\\":[', "two"))
    whole = joined([page(one, two), page(), page(two)])
    assert form_of(whole) == ("SELECT", 3)
    assert texts(whole) == ['"one ]}} \\"bindings\\":["', '"two"', '"two"']
    assert joined([page(), page()]) == page()


def test_what_is_neither_rows_nor_yes_has_no_form() -> None:
    assert form_of(page('{"n":{}}')) == ("", 0)
    assert form_of(b'{"head":{},"boolean":true}') == ("ASK", 0)
    assert form_of(b"[" * 1_000_000) == ("", 0)


def test_columns_whose_names_would_take_the_engine_minutes_are_refused_at_once() -> None:
    names = ",".join(f'"v{number}"' for number in range(200_000))
    started = time.monotonic()
    assert form_of(page(columns=names)) == ("", 0)
    assert time.monotonic() - started < 1
    assert form_of(page(columns=",".join(f'"v{number}"' for number in range(1000)))) == ("SELECT", 0)


def test_many_rows_before_the_names_of_their_columns_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = '{"n":{"type":"literal","value":"1"}}'
    first = f'{{"results":{{"bindings":[{rows}]}},"head":{{"vars":["n"]}}}}'.encode()
    assert form_of(first) == ("SELECT", 1)
    monkeypatch.setattr(answers, "MAX_KEPT", 50)
    assert form_of(first) == ("", 0)
    assert form_of(page(rows)) == ("SELECT", 1)
