// What leaves the page: the sheet as PNG, SVG or PDF, what is listed as CSV, links and citations, a print.
function save(blob, name) {
  const link = el("a", { href: URL.createObjectURL(blob), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 2000);
}

function fileName(ending) {
  const around_ = S.entity == null ? S.scope : ENTITIES[S.entity].key;
  const what = (isBeside() && S.houses ? FIELDS.houses.write(S.houses) : around_).replace(/[^\w-]+/g, "-");
  const single = [S.asof, S.known && `known-${S.known}`, S.compare && S.compare.join("-to-")];
  const days = isBeside() && S.days ? S.days : single.filter(Boolean);
  const view = S.view === "map" ? [] : [S.view];
  return `${["partnergraph", ...view, what, ...days].join("-")}.${ending}`;
}

function savePng(fineness) {
  sheetCanvas(fineness).toBlob((blob) => save(blob, fileName("png")));
}

const saveSvg = () => save(new Blob([svgText()], { type: "image/svg+xml" }), fileName("svg"));
const savePdf = async () => save(await pdfBlob(), fileName("pdf"));

// A text that a spreadsheet would take for a formula gets a quote before it, as in exports of the command; a cell is one line.
function defused(value) {
  const text_ = String(value ?? "").replace(/[\t\n\r]/g, " ");
  return /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(text_) && !/^-\d+(\.\d+)?(E-?\d+)?$/.test(text_) ? `'${text_}` : text_;
}

function csvCell(value) {
  const safe = defused(value);
  return /[",]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function csvText() {
  const tab = S.view === "table" ? S.tab : { money: "money", timeline: "claims" }[S.view] || "relations";
  const { columns } = COLUMNS[tab];
  const head = [
    ...columns.flatMap((column) => (column.cells ? column.cells.heads : [column.head])),
    "view",
    "content",
    "licence",
  ];
  const rowsNow = () => {
    const around_ = isBeside() && S.houses && `around ${ENTITIES[S.entity].label}`;
    const context = [around_, viewWords(), filterWords()].filter(Boolean).join("; ");
    return sortedRows(tab).map((row) => [
      ...columns.flatMap((column) => (column.cells ? column.cells.values(row) : [column.value(row)])),
      context,
      META.content,
      META.licence,
    ]);
  };
  const rows = isBeside() ? panels().flatMap((own) => onPanel(own, rowsNow)) : rowsNow();
  return [head, ...rows].map((row) => `${row.map(csvCell).join(",")}\r\n`).join("");
}

const saveCsv = () =>
  save(new Blob(["\ufeff", csvText()], { type: "text/csv;charset=utf-8" }), fileName("csv"));

async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    say(`${what} copied.`);
  } catch {
    // Where a page may not write to the clipboard the text is shown, to be copied by hand.
    window.prompt(`Copy ${what.toLowerCase()}:`, text);
  }
}

function citationWords() {
  const day = new Date().toISOString().slice(0, 10);
  const address = location.protocol.startsWith("http") ? location.href : "";
  const shown = [captionWords(), isBeside() ? besideWords() : viewWords(), filterWords()].filter(Boolean).join(", ");
  return [`${shown}. ${META.content}.`, META.licence, address, `Read on ${day}.`].filter(Boolean).join(" ");
}

const beforePrint = {};

function preparePrint() {
  Object.assign(beforePrint, { dark: isDark(), rail: byId("rail").open, hidden: byId("table").hidden });
  if (beforePrint.dark) paintTheme(false);
  byId("rail").open = true;
  const drawing = new DOMParser().parseFromString(svgText(), "image/svg+xml");
  byId("print-map").replaceChildren(document.importNode(drawing.documentElement, true));
  byId("table").hidden = false;
  table(true);
}

function endPrint() {
  byId("print-map").replaceChildren();
  byId("rail").open = beforePrint.rail;
  byId("table").hidden = beforePrint.hidden;
  if (beforePrint.dark) paintTheme(true);
  table();
}

// A button that opens a menu under it.
function buildMenu(id, menu) {
  const opener = byId(id);
  const list = byId(menu);
  const close = () => {
    list.hidden = true;
    opener.setAttribute("aria-expanded", "false");
  };
  opener.addEventListener("click", () => {
    const opens = list.hidden;
    list.hidden = !opens;
    opener.setAttribute("aria-expanded", String(opens));
    if (opens) list.querySelector("button")?.focus();
  });
  list.addEventListener("keydown", (event) => {
    const items = [...list.querySelectorAll("button")];
    const at = items.indexOf(document.activeElement);
    if (event.key === "Escape") {
      close();
      opener.focus();
    } else if (event.key === "ArrowDown") items[(at + 1) % items.length].focus();
    else if (event.key === "ArrowUp") items[(at + items.length - 1) % items.length].focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  list.addEventListener("click", (event) => event.target.closest("button") && close());
  document.addEventListener("pointerdown", (event) => {
    if (!list.contains(event.target) && !opener.contains(event.target)) close();
  });
}

function buildExports() {
  buildMenu("export", "export-menu");
  const actions = {
    "save-png": () => savePng(2),
    "save-png-large": () => savePng(4),
    "save-svg": saveSvg,
    "save-pdf": savePdf,
    "save-csv": saveCsv,
    "copy-link": () => copy(location.href, "Link"),
    "copy-citation": () => copy(citationWords(), "Citation"),
    print: () => window.print(),
  };
  for (const [id, act] of Object.entries(actions)) byId(id).addEventListener("click", act);
  addEventListener("beforeprint", preparePrint);
  addEventListener("afterprint", endPrint);
}
