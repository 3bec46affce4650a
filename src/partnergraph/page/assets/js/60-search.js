// Type-ahead over names and other names: the name itself comes first, then what begins so, then words that do, then the rest.
const MOST_HITS = 10;

// How well a folded name fits, as Names.search in Python has it; its words stand apart.
function gradeOf(name, wanted) {
  const whole = name.replaceAll(" ", "");
  if (whole === wanted) return 0;
  if (whole.startsWith(wanted)) return 1;
  if (name.split(" ").some((word) => word.startsWith(wanted))) return 2;
  return whole.includes(wanted) ? 3 : Infinity;
}

function hitsFor(text) {
  const wanted = fold(text);
  if (!wanted) return [];
  const hits = [];
  for (const { id, folded, also } of ENTITIES) {
    let best = null;
    folded.forEach((name, index) => {
      const grade = gradeOf(name, wanted) + (index ? 0.5 : 0);
      if (grade < (best ? best.grade : Infinity)) best = { id, grade, alias: index ? also[index - 1] : "" };
    });
    if (best) hits.push(best);
  }
  return hits.sort((a, b) => a.grade - b.grade || a.id - b.id).slice(0, MOST_HITS);
}

// Claims and sources are found by words that begin as those that are typed, in any order; in which all stand in a row come first.
const MOST_TEXTS = 5;
let folded = null;

const foldedWords = (text) =>
  text
    .split(/[^\p{L}\p{N}]+/u)
    .map(fold)
    .filter(Boolean)
    .join(" ");

function searchable() {
  folded ??= {
    claims: CLAIMS.map((claim) => ` ${foldedWords(claim.l)}`),
    sources: SOURCES.map((source) => ` ${foldedWords(`${source.t} ${source.p || ""}`)}`),
  };
  return folded;
}

function textHits(texts_, typed) {
  const wanted = foldedWords(typed).split(" ").filter(Boolean);
  if (!wanted.join("").length || wanted.join("").length < 3) return [];
  const row = ` ${wanted.join(" ")}`;
  return texts_
    .map((text_, index) => [text_.includes(row) ? 0 : 1, index])
    .filter(([, index]) => wanted.every((word) => texts_[index].includes(` ${word}`)))
    .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
}

const claimHits = (typed) =>
  textHits(searchable().claims, typed)
    .filter(([, index]) => V.inTime[index])
    .sort((a, b) => a[0] - b[0] || byStart(a[1], b[1]))
    .map(([, claim]) => ({ claim }));
const sourceHits = (typed) => textHits(searchable().sources, typed).map(([, source]) => ({ source }));

// A source has no panel of its own: its claims are listed.
function buildSearch() {
  const field = byId("find");
  const list = byId("hits");
  let hits = [];
  let current = -1;

  const close = () => {
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
    current = -1;
  };
  const mark = (index) => {
    current = index;
    [...list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === index)));
    if (index < 0) return;
    field.setAttribute("aria-activedescendant", `hit-${index}`);
    list.children[index].scrollIntoView({ block: "nearest" });
  };
  const choose = (hit) => {
    close();
    field.value = "";
    if (hit.claim != null) selectClaim(hit.claim);
    else if (hit.source != null) showSource(hit.source);
    else select(hit.id, true);
    if (hit.id != null && S.view === "map") byId("map").focus({ preventScroll: true });
  };
  const item = (hit, index) => {
    const onmousedown = (event) => {
      event.preventDefault();
      choose(hit);
    };
    return el(
      "li",
      { id: `hit-${index}`, role: "option", "aria-selected": "false", onmousedown },
      hitWords(hit),
    );
  };

  field.addEventListener("input", () => {
    const [claims, sources] = [claimHits(field.value), sourceHits(field.value)];
    hits = [...hitsFor(field.value), ...claims.slice(0, MOST_TEXTS), ...sources.slice(0, MOST_TEXTS)];
    if (!field.value.trim()) {
      close();
      return;
    }
    const none = el(
      "li",
      { role: "option", "aria-disabled": "true", "aria-selected": "false", class: "none" },
      "No entity, claim or source has these words.",
    );
    list.replaceChildren(...(hits.length ? hits.map(item) : [none]));
    list.hidden = false;
    field.setAttribute("aria-expanded", "true");
    if (hits.length) mark(0);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : hits.length - 1;
      if (hits.length) mark((current + step) % hits.length);
    } else if (event.key === "Enter" && hits[current]) choose(hits[current]);
    else if (event.key === "Escape") {
      close();
      field.value = "";
    }
  });
  field.addEventListener("blur", close);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || /INPUT|TEXTAREA|SELECT/.test(document.activeElement.tagName)) return;
    event.preventDefault();
    field.focus();
  });
}

function hitWords(hit) {
  if (hit.claim != null) {
    const claim = CLAIMS[hit.claim];
    const family = familyOf(claim);
    return [
      lineGlyph(shade(FAMILIES[family]), "solid", SIGNS[family]),
      el("span", {}, cut(claim.l, 120)),
      el("span", { class: "n" }, `claim, ${claim.w || "undated"}`),
    ];
  }
  if (hit.source != null) {
    const source = SOURCES[hit.source];
    return [
      el("span", {}, cut(source.t, 120)),
      el("span", { class: "n" }, `source, ${source.d || "undated"}`),
    ];
  }
  const entity = ENTITIES[hit.id];
  return [
    groupGlyph(GROUPS[entity.group], 14),
    el("span", {}, entity.label, hit.alias && el("span", { class: "alias" }, ` (${hit.alias})`)),
    el("span", { class: "n" }, entity.kind),
  ];
}

// The claims that cite a source, in the panel.
function showSource(index) {
  const source = SOURCES[index];
  const claims = CLAIMS.map((_, claim) => claim).filter(
    (claim) => V.inTime[claim] && (CLAIMS[claim].c || []).some(([cited]) => cited === index),
  );
  const url = source.u && safeUrl(source.u);
  const link = { href: url, rel: "noopener noreferrer external", target: "_blank" };
  const target = byId("panel");
  target.hidden = false;
  target.dataset.subject = `source ${index}`;
  target.replaceChildren();
  fill(target, {}, [
    button("Close", closeDetails, { class: "close" }),
    el("h2", {}, source.t),
    el(
      "p",
      { class: "kind" },
      [source.p, source.d || "undated", labelAt(LISTS.tier, source.r)?.label].filter(Boolean).join(" · "),
    ),
    url && el("p", {}, el("a", link, "Open the source")),
    el("h3", {}, `${plural(claims.length, "claim")} of this view`),
    growing(claims.sort(byStart), claimItem, "claim", { class: "claims" }),
  ]);
  target.focus();
}
