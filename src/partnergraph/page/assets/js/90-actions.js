// What people do to the page. Each action changes the state and redraws what depends on it.
function refresh() {
  if (S.view === "timeline") {
    update(true);
    return;
  }
  panel();
  syncPanel();
  table();
  writeAddress();
  redraw();
}

// One flow of money; it has no name of its own in the address.
function selectLeg(leg) {
  Object.assign(S, { relation: null, claim: null });
  Object.assign(POINTED, { leg, trail: null });
  refresh();
  say(flowWords(leg));
}

const hasMembers = (id) => [...V.heads.values()].includes(id);

// Opens a house into its members, or rolls them up again.
function toggleHouse(id) {
  const house = houseOf(id);
  if (S.unrolled.has(house)) S.unrolled.delete(house);
  else S.unrolled.add(house);
  update();
  say(`${ENTITIES[house].label} ${S.unrolled.has(house) ? "opened" : "rolled up"}`);
}

function hideEntity(id) {
  S.hideentity.add(id);
  S.entity = null;
  if (S.scope === "ego") S.scope = "core";
  update();
  say(`${ENTITIES[id].label} hidden`);
}

function waysFrom(id) {
  S.from = id;
  if (S.to === id || S.to == null) S.to = strongest(id)[0] ?? null;
  Object.assign(S, { scope: "path", view: "map", entity: null, relation: null, claim: null });
  if (S.to == null) S.scope = "core";
  update(true);
  byId("to").focus();
}

// On a small screen details come up from below when something is tapped.
function showSheet(shown) {
  document.body.classList.toggle("sheet", shown && narrow.matches);
}

function select(id, go) {
  Object.assign(S, { entity: id, relation: null, claim: null });
  Object.assign(POINTED, { focus: null, trail: null, leg: null });
  if (S.scope === "ego" && go) {
    around(id);
    return;
  }
  if (V.nodes.has(id)) refresh();
  else update();
  if (go) reveal(id);
  say(`${ENTITIES[id].label} selected, ${plural(claimsOn(id).length, "claim")}`);
}

function selectPair(pair) {
  Object.assign(S, { relation: pair, claim: null });
  POINTED.leg = null;
  if (S.scope !== "ego") S.entity = null;
  POINTED.trail = null;
  refresh();
  say(`${ENTITIES[pair.from].label} and ${ENTITIES[pair.to].label}`);
}

function selectClaim(index) {
  S.claim = index;
  refresh();
  if (index != null) byId("panel").focus();
}

function clearSelection() {
  Object.assign(S, { relation: null, claim: null });
  Object.assign(POINTED, { focus: null, trail: null, leg: null });
  if (S.scope !== "ego") S.entity = null;
  refresh();
}

function followTrail(trail) {
  Object.assign(S, { entity: null, relation: null, claim: null });
  POINTED.trail = POINTED.trail && POINTED.trail.join() === trail.join() ? null : trail;
  refresh();
}

function around(id) {
  const view = S.view === "money" ? "money" : "map";
  Object.assign(S, { entity: id, relation: null, claim: null, scope: "ego", open: [], view, houses: null });
  Object.assign(POINTED, { focus: null, trail: null });
  update(true);
  say(`Around ${ENTITIES[id].label}: ${plural(V.nodes.size - 1, "entity", "entities")}`);
}

// Adds the neighbours of an entity to the map, or takes them away again.
function open(id) {
  const before = V.nodes.size;
  const opened = S.open.includes(id);
  S.open = opened ? S.open.filter((kept) => kept !== id) : [...S.open, id];
  if (S.scope !== "ego") S.entity = id;
  update(S.scope === "ego");
  const change = Math.abs(V.nodes.size - before);
  say(`${plural(change, "entity", "entities")} ${opened ? "removed" : "added"}`);
}

const MOST_DRAWN = 5000;

function setScope(scope) {
  if (scope === "path" && (S.from == null || S.to == null)) {
    const from_ = S.entity ?? 0;
    Object.assign(S, { from: from_, to: strongest(from_)[0] ?? null });
    if (S.to == null) return;
  }
  if (scope === "ego") {
    around(S.entity ?? 0);
    return;
  }
  Object.assign(S, { scope, open: [], entity: S.scope === "ego" ? null : S.entity, houses: null });
  // So many at once are slow to draw and nothing to read; the table has them all.
  if (scope === "all" && PAIRS.length > MOST_DRAWN) {
    S.view = "table";
    say("So much is better read as a table; the Map button draws it all the same.");
  }
  update(true);
}

function point(hover, spot) {
  const same = sameHit(hover, POINTED.hover);
  POINTED.hover = hover;
  const tip = byId("tip");
  tip.hidden = !hover;
  if (hover) {
    tip.textContent = tipWords(hover);
    const { x, y } = spot;
    const stage = byId("stage");
    tip.style.left = `${Math.max(4, Math.min(x + 14, stage.clientWidth - tip.offsetWidth - 8))}px`;
    tip.style.top = `${Math.min(y + 18, stage.clientHeight - tip.offsetHeight - 8)}px`;
  }
  if (!same) redraw();
}

function tipWords({ node, pair, leg, claim, told, day: day_ }) {
  if (told) return told;
  if (leg && day_) return `${readableDay(day_)}: ${flowWords(leg)}`;
  if (leg) return flowWords(leg);
  if (claim != null) return CLAIMS[claim].l;
  if (node != null) {
    const entity = ENTITIES[node];
    return `${entity.label}, ${entity.kind}, ${plural(linksOn(node).length, "link")}, ${plural(claimsOn(node).length, "claim")}`;
  }
  const style = V.edges.get(pair);
  return `${ENTITIES[pair.from].label} – ${ENTITIES[pair.to].label}: ${style ? familyWords(style) : ""}`;
}
