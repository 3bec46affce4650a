// The panel: one claim, the claims on one link, one entity, a way, the loops, or the whole.
const pageSize = () => (narrow.matches ? 6 : 25);

function panel() {
  const target = byId("panel");
  const children =
    S.claim != null
      ? claimPanel(S.claim)
      : S.relation
        ? pairPanel(S.relation)
        : POINTED.leg
          ? legPanel(POINTED.leg)
          : S.entity != null
            ? entityPanel(S.entity)
            : overviewPanel();
  const subject = [S.claim, S.relation?.index, POINTED.leg?.key, S.entity].join();
  const focused = [...target.querySelectorAll("button, summary, a")].indexOf(document.activeElement);
  const left = READ.get(target.dataset.subject) || {};
  if (target.dataset.subject != null) READ.set(target.dataset.subject, { ...left, top: target.scrollTop });
  const same = target.dataset.subject === subject;
  const top = READ.get(subject)?.top || 0;
  target.replaceChildren();
  target.dataset.subject = subject;
  const chosen = S.claim != null || S.relation || POINTED.leg || S.entity != null;
  fill(target, {}, [chosen && button("Close", closeDetails, { class: "close" }), children]);
  target.scrollTop = top;
  if (focused >= 0) {
    const stops = [...target.querySelectorAll("button, summary, a")];
    (same ? stops[Math.min(focused, stops.length - 1)] : target)?.focus({ preventScroll: true });
  }
}

// How far each list was read, and how many of it were shown: whoever comes back goes on there.
const READ = new Map();

function closeDetails() {
  clearSelection();
  showSheet(false);
  byId("map").focus({ preventScroll: true });
}

// A list that grows by a button; `draw` makes one item.
function growing(items, draw, noun, attributes) {
  const list = el("ul", attributes);
  const size = pageSize();
  const subject = `${[S.claim, S.relation?.index, POINTED.leg?.key, S.entity].join()} ${noun}`;
  const before = READ.get(subject) || 0;
  const grow = () => {
    const from = list.children.length;
    list.append(...items.slice(from, from + size).map(draw));
    const left = items.length - list.children.length;
    more.textContent = `Show ${grouped(Math.min(size, left))} of ${plural(left, `more ${noun}`)}`;
    more.hidden = left <= 0;
    READ.set(subject, list.children.length);
  };
  const more = button("", () => {
    const from = list.children.length;
    grow();
    list.children[from]?.querySelector("button, summary")?.focus();
  });
  do grow();
  while (list.children.length < Math.min(before, items.length));
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
          lineGlyph(
            linkColour(style),
            style.dash,
            S.compare ? CHANGES[style.change].sign : SIGNS[style.family] || "",
          ),
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
    entity.whole &&
      (entity.whole[0] > PAIRS_OF[id].size || entity.whole[1] > CLAIMS_OF[id].length) &&
      el(
        "p",
        { class: "facts" },
        `This page holds a part: the whole graph has ${plural(entity.whole[0], "link")}, ${plural(entity.whole[1], "claim")}.`,
      ),
    V.vague?.has(id) &&
      el("p", { class: "doubt" }, `All that is shown of it possibly holds on ${readableDay(S.asof)}.`),
    entity.also && el("p", { class: "facts" }, `Also called ${entity.also.join(", ")}`),
    knownUntil(claims),
    el(
      "div",
      { class: "row" },
      S.scope === "ego" && S.entity === id
        ? button("Back to the core", () => setScope("core"))
        : button("Show around it", () => around(id)),
      links.length > 0 && button(opened ? "Fold neighbours" : "Add neighbours", () => open(id)),
      hasMembers(id) &&
        (S.rolled || S.view === "money") &&
        button(S.unrolled.has(id) ? "Roll the house up" : "Open the house", () => toggleHouse(id)),
      button("Ways from here", () => waysFrom(id)),
      button("Hide", () => hideEntity(id)),
    ),
    moneyOf(id),
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
    moneyBetween(pair),
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
