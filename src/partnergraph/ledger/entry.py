"""An entry of the ledger: one deal, and what of it is paid, committed, conditional and intended."""

from __future__ import annotations

from dataclasses import dataclass

from partnergraph.ledger.deals import Worth
from partnergraph.ledger.inputs import Days, Rated
from partnergraph.rdf.terms import compact

FINANCING = "purpose-financing"


@dataclass(frozen=True)
class Entry:
    """One deal between two houses, or of a group with one of them.

    ``payer`` and ``payee`` are houses, empty where a group stands there, whose members are in ``payers`` and ``payees``;
    ``stated`` are the parties that the contract names. ``counts`` are the claims that it rests on, ``omits`` those left out,
    with the reason. ``within`` is the entry that counts instead of this one where sums are made, ``joint`` that of the group
    of whose deal this is one member's share. ``rest_of`` is a stated total of which this is what is in no deal of a group:
    whoever sums up what one house gets, or pays, counts it instead of the total. ``settles`` are the days until which a stated
    total says what is paid, and what is committed, empty where it does not. ``market`` is that in which what is bought is sold.
    """

    key: str
    purpose: str
    payer: str
    payee: str
    payers: tuple[str, ...]
    payees: tuple[str, ...]
    stated: tuple[tuple[str, ...], tuple[str, ...]]
    worth: Worth
    preferred: Worth
    capacity: Worth
    currency: str
    stage: str
    days: Days
    counts: tuple[str, ...]
    omits: tuple[tuple[str, str], ...]
    weakest: Rated
    best: Rated
    tier: Rated
    spends: bool = True
    receives: bool = True
    within: str = ""
    joint: str = ""
    rest_of: str = ""
    settles: tuple[str, str] = ("", "")
    market: str = ""


def local(iri: str) -> str:
    """The last part of a name."""
    return iri.rpartition("/")[2] or iri


def entry_name(iri: str) -> str:
    """What a claim or a party is called in the name of an entry: one of a user's own keeps its prefix, as both may end alike."""
    return compact(iri).removeprefix("claim:").removeprefix("ent:")
