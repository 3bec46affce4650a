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
  if (scene) {
    stepScene(direction);
    return;
  }
  const from = [POINTED.focus, S.entity].find((id) => id != null && V.nodes.has(id));
  const next = from == null ? Math.min(...V.nodes) : nearestTowards(from, direction);
  if (next == null || !V.nodes.has(next)) return;
  POINTED.focus = next;
  reveal(next);
  redraw();
  const entity = ENTITIES[next];
  say(`${entity.label}, ${entity.kind}, ${plural(linksOn(next).length, "link")}`);
}

// In another view: to the nearest thing in that direction.
function stepScene([towardsX, towardsY]) {
  const now = scene.items[POINTED.item];
  let [best, least] = [null, Infinity];
  scene.items.forEach((item, at) => {
    const [dx, dy] = now ? [item.x - now.x, item.y - now.y] : [item.x, item.y];
    const along = now ? dx * towardsX + dy * towardsY : 1;
    const across = Math.abs(dx * towardsY) + Math.abs(dy * towardsX);
    const cost = now ? along + 2.2 * across : at;
    if (item !== now && along > 0 && cost < least) [best, least] = [at, cost];
  });
  if (best == null) return;
  POINTED.item = best;
  const item = scene.items[best];
  const spot = toScreen([item.x, item.y]);
  const { width, height } = mapBox();
  if (spot.x < 20 || spot.y < 20 || spot.x > width - 20 || spot.y > height - 20)
    moveCamera({ x: item.x, y: item.y }, true);
  redraw();
  say(item.say);
}

// F6 goes through the parts of the page, so that none is more than a few stops away.
const PARTS = [
  [".search", () => byId("find")],
  ["#stage", () => (S.view === "table" ? byId("table") : byId("map"))],
  [".time", () => byId("slider")],
  [".rail", () => byId("rail").querySelector(narrow.matches ? "summary" : ".segment [tabindex='0']")],
  [".panel", () => byId("panel")],
];

function nextPart(back) {
  const inside = document.activeElement?.closest(PARTS.map(([region]) => region).join());
  const at = PARTS.findIndex(([region]) => inside?.matches(region));
  const steps = PARTS.map(
    (_, step_) => (at + (back ? -1 - step_ : 1 + step_) + 2 * PARTS.length) % PARTS.length,
  );
  const next = steps.map((step_) => PARTS[step_][1]()).find((part) => part?.offsetParent);
  next?.focus();
}

// One stop of Tab for a row of buttons or a list of boxes; arrows go on in it.
function buildRoving() {
  for (const bar of document.querySelectorAll("[role=toolbar]")) {
    const buttons = () => [...bar.querySelectorAll("button")].filter((one) => !one.disabled && !one.hidden);
    const stop = () => buttons().find((one) => one.getAttribute("aria-pressed") === "true") || buttons()[0];
    const settle_ = (chosen) => {
      for (const one of bar.querySelectorAll("button")) one.tabIndex = one === chosen ? 0 : -1;
    };
    settle_(stop());
    bar.addEventListener(
      "focusin",
      (event) => event.target.closest("button") && settle_(event.target.closest("button")),
    );
    bar.addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (!by) return;
      const all = buttons();
      all[(all.indexOf(document.activeElement) + by + all.length) % all.length].focus();
      event.preventDefault();
    });
  }
  for (const list of document.querySelectorAll(".keys")) {
    list.addEventListener("keydown", (event) => {
      const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
      const all = [...list.querySelectorAll("input, button")];
      const at = all.indexOf(document.activeElement);
      if (!by || at < 0) return;
      const next = all[(at + by + all.length) % all.length];
      all[at].tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
      event.preventDefault();
    });
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "F6") {
      event.preventDefault();
      nextPart(event.shiftKey);
    }
    const typing =
      /INPUT|TEXTAREA/.test(document.activeElement?.tagName) &&
      document.activeElement.type !== "checkbox" &&
      document.activeElement.type !== "range";
    if (typing || !(event.ctrlKey || event.metaKey) || event.altKey) return;
    const key = event.key.toLowerCase();
    if (key === "z" || key === "y") {
      event.preventDefault();
      retrace(key === "y" || event.shiftKey ? 1 : -1);
    }
  });
}

function buildKeyboard() {
  const map = byId("map");
  map.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = POINTED.focus ?? S.entity;
    const keys = {
      Enter: () => {
        const item = scene?.items[POINTED.item];
        if (item) choose(item.hit);
        else if (POINTED.focus != null) select(POINTED.focus);
        else return;
        byId("panel").focus();
      },
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
    if (POINTED.focus == null && POINTED.item == null) return;
    POINTED.focus = POINTED.item = null;
    redraw();
  });
}
