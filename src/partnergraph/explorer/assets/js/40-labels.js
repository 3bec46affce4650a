// Labels are placed greedily on the screen, the most important first; one that would lie on another is left out.
const CELL = 48;
// Keeps the cells of the grid positive for what reaches a little out of sight.
const SHIFT = 2000;
const widths = new Map();
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

function labelWidth(id) {
  if (!widths.has(id)) {
    const { size, weight } = labelFont(id, 0);
    ruler.font = `${weight} ${size}px ${FONT}`;
    widths.set(id, Math.max(...labelLines(id).map((line) => ruler.measureText(line).width)));
  }
  return widths.get(id);
}

function labelFont(id, importance) {
  const strong = importance === 2 || id < 8;
  return { size: importance === 2 ? 14 : id < 8 ? 14.5 : id < 30 ? 12.5 : 11.5, weight: strong ? 650 : 450 };
}

class Grid {
  constructor() {
    this.cells = new Map();
  }

  *near(box) {
    for (let i = Math.floor(box.left / CELL); i <= Math.floor(box.right / CELL); i += 1) {
      for (let j = Math.floor(box.top / CELL); j <= Math.floor(box.bottom / CELL); j += 1) yield i * 4096 + j;
    }
  }

  add(box) {
    for (const cell of this.near(box)) {
      if (!this.cells.has(cell)) this.cells.set(cell, []);
      this.cells.get(cell).push(box);
    }
  }

  hits(box, labelsOnly) {
    for (const cell of this.near(box)) {
      for (const there of this.cells.get(cell) || []) {
        if ((there.id !== box.id || there.text) && (!labelsOnly || there.text) && overlap(there, box))
          return true;
      }
    }
    return false;
  }
}

const overlap = (a, b) => a.left < b.right && a.right > b.left && a.top < b.bottom && a.bottom > b.top;

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
    candidates.push({ ...spot, importance: named });
  }
  candidates.sort((a, b) => b.importance - a.importance || a.id - b.id);
  const map = byId("map");
  const room = { width: map.clientWidth, height: map.clientHeight };
  const most = Math.max(40, Math.round((room.width * room.height) / 4200));
  placed = new Map();
  context.save();
  context.lineJoin = "round";
  context.textBaseline = "middle";
  const titles = S.scope === "ego" && !meant ? place.sectors || [] : [];
  for (const [at, spot] of candidates.entries()) {
    if (placed.size > most && !spot.importance) break;
    if (at === Math.min(12, candidates.length - 1)) {
      for (const title of titles) placeTitle(context, title, scale, corner, grid);
    }
    const { size, weight } = labelFont(spot.id, spot.importance);
    context.font = `${weight} ${size / scale}px ${FONT}`;
    placeLabel(context, spot, size, weight, scale, corner, grid, room);
  }
  context.restore();
}

function placeTitle(context, title, scale, corner, grid) {
  const family = FAMILIES[title.family];
  const text = `${capital(family.label)} · ${title.count}`;
  context.font = `600 ${12 / scale}px ${FONT}`;
  const half = (context.measureText(text).width * scale) / 2 + 4;
  const [x, y] = [(title.x - corner.x) * scale + SHIFT, (title.y - corner.y) * scale + SHIFT];
  const box = { id: null, text: true, left: x - half, right: x + half, top: y - 9, bottom: y + 9 };
  if (grid.hits(box, false)) return;
  grid.add(box);
  context.textAlign = "center";
  context.lineWidth = 4 / scale;
  context.strokeStyle = ink("page");
  context.strokeText(text, title.x, title.y);
  context.fillStyle = shade(family);
  context.fillText(text, title.x, title.y);
}

// Below, right, left, above; the heaviest are tried again against labels alone, moved into sight.
function placeLabel(context, spot, size, weight, scale, corner, grid, room) {
  const lines = labelLines(spot.id);
  const width = Math.max(...lines.map((line) => context.measureText(line).width)) * scale;
  const line = size * 1.15;
  const height = line * lines.length;
  const boxAt = (x, y) => ({
    id: spot.id,
    text: true,
    left: x - width / 2 - 2,
    right: x + width / 2 + 2,
    top: y - height / 2,
    bottom: y + height / 2,
  });
  const inside = (box) =>
    box.left > SHIFT + 2 &&
    box.right < SHIFT + room.width - 2 &&
    box.top > SHIFT + 1 &&
    box.bottom < SHIFT + room.height - 1;
  const [below, above] = [spot.y + spot.radius + height / 2 + 2, spot.y - spot.radius - height / 2 - 1];
  const beside = spot.radius + 5 + width / 2;
  const aslant = spot.radius * 0.7 + width / 2;
  const centres = [
    [spot.x, below],
    [spot.x + beside, spot.y],
    [spot.x - beside, spot.y],
    [spot.x, above],
    [spot.x + aslant, below - 3],
    [spot.x - aslant, below - 3],
    [spot.x + aslant, above + 3],
    [spot.x - aslant, above + 3],
  ];
  let found = centres.map(([x, y]) => boxAt(x, y)).find((box) => inside(box) && !grid.hits(box, false));
  if (!found && (spot.id < 10 || spot.importance === 2)) {
    const least = SHIFT + 4 + width / 2;
    const most = SHIFT + room.width - 4 - width / 2;
    const x = Math.min(Math.max(spot.x, least), most);
    const tries = [[x, below], [x, above], ...centres.slice(1, 3)].map(([at, y]) => boxAt(at, y));
    found = tries.find((box) => !grid.hits(box, true));
  }
  if (!found) return;
  grid.add(found);
  const x = corner.x + ((found.left + found.right) / 2 - SHIFT) / scale;
  const y = corner.y + (found.top + line / 2 - SHIFT) / scale;
  context.textAlign = "center";
  context.lineWidth = 3.6 / scale;
  context.strokeStyle = ink("page");
  context.fillStyle = spot.id < 60 || spot.importance ? ink("ink") : ink("muted");
  for (const draw of ["strokeText", "fillText"]) {
    lines.forEach((words, at) => context[draw](words, x, y + (at * line) / scale));
  }
  placed.set(spot.id, { x, y, size: size / scale, line: line / scale, weight, lines, box: found });
}
