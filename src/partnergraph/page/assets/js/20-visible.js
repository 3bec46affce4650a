// From the state to what is seen: which claims, which links with which look, which entities.
const V = {
  inTime: [], // per claim: 0 not in the view, 1 in it
  possibly: [], // per claim: "" or the words that say of what it is not sure
  change: [], // per claim, when two days are compared: began, ended, both
  on: [], // per claim: passes time and legend
  links: new Map(), // every pair with a claim that is on -> these claims
  nodes: new Set(),
  edges: new Map(), // those links that the scope shows -> their look
  claims: [], // claims that are shown
  heads: new Map(), // members of houses on the day -> the heads of these
  vague: new Set(), // entities of which all is only possibly so
};

function applyTime() {
  const asof = dayNumber(S.asof);
  const known = dayNumber(S.known);
  const [first, second] = (S.compare || []).map(dayNumber);
  CLAIMS.forEach((claim, index) => {
    const holds = asof && !S.compare ? inForce(claim, asof) : true;
    const told = known ? published(claim, known) : true;
    V.change[index] = "";
    let inside = holds !== false && told !== false;
    if (S.compare && inside) {
      const [before, after] = [inForce(claim, first), inForce(claim, second)];
      inside = before !== false || after !== false;
      V.change[index] = inside ? changeBetween(before, after) : "";
    }
    V.inTime[index] = inside ? 1 : 0;
    V.possibly[index] = inside ? doubts(holds === null, told === null, !S.compare && stale(claim, asof)) : "";
  });
}

// What has become of a claim from one day to the other, as `diff` has it; what only possibly holds on both is not known.
function changeBetween(before, after) {
  if (before === false) return "began";
  if (after === false) return "ended";
  if (before !== after) return "changed";
  return before ? "both" : "unknown";
}

function doubts(force, publication, old) {
  if (!force && !publication) return "";
  const words = [
    force &&
      (old
        ? `stale on ${readableDay(S.asof)}: known for its day only`
        : `possibly in force on ${readableDay(S.asof)}`),
    publication && `possibly published by ${readableDay(S.known)}`,
  ];
  return words.filter(Boolean).join(", ");
}

function applyLegend() {
  const families = FAMILIES.map((family) => !S.hiderelation.has(family.id));
  CLAIMS.forEach((claim, index) => {
    V.on[index] =
      V.inTime[index] &&
      families[familyOf(claim)] &&
      !S.hideattestation.has(String(claim.a || 0)) &&
      !S.hidestage.has(String(claim.s || 0)) &&
      !S.hidekind.has(KINDS[claim.k].id) &&
      !(S.hidetier.size && S.hidetier.has(String(bestTier(claim)))) &&
      !(S.hidesure.size && S.hidesure.has(V.possibly[index] ? "possibly" : "surely")) &&
      !(S.compare && S.hidechange.has(V.change[index]));
  });
}

// What happened to a link between two days; what holds on both is silent where something began or ended.
function changeOf(claims) {
  const seen = new Set(claims.map((claim) => V.change[claim]));
  if (seen.has("began") && seen.has("ended")) return "mixed";
  return ["began", "ended", "changed", "both"].find((change) => seen.has(change)) || "unknown";
}

const NONE = [];

function linkOf(pair) {
  const claims = pair.own.filter((claim) => V.on[claim]);
  const aside = S.aside ? pair.side.filter((claim) => V.on[claim] && !pair.own.includes(claim)) : NONE;
  const count = claims.length + aside.length;
  return count ? { claims, aside, count, look: null } : null;
}

// Most links are only counted; how one looks is worked out when it is asked for.
function lookOf(pair) {
  const link = V.links.get(pair);
  if (link && !link.look)
    link.look = { ...describeLink(link.claims, link.aside), ...waysOf(pair, link.claims) };
  return link?.look;
}

function waysOf(pair, claims) {
  let [along, against] = [false, false];
  for (const index of claims) {
    const claim = CLAIMS[index];
    if (KINDS[claim.k].mutual) along = against = true;
    for (const [from, to] of claim.e || []) {
      const [start, finish] = [standsFor(from), standsFor(to)];
      if (start === pair.from && finish === pair.to) along = true;
      if (start === pair.to && finish === pair.from) against = true;
    }
  }
  return { along: along && !against, against: against && !along };
}

const dashOf = (attested) => (attested >= 3 ? "solid" : attested === 2 ? "dash" : "dot");

// How a link with these claims looks, apart from its direction.
function describeLink(claims, aside) {
  const counts = new Map();
  for (const index of claims) {
    const family = familyOf(CLAIMS[index]);
    counts.set(family, (counts.get(family) || 0) + 1);
  }
  const best = Math.max(0, ...claims.map((index) => CLAIMS[index].a || 0));
  const families = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  return {
    claims,
    aside,
    families,
    family: families.length ? families[0][0] : null,
    count: claims.length + aside.length,
    dash: dashOf(best),
    sure: [...claims, ...aside].some((index) => !V.possibly[index]),
    change: S.compare ? changeOf([...claims, ...aside]) : "",
  };
}

function neighbours(id) {
  return linksOn(id).map((pair) => other(pair, id));
}

// The neighbours with the most claims on their link, as many as the slider says.
function strongest(id) {
  const near = linksOn(id).sort((a, b) => V.links.get(b).count - V.links.get(a).count || a.index - b.index);
  return near.slice(0, S.top).map((pair) => other(pair, id));
}

