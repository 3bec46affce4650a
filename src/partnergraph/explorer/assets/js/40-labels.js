// Labels are placed greedily on the screen, the most important first; one that would lie on another is left out.
const LONGEST = 32;
const CELL = 48;
// Keeps the cells of the grid positive for what reaches a little out of sight.
const SHIFT = 2000;
const widths = new Map();
const ruler = document.createElement("canvas").getContext("2d");

const labelOf = (id) => {
  const { label } = ENTITIES[id];
  return label.length > LONGEST ? `${label.slice(0, LONGEST - 1).trimEnd()}…` : label;
};

function labelWidth(id) {
  if (!widths.has(id)) {
    const { size, weight } = labelFont(id, 0);
    ruler.font = `${weight} ${size}px ${FONT}`;
    widths.set(id, ruler.measureText(labelOf(id)).width);
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
        if ((there.id !== box.id || there.text) && (!labelsOnly || there.text) && overlap(there, box)) return true;
      }
    }
    return false;
  }
}

const overlap = (a, b) => a.left < b.right && a.right > b.left && a.top < b.bottom && a.bottom > b.top;

function drawLabels(context, scale, meant, corner, far) {
  const grid = new Grid();
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
    const reach = spot.radius * 0.8;
    grid.add({ id, left: spot.x - reach, right: spot.x + reach, top: spot.y - reach, bottom: spot.y + reach });
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
  for (const spot of candidates) {
    if (placed.size > most && !spot.importance) break;
    placeLabel(context, spot, scale, corner, grid, room);
  }
  context.restore();
}

// Below, right, left, above; the heaviest are tried again against labels alone, moved into sight.
function placeLabel(context, spot, scale, corner, grid, room) {
  const { size, weight } = labelFont(spot.id, spot.importance);
  context.font = `${weight} ${size / scale}px ${FONT}`;
  const text = labelOf(spot.id);
  const width = context.measureText(text).width * scale;
  const height = size * 1.15;
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
  const [below, above] = [spot.y + spot.radius + height * 0.62, spot.y - spot.radius - height * 0.6];
  const beside = spot.radius + 5 + width / 2;
  const centres = [[spot.x, below], [spot.x + beside, spot.y], [spot.x - beside, spot.y], [spot.x, above]];
  let found = centres.map(([x, y]) => boxAt(x, y)).find((box) => inside(box) && !grid.hits(box, false));
  if (!found && (spot.id < 10 || spot.importance === 2)) {
    const least = SHIFT + 4 + width / 2;
    const most = SHIFT + room.width - 4 - width / 2;
    const x = Math.min(Math.max(spot.x, least), most);
    found = [below, above].map((y) => boxAt(x, y)).find((box) => !grid.hits(box, true));
  }
  if (!found) return;
  grid.add(found);
  const x = corner.x + ((found.left + found.right) / 2 - SHIFT) / scale;
  const y = corner.y + ((found.top + found.bottom) / 2 - SHIFT) / scale;
  context.textAlign = "center";
  context.lineWidth = 3.6 / scale;
  context.strokeStyle = ink("page");
  context.strokeText(text, x, y);
  context.fillStyle = spot.id < 60 || spot.importance ? ink("ink") : ink("muted");
  context.fillText(text, x, y);
  placed.set(spot.id, { x, y, size: size / scale, weight, text, box: found });
}
