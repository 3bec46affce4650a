// The map by keyboard: arrows go to the nearest entity in their direction, and each step is spoken.
const ARROWS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

function nearestTowards(id, [towardsX, towardsY]) {
  const [x, y] = placeOf(id);
  let [best, least] = [null, Infinity];
  for (const candidate of V.nodes) {
    const [otherX, otherY] = placeOf(candidate);
    const [dx, dy] = [otherX - x, otherY - y];
    const along = dx * towardsX + dy * towardsY;
    const across = Math.abs(dx * towardsY) + Math.abs(dy * towardsX);
    const cost = along + 2.2 * across;
    if (candidate !== id && along > 0 && cost < least) [best, least] = [candidate, cost];
  }
  return best;
}

function step(direction) {
  const from = [POINTED.focus, S.entity].find((id) => id != null && V.nodes.has(id));
  const next = from == null ? Math.min(...V.nodes) : nearestTowards(from, direction);
  if (next == null || !V.nodes.has(next)) return;
  POINTED.focus = next;
  reveal(next);
  network.redraw();
  const entity = ENTITIES[next];
  say(`${entity.label}, ${entity.kind}, ${plural(linksOn(next).length, "link")}`);
}

function buildKeyboard() {
  const map = byId("map");
  map.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = POINTED.focus ?? S.entity;
    const keys = {
      Enter: () => POINTED.focus != null && (select(POINTED.focus), byId("panel").focus()),
      e: () => at != null && around(at),
      x: () => at != null && open(at),
      "+": () => zoom(1.25),
      "=": () => zoom(1.25),
      "-": () => zoom(0.8),
      0: () => fitMap(),
      Escape: () => clearSelection(),
    };
    const action = ARROWS[event.key]
      ? () => step(ARROWS[event.key])
      : keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
  map.addEventListener("blur", () => {
    if (POINTED.focus == null) return;
    POINTED.focus = null;
    network.redraw();
  });
}
