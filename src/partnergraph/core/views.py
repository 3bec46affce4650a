"""Views: the graph restricted to a day, to what was published by a day, to an attestation, to a tier of sources.

docs/views.md says when a claim is in a view, and its truth table is a test. In short: a claim that may or
may not hold on the day is in the view and marked *possibly*; a citation that the view does not admit is not
in it, and a claim without any citation left is not either. Views of views are views, in any order.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from partnergraph.base.errors import QueryError

ATTESTATIONS = ("rumoured", "reported", "announced", "confirmed")
TIERS = ("weak", "aggregator", "trade-press", "quality-press", "primary")


@dataclass(frozen=True)
class View:
    """What a graph is restricted to; None is no restriction.

    Command line, cells of notebooks and ``Graph.at`` take these fields as they stand here, with these words of help.
    ``undated`` keeps citations of sources without a date where ``known_by`` would leave them out, ``hindsight`` what was
    learnt later of the claims that were known. ``stage`` and ``kind`` are labels; ``as_stated`` leaves every claim, and makes
    the ledger by the parties of the contracts.
    """

    as_of: datetime.date | None = field(default=None, metadata={"metavar": "DAY", "help": "Only claims in force on that day."})
    known_by: datetime.date | None = field(
        default=None, metadata={"metavar": "DAY", "help": "Only what was published by that day."}
    )
    attested: str | None = field(
        default=None,
        metadata={
            "metavar": "LEVEL",
            "help": "Only claims at least rumoured, reported, announced or confirmed.",
            "words": ATTESTATIONS,
        },
    )
    tier: str | None = field(
        default=None,
        metadata={
            "metavar": "TIER",
            "help": "Only sources at least weak, aggregator, trade-press, quality-press or primary.",
        },
    )
    undated: bool = field(default=False, metadata={"help": "With --known-by: keep sources that carry no date."})
    hindsight: bool = field(
        default=False, metadata={"help": "With --known-by: keep ends, successors and outcomes that were learnt later."}
    )
    stage: str | None = field(
        default=None,
        metadata={
            "metavar": "STAGE",
            "help": "Of deals only those that are intended, agreed, under way, completed, ended or cancelled.",
        },
    )
    kind: str | None = field(default=None, metadata={"metavar": "KIND", "help": "Only claims of this kind, such as investment."})
    as_stated: bool = field(
        default=False,
        metadata={"help": "By the parties that the contracts name, not by the houses that they belong to."},
    )

    @property
    def dated(self) -> bool:
        """Whether it is the state of a day."""
        return self.as_of is not None or self.known_by is not None

    @property
    def today(self) -> str:
        """The day on which one stands who asks in it: its own, or that of the clock."""
        return (self.as_of or datetime.datetime.now(tz=datetime.UTC).date()).isoformat()

    def __str__(self) -> str:
        parts = []
        if self.as_of:
            parts.append(f"as of {self.as_of}")
        if self.known_by:
            modes = (" or undated" if self.undated else "") + (" with hindsight" if self.hindsight else "")
            parts.append(f"known by {self.known_by}{modes}")
        if self.attested:
            parts.append(f"at least {self.attested}")
        if self.tier:
            parts.append(f"sources at least {self.tier.replace('-', ' ')}")
        parts += [f"only {only}" for only in (self.kind, f"deals that are {self.stage}" if self.stage else None) if only]
        if self.as_stated:
            parts.append("parties as the contracts state them")
        return ", ".join(parts) or "all claims"

    def __and__(self, other: View) -> View:
        """Both restrictions at once; of two of the same kind the narrower one.

        Two days of one axis cannot be both: the intersection of what holds on one and on the other is no day's state.
        """
        for name, what in (("as_of", "day"), ("known_by", "day"), ("stage", "stage"), ("kind", "kind")):
            if getattr(self, name) and getattr(other, name) and getattr(self, name) != getattr(other, name):
                raise QueryError(f"a view has one {what}: it is already {self}; take the view of the whole graph instead")
        return View(
            self.as_of or other.as_of,
            self.known_by or other.known_by,
            max(filter(None, (self.attested, other.attested)), key=ATTESTATIONS.index, default=None),
            max(filter(None, (self.tier, other.tier)), key=TIERS.index, default=None),
            undated=self._either(other, "undated"),
            hindsight=self._either(other, "hindsight"),
            stage=self.stage or other.stage,
            kind=self.kind or other.kind,
            as_stated=self.as_stated or other.as_stated,
        )

    def _either(self, other: View, mode: str) -> bool:
        """A mode of ``known_by`` in both restrictions at once: that of the one that has a day, of two the narrower one."""
        own, others = bool(getattr(self, mode)), bool(getattr(other, mode))
        return own if not other.known_by else others if not self.known_by else own and others


def make_view(  # noqa: PLR0913  # each is one restriction
    as_of: str | datetime.date | None = None,
    known_by: str | datetime.date | None = None,
    attested: str | None = None,
    tier: str | None = None,
    *,
    undated: bool = False,
    hindsight: bool = False,
    stage: str | None = None,
    kind: str | None = None,
    as_stated: bool = False,
) -> View:
    """The view that the words of a person mean; raises QueryError where they mean none."""
    for word, known, what in ((attested, ATTESTATIONS, "attestation"), (tier, TIERS, "source tier")):
        if word is not None and word not in known:
            raise QueryError(f"no {what} named {word!r}; take one of {', '.join(known)}")
    return View(parse_day(as_of), parse_day(known_by), attested, tier, undated, hindsight, stage, kind, as_stated)


def parse_day(day: str | datetime.date | None) -> datetime.date | None:
    """A day from ISO text, for example 2024-06-01; raises QueryError for anything else."""
    if day is None or isinstance(day, datetime.date):
        return day
    try:
        return datetime.date.fromisoformat(day)
    except ValueError:
        raise QueryError(f"{day!r} is no day; write it as 2024-06-01") from None
