"""What changed since the release before, for people: notes, a page, and a feed that readers of news can follow."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Collection, Sequence
from xml.sax.saxutils import escape

from partnergraph.base.texts import clean, markdown
from partnergraph.history.changes import WORDS, Change, Operation, counted
from partnergraph.release.about import HOME, TITLE, About
from partnergraph.show.markup import Html, bold, joined, paragraph, table

# A feed holds what a person can read; all of it is in delta.jsonl.
MOST_ENTRIES = 500


def notes(release: About, changes: Collection[Change], files: Sequence[str]) -> bytes:
    """``README.md`` of the release: what it is, what is in it, how to cite it, what changed and why."""
    counts = release.counts
    told = [
        f"# partnergraph {release.version}",
        "",
        (
            f"{counts['claims']:,} claims about {counts['entities']:,} entities from {counts['sources']:,} sources; {counts['contested']:,} claims "
            f"are contested. Released {release.issued}; the latest source is of {release.latest}. Made by partnergraph {release.code} from content "
            f"`{release.content[:12]}`."
        ),
        "",
        f"Attestation: {_listed(release.attestation)}. Sources by tier: {_listed(release.tiers)}.",
        "",
        "## How to cite",
        "",
        (
            f"The partnergraph authors, *partnergraph*, release {release.version}, {release.issued}, {release.iri}. For a claim add its short name and "
            f"permanent address, such as {HOME}/claim/microsoft-openai-2019-investment, and the sources that it cites."
        ),
        "",
        "## What is in it",
        "",
        "| file | what it holds |",
        "|---|---|",
        *(f"| `{path}` | {says} |" for path, says in CONTENTS.items() if path in files or path.endswith("/")),
        "",
        f"## What changed since {release.previous}" if release.previous else "## What changed",
        "",
        f"{counted(changes).capitalize()}. Each change with what was said before and after stands in `delta.jsonl`."
        if release.previous
        else "This is the first release.",
        "",
    ]
    if any(len(change.reasons) > 1 for change in changes):
        told += ["Some changes have several reasons.", ""]
    for (op, kind, reason), number in _counted_by_reason(changes).items():
        ends = f": {markdown(reason)}" if reason else ""
        told.append(f"- {number:,} {WORDS[op]}{f' · {kind}' if kind else ''}{ends}")
    return ("\n".join(told).rstrip() + "\n").encode()


CONTENTS = {
    "partnergraph.nq": "all triples, what rules derive included, as canonical N-Quads",
    "stated.nq": "the triples that the editors state, ontology and content",
    "partnergraph.jsonld": "all triples as JSON-LD",
    "turtle/": "ontology and content as their editors have them; `partnergraph --content turtle` asks them",
    "csv/": "tables for spreadsheets: claims, citations, entities, and the network and its ledger",
    "parquet/": "the same tables with typed columns",
    "map.html": "the interactive map, one file",
    "delta.jsonl": "every change since the release before, with its reason, one a line",
    "changes.html": "the same for people",
    "changes.atom": "the same as a feed",
    "datapackage.json": "the tables described (Data Package)",
    "dcat.ttl": "the release described (DCAT 3, VoID, PROV)",
    "dataset.jsonld": "the release described (schema.org)",
    "CITATION.cff": "how to cite it",
    "index.json": "version, counts, and size and checksum of every file",
    "SHA256SUMS": "checksums of all files: `sha256sum -c SHA256SUMS`",
}


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{label} {count:,}" for label, count in counts.items())


def _counted_by_reason(changes: Collection[Change]) -> dict[tuple[Operation, str, str], int]:
    counts = Counter((change.op, kind, reason) for change in changes for kind, reason in change.reasons or ((change.kind, ""),))
    order = list(WORDS)
    return dict(sorted(counts.items(), key=lambda item: (order.index(item[0][0]), -item[1], item[0])))


def _grouped(changes: Collection[Change]) -> dict[tuple[Operation, str, str], list[Change]]:
    groups: dict[tuple[Operation, str, str], list[Change]] = {}
    for change in changes:
        groups.setdefault((change.op, change.kind, change.reason), []).append(change)
    order = list(WORDS)
    return dict(sorted(groups.items(), key=lambda item: (order.index(item[0][0]), -len(item[1]), item[0])))


def change_page(release: About, changes: Collection[Change]) -> bytes:
    """``changes.html``: each change by reason, with what was said and is said; a page without script that asks for nothing."""
    blocks: list[Html] = [paragraph(f"{counted(changes).capitalize()}.")]
    for (op, kind, reason), group in _grouped(changes).items():
        head = f"{len(group):,} {WORDS[op]}{f' · {kind}' if kind else ''}"
        rows = [(change.name, change.label, "; ".join(change.before), "; ".join(change.after) or change.to) for change in group]
        blocks += [paragraph(joined([bold(head), reason], ": ")), table(("identifier", "label", "before", "after"), rows)]
    title = html.escape(f"partnergraph {release.version}: what changed since {release.previous or 'nothing'}")
    style = (
        "body{font:1rem/1.5 system-ui,sans-serif;max-width:75rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;background:#fff}"
        "table{border-collapse:collapse}td,th{vertical-align:top;text-align:left;padding:.2rem .6rem;overflow-wrap:anywhere}"
    )
    page = (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><style>{style}</style></head>\n<body><main><h1>{title}</h1>\n"
    )
    return (page + "\n".join(map(str, blocks)) + "\n</main></body></html>\n").encode()


def feed(release: About, changes: Collection[Change]) -> bytes:
    """``changes.atom``: an entry a change of a claim or dispute, the first of MOST_ENTRIES."""
    updated = f"{release.issued}T00:00:00Z"
    told = [change for change in changes if change.name.startswith(("claim:", "dispute:"))]
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        f" <id>{escape(release.iri)}</id>",
        f" <title>{escape(TITLE)}</title>",
        f" <subtitle>Release {release.version}: {escape(counted(changes))}; all of it is in delta.jsonl</subtitle>",
        f" <updated>{updated}</updated>",
        " <author><name>The partnergraph authors</name></author>",
        *([f' <link rel="self" href="{escape(release.at, {chr(34): "&quot;"})}changes.atom"/>'] if release.at else []),
    ]
    for change in told[:MOST_ENTRIES]:
        address = f"{HOME}/{change.name.replace(':', '/', 1)}"
        why = f"{change.kind}: {change.reason}" if change.reason else change.kind
        lines += [
            " <entry>",
            f"  <id>{escape(release.iri)}#{escape(change.name)}</id>",
            f"  <title>{escape(clean(f'{WORDS[change.op]}: {change.label or change.name}'))}</title>",
            f'  <link href="{escape(address, {chr(34): "&quot;"})}"/>',
            f"  <updated>{updated}</updated>",
            f"  <summary>{escape(clean(why))}</summary>",
            " </entry>",
        ]
    return ("\n".join([*lines, "</feed>"]) + "\n").encode()
