// What the page shows is one state; the address holds where it differs from the state that the page opens in.
const CORE = narrow.matches ? 24 : matchMedia("(max-width: 1200px)").matches ? 38 : META.core;
const SCOPES = ["core", "ego", "all", "path", "loops"];
const isDay = (text) => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));

const one = (choices) => ({ read: (text) => (choices.includes(text) ? text : choices[0]), write: String });
const flag = { read: (text) => text === "1", write: (value) => (value ? "1" : "") };
const day = { read: (text) => (isDay(text) ? text : null), write: (value) => value || "" };
const entity = {
  read: (text) => ENTITY_OF_KEY.get(text) ?? null,
  write: (id) => (id == null ? "" : ENTITIES[id].key),
};
const some = (known) => ({
  read: (text) => new Set(text.split(".").filter((name) => known.has(name))),
  write: (set) => [...set].sort().join("."),
});

const FIELDS = {
  view: one(["map", "table"]),
  tab: one(["relations", "claims", "entities"]),
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
  open: {
    read: (text) =>
      text
        .split("~")
        .map((key) => ENTITY_OF_KEY.get(key))
        .filter((id) => id != null),
    write: (list) => list.map((id) => ENTITIES[id].key).join("~"),
  },
  hidegroup: some(new Set(GROUPS.map((group) => group.id))),
  hiderelation: some(new Set(FAMILIES.map((family) => family.id))),
  hideattestation: some(new Set(["0", ...LISTS.attestation.map((level) => String(level.rank))])),
  hidestage: some(new Set(["0", ...LISTS.stage.map((level) => String(level.rank))])),
  hidesure: some(new Set(["surely", "possibly"])),
  hidechange: some(new Set(["began", "ended", "both"])),
  aside: flag,
};

const S = {};
// Not in the address: what is pointed at, where the keyboard is, which loop or way is followed.
const POINTED = { hover: null, focus: null, trail: null };

function readState(text) {
  const start = new URLSearchParams(META.start);
  const given = new URLSearchParams(text);
  for (const [name, field] of Object.entries(FIELDS)) {
    S[name] = field.read(given.get(name) ?? start.get(name) ?? "");
  }
  if (S.scope === "ego" && S.entity == null) S.scope = "core";
  if (S.scope === "loops" && !LOOPS.length) S.scope = "core";
  if (S.scope === "path" && (S.from == null || S.to == null)) S.scope = "core";
  POINTED.hover = POINTED.focus = POINTED.trail = null;
}

function stateText() {
  const start = new URLSearchParams(META.start);
  const text = new URLSearchParams();
  for (const [name, field] of Object.entries(FIELDS)) {
    const now = field.write(S[name]);
    if (now !== field.write(field.read(start.get(name) ?? ""))) text.set(name, now);
  }
  return text.toString();
}

function writeAddress() {
  const text = stateText();
  if (text === location.hash.slice(1)) return;
  try {
    history.replaceState(null, "", text ? `#${text}` : location.href.split("#")[0]);
  } catch {
    // A page inside a notebook's sandbox has no address of its own.
  }
}
