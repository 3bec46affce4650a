"""What the ontology says of the stages of deals and of the families of relations: code knows none of them by its label."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from partnergraph.base.texts import clean
from partnergraph.rdf.terms import Bindings
from partnergraph.show.values import is_true

# A claim that is no deal, such as a right, has no stage.
NO_STAGE = ""


@dataclass(frozen=True)
class Stage:
    """How far a deal has come: whether sums count it, and whether it carries nothing any more."""

    label: str
    rank: int
    counts: bool
    over: bool


@dataclass(frozen=True)
class Stages:
    """The stages of deals, by their rank."""

    known: tuple[Stage, ...]

    @property
    def counted(self) -> tuple[str, ...]:
        """Those that sums count, by their labels; no stage is among them."""
        return (NO_STAGE, *(stage.label for stage in self.known if stage.counts))

    @property
    def intended(self) -> tuple[str, ...]:
        """Those of deals that may still come."""
        return tuple(stage.label for stage in self.known if not stage.counts and not stage.over)

    @property
    def not_done(self) -> tuple[str, ...]:
        """Those of deals that were only intended, or called off."""
        return tuple(stage.label for stage in self.known if not stage.counts)

    @property
    def not_in_force(self) -> tuple[str, ...]:
        """Those of deals that carry nothing, or nothing any more."""
        return (*self.not_done, *(stage.label for stage in self.known if stage.counts and stage.over))

    @property
    def order(self) -> tuple[str, ...]:
        """All of them and no stage, from the least to the most certain that money or goods move."""
        # Of those that do not count the later one is the less certain: what is called off comes after what is intended.
        certain = {NO_STAGE: 0} | {stage.label: stage.rank if stage.counts else -stage.rank for stage in self.known}
        return tuple(sorted(certain, key=lambda label: certain[label]))


def read_stages(rows: Iterable[Bindings]) -> Stages:
    """The stages in rows of the projection ``stages``."""
    return Stages(
        tuple(
            Stage(clean(str(row["label"].value)), int(str(row["rank"].value)), is_true(row["counts"]), is_true(row["over"]))
            for row in rows
        )
    )


@dataclass(frozen=True)
class Families:
    """The families of relations by their labels: those that join two entities, that make partners of them, or rivals."""

    joining: tuple[str, ...]
    partners: tuple[str, ...]
    rivals: tuple[str, ...]


def read_families(rows: Iterable[Bindings]) -> Families:
    """The families in rows of the projection ``families``."""
    found = list(rows)
    sides = [tuple(str(row["label"].value) for row in found if is_true(row[name])) for name in ("joins", "partners", "rivals")]
    return Families(*sides)
