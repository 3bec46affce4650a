// Wiring: everything that depends on the state is brought up to date in one place.
function update(fit) {
  look();
  syncControls();
  legend();
  syncMap(fit);
  panel();
  syncView();
  table();
  timelineSync();
  countWords();
  writeAddress();
}

function countWords() {
  const entities = ENTITIES.filter((entity) => CLAIMS_OF[entity.id].some((claim) => V.inTime[claim])).length;
  const claims = V.inTime.filter(Boolean).length;
  byId("count").textContent =
    `${grouped(V.nodes.size)} of ${plural(entities, "entity", "entities")}, ` +
    `${plural(V.edges.size, "link")}, ${grouped(V.claims.length)} of ${plural(claims, "claim")}, ${viewWords()}`;
}

function syncControls() {
  for (const scope of ["core", "ego", "all"]) press(`scope-${scope}`, S.scope === scope);
  const notes = {
    path: S.scope === "path" && `Ways between ${ENTITIES[S.from].label} and ${ENTITIES[S.to].label}`,
    loops: "Loops of money",
    ego: S.scope === "ego" && `Around ${ENTITIES[S.entity].label}`,
  };
  byId("strongest").hidden = !["core", "ego"].includes(S.scope) || ENTITIES.length <= 20;
  byId("top-label").textContent = S.scope === "ego" ? "Strongest neighbours " : "Strongest ";
  byId("scope-note").hidden = !notes[S.scope];
  byId("scope-note").textContent = notes[S.scope] || "";
  byId("top").value = S.top;
  byId("top-value").textContent = S.top;
  for (const name of ["entities", "relations"]) press(`look-${name}`, S.look === name);
  byId("looks").hidden = Boolean(S.compare);
  byId("look-note").hidden = S.look !== "entities" || Boolean(S.compare);
}

function syncView() {
  const tabled = S.view === "table";
  press("view-map", !tabled);
  press("view-table", tabled);
  byId("map").hidden = tabled;
  document.querySelector(".zoom").hidden = tabled;
  byId("table").hidden = !tabled;
  syncPanel();
  if (tabled) byId("empty").hidden = true;
  else if (fitLater) fitMap(false);
}

// Beside the table the panel only shows what was chosen.
function syncPanel() {
  const idle = S.view === "table" && S.entity == null && !S.relation && S.claim == null && !S.compare;
  byId("panel").hidden = idle;
  document.querySelector(".grid").classList.toggle("wide", idle);
}

function paintTheme(dark) {
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  press("theme", dark);
  update();
}

function applyTheme() {
  document.documentElement.dataset.theme = (S.theme === "auto" ? preferDark.matches : S.theme === "dark")
    ? "dark"
    : "light";
  press("theme", isDark());
}

function buildControls() {
  for (const scope of ["core", "ego", "all"])
    byId(`scope-${scope}`).addEventListener("click", () => setScope(scope));
  for (const name of ["entities", "relations"]) {
    byId(`look-${name}`).addEventListener("click", () => {
      S.look = name;
      update();
    });
  }
  byId("top").addEventListener("input", (event) => {
    S.top = Number(event.target.value);
    update(true);
  });
  const show = (view) => {
    S.view = view;
    update();
  };
  byId("view-map").addEventListener("click", () => show("map"));
  byId("view-table").addEventListener("click", () => show("table"));
  byId("skip").addEventListener("click", (event) => {
    event.preventDefault();
    show("table");
    byId("table").focus();
  });
  byId("zoom-in").addEventListener("click", () => zoom(1.25));
  byId("zoom-out").addEventListener("click", () => zoom(0.8));
  byId("zoom-fit").addEventListener("click", () => fitMap());
  byId("theme").addEventListener("click", () => {
    S.theme = isDark() ? "light" : "dark";
    applyTheme();
    update();
  });
  preferDark.addEventListener("change", () => {
    applyTheme();
    update();
  });
  addEventListener("hashchange", () => {
    readState(location.hash.slice(1));
    applyTheme();
    drawHistogram();
    update(true);
  });
}

async function main() {
  addEntities(OPENING.nodes);
  readState(location.hash.slice(1));
  applyTheme();
  if (narrow.matches) byId("rail").open = false;
  buildMap();
  const opened = opensPlainly();
  if (opened) {
    drawOpening();
    await painted();
    performance.mark("first-draw");
  }
  await parsed();
  try {
    addRest(await unpack(byId("rest").textContent));
  } catch {
    explainFailure();
    return;
  }
  readState(location.hash.slice(1));
  buildControls();
  buildSearch();
  buildTimeline();
  buildKeyboard();
  buildExports();
  update(true);
  release();
  performance.mark("complete");
  if (!opened) painted().then(() => performance.mark("first-draw"));
}

main();

// For tests and for those who look into the console.
window.partnergraph = {
  state: S,
  view: V,
  network,
  update,
  svgText,
  claims: () => CLAIMS.filter((_, index) => V.inTime[index]).map((claim) => claim.i),
  shownClaims: () => V.claims.map((index) => CLAIMS[index].i),
  possibly: () => CLAIMS.filter((_, index) => V.possibly[index]).map((claim) => claim.i),
  fold,
  hits: (text) => hitsFor(text).map(({ id }) => ENTITIES[id].key),
  preference: (a, b) => preference(CLAIM_OF_KEY.get(a), CLAIM_OF_KEY.get(b)),
  preferred: () => CLAIMS.filter((_, index) => V.inTime[index] && isPreferred(index)).map((claim) => claim.i),
  holds: (days, onDay) => inForce({ t: days.map(dayNumber) }, dayNumber(onDay)),
  admits: ([earliest, latest], byDay) => admits({ e: dayNumber(earliest), l: dayNumber(latest) }, dayNumber(byDay)),
  changeOf: (id) => V.change[CLAIM_OF_KEY.get(id)],
  labels: () => [...placed].map(([id, label]) => ({ id, text: label.lines.join(" "), box: label.box })),
  places: () => Object.fromEntries([...V.nodes].map((id) => [ENTITIES[id].key, placeOf(id)])),
};
