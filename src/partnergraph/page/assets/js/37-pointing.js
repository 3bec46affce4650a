// What is pointed at, and what fingers and mouse do to the map.
function distanceToLine([x, y], [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const share = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - ax - share * dx, y - ay - share * dy);
}

function distanceToLink(point, pair) {
  const [a, b] = [placeOf(pair.from), placeOf(pair.to)];
  const bend = bendOf(pair);
  if (!bend) return distanceToLine(point, a, b);
  const along = (share) =>
    [0, 1].map(
      (axis) => (1 - share) ** 2 * a[axis] + 2 * share * (1 - share) * bend[axis] + share ** 2 * b[axis],
    );
  const parts = [0, 0.25, 0.5, 0.75].map((share) => distanceToLine(point, along(share), along(share + 0.25)));
  return Math.min(...parts);
}

// The entity, line, flow, claim or cell at a point of the screen, or null.
function hitAt(spot) {
  const point = toMap(spot);
  if (scene) return scene.hit(point, BESIDE / CAMERA.scale);
  let [best, least] = [null, Infinity];
  for (const id of V.nodes) {
    const [x, y] = placeOf(id);
    const far = Math.hypot(point[0] - x, point[1] - y) - sizeOf(id);
    if (far < least) [best, least] = [id, far];
  }
  if (least <= BESIDE / 2 / CAMERA.scale) return { node: best };
  if (V.edges.size > MOST_POINTED) return null;
  let pairHit = null;
  least = BESIDE / CAMERA.scale;
  for (const pair of V.edges.keys()) {
    const far = distanceToLink(point, pair);
    if (far < least) [pairHit, least] = [pair, far];
  }
  return pairHit ? { pair: pairHit } : null;
}

const sameHit = (a, b) => a === b || (a && b && JSON.stringify(keyOfHit(a)) === JSON.stringify(keyOfHit(b)));
const keyOfHit = (hit) => [hit.node, hit.pair?.index, hit.claim, hit.leg?.key, hit.day, hit.house];

// What is chosen in one of several pictures is told of its day; the title of a day or a house shows that alone.
function choose(hit) {
  const alone = hit && keyOfHit(hit).filter((part) => part != null).length === 1;
  const house = hit?.house;
  if (house != null && alone) Object.assign(S, { houses: null, scope: "ego", entity: house });
  else if (!hit?.day) {
    chooseThing(hit);
    return;
  } else S.asof = hit.day;
  if (alone) {
    S.days = null;
    update(true);
    say(`${panelName(hit)} alone`);
    return;
  }
  look();
  chooseThing(hit);
  update();
}

function chooseThing(hit) {
  if (!hit) clearSelection();
  else if (hit.leg) selectLeg(hit.leg);
  else if (hit.claim != null) selectClaim(hit.claim);
  else if (hit.node != null) select(hit.node);
  else if (hit.pair) selectPair(hit.pair);
  showSheet(Boolean(hit));
}

function buildPointing() {
  const map = byId("map");
  const fingers = new Map();
  let grip = null; // what was taken hold of: an entity that is dragged, or the map
  let spread = 0;
  const spotOf = (event) => {
    const box = map.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const middle = () => {
    const spots = [...fingers.values()];
    const sum = spots.reduce((a, b) => ({ x: a.x + b.x, y: a.y + b.y }), { x: 0, y: 0 });
    return { x: sum.x / spots.length, y: sum.y / spots.length };
  };
  const apart = () => {
    const [a, b] = [...fingers.values()];
    return Math.hypot(a.x - b.x, a.y - b.y);
  };
  map.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    map.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, spotOf(event));
    cancelAnimationFrame(gliding);
    if (fingers.size === 1) {
      const hit = hitAt(spotOf(event));
      grip = { start: spotOf(event), last: spotOf(event), slipped: false, hit };
    } else {
      grip = { start: middle(), last: middle(), slipped: true, hit: null };
      spread = apart();
    }
  });
  map.addEventListener("pointermove", (event) => {
    const spot = spotOf(event);
    if (!fingers.has(event.pointerId)) {
      const hit = hitAt(spot);
      map.style.cursor = hit ? "pointer" : "grab";
      if (!sameHit(hit, POINTED.hover) || hit) point(hit, spot);
      return;
    }
    fingers.set(event.pointerId, spot);
    const now = fingers.size > 1 ? middle() : spot;
    if (Math.hypot(now.x - grip.start.x, now.y - grip.start.y) > STILL) grip.slipped = true;
    if (!grip.slipped) return;
    if (POINTED.hover) point(null);
    if (fingers.size > 1) {
      zoom(apart() / (spread || 1), now, false);
      spread = apart();
    }
    if (grip.hit?.node != null && !scene && fingers.size === 1) dragEntity(grip.hit.node, spot);
    else {
      CAMERA.x -= (now.x - grip.last.x) / CAMERA.scale;
      CAMERA.y -= (now.y - grip.last.y) / CAMERA.scale;
      moved();
    }
    grip.last = now;
  });
  const release = (event) => {
    if (!fingers.delete(event.pointerId)) return;
    const { slipped, hit } = grip;
    if (fingers.size) {
      grip = { start: middle(), last: middle(), slipped: true, hit: null };
      return;
    }
    if (event.type === "pointerup" && !slipped) choose(hit);
    else if (slipped && hit?.node != null && !scene) writeAddress();
  };
  map.addEventListener("pointerup", release);
  map.addEventListener("pointercancel", release);
  map.addEventListener("pointerleave", () => POINTED.hover && point(null));
  map.addEventListener("dblclick", (event) => {
    const hit = hitAt(spotOf(event));
    if (!hit || hit.node == null) return;
    if (S.view === "money") toggleHouse(hit.node);
    else if (S.view === "map") open(hit.node);
  });
  map.addEventListener(
    "wheel",
    (event) => {
      // In a page of somebody else's the wheel is theirs, unless a key is held.
      if (S.embed && !event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      zoom(Math.exp(-Math.max(-120, Math.min(120, event.deltaY)) * 0.0022), spotOf(event), false);
    },
    { passive: false },
  );
  let before = null;
  new ResizeObserver(([{ contentRect: now }]) => {
    if (!now.width) return;
    const changed = before && (now.width !== before.width || Math.abs(now.height - before.height) > 80);
    before = now;
    if (changed) requestAnimationFrame(() => (isBeside() ? syncMap(true) : S.zoom ? redraw() : fitMap(false)));
    else redraw();
  }).observe(map);
}

function dragEntity(id, spot) {
  const [x, y] = toMap(spot);
  S.moved.set(id, [Number(x.toFixed(1)), Number(y.toFixed(1))]);
  base = null;
  redraw();
}
