// The data of the page and indexes into it; data.py says what the short keys mean.
// What the page opens with is there at once; the rest is unpacked later, by 92-rest.js.
// Whatever comes from data reaches the page as text, never as markup.
const OPENING = JSON.parse(document.getElementById("opening").textContent);
const { lists: LISTS, meta: META } = OPENING;
const FAMILIES = LISTS.families;
const GROUPS = LISTS.groups;
const KINDS = LISTS.kinds;

// Entities come by weight, so an entity's number is also its rank.
const ENTITIES = [];
const ENTITY_OF_KEY = new Map();
const CLAIMS = [];
const CLAIM_OF_KEY = new Map();
const CLAIMS_OF = []; // by entity
const SOURCES = [];
const DISPUTES = [];
// What the ledger holds; money.py says what its keys mean.
const LEDGER = {
  purposes: [],
  counted: [],
  entries: [],
  dayless: [],
  eras: [],
  attested: {},
  tiers: {},
  known: null,
  houses: { dayless: [], eras: [] },
};

// A pair is two entities with the claims between them: `own` from one end of a claim to the other,
// `side` where a claim names one of them beside its two ends.
const PAIRS = [];
const PAIRS_OF = []; // by entity: its pairs by the other one
const partiesOf = []; // by claim
const ASIDE = []; // by claim: whether it names somebody beside its ends

// Adds those entities that are not there yet.
function addEntities(nodes) {
  for (const entity of nodes.slice(ENTITIES.length)) {
    ENTITIES.push(entity);
    ENTITY_OF_KEY.set(entity.key, entity.id);
    CLAIMS_OF.push([]);
    PAIRS_OF.push(new Map());
  }
}

const pairBetween = (a, b) => PAIRS_OF[a]?.get(b) ?? null;

function pairOf(a, b) {
  const known = pairBetween(a, b);
  if (known) return known;
  const pair = { index: PAIRS.length, from: Math.min(a, b), to: Math.max(a, b), own: [], side: [] };
  PAIRS.push(pair);
  PAIRS_OF[a].set(b, pair);
  PAIRS_OF[b].set(a, pair);
  return pair;
}

const unique = (list) => list.filter((item, at) => list.indexOf(item) === at);

function addClaim(claim) {
  const index = CLAIMS.length;
  // A start of one day is written once.
  if (claim.t && claim.t.length === 1) claim.t.push(claim.t[0]);
  const ends = unique((claim.e || []).flat());
  const aside = unique((claim.p || []).map(([, entity]) => entity)).filter(
    (entity) => !ends.includes(entity),
  );
  CLAIMS.push(claim);
  CLAIM_OF_KEY.set(claim.i, index);
  partiesOf.push([...ends, ...aside]);
  for (const entity of partiesOf[index]) CLAIMS_OF[entity].push(index);
  ASIDE.push(aside.length > (ends.length ? 0 : 1));
  if (ASIDE[index]) linkAside(index, ends.length ? ends : aside.slice(0, 1), aside);
}

// Who is only named in a claim is linked with its ends, or with the first of the others where it has no ends.
function linkAside(claim, anchors, aside) {
  for (const anchor of anchors) {
    for (const entity of aside) {
      if (entity === anchor) continue;
      const { side } = pairOf(anchor, entity);
      if (side[side.length - 1] !== claim) side.push(claim);
    }
  }
}

const pairName = (pair) => `${ENTITIES[pair.from].key}~${ENTITIES[pair.to].key}`;
const pairNamed = (text) => {
  const [from, to] = text.split("~").map((key) => ENTITY_OF_KEY.get(key));
  return from < to ? pairBetween(from, to) : null;
};
const familyOf = (claim) => KINDS[claim.k].family;
const other = (pair, entity) => (pair.from === entity ? pair.to : pair.from);
