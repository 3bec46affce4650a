// The page opens with what stands in it as it is; the rest is unpacked once that is on the screen.
const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const frame = () => new Promise(requestAnimationFrame);
// Out of sight there are no frames; the rest must come all the same.
const painted = () => Promise.race([frame().then(frame), wait(1000)]);

function parsed() {
  if (document.readyState !== "loading") return null;
  return new Promise((resolve) => document.addEventListener("DOMContentLoaded", resolve, { once: true }));
}

// A state that shows anything else needs the rest.
const PLAIN = ["theme", "look"];
const opensPlainly = () =>
  [META.start, location.hash.slice(1)].every((text) =>
    [...new URLSearchParams(text).keys()].every((name) => PLAIN.includes(name)),
  );

// Draws the core as it will look when everything is there.
function drawOpening() {
  // What comes later must not move what is there.
  byId("stories").hidden = !META.stories;
  for (const [from, to, count, family, attested, along, against] of OPENING.links) {
    if (to >= S.top) continue;
    V.edges.set(pairOf(from, to), {
      count,
      family,
      families: [[family, count]],
      aside: NONE,
      dash: dashOf(attested),
      along: along > against,
      against: against > along,
      sure: true,
    });
    V.nodes.add(from).add(to);
  }
  byId("panel").append(el("h2", {}, META.title));
  syncControls();
  syncMap(true);
}

async function readRest() {
  const told = await (await unpacked("rest")).json();
  for (const name of ["nodes", "claims", "sources"]) told[name] = rowsOf(told[name]);
  return told;
}

// Records come as one list a key, null for what one does not have.
function rowsOf(columns) {
  const keys = Object.keys(columns);
  return (columns[keys[0]] || []).map((_, at) => {
    const row = {};
    for (const key of keys) if (columns[key][at] !== null) row[key] = columns[key][at];
    return row;
  });
}

function addRest({ nodes, pairs, claims, sources, disputes, ledger, stories }) {
  addEntities(nodes);
  for (const [from, to, own] of pairs) pairOf(from, to).own = own;
  for (const claim of claims) addClaim(claim);
  for (const source of sources) SOURCES.push(source);
  DISPUTES.push(...disputes);
  Object.assign(LEDGER, ledger);
  STORIES.push(...stories);
}

// Until everything is there nothing can be used, since what it said would be wrong.
function release() {
  byId("bar").inert = byId("grid").inert = false;
  byId("grid").removeAttribute("aria-busy");
}
