const SHOWN = 500;
const BASE = "https://w3id.org/partnergraph/";
const NS = "http://www.w3.org/2000/svg";

const make = (name, attributes = {}, ...inside) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...inside);
  return element;
};
const draw = (name, attributes = {}, ...inside) => {
  const element = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...inside);
  return element;
};

const short = (iri, prefixes) => {
  for (const [name, space] of Object.entries(prefixes)) if (iri.startsWith(space)) return `${name}:${iri.slice(space.length)}`;
  const tail = iri.startsWith(BASE) ? iri.slice(BASE.length) : iri;
  return tail.replace(/^(entity|claim|source)\//, (whole) => ({ "entity/": "ent:", "claim/": "claim:", "source/": "src:" })[whole]);
};
const pageOf = (iri, site) => {
  const match = /^https:\/\/w3id\.org\/partnergraph\/(entity|claim|source)\/(.+)$/.exec(iri);
  return match ? `${site}${match[1]}/${encodeURIComponent(match[2])}.html` : null;
};

// The labels of the entities in an answer, asked of the same endpoint.
async function labelsOf(iris, site) {
  if (!iris.length) return new Map();
  const values = iris
    .slice(0, 300)
    .map((iri) => `<${iri}>`)
    .join(" ");
  const query = `SELECT ?s ?l { VALUES ?s { ${values} } ?s rdfs:label ?l }`;
  try {
    const answer = await fetch(`${site}sparql`, {
      method: "POST",
      headers: { "Content-Type": "application/sparql-query", Accept: "application/sparql-results+json" },
      body: query,
    });
    if (!answer.ok) return new Map();
    const found = await answer.json();
    return new Map(found.results.bindings.map((row) => [row.s.value, row.l.value]));
  } catch {
    return new Map();
  }
}

export async function show(place, body, took, site, prefixes) {
  if (typeof body === "string") {
    const lines = body.split("\n").length - 1;
    place.replaceChildren(make("p", { class: "quiet" }, `${lines.toLocaleString("en")} lines of Turtle in ${Math.round(took)} ms`), make("pre", { tabindex: "0" }, make("code", {}, body.slice(0, 400_000))));
    return;
  }
  if ("boolean" in body) {
    place.replaceChildren(make("p", { class: "said" }, body.boolean ? "yes" : "no"));
    return;
  }
  const columns = body.head.vars;
  const rows = body.results.bindings;
  const shown = rows.slice(0, SHOWN);
  const iris = [...new Set(shown.flatMap((row) => Object.values(row)).filter((term) => term.type === "uri" && term.value.startsWith(`${BASE}entity/`)).map((term) => term.value))];
  const labels = await labelsOf(iris, site);
  const views = { Table: () => table(columns, shown, labels, site, prefixes) };
  const chart = chartOf(columns, rows, labels);
  if (chart) views.Chart = () => chart;
  const map = mapOf(columns, rows, labels, site);
  if (map) views.Map = () => map;
  const told = rows.length === 0 ? "The query was answered, and no row fits it" : `${rows.length.toLocaleString("en")} row${rows.length === 1 ? "" : "s"}`;
  const more = rows.length > SHOWN ? `, the first ${SHOWN} shown` : "";
  const stage = make("div");
  const bar = make("p", { class: "picks" });
  const choose = (name) => {
    stage.replaceChildren(views[name]());
    for (const button of bar.children) button.setAttribute("aria-pressed", String(button.textContent === name));
  };
  if (Object.keys(views).length > 1) {
    for (const name of Object.keys(views)) {
      const button = make("button", { type: "button", class: "pick" }, name);
      button.addEventListener("click", () => choose(name));
      bar.append(button);
    }
  }
  place.replaceChildren(make("p", { class: "quiet" }, `${told}${more} in ${Math.round(took)} ms`), bar, stage);
  if (rows.length) choose("Table");
}

function table(columns, rows, labels, site, prefixes) {
  const head = make("tr", {}, ...columns.map((name) => make("th", { scope: "col" }, name)));
  const lines = rows.map((row) => make("tr", {}, ...columns.map((name) => make("td", {}, cell(row[name], labels, site, prefixes)))));
  const made = make("table", { class: "rows" }, make("thead", {}, head), make("tbody", {}, ...lines));
  return make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Answer" }, made);
}

function cell(term, labels, site, prefixes) {
  if (!term) return "";
  if (term.type !== "uri") return term.type === "triple" ? JSON.stringify(term.value) : term.value;
  const said = labels.get(term.value) ?? short(term.value, prefixes);
  const page = pageOf(term.value, site);
  return page ? make("a", { href: page, title: short(term.value, prefixes) }, said) : make("span", { title: term.value }, said);
}

const number = (term) => (term?.type === "literal" && /#(decimal|integer|double|float|int)$/.test(term.datatype ?? "") ? Number(term.value) : NaN);
const day = (term) => {
  const match = /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?/.exec(term?.type === "literal" && /#(date|gYear|gYearMonth|dateTime)$/.test(term.datatype ?? "") ? term.value : "");
  return match ? Date.UTC(match[1], (match[2] ?? 7) - 1, match[3] ?? 1) : NaN;
};

// Numbers over days where there are days, else bars by the first column that names something.
function chartOf(columns, rows, labels) {
  const measured = columns.find((name) => rows.filter((row) => Number.isFinite(number(row[name]))).length >= 3);
  if (!measured) return null;
  const dated = columns.find((name) => rows.filter((row) => Number.isFinite(day(row[name]))).length >= 3);
  const width = 720;
  if (dated) {
    const points = rows.map((row) => [day(row[dated]), number(row[measured])]).filter(([at, value]) => Number.isFinite(at) && Number.isFinite(value));
    const [first, last] = [Math.min(...points.map((p) => p[0])), Math.max(...points.map((p) => p[0]))];
    const top = Math.max(...points.map((p) => p[1]), 0) || 1;
    const x = (at) => 70 + ((width - 90) * (at - first)) / Math.max(last - first, 1);
    const y = (value) => 230 - (210 * Math.max(value, 0)) / top;
    const marks = points.map(([at, value]) =>
      draw("g", { class: "mark" }, draw("title", {}, `${new Date(at).toISOString().slice(0, 10)}: ${value.toLocaleString("en")}`), draw("circle", { cx: x(at), cy: y(value), r: 4.5 })),
    );
    const ticks = [0, 0.25, 0.5, 0.75, 1].flatMap((part) => [
      draw("line", { class: "grid", x1: 70, x2: width - 20, y1: y(top * part), y2: y(top * part) }),
      draw("text", { class: "tick", x: 64, y: y(top * part) + 4, "text-anchor": "end" }, Intl.NumberFormat("en", { notation: "compact" }).format(top * part)),
    ]);
    const ends = [first, last].map((at, place) => draw("text", { class: "tick", x: x(at), y: 252, "text-anchor": place ? "end" : "start" }, new Date(at).toISOString().slice(0, 10)));
    return make("figure", {}, make("figcaption", {}, `${measured} by ${dated}`), draw("svg", { class: "chart", viewBox: `0 0 ${width} 260`, role: "img", "aria-label": `${measured} by ${dated}` }, ...ticks, ...ends, ...marks));
  }
  const named = columns.find((name) => name !== measured && rows.some((row) => row[name])) ?? measured;
  const bars = rows
    .filter((row) => Number.isFinite(number(row[measured])))
    .slice(0, 30)
    .map((row) => [labels.get(row[named]?.value) ?? short(row[named]?.value ?? "", {}), number(row[measured])]);
  const top = Math.max(...bars.map((bar) => bar[1]), 0) || 1;
  const height = bars.length * 26 + 8;
  const marks = bars.flatMap(([name, value], place) => [
    draw("text", { class: "tick", x: 250, y: place * 26 + 21, "text-anchor": "end" }, name.length > 34 ? `${name.slice(0, 33)}…` : name),
    draw("g", { class: "bar" }, draw("title", {}, value.toLocaleString("en")), draw("rect", { x: 258, y: place * 26 + 8, height: 18, width: Math.max((360 * Math.max(value, 0)) / top, 1), rx: 2 })),
    draw("text", { class: "tick", x: 264 + (360 * Math.max(value, 0)) / top, y: place * 26 + 21 }, Intl.NumberFormat("en", { notation: "compact" }).format(value)),
  ]);
  return make("figure", {}, make("figcaption", {}, `${measured} by ${named}`), draw("svg", { class: "bars", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `${measured} by ${named}` }, ...marks));
}

// Entities of two columns as a ring, joined where they stand in one row.
function mapOf(columns, rows, labels, site) {
  const entities = columns.filter((name) => rows.some((row) => row[name]?.value?.startsWith(`${BASE}entity/`)));
  if (entities.length < 2) return null;
  const [from, to] = entities;
  const pairs = rows.map((row) => [row[from]?.value, row[to]?.value]).filter(([a, b]) => a && b && a !== b);
  const weight = new Map();
  for (const one of pairs.flat()) weight.set(one, (weight.get(one) ?? 0) + 1);
  const names = [...weight.keys()].sort((a, b) => weight.get(b) - weight.get(a)).slice(0, 36);
  if (names.length < 2) return null;
  const places = new Map(names.map((name, n) => [name, [360 + 205 * Math.cos((2 * Math.PI * n) / names.length), 260 + 205 * Math.sin((2 * Math.PI * n) / names.length), (2 * Math.PI * n) / names.length]]));
  const lines = pairs.filter(([a, b]) => places.has(a) && places.has(b)).map(([a, b]) => draw("line", { class: "link", x1: places.get(a)[0], y1: places.get(a)[1], x2: places.get(b)[0], y2: places.get(b)[1] }));
  const nodes = names.map((name) => {
    const [x, y, angle] = places.get(name);
    const side = Math.cos(angle);
    const said = labels.get(name) ?? short(name, {});
    const label = draw("text", { class: "name", x: x + (side >= 0 ? 10 : -10), y: y + 4, "text-anchor": side >= 0 ? "start" : "end" }, said.length > 26 ? `${said.slice(0, 25)}…` : said);
    return draw("a", { href: pageOf(name, site) ?? "#" }, draw("circle", { class: "node", cx: x, cy: y, r: 4 + Math.min(weight.get(name), 12) / 2 }), label);
  });
  return make("figure", {}, make("figcaption", {}, `${from} and ${to}`), draw("svg", { class: "around", viewBox: "0 0 720 520", role: "group", "aria-label": `${from} and ${to}` }, ...lines, ...nodes));
}
