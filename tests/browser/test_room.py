"""No amount and no count lies on a name, on a shape or on another one, in any view and at any width; a name of a house on none else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from opened import Open

# Boxes of what can be read, measured anew: names, amounts (a text in a pill) and shapes, each in the measures of its picture.
BOXES = """
(marks) => {
  const context = document.createElement("canvas").getContext("2d");
  const family = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';
  const boxes = [];
  marks.forEach((mark, at) => {
    if (mark.mark === "veil") boxes.length = 0;
    if (mark.mark === "shape" && mark.fill)
      boxes.push({ sort: "shape", of: mark.hit?.node, left: mark.x - mark.r * 0.85, right: mark.x + mark.r * 0.85,
        top: mark.y - mark.r * 0.85, bottom: mark.y + mark.r * 0.85 });
    if (mark.mark !== "text") return;
    context.font = `${mark.weight} ${mark.size}px ${family}`;
    const wide = Math.max(...mark.lines.map((line) => context.measureText(line).width));
    const left = mark.x - ({ left: 0, right: wide }[mark.anchor] ?? wide / 2);
    const before = marks[at - 1];
    const sort = before?.mark === "rect" && before.round ? "amount" : "name";
    boxes.push({ sort, of: mark.hit?.node, text: mark.lines.join(" "), left, right: left + wide,
      top: mark.y - mark.size * 0.4, bottom: mark.y + (mark.lines.length - 1) * mark.line + mark.size * 0.4 });
  });
  return boxes;
}
"""
STATES = [
    "view=money",
    "view=money&asof=2025-12-31",
    "view=money&asof=2024-06-30&measure=paid",
    "view=money&measure=intended",
    "view=money&flows=60",
    "view=money&entity=openai&scope=ego",
    "view=money&entity=nvidia&scope=ego&flows=40",
    "view=money&entity=anthropic&scope=ego&asof=2026-06-30",
    "view=money&drawn=sankey",
    "view=money&drawn=sankey&flows=60&asof=2025-12-31",
    "look=relations",
    "look=relations&entity=openai",
    "scope=ego&entity=microsoft",
    "scope=loops&look=relations",
    "scope=path&from=nvidia&to=openai&look=relations",
    "compare=2024-01-01..2025-01-01",
    "view=money&days=2022-12-31~2023-12-31~2024-12-31~2025-12-31",
    "view=money&drawn=sankey&days=2024-12-31~2025-12-31",
    "view=money&entity=openai&scope=ego&days=2022-12-31~2023-12-31~2024-12-31~2025-06-30~2025-12-31~2026-06-30",
    "view=money&houses=microsoft~alphabet~amazon&asof=2026-06-30",
    "view=money&drawn=sankey&houses=microsoft~alphabet~openai~nvidia",
    "view=money&houses=openai~anthropic~coreweave~oracle&measure=paid",
]


def lying(boxes: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Each two of which one would lie on the other: amounts on anything, names of the money view on one another."""
    amounts = [box for box in boxes if box["sort"] == "amount"]
    others = [box for box in boxes if box["sort"] != "amount"]
    pairs = [(a, b) for at, a in enumerate(amounts) for b in [*amounts[:at], *others]]
    return [
        (a["text"], b.get("text", f"shape of {b.get('of')}"))
        for a, b in pairs
        if a["left"] < b["right"] and a["right"] > b["left"] and a["top"] < b["bottom"] and a["bottom"] > b["top"]
    ]


@pytest.mark.parametrize(("width", "states"), [(1440, STATES[::2]), (1440, STATES[1::2]), (1024, STATES[::3]), (390, STATES[1::3])])
def test_no_amount_lies_on_a_name_or_another_amount(width: int, states: list[str], open_map: Open):
    opened = open_map(viewport={"width": width, "height": 860})
    drawn = 0
    for state in states:
        opened.go(state)
        for marks in ("partnergraph.onScreen()", "partnergraph.marks().layers[0].marks"):
            boxes = opened.ask(f"({BOXES})({marks})")
            shapes = [box for box in boxes if box["sort"] == "shape"] if "money" in state else []
            readable = [box for box in boxes if box["sort"] != "shape"]
            assert lying([*readable, *shapes]) == [], (state, width, marks)
            drawn += sum(box["sort"] == "amount" for box in boxes)
            if "view=money" in state:
                names = [{**box, "sort": "amount"} for box in boxes if box["sort"] == "name"]
                assert lying(names) == [], (state, width, marks)
                assert len(names) >= 5
    assert drawn > 40


def test_an_amount_without_room_is_told_beside_the_picture(open_map: Open):
    opened = open_map("view=money&flows=100")
    amounts = [box for box in opened.ask(f"({BOXES})(partnergraph.onScreen())") if box["sort"] == "amount"]
    told = opened.page.locator("#panel .facts", has_text="without room").inner_text()
    assert told.startswith(f"{100 - len(amounts)} amounts without room in the picture")
    # All of them are in the list.
    assert opened.page.locator("#panel .links li").count() == 100
    assert f"{100 - len(amounts)} amounts without room" in opened.ask("partnergraph.svgText()")


def test_no_script_of_the_page_takes_the_name_of_another():
    """They stand in one function, in which the later of two of one name silently takes the place of the earlier one."""
    scripts = sorted((Path(__file__).parents[2] / "src/partnergraph/page/assets/js").glob("*.js"))
    names = [
        name
        for path in scripts
        for name in re.findall(r"^(?:async )?(?:function\*?|const|let|class) (\w+)", path.read_text("utf-8"), re.MULTILINE)
    ]
    assert len(names) > 300
    assert sorted(name for name in set(names) if names.count(name) > 1) == []
