// What the page shows is one state; the address holds where it differs from the state that the page opens in.
// So many of the largest flows of money are drawn at first.
const FLOWS = narrow.matches ? 8 : matchMedia("(max-width: 1200px)").matches ? 14 : 24;
const CORE = narrow.matches ? 24 : matchMedia("(max-width: 1200px)").matches ? 38 : META.core;
const SCOPES = ["core", "ego", "all", "path", "loops"];
const VIEWS = ["map", "money", "timeline", "matrix", "table"];
const MEASURES = ["committed", "paid", "conditional", "intended"];
// Longer ones are no state of this page; taking them apart would only hold it up.
const LONGEST_ADDRESS = 20_000;
const isDay = (text) => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));

const one = (choices) => ({ read: (text) => (choices.includes(text) ? text : choices[0]), write: String });
const flag = { read: (text) => text === "1", write: (value) => (value ? "1" : "") };
const day = { read: (text) => (isDay(text) ? text : null), write: (value) => value || "" };
const entity = {
  read: (text) => ENTITY_OF_KEY.get(text) ?? null,
  write: (id) => (id == null ? "" : ENTITIES[id].key),
};
const entities = {
  read: (text) =>
    text
      .split("~")
      .map((key) => ENTITY_OF_KEY.get(key))
      .filter((id) => id != null),
  write: (list) => list.map((id) => ENTITIES[id].key).join("~"),
};
const entitySet = { read: (text) => new Set(entities.read(text)), write: (set) => entities.write([...set]) };
const some = (known) => ({
  read: (text) => new Set(text.split(".").filter((name) => known.has(name))),
  write: (set) => [...set].sort().join("."),
});

const FIELDS = {
  view: one(VIEWS),
  tab: one(["relations", "claims", "entities", "money"]),
  sort: { read: (text) => (/^[a-z]+\.[a-z]+\.(up|down)$/.test(text) ? text : ""), write: String },
  zoom: {
    read: (text) => {
      const numbers = text.split("_").map(Number);
      return numbers.length === 3 && numbers.every(Number.isFinite) && numbers[2] > 0.01 ? numbers : null;
    },
    write: (view) => (view ? view.join("_") : ""),
  },
  moved: {
    read: (text) =>
      new Map(
        text
          .split("~")
          .map((part) => part.split("_"))
          .filter(
            ([key, x, y]) =>
              ENTITY_OF_KEY.has(key) && Number.isFinite(+x) && Number.isFinite(+y) && y !== undefined,
          )
          .map(([key, x, y]) => [ENTITY_OF_KEY.get(key), [+x, +y]]),
      ),
    write: (places) => [...places].map(([id, [x, y]]) => `${ENTITIES[id].key}_${x}_${y}`).join("~"),
  },
  drawn: one(["arrows", "sankey"]),
  measure: one(MEASURES),
  flows: {
    read: (text) => Math.min(100, Math.max(5, Math.round(Number(text)) || FLOWS)),
    write: (value) => (value === FLOWS ? "" : String(value)),
  },
  theme: one(["auto", "light", "dark"]),
  look: one(["entities", "relations"]),
  scope: one(SCOPES),
  top: {
    read: (text) => Math.min(200, Math.max(20, Math.round(Number(text)) || CORE)),
    write: (value) => (value === CORE ? "" : String(value)),
  },
  entity,
  relation: { read: pairNamed, write: (pair) => (pair ? pairName(pair) : "") },
  claim: {
    read: (text) => CLAIM_OF_KEY.get(text) ?? null,
    write: (index) => (index == null ? "" : CLAIMS[index].i),
  },
  from: entity,
  to: entity,
  asof: day,
  known: day,
  undated: flag,
  axis: one(["asof", "known"]),
  compare: {
    read: (text) => {
      const days = text.split("..");
      return days.length === 2 && days.every(isDay) ? days : null;
    },
    write: (days) => (days ? days.join("..") : ""),
  },
  days: {
    read: (text) => {
      const days = unique(text.split("~").filter(isDay).sort()).slice(0, MOST_DAYS);
      return days.length > 1 ? days : null;
    },
    write: (days) => (days ? days.join("~") : ""),
  },
  houses: {
    read: (text) => {
      const found = unique(entities.read(text)).slice(0, MOST_DAYS);
      return found.length ? found : null;
    },
    write: (list) => (list ? entities.write(list) : ""),
  },
  open: entities,
  hidegroup: some(new Set(GROUPS.map((group) => group.id))),
  hiderelation: some(new Set(FAMILIES.map((family) => family.id))),
  hideattestation: some(new Set(["0", ...LISTS.attestation.map((level) => String(level.rank))])),
  hidestage: some(new Set(["0", ...LISTS.stage.map((level) => String(level.rank))])),
  hidesure: some(new Set(["surely", "possibly"])),
  hidechange: some(new Set(["began", "ended", "changed", "both", "unknown"])),
  hidetier: some(new Set(["0", ...LISTS.tier.map((level) => String(level.rank))])),
  hidekind: some(new Set(KINDS.map((kind) => kind.id))),
  hidepurpose: {
    read: (text) => new Set(text.split(".").filter(Boolean)),
    write: (set) => [...set].sort().join("."),
  },
  hideentity: entitySet,
  unrolled: entitySet,
  rolled: flag,
  aside: flag,
  embed: flag,
  story: { read: (text) => (/^[\w-]+\.\d+$/.test(text) ? text : ""), write: String },
};

