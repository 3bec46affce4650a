// After vis-network has drawn: a veil over what is not meant, the neighbourhood of what is, counts on lines.
const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

// What to emphasise: what is pointed at, else a trail, else where the keyboard is, else what is selected.
function emphasis() {
  const { hover, focus, trail } = POINTED;
  if (trail && !hover) return trailEmphasis(trail);
  const node = hover ? hover.node : (focus ?? S.entity);
  const pair = hover ? hover.pair : node == null ? S.relation : null;
  if (!hover && node == null && !pair && S.claim != null) return claimEmphasis(S.claim);
  if (S.scope === "ego" && node === S.entity && !(hover && hover.node != null)) return null;
  if (node != null && V.nodes.has(node)) {
    const pairs = [...PAIRS_OF[node].values()].filter((link) => V.edges.has(link));
    return { node, pairs, nodes: new Set([node, ...pairs.map((link) => other(link, node))]) };
  }
  if (pair && V.edges.has(pair)) return { pair, pairs: [pair], nodes: new Set([pair.from, pair.to]) };
  return null;
}

// The links that one claim makes, as far as they are on the map.
function claimEmphasis(claim) {
  const pairs = [...V.edges].filter(([, style]) => style.claims.includes(claim)).map(([pair]) => pair);
  if (!pairs.length) return null;
  return { trail: true, pairs, nodes: new Set(pairs.flatMap((pair) => [pair.from, pair.to])) };
}

function trailEmphasis(trail) {
  const pairs = [];
  for (let i = 0; i + 1 < trail.length; i += 1) {
    const pair = pairBetween(trail[i], trail[i + 1]);
    if (pair && V.edges.has(pair)) pairs.push(pair);
  }
  return { trail: true, pairs, nodes: new Set(trail.filter((id) => V.nodes.has(id))) };
}

function paint(context) {
  const scale = network.getScale();
  const map = byId("map");
  const corner = network.DOMtoCanvas({ x: 0, y: 0 });
  const far = network.DOMtoCanvas({ x: map.clientWidth, y: map.clientHeight });
  const meant = emphasis();
  if (meant) {
    context.save();
    context.globalAlpha = 0.84;
    context.fillStyle = ink("page");
    context.fillRect(corner.x, corner.y, far.x - corner.x, far.y - corner.y);
    context.restore();
    for (const pair of meant.pairs) redrawEdge(context, pair);
    // `body` is internal to vis-network, and the same in 9.1.2 and 10.1.5.
    for (const id of meant.nodes) network.body.nodes[id]?.draw(context);
  }
  if (S.entity != null && V.nodes.has(S.entity)) ring(context, S.entity, ink("ink"), 2 / scale, scale);
  if (POINTED.focus != null) ring(context, POINTED.focus, ink("accent"), 3 / scale, scale);
  const tags = [];
  if (meant && (meant.pair || meant.trail || map.clientWidth > 500)) {
    const full = Boolean(meant.pair || meant.trail);
    for (const pair of meant.pairs.slice(0, MOST_TAGS)) tag(context, pair, scale, full, corner, tags);
  }
  drawLabels(context, scale, meant, corner, far, tags);
}

function redrawEdge(context, pair) {
  const edge = network.body.edges[pair.index];
  if (!edge) return;
  const { color } = edge.options;
  const before = { ...color };
  color.color = linkColour(V.edges.get(pair));
  color.opacity = 1;
  edge.draw(context);
  Object.assign(color, before);
}

function ring(context, id, colour, width, scale) {
  const node = network.body.nodes[id];
  if (!node) return;
  context.beginPath();
  context.arc(node.x, node.y, sizeOf(id) + 4 / scale, 0, 7);
  context.lineWidth = width;
  context.strokeStyle = colour;
  context.stroke();
}

// The count of claims on a line; what they are about in words where there is one line to read.
const MOST_TAGS = 16;

function tag(context, pair, scale, full, corner, tags) {
  const style = V.edges.get(pair);
  const [a, b] = [network.body.nodes[pair.from], network.body.nodes[pair.to]];
  if (!a || !b || (!full && (style.count < 2 || Math.hypot(a.x - b.x, a.y - b.y) * scale < 90))) return;
  const text = full ? linkWords(pair, style) : String(style.count);
  const size = 11 / scale;
  context.font = `600 ${size}px ${FONT}`;
  const width = context.measureText(text).width + 10 / scale;
  const height = 16 / scale;
  const via = curvePoint(pair);
  const x = via ? (a.x + 2 * via.x + b.x) / 4 : (a.x + b.x) / 2;
  const y = via ? (a.y + 2 * via.y + b.y) / 4 : (a.y + b.y) / 2;
  const middle = { x: (x - corner.x) * scale + SHIFT, y: (y - corner.y) * scale + SHIFT };
  const box = {
    left: middle.x - (width * scale) / 2,
    right: middle.x + (width * scale) / 2,
    top: middle.y - 9,
    bottom: middle.y + 9,
  };
  if (tags.some((there) => overlap(there, box))) return;
  tags.push(box);
  context.fillStyle = ink("card");
  context.strokeStyle = linkColour(style);
  context.lineWidth = 1.2 / scale;
  context.beginPath();
  context.roundRect(x - width / 2, y - height / 2, width, height, height / 2);
  context.fill();
  context.stroke();
  context.fillStyle = ink("ink");
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(text, x, y + 0.5 / scale);
}

// One claim is spelled out by the caption of its kind, several by their main family.
function linkWords(pair, style) {
  if (style.count === 1 && style.claims.length === 1) {
    const claim = CLAIMS[style.claims[0]];
    const kind = KINDS[claim.k];
    const starts = (claim.e || []).some(([from, to]) => from === pair.from && to === pair.to);
    const arrow = kind.mutual ? "" : starts ? "→ " : "← ";
    return kind.caption ? `${arrow}${kind.caption}` : kind.label;
  }
  const family = style.family == null ? "named together" : FAMILIES[style.family].label;
  const others = style.families.length > 1 ? ` and ${style.families.length - 1} more` : "";
  return `${capital(family)}${others} · ${plural(style.count, "claim")}`;
}

// The middle point of a curved line, where lines are curved.
function curvePoint(pair) {
  const edge = network.body.edges[pair.index];
  const via = edge?.edgeType?.getViaNode?.();
  return via && Number.isFinite(via.x) ? via : null;
}
