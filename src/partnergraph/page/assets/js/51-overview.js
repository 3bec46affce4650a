// The panel when nothing is chosen: the whole, what changed, ways and loops.
function overviewPanel() {
  const total = V.inTime.filter(Boolean).length;
  if (S.view === "money") return moneyOverview();
  const about = `${plural(CLAIMS.length, "sourced claim")} about ${plural(ENTITIES.length, "entity", "entities")}.`;
  const view = total === CLAIMS.length ? "" : ` ${grouped(total)} of them are in this view.`;
  const most = ENTITIES.map((entity) => [entity.id, linksOn(entity.id).length])
    .filter(([, links]) => links)
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, 14);
  return [
    el("h2", {}, META.title),
    el("p", { class: "kind" }, about + view, el("span", { class: "facts" }, META.view)),
    knownUntil(CLAIMS.map((_, index) => index).filter((index) => V.inTime[index])),
    S.compare && comparePanel(),
    S.scope === "path" && waysPanel(),
    S.scope === "loops" && loopsPanel(),
    el("p", { class: "small" }, "Choose an entity or a line; a double click adds neighbours."),
    most.length > 0 && el("h3", {}, "Most connected"),
    el(
      "ul",
      { class: "links" },
      most.map(([id, links]) => el("li", {}, entityButton(id, plural(links, "link")))),
    ),
  ];
}

// Through which day sources on the topics of claims were looked through, as reading/topics.py has it; on a later day only those
// topics that do not reach it, since what happened in between is there only by chance.
function knownUntil(claims) {
  const counts = new Map();
  for (const index of claims)
    for (const topic of CLAIMS[index].g || []) counts.set(topic, (counts.get(topic) || 0) + 1);
  const day = S.compare?.[1] || S.asof || S.known;
  const topics = [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([topic]) => LISTS.topics[topic])
    .filter(({ until }) => until && (!day || until < day));
  if (!topics.length) return null;
  const named = topics.slice(0, 3).map(({ label, until }) => `${label} until ${readableDay(until)}`);
  const others = topics
    .slice(3)
    .map(({ until }) => until)
    .sort();
  if (others.length) {
    const [first, last] = [others[0], others[others.length - 1]].map(readableDay);
    named.push(`${plural(others.length, "more topic")} until ${first === last ? first : `${first} to ${last}`}`);
  }
  return el("p", { class: day ? "doubt" : "facts" }, `Sources were looked through: ${named.join(", ")}.`);
}

function comparePanel() {
  const count = (change) => V.change.filter((value, claim) => V.inTime[claim] && value === change).length;
  const rows = ["began", "ended", "changed", "both", "unknown"].map((change) =>
    el(
      "li",
      {},
      lineGlyph(shade(CHANGES[change]), "solid", CHANGES[change].sign),
      el("span", {}, CHANGES[change].label),
      el("span", { class: "n" }, plural(count(change), "claim")),
    ),
  );
  const [first, second] = S.compare.map(readableDay);
  return [el("h3", {}, `From ${first} to ${second}`), el("ul", { class: "links plainlist" }, rows)];
}

function trailButton(trail, note) {
  const words = trail.map((id) => ENTITIES[id].label).join(" → ");
  const pressed = POINTED.trail !== null && POINTED.trail.join() === trail.join();
  const inner = [el("span", {}, words), note && el("span", { class: "n" }, note)];
  return el(
    "li",
    {},
    button(inner, () => followTrail(trail), { "aria-pressed": String(pressed) }),
  );
}

const MOST_WAYS = 40;

function waysPanel() {
  const ways = waysBetween(400);
  const names = `${ENTITIES[S.from].label} and ${ENTITIES[S.to].label}`;
  if (!ways.length) return [el("h3", {}, "Ways"), el("p", {}, `Nothing in this view links ${names}.`)];
  return [
    el("h3", {}, `Ways between ${names}, the best attested first`),
    el(
      "ul",
      { class: "links trails" },
      ways.slice(0, MOST_WAYS).map((way) => trailButton(way)),
    ),
    ways.length > MOST_WAYS &&
      el("p", { class: "small" }, `These are ${MOST_WAYS} of ${grouped(ways.length)}.`),
  ];
}

function loopsPanel() {
  const loops = V.loops || [];
  const missing = moneyMissing();
  const note =
    "Equity or credit goes out, purchases come back; what goes round is no more than the smallest leg.";
  return [
    el("h3", {}, plural(loops.length, "loop")),
    el("p", { class: "small" }, note),
    el(
      "ul",
      { class: "links trails" },
      loops
        .slice(0, 60)
        .map((loop) =>
          trailButton(
            [...loop.route, loop.route[0]],
            amountText(loop.amount, isStated(loop.amount) ? "USD" : ""),
          ),
        ),
    ),
    loops.length > 60 && el("p", { class: "small" }, `These are 60 of ${grouped(loops.length)}.`),
    missing && el("p", { class: "doubt" }, `${missing}.`),
  ];
}