function scopeSet() {
  if (S.scope === "all") return null;
  const chosen = new Set();
  if (S.scope === "core") for (let id = 0; id < Math.min(S.top, ENTITIES.length); id += 1) chosen.add(id);
  if (S.scope === "ego") for (const id of [S.entity, ...strongest(S.entity)]) chosen.add(id);
  if (S.scope === "path") for (const id of betweenSet()) chosen.add(id);
  if (S.scope === "loops") for (const pair of V.links.keys()) chosen.add(pair.from).add(pair.to);
  for (const id of S.open) for (const near of [id, ...neighbours(id)]) chosen.add(near);
  if (S.entity != null) chosen.add(S.entity);
  return chosen;
}

function look() {
  applyTime();
  applyLegend();
  applyHouses();
  V.links = S.scope === "loops" ? loopLinks() : new Map();
  for (const pair of S.scope === "loops" ? [] : PAIRS) {
    if (!isThere(pair.from) || !isThere(pair.to)) continue;
    const link = linkOf(pair);
    if (link) V.links.set(pair, link);
  }
  if (S.rolled && S.scope !== "loops") V.links = rolledLinks(V.links);
  const chosen = scopeSet();
  const groupOn = GROUPS.map((group) => !S.hidegroup.has(group.id));
  const entityOn = (id) =>
    isThere(id) &&
    (id === S.entity ||
      (groupOn[ENTITIES[id].group] && !S.hideentity.has(id) && (!chosen || chosen.has(id))));
  V.nodes = new Set();
  V.edges = new Map();
  const shown = new Set();
  for (const [pair, link] of V.links) {
    if (!entityOn(pair.from) || !entityOn(pair.to)) continue;
    V.edges.set(pair, lookOf(pair));
    V.nodes.add(pair.from).add(pair.to);
    for (const claim of [...link.claims, ...link.aside]) shown.add(claim);
  }
  if (!chosen) {
    for (const entity of ENTITIES) {
      const shown = entityOn(entity.id) && standsFor(entity.id) === entity.id;
      if (shown && CLAIMS_OF[entity.id].some((claim) => V.on[claim])) V.nodes.add(entity.id);
    }
  }
  if (S.entity != null) V.nodes.add(S.entity);
  V.vague = new Set([...V.nodes].filter(isVague));
  // A claim about one entity alone has no line; it is shown with its entity.
  if (S.scope !== "loops") {
    CLAIMS.forEach((claim, index) => {
      if (!V.on[index] || shown.has(index)) return;
      const alone = !(claim.e || []).some(([from, to]) => from !== to);
      const parties = partiesOf[index];
      if (alone && (parties.some((id) => V.nodes.has(standsFor(id))) || (!parties.length && !chosen)))
        shown.add(index);
    });
  }
  V.claims = [...shown].sort((a, b) => a - b);
}

// A house that is rolled up has the claims of its members, too.
const membersOf = (id) =>
  S.rolled ? [id, ...[...V.heads.keys()].filter((one) => one !== id && standsFor(one) === id)] : [id];
const claimsOn = (id) =>
  [...new Set(membersOf(id).flatMap((one) => CLAIMS_OF[one]))]
    .filter((claim) => V.on[claim])
    .sort((a, b) => a - b);
const linksOn = (id) => [...PAIRS_OF[id].values()].filter((pair) => V.links.has(pair));

// Nothing is shown of an entity before its founding, its launch or the first day on which anything is dated that names it.
function isThere(id) {
  const day = dayNumber(S.compare ? S.compare[1] : S.asof);
  return !day || !ENTITIES[id].from || ENTITIES[id].from <= day;
}

// Whether all that is known of an entity on the day is only possibly so.
function isVague(id) {
  if (!S.asof || S.compare) return false;
  const claims = CLAIMS_OF[id].filter((claim) => V.on[claim]);
  return claims.length > 0 && claims.every((claim) => V.possibly[claim]);
}

// Who belongs to whose house on the day that is shown.
function applyHouses() {
  const day = dayNumber(S.asof || S.known);
  const { dayless, eras } = LEDGER.houses;
  V.heads = new Map(
    day
      ? eras
          .filter(([, , since, until]) => since <= day && (!until || day < until))
          .map(([member, head]) => [member, head])
      : dayless,
  );
}

const houseOf = (id) => V.heads.get(id) ?? id;
// Where houses are rolled up a member is drawn as its house, unless that is opened.
const standsFor = (id) => (S.rolled && !S.unrolled.has(houseOf(id)) ? houseOf(id) : id);

function rolledLinks(links) {
  const merged = new Map();
  for (const [pair, link] of links) {
    const [from, to] = [standsFor(pair.from), standsFor(pair.to)];
    if (from === to) continue;
    const target = pairOf(from, to);
    const known = merged.get(target);
    if (!known) merged.set(target, { claims: [...link.claims], aside: [...link.aside] });
    else {
      known.claims.push(...link.claims);
      known.aside.push(...link.aside);
    }
  }
  for (const link of merged.values()) {
    link.claims = [...new Set(link.claims)].sort((a, b) => a - b);
    link.aside = [...new Set(link.aside)].filter((claim) => !link.claims.includes(claim));
    Object.assign(link, { count: link.claims.length + link.aside.length, look: null });
  }
  return merged;
}
