// Views other than the map, as marks: each scene has its marks, the box that they fill, and what can be pointed at.
let scene = null;

const SCENES = { money: moneyScene, timeline: timelineScene, matrix: matrixScene };

function makeScene(view) {
  const sankey = view === "money" && S.drawn === "sankey" ? sankeyScene : null;
  const made = (isBeside() ? besideScene : sankey || SCENES[view])();
  return {
    hit: (point, slop) => hitMark(made.marks, point, slop),
    box: boxOfMarks(made.marks),
    items: [],
    joint: made.marks.some(({ hit }) => hit?.leg?.shares),
    ...made,
  };
}

// The topmost mark with something to choose at a point.
function hitMark(marks, point, slop) {
  for (let at = marks.length - 1; at >= 0; at -= 1) {
    const mark = marks[at];
    if (mark.hit && isAt(mark, point, slop)) return mark.hit;
  }
  return null;
}

function isAt(mark, [x, y], slop) {
  if (mark.mark === "shape") return Math.hypot(x - mark.x, y - mark.y) <= mark.r + slop;
  if (mark.mark === "rect")
    return (
      x >= mark.x - slop && x <= mark.x + mark.w + slop && y >= mark.y - slop && y <= mark.y + mark.h + slop
    );
  if (mark.mark === "line") {
    const middle = mark.bend
      ? [0, 1].map((axis) => (mark.from[axis] + 2 * mark.bend[axis] + mark.to[axis]) / 4)
      : mark.to;
    const ends = [mark.from, middle, mark.to];
    return ends.slice(1).some((end, at) => distanceToLine([x, y], ends[at], end) <= slop + mark.width / 2);
  }
  if (mark.mark !== "band") return false;
  const share = (x - mark.from[0]) / (mark.to[0] - mark.from[0]);
  if (share < 0 || share > 1) return false;
  const eased = share * share * (3 - 2 * share);
  const top = mark.from[1] + (mark.to[1] - mark.from[1]) * eased;
  return y >= top - slop && y <= top + mark.high0 + (mark.high1 - mark.high0) * eased + slop;
}

function boxOfMarks(marks) {
  const box = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
  const reach = (x0, y0, x1 = x0, y1 = y0) => {
    Object.assign(box, { left: Math.min(box.left, x0), right: Math.max(box.right, x1) });
    Object.assign(box, { top: Math.min(box.top, y0), bottom: Math.max(box.bottom, y1) });
  };
  for (const mark of marks) {
    if (mark.mark === "text") {
      const wide = widest(mark.lines, { weight: mark.weight, size: mark.size });
      const left = mark.x - ({ left: 0, right: wide }[mark.anchor] ?? wide / 2);
      reach(left, mark.y - mark.size, left + wide, mark.y + (mark.lines.length - 1) * mark.line + mark.size);
    } else if (mark.mark === "shape")
      reach(mark.x - mark.r, mark.y - mark.r, mark.x + mark.r, mark.y + mark.r);
    else if (mark.mark === "rect") reach(mark.x, mark.y, mark.x + mark.w, mark.y + mark.h);
    else if (mark.from) {
      for (const [x, y] of [mark.from, mark.to, ...(mark.bend ? [mark.bend] : [])]) reach(x, y);
      if (mark.high0) reach(mark.to[0], mark.to[1] + mark.high1);
    }
  }
  return { left: box.left - 16, right: box.right + 16, top: box.top - 16, bottom: box.bottom + 16 };
}

// Where the keyboard is in a scene.
function sceneFocus(scale) {
  const item = scene.items[POINTED.item];
  if (!item) return [];
  const r = 12 / scale;
  return [
    {
      mark: "shape",
      shape: "dot",
      x: item.x,
      y: item.y,
      r,
      fill: null,
      stroke: ink("accent"),
      width: 3 / scale,
      alpha: 1,
    },
  ];
}

const words = (text, x, y, more) => ({
  mark: "text",
  x,
  y,
  lines: [text],
  size: 12,
  line: 14,
  weight: 450,
  colour: ink("ink"),
  ...more,
});

