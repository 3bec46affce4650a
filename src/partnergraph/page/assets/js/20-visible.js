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
      const [before, after] = [inForce(claim, first) !== false, inForce(claim, second) !== false];
      inside = before || after;
      V.change[index] = before && after ? "both" : before ? "ended" : "began";
    }
    V.inTime[index] = inside ? 1 : 0;
    V.possibly[index] = inside ? doubts(holds === null, told === null, !S.compare && stale(claim, asof)) : "";
  });
}

function doubts(force, publication, old) {
  if (!force && !publication) return "";
  const words = [
    force && (old ? `stale on ${readableDay(S.asof)}: known for its day only` : `possibly in force on ${readableDay(S.asof)}`),
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
      !(S.hidesure.size && S.hidesure.has(V.possibly[index] ? "possibly" : "surely")) &&
      !(S.compare && S.hidechange.has(V.change[index]));
  });
}

// What happened to a link between two days; what holds on both is silent where something began or ended.
function changeOf(claims) {
  const seen = new Set(claims.map((claim) => V.change[claim]));
  if (seen.has("began") && seen.has("ended")) return "mixed";
  return seen.has("began") ? "began" : seen.has("ended") ? "ended" : "both";
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
      if (from === pair.from && to === pair.to) along = true;
      if (from === pair.to && to === pair.from) against = true;
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
  V.links = S.scope === "loops" ? loopLinks() : new Map();
  for (const pair of S.scope === "loops" ? [] : PAIRS) {
    const link = linkOf(pair);
    if (link) V.links.set(pair, link);
  }
  const chosen = scopeSet();
  const groupOn = GROUPS.map((group) => !S.hidegroup.has(group.id));
  const entityOn = (id) => id === S.entity || (groupOn[ENTITIES[id].group] && (!chosen || chosen.has(id)));
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
      if (groupOn[entity.group] && CLAIMS_OF[entity.id].some((claim) => V.on[claim])) V.nodes.add(entity.id);
    }
  }
  if (S.entity != null) V.nodes.add(S.entity);
  // A claim about one entity alone has no line; it is shown with its entity.
  if (S.scope !== "loops") {
    CLAIMS.forEach((claim, index) => {
      if (!V.on[index] || shown.has(index)) return;
      const alone = !(claim.e || []).some(([from, to]) => from !== to);
      const parties = partiesOf[index];
      if (alone && (parties.some((id) => V.nodes.has(id)) || (!parties.length && !chosen))) shown.add(index);
    });
  }
  V.claims = [...shown].sort((a, b) => a - b);
}

const claimsOn = (id) => CLAIMS_OF[id].filter((claim) => V.on[claim]);
const linksOn = (id) => [...PAIRS_OF[id].values()].filter((pair) => V.links.has(pair));
