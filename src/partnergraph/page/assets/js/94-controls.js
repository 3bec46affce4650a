// Buttons, fields and sliders, and what they show of the state.
function syncControls() {
  for (const scope of SCOPES) press(`scope-${scope}`, S.scope === scope);
  byId("ends").hidden = S.scope !== "path";
  for (const end of ["from", "to"])
    if (document.activeElement !== byId(end)) byId(end).value = S[end] == null ? "" : ENTITIES[S[end]].label;
  byId("rolled").checked = S.rolled;
  byId("money").hidden = S.view !== "money" && S.tab !== "money";
  byId("flows").value = S.flows;
  byId("flows-value").textContent = flowsDrawn();
  for (const name of ["arrows", "sankey"]) press(`drawn-${name}`, S.drawn === name);
  for (const name of MEASURES) press(`measure-${name}`, S.measure === name);
  byId("houses").replaceChildren(
    ...(S.houses || []).map((id) =>
      el(
        "li",
        {},
        button(`${ENTITIES[id].label} ×`, () => setHouses(S.houses.filter((one_) => one_ !== id)), {
          "aria-label": `Without ${ENTITIES[id].label}`,
        }),
      ),
    ),
  );
  document.body.classList.toggle("embed", S.embed);
  const notes = {
    path: S.scope === "path" && `Ways between ${ENTITIES[S.from].label} and ${ENTITIES[S.to].label}`,
    loops: "Loops of money",
    ego: S.scope === "ego" && `Around ${ENTITIES[S.entity].label}`,
  };
  byId("strongest").hidden =
    S.view === "money" || !["core", "ego"].includes(S.scope) || ENTITIES.length <= 20;
  byId("top-label").textContent = S.scope === "ego" ? "Strongest neighbours " : "Strongest ";
  byId("scope-note").hidden = !notes[S.scope];
  byId("scope-note").textContent = notes[S.scope] || "";
  byId("top").value = S.top;
  byId("top-value").textContent = S.top;
  for (const name of ["entities", "relations"]) press(`look-${name}`, S.look === name);
  byId("looks").hidden = Boolean(S.compare) || !["map", "table"].includes(S.view);
  byId("look-note").hidden = S.look !== "entities" || Boolean(S.compare);
}

const TITLES = { map: "Map", money: "Money", timeline: "Timeline", matrix: "Who with whom", table: "Table" };

function syncView() {
  const tabled = S.view === "table";
  for (const view of VIEWS) press(`view-${view}`, S.view === view);
  byId("view-title").textContent = TITLES[S.view];
  byId("map").hidden = tabled;
  document.querySelector(".zoom").hidden = tabled;
  byId("table").hidden = !tabled;
  byId("map").setAttribute(
    "aria-roledescription",
    { map: "network map", money: "diagram of flows" }[S.view] || "diagram",
  );
  syncPanel();
}

// Beside the table the panel only shows what was chosen.
function syncPanel() {
  const chosen = S.entity != null || S.relation || S.claim != null || POINTED.leg;
  const idle = (S.view === "table" || isBeside()) && !chosen && !S.compare;
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
  for (const scope of SCOPES) byId(`scope-${scope}`).addEventListener("click", () => setScope(scope));
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
    POINTED.hover = POINTED.focus = POINTED.item = POINTED.leg = null;
    update();
  };
  for (const view of VIEWS) byId(`view-${view}`).addEventListener("click", () => show(view));
  for (const name of ["arrows", "sankey"])
    byId(`drawn-${name}`).addEventListener("click", () => set({ drawn: name }));
  for (const name of MEASURES)
    byId(`measure-${name}`).addEventListener("click", () => set({ measure: name }));
  byId("flows").addEventListener("input", (event) => set({ flows: Number(event.target.value) }));
  byId("rolled").addEventListener("change", (event) => set({ rolled: event.target.checked }));
  byId("names").replaceChildren(...ENTITIES.map((one) => el("option", { value: one.label })));
  for (const end of ["from", "to"])
    byId(end).addEventListener("change", (event) => chooseEnd(end, event.target.value));
  byId("add-house").addEventListener("change", (event) => {
    const hit = hitsFor(event.target.value)[0];
    event.target.value = "";
    if (hit) setHouses([...(S.houses || []), hit.id]);
  });
  byId("largest-houses").addEventListener("click", () => setHouses(largestHouses(3)));
  byId("undo").addEventListener("click", () => retrace(-1));
  byId("redo").addEventListener("click", () => retrace(1));
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
  addEventListener("popstate", ({ state }) => {
    if (Number.isInteger(state) && state in TRAIL.states) TRAIL.at = state;
    restore(location.hash.slice(1));
    syncTrail();
  });
}

function set(change) {
  Object.assign(S, change);
  update(true);
}

// The ends of the ways are typed: the name that fits best is meant.
function chooseEnd(end, typed) {
  const [hit] = hitsFor(typed);
  if (!hit) {
    say(`No entity is called ${typed}.`);
    return;
  }
  set({ [end]: hit.id });
}

// Brings the page into a state that it was in.
function restore(text_) {
  readState(text_);
  cameraOf = "";
  applyTheme();
  drawHistogram();
  update(true);
}

// What sizes, widths, colours and dashes mean.
function buildReading() {
  const rows = [
    [
      groupGlyph(GROUPS[0], 18),
      "A shape is an entity, as large as the claims about it weigh: well attested ones more.",
    ],
    [
      lineGlyph(ink("ink")),
      "A line is all claims between two, as wide as they are many; an arrow where all run one way.",
    ],
    [lineGlyph(ink("ink"), "dash"), "Dashed: at best reported. Dotted: at best rumoured."],
    [
      lineGlyph(ink("ink"), "solid", SIGNS[0]),
      "A letter on a line or cell is the relation, as in the list above; the number counts claims.",
    ],
    [
      null,
      "Hollow shape, hollow line: only possibly so on that day, because dates are missing or less precise than the day.",
    ],
    [
      null,
      "Contested: sources differ. The panel has the versions side by side; amounts cover all that are still open.",
    ],
    [
      null,
      "Amounts are those of the ledger on the day: each deal once, from the least to the greatest of open versions. " +
        "Widths and order follow the least.",
    ],
  ];
  byId("reading").append(
    el(
      "ul",
      { class: "keys reading" },
      rows.map(([glyph, words_]) => el("li", {}, glyph, el("span", {}, words_))),
    ),
  );
}
