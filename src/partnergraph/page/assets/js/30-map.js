// The canvas: vis-network draws shapes and lines from these looks; labels and emphasis are drawn after it.
const CHANGES = {
  began: { label: "began", light: "#00805F", dark: "#3CC79D" },
  ended: { label: "ended", light: "#C8500A", dark: "#F0874A" },
  both: { label: "holds on both days", light: "#8D96A1", dark: "#7D8896" },
  mixed: { label: "began and ended", light: "#7A5CC0", dark: "#B7A1F0" },
};
// Above so many lines arrows and dashes go, and lines hide while the map moves; above more nothing is pointed at.
const MANY_LINES = 1500;
const MOST_POINTED = 6000;

let network;
let nodeSet;
let edgeSet;
let fitLater = false;
let drawn = ""; // the looks that are in the sets
let crowd = 0; // how many of the two bounds they exceed
let place = null; // of an entity by its number, where it is not that of the whole map
let placed = new Map(); // labels as they were drawn last

// Where people have dragged entities to, by scope.
const MOVED = new Map();
const placeOf = (id) =>
  MOVED.get(`${S.scope} ${S.scope === "ego" ? S.entity : ""} ${id}`) ||
  (place ? place.get(id) : [ENTITIES[id].x, ENTITIES[id].y]) || [0, 0];
const sizeOf = (id) => ENTITIES[id].size;

function linkColour(style) {
  if (S.compare) return shade(CHANGES[style.change]);
  return style.family == null ? ink("muted") : shade(FAMILIES[style.family]);
}

function nodeLook(id) {
  const group = GROUPS[ENTITIES[id].group];
  const inked = S.look !== "entities" || S.compare;
  const colour = inked ? ink("ink") : shade(group);
  const hollow = inked || group.hollow;
  const [x, y] = placeOf(id);
  return {
    id,
    x,
    y,
    size: sizeOf(id),
    shape: group.shape,
    borderWidth: hollow ? 2 : 1.2,
    color: {
      background: hollow ? ink(inked ? "card" : "page") : colour,
      border: hollow ? colour : ink("page"),
    },
  };
}

function edgeLook(pair, style) {
  // Around one entity the lines to it always show their family: that is what the sectors are made of.
  const toCentre = S.scope === "ego" && (pair.from === S.entity || pair.to === S.entity);
  const coloured = S.look === "relations" || S.compare || toCentre;
  const quiet = style.family == null || !style.sure || (S.compare && style.change === "both");
  const width = Math.min(7, 0.8 + 1.25 * Math.log2(style.count));
  const arrow = { enabled: true, scaleFactor: 0.45 };
  return {
    id: pair.index,
    from: pair.from,
    to: pair.to,
    width: style.family == null ? 0.8 : width,
    dashes: { solid: false, dash: [7, 5], dot: [2, 5] }[style.dash],
    color: {
      color: coloured ? linkColour(style) : ink("edge"),
      opacity: quiet ? 0.32 : coloured ? 0.75 : S.scope === "ego" ? 0.28 : 0.55,
    },
    arrows: style.along || style.against ? { to: style.along && arrow, from: style.against && arrow } : "",
    smooth: S.look === "relations" ? { enabled: true, type: "curvedCW", roundness: 0.08 } : false,
  };
}

