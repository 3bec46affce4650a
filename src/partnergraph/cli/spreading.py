"""Sums of the ledger spread out: year by year, or from what is confirmed alone to rumours."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from partnergraph.analysis.replying import first_row
from partnergraph.analysis.schedules import by_attestation, by_year
from partnergraph.cli.analysing import called, print_findings
from partnergraph.reading.gist import quoted
from partnergraph.reading.ledger import KINDS, PURCHASE
from partnergraph.show.reply import several

if TYPE_CHECKING:
    from partnergraph.analysis.tables import Findings
    from partnergraph.api import Graph
    from partnergraph.cli.replying import Shape


def print_spread(graph: Graph, by: str, ends: tuple[str | None, str | None], shape: Shape, *, purpose: str, house: bool) -> None:
    """The sums by year or by attestation in the form asked for."""
    payer, payee = ends
    named = [called(graph, end) or "any" for end in ends]
    who = " → ".join("anybody" if name in ("any", "*") else name for name in named)
    plain = f"partnergraph ledger {' '.join(map(quoted, named))}"
    if by == "year":
        purpose = purpose or PURCHASE
        findings = by_year(graph, payer, payee, purpose=purpose, house=house)
        said = _said_of_years(findings)
        heading, steps = "What do commitments come to year by year, and what is left?", ["partnergraph ask what-falls-due"]
    else:
        findings = by_attestation(graph, payer, payee, purpose=purpose, house=house)
        said = [_said_of_level(row) for row in _each_row(findings)]
        heading, steps = (
            "How do sums change from what is confirmed alone to rumours?",
            ["partnergraph ask rumours-and-what-became-of-them"],
        )
    who = f"{who} ({purpose})" if purpose else who
    print_findings(graph, findings, shape, [heading, who], said or ["No deal."], [plain, *steps])


def _said_of_years(findings: Findings) -> list[str]:
    whole = first_row(findings, "in all")
    if not int(whole["deals"]):
        return []
    said = [
        f"Committed: {whole['committed']} in {several(int(whole['deals']), 'deals')}; {whole['with_term']} of them state amount and term: {whole['of_these']}."
    ]
    if int(whole["with_term"]):
        said.append(f"Of these, spread evenly, {whole['left']} is left after {whole['day']}.")
    return said


def _each_row(findings: Findings) -> list[dict[str, str]]:
    (held,) = findings.tables
    return [first_row(replace(findings, tables=[replace(held, rows=[row])])) for row in held.rows]


def _said_of_level(row: dict[str, str]) -> str:
    level = "Confirmed alone" if row["at_least"] == "confirmed" else f"At least {row['at_least']}"
    told = [f"{kind} {row[kind]} {row['currency']}" for kind in KINDS if row[kind] not in ("", "0", "not stated")]
    return f"{level} ({row['purpose']}): {'; '.join(told) or 'no amount stated'}, in {several(int(row['deals']), 'deals')}."
