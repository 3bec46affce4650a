// The panel: one claim, the claims on one link, one entity, a way, the loops, or the whole.
const pageSize = () => (narrow.matches ? 6 : 25);

function panel() {
  const target = byId("panel");
  const children =
    S.claim != null
      ? claimPanel(S.claim)
      : S.relation
        ? pairPanel(S.relation)
        : S.entity != null
          ? entityPanel(S.entity)
          : overviewPanel();
  target.replaceChildren();
  fill(target, {}, children);
  target.scrollTop = 0;
}

// A list that grows by a button; `draw` makes one item.
function growing(items, draw, noun, attributes) {
  const list = el("ul", attributes);
  const size = pageSize();
  const grow = () => {
    const from = list.children.length;
    list.append(...items.slice(from, from + size).map(draw));
    const left = items.length - list.children.length;
    more.textContent = `Show ${grouped(Math.min(size, left))} of ${plural(left, `more ${noun}`)}`;
    more.hidden = left <= 0;
  };
  const more = button("", () => {
    const from = list.children.length;
    grow();
    list.children[from]?.querySelector("button, summary")?.focus();
  });
  grow();
  return [list, more];
}

function entityButton(id, note) {
  const entity = ENTITIES[id];
  return button(
    [
      groupGlyph(GROUPS[entity.group], 14),
      el("span", {}, entity.label),
      note && el("span", { class: "n" }, note),
    ],
    () => select(id, true),
  );
}

function familyWords(style) {
  const parts = style.families.map(([family, count]) => `${FAMILIES[family].label} ${grouped(count)}`);
  if (style.aside.length) parts.push(`named together ${grouped(style.aside.length)}`);
  return parts.join(" · ");
}

function overviewPanel() {
  const total = V.inTime.filter(Boolean).length;
  const about = `${plural(CLAIMS.length, "sourced claim")} about ${plural(ENTITIES.length, "entity", "entities")}.`;
  const view = total === CLAIMS.length ? "" : ` ${grouped(total)} of them are in this view.`;
  const most = ENTITIES.map((entity) => [entity.id, linksOn(entity.id).length])
    .filter(([, links]) => links)
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, 14);
  return [
    el("h2", {}, META.title),
    el("p", { class: "kind" }, about + view, el("span", { class: "facts" }, META.view)),
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

function comparePanel() {
  const count = (change) => V.change.filter((value, claim) => V.inTime[claim] && value === change).length;
  const rows = ["began", "ended", "both"].map((change) =>
    el(
      "li",
      {},
      lineGlyph(shade(CHANGES[change])),
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
  const loops = loopsOn();
  const note =
    "Equity or credit goes out, purchases come back; what goes round is no more than the smallest leg.";
  return [
    el("h3", {}, plural(loops.length, "loop")),
    el("p", { class: "small" }, note),
    el(
      "ul",
      { class: "links trails" },
      loops.map((loop) => trailButton([...loop.route, loop.route[0]], loop.amount)),
    ),
  ];
}

function entityPanel(id) {
  const entity = ENTITIES[id];
  const links = linksOn(id).sort((a, b) => V.links.get(b).count - V.links.get(a).count || a.index - b.index);
  const claims = claimsOn(id).sort(byStart);
  const row = (pair) => {
    const style = lookOf(pair);
    const family = style.family == null ? "named together" : FAMILIES[style.family].label;
    const mixed = style.families.length > 1 ? ` +${style.families.length - 1}` : "";
    return el(
      "li",
      {},
      button(
        [
          lineGlyph(linkColour(style), style.dash),
          el("span", {}, ENTITIES[other(pair, id)].label),
          el("span", { class: "n" }, `${family}${mixed}\u00a0·\u00a0${grouped(style.count)}`),
        ],
        () => selectPair(pair),
      ),
    );
  };
  const opened = S.open.includes(id);
  return [
    el("h2", {}, entity.label),
    el(
      "p",
      { class: "kind" },
      groupGlyph(GROUPS[entity.group]),
      `${capital(entity.kind || GROUPS[entity.group].label)}, ${plural(links.length, "link")}, ${plural(claims.length, "claim")}`,
    ),
    entity.also && el("p", { class: "facts" }, `Also called ${entity.also.join(", ")}`),
    el(
      "div",
      { class: "row" },
      S.scope === "ego" && S.entity === id
        ? button("Back to the core", () => setScope("core"))
        : button("Show around it", () => around(id)),
      links.length > 0 && button(opened ? "Fold neighbours" : "Add neighbours", () => open(id)),
    ),
    links.length > 0 && el("h3", {}, "Linked entities"),
    growing(links, row, "link", { class: "links" }),
    el("h3", {}, claims.length ? "Claims, newest first" : "No claim passes these filters on this day."),
    growing(claims, claimItem, "claim", { class: "claims" }),
  ];
}

function pairPanel(pair) {
  const style = lookOf(pair);
  const claims = style ? [...style.claims, ...style.aside].sort(byStart) : [];
  const [a, b] = [ENTITIES[pair.from], ENTITIES[pair.to]];
  return [
    el("h2", {}, `${a.label} – ${b.label}`),
    el("p", { class: "kind" }, style ? familyWords(style) : "No claim passes these filters on this day."),
    el("div", { class: "row" }, entityButton(a.id), entityButton(b.id)),
    el("h3", {}, claims.length ? `${plural(claims.length, "claim")}, newest first` : ""),
    growing(claims, claimItem, "claim", { class: "claims" }),
  ];
}

function claimPanel(index) {
  const claim = CLAIMS[index];
  const kind = KINDS[claim.k];
  const roles = new Map();
  for (const [role, id] of claim.p || []) {
    if (!roles.has(role)) roles.set(role, []);
    roles.get(role).push(id);
  }
  const fields = [
    ["kind", `${kind.label} (${FAMILIES[kind.family].label})`],
    ["when", whenOf(claim)],
    ...(claim.m || []),
    ["attestation", levelWords(LISTS.attestation, claim.a)],
    ["stage", levelWords(LISTS.stage, claim.s)],
    ...[...roles].map(([role, ids]) => [
      LISTS.roles[role],
      el(
        "span",
        { class: "parties" },
        ids.map((id) => entityButton(id)),
      ),
    ]),
    ...[...(claim.d || []), ...(notYet(claim.o) ? [] : claim.y || [])].map(([heading, value]) => [
      LISTS.headings[heading],
      typeof value === "number" ? claimLink(value) : value,
    ]),
  ];
  const back = S.relation || S.entity != null;
  return [
    back && button("← Back to the list", () => selectClaim(null), { class: "back" }),
    el("h2", {}, claim.l),
    V.inTime[index]
      ? V.possibly[index] && el("p", { class: "doubt" }, capital(V.possibly[index]))
      : el("p", { class: "doubt" }, "Not in this view."),
    el(
      "dl",
      { class: "fields" },
      fields.filter(([, value]) => value).map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]),
    ),
    contest(index),
    el("h3", {}, "Sources"),
    sourcesOf(claim, true),
    el("p", { class: "facts" }, claim.i.includes(":") ? claim.i : `claim:${claim.i}`),
  ];
}

function levelWords(levels, rank) {
  const level = labelAt(levels, rank);
  return level && el("span", { title: level.about }, level.label);
}

function claimLink(index) {
  return button(CLAIMS[index].l, () => selectClaim(index), { class: "text" });
}
