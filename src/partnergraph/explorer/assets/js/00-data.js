// The data of the page and indexes into it; data.py says what the short keys mean.
// Whatever comes from data reaches the page as text, never as markup.
const DATA = JSON.parse(document.getElementById("data").textContent);
const { claims: CLAIMS, sources: SOURCES, lists: LISTS, meta: META } = DATA;

// Entities come by weight, so an entity's number is also its rank.
const ENTITIES = DATA.nodes;
const ENTITY_OF_KEY = new Map(ENTITIES.map((entity) => [entity.key, entity.id]));
const CLAIM_OF_KEY = new Map(CLAIMS.map((claim, index) => [claim.i, index]));
const FAMILIES = LISTS.families;
const GROUPS = LISTS.groups;
const KINDS = LISTS.kinds;

// A pair is two entities with the claims between them: `own` from one end of a claim to the other,
// `side` where a claim names one of them beside its two ends.
const PAIRS = [];
const PAIR_OF_ID = new Map();
const PAIRS_OF = ENTITIES.map(() => []);

function pairOf(a, b) {
  const [from, to] = a < b ? [a, b] : [b, a];
  const id = `${ENTITIES[from].key}~${ENTITIES[to].key}`;
  let pair = PAIR_OF_ID.get(id);
  if (!pair) {
    pair = { index: PAIRS.length, id, from, to, own: [], side: [] };
    PAIRS.push(pair);
    PAIR_OF_ID.set(id, pair);
    PAIRS_OF[from].push(pair);
    PAIRS_OF[to].push(pair);
  }
  return pair;
}

for (const edge of DATA.edges) pairOf(edge.from, edge.to).own = edge.c;

const partiesOf = CLAIMS.map((claim) => {
  const parties = new Set((claim.e || []).flat());
  for (const [, entity] of claim.p || []) parties.add(entity);
  return [...parties];
});
const CLAIMS_OF = ENTITIES.map(() => []);
partiesOf.forEach((parties, claim) => parties.forEach((entity) => CLAIMS_OF[entity].push(claim)));

// Who is only named in a claim is linked with its ends, or with the others where it has no two ends.
CLAIMS.forEach((claim, index) => {
  const ends = new Set((claim.e || []).flat());
  const aside = partiesOf[index].filter((entity) => !ends.has(entity));
  const anchors = ends.size ? [...ends] : aside.slice(0, 1);
  for (const anchor of anchors) {
    for (const entity of aside) {
      if (entity === anchor) continue;
      const pair = pairOf(anchor, entity);
      if (!pair.side.includes(index)) pair.side.push(index);
    }
  }
});
const ASIDE = CLAIMS.map(() => false);
for (const pair of PAIRS) for (const claim of pair.side) ASIDE[claim] = true;

// A start of one day is written once.
for (const claim of CLAIMS) if (claim.t && claim.t.length === 1) claim.t.push(claim.t[0]);

const familyOf = (claim) => KINDS[claim.k].family;
const other = (pair, entity) => (pair.from === entity ? pair.to : pair.from);
