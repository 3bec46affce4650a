"""Marks drawn without a browser: as SVG by ourselves, as PNG and PDF by matplotlib."""

from __future__ import annotations

import io
from xml.sax.saxutils import escape, quoteattr

from partnergraph.base.errors import OutputError
from partnergraph.base.extras import needed
from partnergraph.base.texts import clean
from partnergraph.page.fonts import fonts_for
from partnergraph.page.marks import GROUND, Circle, Line, Mark, Picture, Polygon, Words
from partnergraph.page.stress import Point

FORMATS = ("svg", "png", "pdf")
FAMILY = "system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"
# Half of the height of capitals, by the size of the letters: where they stand if their middle is given.
HALF_CAPITAL = 0.35
# Points of print for each measure of the picture, and how fine a PNG is.
POINTS, FINENESS = 0.6, 2.0


def draw(picture: Picture, ending: str) -> bytes:
    """The picture in one of ``FORMATS``; raises OutputError for another one."""
    if ending == "svg":
        return _svg(picture).encode()
    if ending in FORMATS:
        return _plotted(picture, ending)
    raise OutputError(
        f"a picture is written as {', '.join(FORMATS[:-1])} or {FORMATS[-1]}, by the ending of its name; {ending!r} is none of these"
    )


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _svg(picture: Picture) -> str:
    size = f'width="{_number(picture.width)}" height="{_number(picture.height)}"'
    box = f"0 0 {_number(picture.width)} {_number(picture.height)}"
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="{box}" font-family="{FAMILY}" role="img">',
        f"<title>{escape(clean(picture.title))}</title>",
        f"<desc>{escape(clean(picture.about))}</desc>",
        f'<rect {size} fill="{GROUND}"/>',
        *map(_element, picture.marks),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _element(mark: Mark) -> str:
    if isinstance(mark, Words):
        halo = f' stroke="{mark.halo}" stroke-width="{_number(mark.size * 0.28)}" paint-order="stroke" stroke-linejoin="round"'
        weight = ' font-weight="600"' if mark.bold else ""
        anchor = "" if mark.anchor == "start" else f' text-anchor="{mark.anchor}"'
        place = f'x="{_number(mark.at[0])}" y="{_number(mark.at[1] + mark.size * HALF_CAPITAL)}"'
        look = f'font-size="{_number(mark.size)}"{weight}{anchor} fill="{mark.colour}"{halo if mark.halo else ""}'
        return f"<text {place} {look}>{escape(clean(mark.text))}</text>"
    title = f"<title>{escape(clean(mark.title))}</title>" if mark.title else ""
    if isinstance(mark, Line):
        dash = f' stroke-dasharray="{" ".join(map(_number, mark.dash))}"' if mark.dash else ""
        path = quoteattr(f"M{_pair(mark.start)}L{_pair(mark.finish)}")
        return f'<path d={path} stroke="{mark.colour}" stroke-width="{_number(mark.width)}"{dash} fill="none">{title}</path>'
    stroke = f' stroke="{mark.stroke}" stroke-width="{_number(mark.width)}"' if mark.stroke else ""
    if isinstance(mark, Polygon):
        return f'<polygon points="{" ".join(map(_pair, mark.corners))}" fill="{mark.fill}"{stroke}>{title}</polygon>'
    middle = f'cx="{_number(mark.middle[0])}" cy="{_number(mark.middle[1])}" r="{_number(mark.radius)}"'
    return f'<circle {middle} fill="{mark.fill}"{stroke}>{title}</circle>'


def _pair(point: Point) -> str:
    return f"{_number(point[0])} {_number(point[1])}"


def _plotted(picture: Picture, ending: str) -> bytes:
    plt, patches, effects = (needed(f"matplotlib.{name}") for name in ("pyplot", "patches", "patheffects"))
    families = fonts_for(clean(mark.text) for mark in picture.marks if isinstance(mark, Words))
    inches = picture.width * POINTS / 72, picture.height * POINTS / 72
    figure = plt.figure(figsize=inches, facecolor=GROUND)
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, picture.width), ylim=(picture.height, 0), frameon=False, xticks=[], yticks=[])
    for order, mark in enumerate(picture.marks):
        if isinstance(mark, Words):
            place = {"start": "left", "end": "right"}.get(mark.anchor, "center")
            halo = [effects.withStroke(linewidth=mark.size * 0.28 * POINTS, foreground=mark.halo)] if mark.halo else []
            # A dollar would begin a formula.
            text = clean(mark.text).replace("$", r"\$")
            weight = "bold" if mark.bold else "normal"
            look = {
                "family": families,
                "fontsize": mark.size * POINTS,
                "color": mark.colour,
                "weight": weight,
                "path_effects": halo,
            }
            axes.text(*mark.at, text, ha=place, va="center_baseline", zorder=order, **look)
        elif isinstance(mark, Line):
            dash = (0, tuple(length / max(mark.width, 1) for length in mark.dash)) if mark.dash else "-"
            ends = zip(mark.start, mark.finish, strict=True)
            axes.plot(*ends, color=mark.colour, linewidth=mark.width * POINTS, linestyle=dash, zorder=order, solid_capstyle="butt")
        else:
            look = {"facecolor": mark.fill, "edgecolor": mark.stroke or "none", "linewidth": mark.width * POINTS, "zorder": order}
            shape = (
                patches.Circle(mark.middle, mark.radius, **look)
                if isinstance(mark, Circle)
                else patches.Polygon(mark.corners, **look)
            )
            axes.add_patch(shape)
    out = io.BytesIO()
    # The time of day is no part of a picture.
    metadata = (
        {"Title": clean(picture.title), "CreationDate": None}
        if ending == "pdf"
        else {"Title": clean(picture.title), "Software": None}
    )
    figure.savefig(out, format=ending, dpi=72 / POINTS * FINENESS, metadata=metadata)
    plt.close(figure)
    return out.getvalue()
