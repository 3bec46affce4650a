// The table says what the map shows: the same links, claims and entities, to be sorted and copied.
const PAGE = 400;
const SORTING = {
  relations: ["claims", -1],
  claims: ["when", -1],
  entities: ["claims", -1],
  money: ["amount", -1],
};

// By which column a list is sorted, and whether upwards; the address says so where it is not as usual.
function sortingOf(tab) {
  const [of_, column, way] = S.sort.split(".");
  const known = COLUMNS[tab].columns.some(({ id }) => id === column);
  return of_ === tab && known ? [column, way === "up" ? 1 : -1] : SORTING[tab];
}
let rowsShown = PAGE;

const text = (value) => value ?? "";
const newest = (claims) =>
  claims.reduce(
    (best, index) =>
      (CLAIMS[index].t || [0])[0] > (best == null ? 0 : (CLAIMS[best].t || [0])[0]) ? index : best,
    null,
  );
const startOf = (index) => (index == null ? 0 : (CLAIMS[index].t || [0])[0]);

const COLUMNS = {
  relations: {
    rows: () =>
      [...V.edges].map(([pair, style]) => ({ pair, style, claims: [...style.claims, ...style.aside] })),
    open: (row) => selectPair(row.pair),
    columns: [
      { id: "one", head: "One", value: (row) => ENTITIES[row.pair.from].label, link: true },
      { id: "other", head: "Other", value: (row) => ENTITIES[row.pair.to].label },
      { id: "relations", head: "Relations", value: (row) => familyWords(row.style) },
      { id: "claims", head: "Claims", value: (row) => row.claims.length, number: true },
      {
        id: "newest",
        head: "Newest",
        value: (row) => text(CLAIMS[newest(row.claims)]?.w && whenOf(CLAIMS[newest(row.claims)])),
        key: (row) => startOf(newest(row.claims)),
      },
      {
        id: "amount",
        head: "Money committed between the two",
        value: (row) => pairMoney(row.pair).words,
        key: (row) => pairMoney(row.pair).weight,
      },
    ],
  },
  claims: {
    rows: () => V.claims.map((index) => ({ index, claim: CLAIMS[index] })),
    open: (row) => selectClaim(row.index),
    columns: [
      { id: "claim", head: "Claim", value: (row) => row.claim.l, link: true },
      { id: "kind", head: "Kind", value: (row) => KINDS[row.claim.k].label },
      {
        id: "when",
        head: "When",
        value: (row) => whenOf(row.claim),
        key: (row) => startOf(row.index),
      },
      {
        id: "values",
        head: "Amount and other values",
        value: (row) => (row.claim.m || []).map(rangeWords).join(", "),
        key: (row) => (row.claim.v ? row.claim.v[0] : -1),
      },
      {
        id: "attestation",
        head: "Attestation",
        value: (row) => text(labelAt(LISTS.attestation, row.claim.a)?.label),
        key: (row) => row.claim.a || 0,
      },
      {
        id: "stage",
        head: "Stage",
        value: (row) => text(labelAt(LISTS.stage, row.claim.s)?.label),
        key: (row) => row.claim.s || 0,
      },
      {
        id: "source",
        head: "Best source",
        value: (row) => text(labelAt(LISTS.tier, bestTier(row.claim))?.label),
        key: (row) => bestTier(row.claim),
      },
      { id: "contested", head: "Contested", value: (row) => (rivalsOf(row.claim).length ? "yes" : "") },
      {
        id: "sources",
        head: "Sources",
        value: (row) => new Set(citationsOf(row.claim).map(([source]) => source)).size,
        number: true,
      },
    ],
  },
  entities: {
    rows: () => [...V.nodes].map((id) => ({ id, entity: ENTITIES[id] })),
    open: (row) => select(row.id),
    columns: [
      { id: "entity", head: "Entity", value: (row) => row.entity.label, link: true },
      { id: "kind", head: "Kind", value: (row) => row.entity.kind },
      { id: "links", head: "Links", value: (row) => linksOn(row.id).length, number: true },
      { id: "claims", head: "Claims", value: (row) => claimsOn(row.id).length, number: true },
      { id: "also", head: "Also called", value: (row) => (row.entity.also || []).join(", ") },
    ],
  },
};

// The flows of money as rows: all of them, not only those that are drawn.
COLUMNS.money = {
  rows: () => (moneyMissing() ? [] : flowsNow().all.map((leg) => ({ leg }))),
  open: (row) => selectLeg(row.leg),
  columns: [
    { id: "payer", head: "Payer", value: ({ leg }) => partyShort(leg.payer), link: true },
    { id: "payee", head: "Payee", value: ({ leg }) => partyShort(leg.payee) },
    { id: "purpose", head: "For", value: ({ leg }) => purposeLook(leg).label },
    {
      id: "amount",
      head: "Amount",
      value: ({ leg }) => flowTold(leg, false),
      key: ({ leg }) => leg.rank,
      // In a file the bounds stand apart, to be computed with.
      cells: {
        heads: ["Measure", "Least", "Greatest", "Currency", "Share"],
        values: ({ leg }) => {
          const [currency, [least, most]] = leg.sums[0];
          const mixed = leg.sums.length > 1;
          return [
            S.measure,
            mixed ? flowText(leg, false) : least,
            mixed ? "" : (most ?? ""),
            mixed ? "several" : currency,
            isUnstated(leg, S.measure) ? "not stated" : "",
          ];
        },
      },
    },
    { id: "deals", head: "Deals", value: ({ leg }) => leg.entries.length, number: true },
    {
      id: "attestation",
      head: "Weakest attestation",
      value: ({ leg }) => text(labelAt(LISTS.attestation, weakestOf(leg.entries))?.label),
      key: ({ leg }) => weakestOf(leg.entries),
    },
    { id: "claims", head: "Claims", value: ({ leg }) => legClaims(leg).length, number: true },
  ],
};

