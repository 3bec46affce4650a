// The map as a picture of its own: the same places, lines, arrowheads and labels as on the canvas.
const fixed = (value) => Number(value.toFixed(1));

// Where a line ends at the rim of a shape, coming from a point.
function rim(id, from) {
  const [x, y] = placeOf(id);
  const far = Math.hypot(from.x - x, from.y - y) || 1;
  const radius = sizeOf(id) + 1;
  return { x: x + ((from.x - x) / far) * radius, y: y + ((from.y - y) / far) * radius };
}

function arrowHead(tip, from, look) {
  const angle = Math.atan2(tip.y - from.y, tip.x - from.x);
  const length = 7 + look.width;
  const corner = (turn) =>
    `${fixed(tip.x - length * Math.cos(angle + turn))},${fixed(tip.y - length * Math.sin(angle + turn))}`;
  const shape = `${fixed(tip.x)},${fixed(tip.y)} ${corner(0.38)} ${corner(-0.38)}`;
  return svg("polygon", { points: shape, fill: look.color.color, "fill-opacity": look.color.opacity });
}

function lineOf(pair, style) {
  const look = edgeLook(pair, style);
  const [a, b] = [placeOf(pair.from), placeOf(pair.to)].map(([x, y]) => ({ x, y }));
  const via = look.smooth ? curvePoint(pair) : null;
  const [start, end] = [rim(pair.from, via || b), rim(pair.to, via || a)];
  const bend = via ? `Q${fixed(via.x)} ${fixed(via.y)} ` : "L";
  const path = svg("path", {
    d: `M${fixed(start.x)} ${fixed(start.y)}${bend}${fixed(end.x)} ${fixed(end.y)}`,
    fill: "none",
    stroke: look.color.color,
    "stroke-opacity": look.color.opacity,
    "stroke-width": look.width.toFixed(2),
    "stroke-dasharray": look.dashes ? look.dashes.join(" ") : null,
  });
  const names = `${ENTITIES[pair.from].label} – ${ENTITIES[pair.to].label}: ${familyWords(style)}`;
  const heads = [
    look.arrows && look.arrows.to && arrowHead(end, via || a, look),
    look.arrows && look.arrows.from && arrowHead(start, via || b, look),
  ];
  return svg("g", {}, svg("title", {}, names), path, heads);
}

function nodeOf(id) {
  const look = nodeLook(id);
  const shape = drawnShape(look.shape, look.size, {
    fill: look.color.background,
    stroke: look.color.border,
    "stroke-width": look.borderWidth,
  });
  const [x, y] = placeOf(id);
  return svg(
    "g",
    { transform: `translate(${fixed(x)} ${fixed(y)})` },
    svg("title", {}, ENTITIES[id].label),
    shape,
  );
}

function labelNode({ x, y, size, line, weight, lines }) {
  return svg(
    "text",
    {
      "font-size": size.toFixed(1),
      "font-weight": weight,
      "text-anchor": "middle",
      "dominant-baseline": "central",
      fill: ink("ink"),
      stroke: ink("page"),
      "stroke-width": (size * 0.28).toFixed(1),
      "paint-order": "stroke",
      "stroke-linejoin": "round",
    },
    lines.map((words, at) => svg("tspan", { x: fixed(x), y: fixed(y + at * line) }, words)),
  );
}

// The labels as they would lie with the whole map in sight and nothing selected.
function allLabels() {
  const kept = { ...POINTED };
  const selected = [S.entity, S.relation];
  const view = { position: network.getViewPosition(), scale: network.getScale() };
  Object.assign(POINTED, { hover: null, focus: null, trail: null });
  if (S.scope !== "ego") [S.entity, S.relation] = [null, null];
  fitMap(false);
  network.redraw();
  const labels = [...placed.values()];
  [S.entity, S.relation] = selected;
  Object.assign(POINTED, kept);
  network.moveTo({ ...view, animation: false });
  network.redraw();
  return labels;
}

function svgText() {
  const labels = allLabels();
  const box = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
  const reach = (x, y, halfX, halfY) => {
    box.left = Math.min(box.left, x - halfX);
    box.right = Math.max(box.right, x + halfX);
    box.top = Math.min(box.top, y - halfY);
    box.bottom = Math.max(box.bottom, y + halfY);
  };
  for (const id of V.nodes) reach(...placeOf(id), sizeOf(id) + 8, sizeOf(id) + 8);
  for (const { x, y, size, line, lines } of labels) {
    const half = Math.max(...lines.map((words) => words.length)) * size * 0.31 + 6;
    reach(x, y + (lines.length - 1) * line, half, size);
  }
  const [width, height] = [box.right - box.left, box.bottom - box.top + 44];
  const frame = { x: fixed(box.left), y: fixed(box.top - 44), width: fixed(width), height: fixed(height) };
  const caption = captionWords();
  const root = svg(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      viewBox: `${frame.x} ${frame.y} ${frame.width} ${frame.height}`,
      "font-family": "system-ui, sans-serif",
      role: "img",
    },
    svg("title", {}, caption),
    svg("rect", { ...frame, fill: ink("page") }),
    svg(
      "text",
      { x: frame.x + 12, y: frame.y + 24, "font-size": 15, "font-weight": 600, fill: ink("ink") },
      caption,
    ),
    [...V.edges].sort((a, b) => a[0].index - b[0].index).map(([pair, style]) => lineOf(pair, style)),
    [...V.nodes].sort((a, b) => a - b).map(nodeOf),
    labels.map(labelNode),
  );
  return new XMLSerializer().serializeToString(root);
}
