// The table says what the map shows: the same links, claims and entities, to be sorted and copied.
const PAGE = 400;
const sorting = { relations: ["claims", -1], claims: ["when", -1], entities: ["claims", -1] };
let rowsShown = PAGE;

const text = (value) => value ?? "";
const largest = (claims) => {
  let best = null;
  for (const index of claims) {
    const { v: amount } = CLAIMS[index];
    if (amount && (!best || amount[0] > CLAIMS[best].v[0])) best = index;
  }
  return best;
};
const amountWords = (index) =>
  index == null
    ? ""
    : (CLAIMS[index].m || [])
        .filter(([stem]) => stem === "amount")
        .map(([, words]) => words)
        .join();
const amountValue = (index) => (index == null ? -1 : CLAIMS[index].v[0]);
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
        head: "Largest amount",
        value: (row) => amountWords(largest(row.claims)),
        key: (row) => amountValue(largest(row.claims)),
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

function sortedRows(tab) {
  const { rows, columns } = COLUMNS[tab];
  const [id, direction] = sorting[tab];
  const column = columns.find((candidate) => candidate.id === id);
  const key = column.key || column.value;
  const compare = (a, b) => (typeof a === "number" ? a - b : a.localeCompare(b, "en"));
  return rows()
    .map((row, index) => [key(row), index, row])
    .sort((a, b) => compare(a[0], b[0]) * direction || a[1] - b[1])
    .map(([, , row]) => row);
}

function headCell(tab, column) {
  const [id, direction] = sorting[tab];
  const now = id === column.id ? (direction > 0 ? "ascending" : "descending") : "none";
  const sort = () => {
    sorting[tab] = [column.id, id === column.id ? -direction : column.number || column.key ? -1 : 1];
    table();
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
  const names = { relations: "relation", claims: "claim", entities: "entity" };
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
  target.replaceChildren(
    el("div", { class: "segment tabs", role: "group", "aria-label": "The table lists" }, tabs),
    el(
      "table",
      { class: `${S.tab}-tab` },
      el("caption", {}, `${count} on the map, ${viewWords()}`),
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