// What passes between the two of a pair, each way and kind apart.
function pairMoney(pair) {
  const legs = moneyLegs().get(pair) || [];
  const told = legs.map((leg) => {
    const way = `${cut(ENTITIES[leg.payer].label, 18)} pays ${legText(leg, "committed")}`;
    return `${way} (${purposeLook(leg).label})`;
  });
  return { words: told.join("; "), weight: Math.max(-1, ...legs.map((leg) => rankOf(leg, "committed"))) };
}

let legsAt = null;

function moneyLegs() {
  if (legsAt?.state === V.links) return legsAt.found;
  const found = new Map();
  for (const leg of moneyMissing() ? [] : legsOf(entriesNow())) {
    if (!sumText(leg.entries, "committed", true)) continue;
    const pair = pairBetween(leg.payer, leg.payee);
    if (pair) found.set(pair, [...(found.get(pair) || []), leg]);
  }
  legsAt = { state: V.links, found };
  return found;
}

function sortedRows(tab) {
  const { rows, columns } = COLUMNS[tab];
  const [id, direction] = sortingOf(tab);
  const column = columns.find((candidate) => candidate.id === id);
  const key = column.key || column.value;
  const compare = (a, b) => (typeof a === "number" ? a - b : a.localeCompare(b, "en"));
  return rows()
    .map((row, index) => [key(row), index, row])
    .sort((a, b) => compare(a[0], b[0]) * direction || a[1] - b[1])
    .map(([, , row]) => row);
}

function headCell(tab, column) {
  const [id, direction] = sortingOf(tab);
  const now = id === column.id ? (direction > 0 ? "ascending" : "descending") : "none";
  const sort = () => {
    const way = id === column.id ? -direction : column.number || column.key ? -1 : 1;
    S.sort = `${tab}.${column.id}.${way > 0 ? "up" : "down"}`;
    table();
    writeAddress();
    byId("table").querySelector(`th[data-column="${column.id}"] button`)?.focus();
  };
  const mark = now === "none" ? "" : el("span", { "aria-hidden": "true" }, direction > 0 ? " ▲" : " ▼");
  return el(
    "th",
    { scope: "col", "aria-sort": now, "data-column": column.id },
    button([column.head, mark], sort),
  );
}

function cell(tab, column, row) {
  const value = column.value(row);
  if (column.link) {
    const go = () => {
      COLUMNS[tab].open(row);
      byId("panel").focus();
    };
    return el("td", {}, button(value, go));
  }
  return el(
    "td",
    { class: column.number ? "num" : `col-${column.id}` },
    column.number ? grouped(value) : value,
  );
}

function table(everything = false) {
  const target = byId("table");
  if (target.hidden && !everything) return;
  const { columns } = COLUMNS[S.tab];
  const rows = sortedRows(S.tab);
  const shown = everything ? rows : rows.slice(0, rowsShown);
  const names = { relations: "relation", claims: "claim", entities: "entity", money: "flow" };
  const tabs = Object.keys(COLUMNS).map((tab) =>
    button(
      capital(tab),
      () => {
        S.tab = tab;
        rowsShown = PAGE;
        update();
        byId("table").querySelector(".segment [aria-pressed=true]")?.focus();
      },
      { "aria-pressed": String(S.tab === tab) },
    ),
  );
  const count = plural(rows.length, names[S.tab], S.tab === "entities" ? "entities" : undefined);
  const more = rows.length - shown.length;
  const missing = S.tab === "money" ? moneyMissing() : "";
  target.replaceChildren(
    el("div", { class: "segment tabs", role: "group", "aria-label": "The table lists" }, tabs),
    el(
      "table",
      { class: `${S.tab}-tab` },
      el(
        "caption",
        {},
        missing || `${count} ${S.tab === "money" ? `of money ${S.measure}` : "on the map"}, ${viewWords()}`,
      ),
      el(
        "thead",
        {},
        el(
          "tr",
          {},
          columns.map((column) => headCell(S.tab, column)),
        ),
      ),
      el(
        "tbody",
        {},
        shown.map((row) =>
          el(
            "tr",
            {},
            columns.map((column) => cell(S.tab, column, row)),
          ),
        ),
      ),
    ),
    more > 0
      ? button(`Show ${grouped(Math.min(more, PAGE))} of ${plural(more, "more row")}`, () => {
          rowsShown += PAGE;
          table();
        })
      : "",
  );
}
