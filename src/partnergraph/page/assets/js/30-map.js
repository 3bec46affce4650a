// The map as marks: lines, shapes and texts in the measures of the map. One list of marks is what the canvas draws, what
// pictures hold and what is printed; 40-labels.js adds the labels, 26-scenes.js has the other views.
const CHANGES = {
  began: { label: "began", light: "#00805F", dark: "#3CC79D", sign: "+" },
  ended: { label: "ended", light: "#C8500A", dark: "#F0874A", sign: "−" },
  changed: { label: "became surer or less sure", light: "#0072B2", dark: "#4DA8E0", sign: "~" },
  both: { label: "holds on both days", light: "#7D858F", dark: "#87929F", sign: "=" },
  unknown: { label: "not known: possibly on both", light: "#7D858F", dark: "#87929F", sign: "?" },
  mixed: { label: "began and ended", light: "#7A5CC0", dark: "#B7A1F0", sign: "±" },
};
// Above so many lines arrowheads and dashes go, and a movement shows the picture drawn last; above more no line is pointed at.
const MANY_LINES = 1500;
const MOST_POINTED = 6000;

let place = null; // of an entity by its number, where it is not that of the whole map
let placed = new Map(); // labels as they were drawn last
let base = null; // the marks of lines and shapes, made when what is shown changes
const baseOf = () => (base ??= mapMarks());

const placeOf = (id) =>
  S.moved.get(id) || (place ? place.get(id) : [ENTITIES[id].x, ENTITIES[id].y]) || [0, 0];
const sizeOf = (id) => ENTITIES[id].size;

function linkColour(style) {
  if (S.compare) return shade(CHANGES[style.change]);
  return style.family == null ? ink("muted") : shade(FAMILIES[style.family]);
}

function nodeMark(id) {
  const group = GROUPS[ENTITIES[id].group];
  const inked = S.look !== "entities" || S.compare;
  const colour = inked ? ink("ink") : shade(group);
  const vague = V.vague?.has(id);
  const hollow = inked || group.hollow || vague;
  const [x, y] = placeOf(id);
  return {
    mark: "shape",
    shape: group.shape,
    x,
    y,
    r: sizeOf(id),
    fill: hollow ? ink(inked && !vague ? "card" : "page") : colour,
    stroke: hollow ? colour : ink("page"),
    width: hollow ? 2 : 1.2,
    dash: vague ? [3, 3] : null,
    alpha: 1,
    title: ENTITIES[id].label,
    hit: { node: id },
  };
}

// Where a line bends; null for a straight one.
function bendOf(pair) {
  if (S.look !== "relations" || V.edges.size > MANY_LINES) return null;
  const [[ax, ay], [bx, by]] = [placeOf(pair.from), placeOf(pair.to)];
  return [(ax + bx) / 2 - (by - ay) * 0.08, (ay + by) / 2 + (bx - ax) * 0.08];
}

// The marks of one link; `strong` is one that is meant. Whichever it is, it has the same arrowheads.
function linkMarks(pair, style, strong) {
  // Around one entity the lines to it always show their family: that is what the sectors are made of.
  const toCentre = S.scope === "ego" && (pair.from === S.entity || pair.to === S.entity);
  const coloured = strong || S.look === "relations" || S.compare || toCentre;
  const crowd = V.edges.size > MANY_LINES;
  const quiet = style.family == null || (S.compare && ["both", "unknown"].includes(style.change));
  const width =
    style.family == null ? 0.8 : Math.min(6, 0.8 + (coloured ? 1.15 : 0.9) * Math.log2(style.count));
  const colour = coloured ? linkColour(style) : ink("edge");
  const alpha = strong ? 1 : quiet ? 0.75 : coloured ? 0.85 : 0.9;
  const line = {
    mark: "line",
    bend: bendOf(pair),
    colour,
    alpha,
    width,
    dash: crowd ? null : { solid: null, dash: [7, 5], dot: [2, 5] }[style.dash],
    title: `${ENTITIES[pair.from].label} – ${ENTITIES[pair.to].label}: ${familyWords(style)}`,
    hit: { pair },
  };
  const [start, end] = [
    rim(pair.from, line.bend || placeOf(pair.to)),
    rim(pair.to, line.bend || placeOf(pair.from)),
  ];
  Object.assign(line, { from: start, to: end });
  const marks = [line];
  // What only possibly holds is a hollow line.
  if (!style.sure && !crowd) {
    line.width = width + 1.8;
    marks.push({
      ...line,
      width: Math.max(0.6, width - 0.4),
      colour: ink("page"),
      alpha: 1,
      dash: null,
      title: null,
    });
  }
  if (crowd && !strong) return marks;
  if (style.along) marks.push(arrowMark(end, line.bend || start, width, colour, alpha));
  if (style.against) marks.push(arrowMark(start, line.bend || end, width, colour, alpha));
  return marks;
}

