// Labels: their lines and letters, what they must not lie on, and their drawing. Where they lie, 42-spots.js says.
const widths = new Map(); // by font and text
const ruler = document.createElement("canvas").getContext("2d");

// A long label stands on two lines, broken at the blank nearest to its middle.
const ONE_LINE = 17;
const LONGEST = 30;

function labelLines(id) {
  const { label } = ENTITIES[id];
  let lines = [label];
  if (label.length > ONE_LINE) {
    const blanks = [...label.matchAll(/[ /]|(?<=-)/g)].map((match) => match.index);
    const off = (at) => Math.abs(at - label.length / 2);
    const middle = blanks.reduce((best, at) => (best === null || off(at) < off(best) ? at : best), null);
    if (middle !== null) lines = [label.slice(0, middle).trim(), label.slice(middle).trim()];
  }
  return lines.map((line) => (line.length > LONGEST ? `${line.slice(0, LONGEST - 1).trimEnd()}…` : line));
}

function textWidth(text, { weight, size }) {
  const key = `${weight} ${size} ${text}`;
  if (!widths.has(key)) {
    ruler.font = `${weight} ${size}px ${FONT}`;
    widths.set(key, ruler.measureText(text).width);
  }
  return widths.get(key);
}

const widest = (lines, font) => Math.max(...lines.map((line) => textWidth(line, font)));
const labelWidth = (id) => widest(labelLines(id), labelFont(id, 0));

function labelFont(id, importance) {
  const strong = importance === 2 || id < 8;
  return { size: importance === 2 ? 14 : id < 8 ? 14.5 : id < 30 ? 12.5 : 11.5, weight: strong ? 650 : 450 };
}

// What labels must not lie on: the buttons over the map, and the counts on lines.
function blockedGrid(tags) {
  const grid = new Grid();
  const map = byId("map").getBoundingClientRect();
  const zoom = document.querySelector(".zoom").getBoundingClientRect();
  const buttons = {
    left: zoom.left - map.left + SHIFT - 4,
    right: zoom.right - map.left + SHIFT + 4,
    top: zoom.top - map.top + SHIFT - 4,
    bottom: zoom.bottom - map.top + SHIFT + 4,
  };
  for (const box of [buttons, ...tags]) grid.add({ id: null, text: true, ...box });
  return grid;
}

function drawLabels(context, scale, meant, corner, far, tags) {
  const grid = blockedGrid(tags);
  const candidates = [];
  for (const id of V.nodes) {
    const node = network.body.nodes[id];
    if (!node || node.x < corner.x || node.x > far.x || node.y < corner.y || node.y > far.y) continue;
    if (meant && !meant.nodes.has(id)) continue;
    const spot = {
      id,
      x: (node.x - corner.x) * scale + SHIFT,
      y: (node.y - corner.y) * scale + SHIFT,
      radius: sizeOf(id) * scale,
    };
    const reach = spot.radius * 0.9;
    grid.add({
      id,
      left: spot.x - reach,
      right: spot.x + reach,
      top: spot.y - reach,
      bottom: spot.y + reach,
    });
    const named = meant ? (meant.node === id || !meant.node ? 2 : 1) : id === S.entity ? 2 : 0;
    candidates.push({ ...spot, importance: named, font: labelFont(id, named) });
  }
  candidates.sort((a, b) => b.importance - a.importance || a.id - b.id);
  const titles = (!meant && place?.sectors) || [];
  context.save();
  context.lineJoin = "round";
  context.textAlign = "center";
  context.textBaseline = "middle";
  const boxes = placeLabels(candidates, grid, () => {
    for (const title of titles) placeTitle(context, title, scale, corner, grid);
  });
  placed = new Map();
  for (const box of boxes.values()) drawLabel(context, box, scale, corner);
  context.restore();
}

const TITLE_FONT = { weight: 600, size: 12 };
const titleText = ({ family, count }) => `${capital(FAMILIES[family].label)} · ${count}`;
const titleWidth = (title) => textWidth(titleText(title), TITLE_FONT);

function placeTitle(context, title, scale, corner, grid) {
  const text = titleText(title);
  const half = titleWidth(title) / 2 + 4;
  const [x, y] = [(title.x - corner.x) * scale + SHIFT, (title.y - corner.y) * scale + SHIFT];
  const box = { id: null, text: true, left: x - half, right: x + half, top: y - 9, bottom: y + 9 };
  if (!grid.free(box)) return;
  grid.add(box);
  context.font = `${TITLE_FONT.weight} ${TITLE_FONT.size / scale}px ${FONT}`;
  context.lineWidth = 4 / scale;
  context.strokeStyle = ink("page");
  context.strokeText(text, title.x, title.y);
  context.fillStyle = shade(FAMILIES[title.family]);
  context.fillText(text, title.x, title.y);
}

function drawLabel(context, box, scale, corner) {
  const { spot, lines, line } = box;
  const { size, weight } = spot.font;
  const x = corner.x + ((box.left + box.right) / 2 - SHIFT) / scale;
  const y = corner.y + (box.top + line / 2 - SHIFT) / scale;
  context.font = `${weight} ${size / scale}px ${FONT}`;
  context.lineWidth = 3.6 / scale;
  context.strokeStyle = ink("page");
  context.fillStyle = spot.id < META.core || spot.importance ? ink("ink") : ink("muted");
  for (const draw of ["strokeText", "fillText"]) {
    lines.forEach((words, at) => context[draw](words, x, y + (at * line) / scale));
  }
  placed.set(spot.id, { x, y, size: size / scale, line: line / scale, weight, lines, box });
}
