"""The errors that callers catch: every one is a PartnerGraphError whose text says what to do."""

from partnergraph.base.errors import (
    AmbiguousName,
    AnswerTooLarge,
    ContentError,
    OutputError,
    ParameterError,
    PartnerGraphError,
    QueryDied,
    QueryError,
    QueryTimeout,
    RefusedQuery,
    StoreError,
    UnknownName,
)

__all__ = [
    "AmbiguousName",
    "AnswerTooLarge",
    "ContentError",
    "OutputError",
    "ParameterError",
    "PartnerGraphError",
    "QueryDied",
    "QueryError",
    "QueryTimeout",
    "RefusedQuery",
    "StoreError",
    "UnknownName",
]