const cut = (text, letters) => (text.length > letters ? `${text.slice(0, letters - 1).trimEnd()}…` : text);

// As many of the letters as have room.
function fitting(text, room, font = { weight: 450, size: 12 }) {
  let letters = text.length;
  while (letters > 8 && textWidth(cut(text, letters), font) > room)
    letters = Math.min(letters - 1, Math.ceil((letters * room) / textWidth(cut(text, letters), font)));
  return cut(text, letters);
}

// Black or white, whichever is easier to read on a colour.
function inkOn(colour) {
  const [r, g, b] = rgbOf(colour).map((value) =>
    value / 255 <= 0.04 ? value / 3294 : ((value / 255 + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.18 ? "#000000" : "#ffffff";
}

const MOST_ROWS = 26;
const CELL_SIZE = 30;

// Who × who: how many claims run from the row to the column; those that run no way stand in both.
function matrixScene() {
  const links = new Map();
  for (const pair of V.edges.keys())
    for (const id of [pair.from, pair.to]) links.set(id, (links.get(id) || 0) + 1);
  const ids = [...links.keys()].sort((a, b) => links.get(b) - links.get(a) || a - b).slice(0, MOST_ROWS);
  const [marks, items] = [[], []];
  ids.forEach((id, at) => {
    const middle = at * CELL_SIZE + CELL_SIZE / 2;
    const name = `${cut(ENTITIES[id].label, 30)} · ${at + 1}`;
    const hit = { node: id };
    marks.push(
      {
        mark: "rect",
        x: -240,
        y: at * CELL_SIZE,
        w: 234,
        h: CELL_SIZE,
        fill: ink("page"),
        stroke: null,
        width: 0,
        alpha: 1,
        hit,
      },
      words(name, -12, middle, { anchor: "right" }),
      words(String(at + 1), middle, -14, { colour: ink("muted") }),
    );
    items.push({ x: -8, y: middle, hit, say: `${ENTITIES[id].label}, row ${at + 1}` });
  });
  ids.forEach((row, y) =>
    ids.forEach((column, x) => row !== column && cellOf(row, column, x, y, marks, items)),
  );
  const size = ids.length * CELL_SIZE;
  const grid = [...ids.keys(), ids.length].flatMap((at) => {
    const line = { mark: "line", colour: ink("line"), width: 1, alpha: 1, dash: null, bend: null };
    const edge = at * CELL_SIZE;
    return [
      { ...line, from: [0, edge], to: [size, edge] },
      { ...line, from: [edge, 0], to: [edge, size] },
    ];
  });
  return { marks: ids.length ? [...grid, ...marks] : [], items };
}

function cellOf(row, column, x, y, marks, items) {
  const pair = pairBetween(row, column);
  const style = pair && V.edges.get(pair);
  if (!style) return;
  const claims = style.claims.filter((index) => {
    const claim = CLAIMS[index];
    if (KINDS[claim.k].mutual) return true;
    return (claim.e || []).some(([from, to]) => standsFor(from) === row && standsFor(to) === column);
  });
  if (!claims.length) return;
  const look = describeLink(claims, NONE);
  const colour = shade(FAMILIES[look.family]);
  const said = `${ENTITIES[row].label} to ${ENTITIES[column].label}: ${familyWords(look)}`;
  const box = { x: x * CELL_SIZE + 1.5, y: y * CELL_SIZE + 1.5, w: CELL_SIZE - 3, h: CELL_SIZE - 3 };
  const [middleX, middleY] = [box.x + box.w / 2, box.y + box.h / 2];
  marks.push(
    { mark: "rect", ...box, fill: colour, stroke: null, width: 0, alpha: 1, title: said, hit: { pair } },
    words(`${SIGNS[look.family]}${claims.length}`, middleX, middleY, {
      size: 11,
      weight: 600,
      colour: inkOn(colour),
      hit: { pair },
    }),
  );
  items.push({ x: middleX, y: middleY, hit: { pair }, say: said });
}
