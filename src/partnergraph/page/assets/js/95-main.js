// Wiring: everything that depends on the state is brought up to date in one place.
function update(fit) {
  clearTimeout(later);
  look();
  syncControls();
  legend();
  syncView();
  storySync();
  syncMap(fit);
  panel();
  table();
  timelineSync();
  countWords();
  summarize();
  writeAddress();
}

let later = 0;

// While a handle is dragged or time plays only what one looks at follows at once; the rest comes when it rests.
function glance() {
  clearTimeout(later);
  look();
  syncMap(false);
  timelineSync();
  countWords();
  later = setTimeout(() => {
    writeAddress(true);
    if (playing) return;
    legend();
    panel();
    syncPanel();
    table();
    summarize();
  }, 140);
}

let speaking = 0;

// What is shown, for those who do not see it; spoken once when it has come to rest.
function summarize() {
  clearTimeout(speaking);
  speaking = setTimeout(() => {
    const told = summaryWords();
    if (byId("summary").textContent === told) return;
    const first = byId("summary").textContent === "";
    byId("summary").textContent = told;
    if (!first && !playing && !byId("live").textContent) say(byId("count").textContent);
  }, 700);
}

function summaryWords() {
  if (isBeside()) return `${byId("count").textContent}. ${besideSummary()}`;
  const missing = S.view === "money" ? moneyMissing() : "";
  if (S.view === "money" && !missing) {
    const { legs, all } = flowsNow();
    return `${plural(all.length, "flow")} of money ${S.measure}, ${viewWords()}. ${legs.slice(0, 5).map(flowWords).join(". ")}`;
  }
  const most = [...V.nodes].map((id) => [id, linksOn(id).length]).sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  const words_ = most.slice(0, 5).map(([id, links]) => `${ENTITIES[id].label}, ${plural(links, "link")}`);
  return `${missing ? `${missing}. ` : ""}${byId("count").textContent}. Most connected: ${words_.join("; ")}.`;
}

function countWords() {
  if (isBeside()) {
    byId("count").textContent = besideCount();
    return;
  }
  const entities = ENTITIES.filter(
    ({ id }) => isThere(id) && CLAIMS_OF[id].some((claim) => V.inTime[claim]),
  ).length;
  const claims = V.inTime.filter(Boolean).length;
  byId("count").textContent =
    S.view === "money"
      ? moneyCount()
      : `${grouped(V.nodes.size)} of ${plural(entities, "entity", "entities")}, ` +
        `${plural(V.edges.size, "link")}, ${grouped(V.claims.length)} of ${plural(claims, "claim")}, ${viewWords()}`;
}

function moneyCount() {
  const missing = moneyMissing();
  if (missing) return `${missing}, ${viewWords()}`;
  const { legs, all } = flowsNow();
  return `${grouped(legs.length)} of ${plural(all.length, "flow")} of money ${S.measure}, ${viewWords()}`;
}

async function main() {
  addEntities(OPENING.nodes);
  readState(location.hash.slice(1));
  applyTheme();
  if (narrow.matches) byId("rail").open = false;
  buildPointing();
  const opened = opensPlainly();
  if (opened) {
    drawOpening();
    await painted();
    performance.mark("first-draw");
  }
  await parsed();
  try {
    addRest(await readRest());
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
  buildStories();
  buildReading();
  buildRoving();
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
  camera: CAMERA,
  pdfBlob,
  restore,
  entity: (key) => ENTITIES[ENTITY_OF_KEY.get(key)],
  entityKey: (id) => ENTITIES[id]?.key ?? partyName(id).replaceAll(" ", "-"),
  familyOf: (index) => familyOf(CLAIMS[index]),
  canvasToDOM: ({ x, y }) => toScreen([x, y]),
  getScale: () => CAMERA.scale,
  marks: () => sheet(),
  onScreen: () => pictureMarks(windowNow()),
  sheetCanvas,
  csvText,
  between: (payer, payee, purpose, measure) =>
    sums(
      entriesNow().filter(
        (entry) =>
          entry.p === ENTITY_OF_KEY.get(payer) &&
          entry.q === ENTITY_OF_KEY.get(payee) &&
          (!purpose || LEDGER.purposes[entry.u].id === purpose),
      ),
      measure,
    ),
  pairsOfMoney: () =>
    unique(
      entriesNow()
        .filter((one) => one.p >= 0 && one.q >= 0)
        .map((one) => `${ENTITIES[one.p].key} ${ENTITIES[one.q].key}`),
    ),
  flows: () =>
    flowsNow().all.map((leg) => ({
      parties: [leg.payer, leg.payee].map(partyName),
      purpose: LEDGER.purposes[leg.purpose].id,
      sums: leg.sums,
      unstated: isUnstated(leg, S.measure),
    })),
  loops: () => loopsNow().map((loop) => [loop.route.map((id) => ENTITIES[id].key), loop.amount]),
  purpose: (at) => LEDGER.purposes[at].id,
  amountText,
  briefAmount,
  update,
  svgText,
  claims: () => CLAIMS.filter((_, index) => V.inTime[index]).map((claim) => claim.i),
  shownClaims: () => V.claims.map((index) => CLAIMS[index].i),
  possibly: () => CLAIMS.filter((_, index) => V.possibly[index]).map((claim) => claim.i),
  defused,
  fold,
  hits: (text) => hitsFor(text).map(({ id }) => ENTITIES[id].key),
  preference: (a, b) => preference(CLAIM_OF_KEY.get(a), CLAIM_OF_KEY.get(b)),
  preferred: () => CLAIMS.filter((_, index) => V.inTime[index] && isPreferred(index)).map((claim) => claim.i),
  holds: (days, onDay) => inForce({ t: days.map(dayNumber) }, dayNumber(onDay)),
  admits: ([earliest, latest], byDay) =>
    admits({ e: dayNumber(earliest), l: dayNumber(latest) }, dayNumber(byDay)),
  changeOf: (id) => V.change[CLAIM_OF_KEY.get(id)],
  labels: () => [...placed].map(([id, label]) => ({ id, text: label.lines.join(" "), box: label.box })),
  places: () => Object.fromEntries([...V.nodes].map((id) => [ENTITIES[id].key, placeOf(id)])),
};