const S = {};
// Not in the address: what is pointed at, where the keyboard is, which loop or way is followed.
const POINTED = { hover: null, focus: null, trail: null, item: null, leg: null };

// What is no part of what a step of a story shows.
const FRAMING = ["story", "theme", "embed"];

function readState(text) {
  const start = new URLSearchParams(META.start);
  const given = new URLSearchParams(text.length > LONGEST_ADDRESS ? "" : text);
  // The address of a step alone is that of what it shows.
  if ([...given.keys()].every((name) => FRAMING.includes(name)))
    for (const [name, value] of new URLSearchParams(stepNamed(given.get("story"))?.state)) given.set(name, value);
  for (const [name, field] of Object.entries(FIELDS)) {
    S[name] = field.read(given.get(name) ?? start.get(name) ?? "");
  }
  if (S.scope === "ego" && S.entity == null) S.scope = "core";
  if (S.scope === "path" && (S.from == null || S.to == null)) S.scope = "core";
  if (S.houses) S.days = null;
  // Of several days one is that of panel and table: the last one, if none is named.
  if (S.days) {
    Object.assign(S, { compare: null, known: null, axis: "asof" });
    if (!S.days.includes(S.asof)) S.asof = S.days[S.days.length - 1];
  }
  POINTED.hover = POINTED.focus = POINTED.trail = POINTED.item = POINTED.leg = null;
}

function stateText() {
  const start = new URLSearchParams(META.start);
  const text = new URLSearchParams();
  for (const [name, field] of Object.entries(FIELDS)) {
    if (name === "asof" && S.days?.[S.days.length - 1] === S.asof) continue;
    const now = field.write(S[name]);
    if (now !== field.write(field.read(start.get(name) ?? ""))) text.set(name, now);
  }
  // Where a story stands beside something else than its step shows, the address says so.
  if (S.story && [...text.keys()].every((name) => FRAMING.includes(name))) text.set("view", S.view);
  return text.toString();
}

// The states that were, to go back and forward through; each step of a person is one, each step of a slider is none.
const TRAIL = { states: [], at: -1 };

// With `passing` the address follows, and the state that was last kept is replaced.
function writeAddress(passing) {
  const text = stateText();
  const first = TRAIL.at < 0;
  if (!first && text === TRAIL.states[TRAIL.at]) return;
  if (first || !passing) {
    TRAIL.states.splice(TRAIL.at + 1);
    TRAIL.states.push(text);
    TRAIL.at += 1;
  } else TRAIL.states[TRAIL.at] = text;
  syncTrail();
  try {
    const keep = first || passing ? "replaceState" : "pushState";
    history[keep](TRAIL.at, "", text ? `#${text}` : location.href.split("#")[0]);
  } catch {
    // A page inside a notebook's sandbox has no address of its own.
  }
}

function syncTrail() {
  byId("undo").disabled = TRAIL.at <= 0;
  byId("redo").disabled = TRAIL.at >= TRAIL.states.length - 1;
}

// Goes a step back or forward; the browser's own buttons come to the same through the address.
function retrace(steps) {
  const at = TRAIL.at + steps;
  if (at < 0 || at >= TRAIL.states.length) return;
  TRAIL.at = at;
  restore(TRAIL.states[at]);
  syncTrail();
  try {
    history.replaceState(at, "", TRAIL.states[at] ? `#${TRAIL.states[at]}` : location.href.split("#")[0]);
  } catch {
    // As above.
  }
}
