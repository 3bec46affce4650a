"""The heart of a map as a picture, for where no script runs."""

from __future__ import annotations

import io
import textwrap

from partnergraph.base.extras import needed
from partnergraph.base.texts import clean
from partnergraph.page.data import PageData
from partnergraph.page.layout import size_of
from partnergraph.page.stress import Point

# So many of the heaviest entities are shown.
MAX_ENTITIES = 45
WIDTH = 9.0


def map_picture(data: PageData, at: list[Point], title: str) -> bytes:
    """The heart of a map as a PNG: its heaviest entities where the page has them, for where no script runs."""
    plt = needed("matplotlib.pyplot")
    among = [(a, b, len(claims)) for a, b, claims in data.pairs if max(a, b) < MAX_ENTITIES]
    # What is linked only to entities that are not shown would float about alone.
    order = sorted({end for a, b, _ in among for end in (a, b)})
    entities = [data.entities[index] for index in order]
    pairs = [(order.index(a), order.index(b), count) for a, b, count in among]
    radii = [size_of(entity["weight"]) for entity in entities]
    places = [at[index] for index in order]
    picture, axes = plt.subplots(figsize=(WIDTH, 6.4), dpi=110, facecolor="white")
    for a, b, count in pairs:
        ends = places[a], places[b]
        axes.plot(
            [x for x, _ in ends],
            [-y for _, y in ends],
            color="#9ca3af",
            alpha=0.45,
            linewidth=min(4.0, 0.5 + 0.12 * count),
            zorder=1,
        )
    groups = data.lists["groups"]
    for number, group in enumerate(groups):
        members = [index for index, entity in enumerate(entities) if entity["group"] == number]
        if members:
            spots = [places[index] for index in members]
            sizes = [(radii[index] * 0.75) ** 2 for index in members]
            axes.scatter(
                [x for x, _ in spots],
                [-y for _, y in spots],
                s=sizes,
                color="white" if group.get("hollow") else group["light"],
                edgecolor=group["light"] if group.get("hollow") else "white",
                zorder=2,
                label=group["label"],
            )
    for (x, y), radius, entity in zip(places, radii, entities, strict=True):
        text = textwrap.fill(clean(entity["label"]), 17).replace("$", r"\$")
        axes.annotate(
            text, (x, -y), (0, -radius * 0.42 - 1), textcoords="offset points", ha="center", va="top", fontsize=6.6, zorder=3
        )
    axes.set_axis_off()
    axes.margins(0.06)
    legend = axes.legend(loc="upper left", bbox_to_anchor=(0, 0), ncols=5, fontsize=7, frameon=False)
    for handle in legend.legend_handles:
        handle.set_sizes([40])
    axes.set_title(clean(title).replace("$", r"\$"), loc="left", fontsize=12, weight="bold")
    out = io.BytesIO()
    picture.savefig(out, format="png", bbox_inches="tight", metadata={"Software": None})
    plt.close(picture)
    return out.getvalue()