function buildMap() {
  nodeSet = new vis.DataSet([]);
  edgeSet = new vis.DataSet([]);
  network = new vis.Network(byId("map"), { nodes: nodeSet, edges: edgeSet }, OPENING.options);
  // An opaque ground: without it the veil and the exported picture would lie on nothing.
  network.on("beforeDrawing", (context) => {
    const { width, height } = context.canvas;
    context.save();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = ink("page");
    context.fillRect(0, 0, width, height);
    context.restore();
  });
  network.on("afterDrawing", paint);
  let before = null;
  new ResizeObserver(([{ contentRect: now }]) => {
    if (!now.width) return;
    const changed = before && (now.width !== before.width || Math.abs(now.height - before.height) > 80);
    before = now;
    if (changed) requestAnimationFrame(() => fitMap(false));
  }).observe(byId("map"));
  network.on("hoverNode", (event) => point({ node: event.node }, event));
  network.on("blurNode", () => point(null));
  network.on("hoverEdge", (event) => point({ pair: PAIRS[event.edge] }, event));
  network.on("blurEdge", () => point(null));
  network.on("dragStart", () => point(null));
  network.on("click", (event) => {
    if (event.nodes.length) select(event.nodes[0]);
    else if (event.edges.length) selectPair(PAIRS[event.edges[0]]);
    else clearSelection();
  });
  network.on("doubleClick", (event) => {
    if (event.nodes.length) open(event.nodes[0]);
  });
  network.on("dragEnd", (event) => {
    for (const id of event.nodes) {
      const { x, y } = network.getPosition(id);
      MOVED.set(`${S.scope} ${S.scope === "ego" ? S.entity : ""} ${id}`, [x, y]);
    }
  });
}

function syncMap(fit) {
  if (S.scope === "ego") place = aroundLayout(S.entity, V.nodes);
  else if (S.scope === "path") place = betweenLayout(V.nodes);
  else if (S.scope === "loops") place = circleLayout(V.nodes);
  else place = null;
  const nodes = [...V.nodes].map(nodeLook);
  const edges = [...V.edges].map(([pair, style]) => edgeLook(pair, style)).sort((a, b) => a.width - b.width);
  putOnMap(nodes, edges);
  if (Object.values(network.getSelection()).some((chosen) => chosen.length)) network.unselectAll();
  const empty = byId("empty");
  empty.hidden = V.nodes.size > 0 || S.view !== "map";
  empty.textContent = "No claim passes these filters on this day.";
  if (fit) fitMap(false);
}

function putOnMap(nodes, edges) {
  const now = [MANY_LINES, MOST_POINTED].filter((most) => edges.length > most).length;
  if (now) for (const edge of edges) Object.assign(edge, { arrows: "", dashes: false, smooth: false });
  const looks = JSON.stringify([nodes, edges]);
  if (looks === drawn) {
    network.redraw();
    return;
  }
  drawn = looks;
  // vis-network draws everything anew for each option, also for one that stays as it is.
  if (now !== crowd) {
    crowd = now;
    const hide = crowd > 0;
    network.setOptions({
      interaction: { hideEdgesOnDrag: hide, hideEdgesOnZoom: hide, hover: crowd < 2 },
    });
  }
  edgeSet.clear();
  nodeSet.clear();
  nodeSet.add(nodes);
  edgeSet.add(edges);
}

const glide = () => (calm.matches ? false : { duration: 280, easingFunction: "easeOutQuad" });

// How far the drawn things reach at a scale, with labels, which keep their size on the screen.
function extent(scale) {
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

function fitMap(animated = true) {
  const { clientWidth: width, clientHeight: height } = byId("map");
  fitLater = !width || !V.nodes.size;
  if (fitLater) return;
  let scale = 1;
  let box = extent(scale);
  for (let round = 0; round < 4; round += 1) {
    scale = Math.max(0.05, Math.min(width / (box.right - box.left), height / (box.bottom - box.top), 1.35));
    box = extent(scale);
  }
  const position = { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 };
  network.moveTo({ position, scale, animation: animated && glide() });
}

function zoom(factor) {
  const scale = Math.min(6, Math.max(0.05, network.getScale() * factor));
  network.moveTo({ scale, animation: glide() });
}

// Brings an entity into sight if it is not.
function reveal(id) {
  if (!V.nodes.has(id) || S.view !== "map") return;
  const [x, y] = placeOf(id);
  const spot = network.canvasToDOM({ x, y });
  const { clientWidth: width, clientHeight: height } = byId("map");
  const inside = spot.x > 40 && spot.y > 40 && spot.x < width - 40 && spot.y < height - 40;
  if (!inside) network.moveTo({ position: { x, y }, animation: glide() });
}