// Where a line ends at the rim of a shape, coming from a point.
function rim(id, [fromX, fromY]) {
  const [x, y] = placeOf(id);
  const far = Math.hypot(fromX - x, fromY - y) || 1;
  const radius = Math.min(sizeOf(id) + 1.5, far);
  return [x + ((fromX - x) / far) * radius, y + ((fromY - y) / far) * radius];
}

function arrowMark([x, y], [fromX, fromY], width, colour, alpha) {
  const angle = Math.atan2(y - fromY, x - fromX);
  const length = 8 + width * 1.6;
  const corner = (turn) => [x - length * Math.cos(angle + turn), y - length * Math.sin(angle + turn)];
  return { mark: "poly", points: [[x, y], corner(0.4), corner(-0.4)], fill: colour, alpha };
}

function mapMarks() {
  const links = [...V.edges].sort((a, b) => a[1].count - b[1].count || a[0].index - b[0].index);
  const nodes = [...V.nodes].sort((a, b) => b - a);
  return [...links.flatMap(([pair, style]) => linkMarks(pair, style, false)), ...nodes.map(nodeMark)];
}

// What is meant is drawn once more over a veil.
function emphasisMarks(meant) {
  if (!meant) return [];
  return [
    { mark: "veil", fill: ink("page"), alpha: 0.84 },
    ...meant.pairs.flatMap((pair) => linkMarks(pair, V.edges.get(pair), true)),
    ...[...meant.nodes].filter((id) => V.nodes.has(id)).map(nodeMark),
  ];
}

function ringMark(id, colour, width, scale) {
  const [x, y] = placeOf(id);
  const r = sizeOf(id) + 4 / scale;
  return { mark: "shape", shape: "dot", x, y, r, fill: null, stroke: colour, width: width / scale, alpha: 1 };
}

// Places of entities where they are not those of the whole map.
function layoutOf(ids) {
  if (S.scope === "ego") return aroundLayout(S.entity, ids);
  if (S.scope === "path") return betweenLayout(ids);
  return S.scope === "loops" ? circleLayout(ids) : null;
}

function syncMap(fit) {
  base = null;
  scene = null;
  placed = new Map();
  if (isBeside() || (S.view !== "map" && S.view !== "table")) scene = makeScene(S.view);
  place = layoutOf(V.nodes);
  const empty = byId("empty");
  empty.hidden = (scene ? scene.marks.length > 0 : V.nodes.size > 0) || S.view === "table";
  empty.textContent = scene?.empty || "No claim passes these filters on this day.";
  if (fit || fitLater || cameraOf !== cameraKey()) fitMap(false);
  redraw();
}

// How far the drawn things reach at a scale, with labels, which keep their size on the screen.
function extent(scale) {
  if (scene) return scene.box;
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const id of V.nodes) {
    const [x, y] = placeOf(id);
    const radius = sizeOf(id);
    const half = Math.max(radius, Math.min(labelWidth(id), 200) / 2 / scale) + 6 / scale;
    left = Math.min(left, x - half);
    right = Math.max(right, x + half);
    top = Math.min(top, y - radius - 10 / scale);
    bottom = Math.max(bottom, y + radius + (labelLines(id).length * 15 + 8) / scale);
  }
  for (const title of place?.sectors || []) {
    const { x, y } = title;
    const half = titleWidth(title) / 2 + 8;
    left = Math.min(left, x - half / scale);
    right = Math.max(right, x + half / scale);
    top = Math.min(top, y - 12 / scale);
    bottom = Math.max(bottom, y + 12 / scale);
  }
  return { left, right, top, bottom };
}
