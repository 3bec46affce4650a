// One claim as people read it: when, how much, how well known, where it stands, and who says otherwise.
const labelAt = (levels, rank) => levels.find((level) => level.rank === rank);
const byStart = (a, b) =>
  (CLAIMS[b].t || [0])[0] - (CLAIMS[a].t || [0])[0] || (CLAIMS[a].i < CLAIMS[b].i ? -1 : 1);
// The first range is the amount or what stands for it; others say what they are.
const rangeWords = ([stem, words]) =>
  ["amount", "quantity", "total"].includes(stem) ? words : `${stem} ${words}`;

function pill(text, kind, about) {
  return el("span", { class: `pill ${kind || ""}`, title: about }, text);
}

function levelPills(claim) {
  const attestation = labelAt(LISTS.attestation, claim.a);
  const stage = labelAt(LISTS.stage, claim.s);
  const firm = claim.a >= 3 ? "" : claim.a === 2 ? "dashed" : "dotted";
  return [
    attestation && pill(attestation.label, firm, attestation.about),
    stage && pill(stage.label, "plain", stage.about),
    S.compare && V.change[CLAIMS.indexOf(claim)] && changePill(V.change[CLAIMS.indexOf(claim)]),
  ];
}

function changePill(change) {
  return el("span", { class: `pill change-${change}` }, CHANGES[change].label);
}

function citationItem([number, locator, paragraph, carries]) {
  const source = SOURCES[number];
  const url = source.u && safeUrl(source.u);
  const tier = labelAt(LISTS.tier, source.r);
  const where = [locator && `at: ${locator}`, paragraph && `paragraph ${paragraph}`]
    .filter(Boolean)
    .join(", ");
  const facts = [source.p, source.d || "undated", tier && tier.label].filter(Boolean).join(" · ");
  const properties = { href: url, rel: "noopener noreferrer external", target: "_blank" };
  return el(
    "li",
    {},
    url ? el("a", properties, source.t) : el("span", {}, source.t),
    el("span", { class: "facts" }, facts),
    where && el("span", { class: "facts" }, where),
    carries && el("span", { class: "facts" }, `carries only: ${carries}`),
  );
}

function sourcesOf(claim, opened) {
  const citations = citationsOf(claim);
  const sources = new Set(citations.map(([source]) => source)).size;
  const more = citations.length > sources ? `, ${plural(citations.length, "place")}` : "";
  return el(
    "details",
    { class: "sources", open: opened },
    el("summary", {}, plural(sources, "source") + more),
    el("ol", {}, citations.map(citationItem)),
  );
}

const rivalsOf = (claim) => (claim.x || []).filter((index) => V.inTime[index]);

function claimItem(index) {
  const claim = CLAIMS[index];
  const rivals = rivalsOf(claim);
  return el(
    "li",
    {},
    el(
      "div",
      { class: "facts-line" },
      el("b", {}, whenOf(claim)),
      levelPills(claim),
      (claim.m || []).slice(0, 2).map((range) => el("b", {}, rangeWords(range))),
    ),
    el(
      "p",
      {},
      button(claim.l, () => selectClaim(index), { class: "text" }),
    ),
    V.possibly[index] && el("p", { class: "doubt" }, capital(V.possibly[index])),
    rivals.length > 0 &&
      button(`Contested by ${plural(rivals.length, "claim")}`, () => selectClaim(index), {
        class: "contested",
      }),
    sourcesOf(claim, false),
  );
}

// All versions that contradict each other, directly or through others, and those that editors put beside them.
function versionsOf(index) {
  const found = new Set([index]);
  for (const version of found) for (const rival of rivalsOf(CLAIMS[version])) found.add(rival);
  const disputes = DISPUTES.filter((dispute) => dispute.v.includes(index));
  for (const dispute of disputes) for (const version of dispute.v) if (V.inTime[version]) found.add(version);
  return { versions: [...found], disputes };
}

// Whether it is preferred over a version in the view, and no version, in the view or not, over it.
function isPreferred(index) {
  const claim = CLAIMS[index];
  return !overruling(claim).length && rivalsOf(claim).some((rival) => preference(index, rival));
}

function versionCard(index, number, versions, disputes) {
  const claim = CLAIMS[index];
  const letter = (at) => String.fromCharCode(65 + versions.indexOf(at));
  const reasons = rivalsOf(claim)
    .map((rival) => [preference(index, rival), rival])
    .filter(([why]) => why)
    .map(([why, rival]) => `${LISTS.reasons[why] || why} ${letter(rival)}`);
  const favoured = disputes.some((dispute) => dispute.f.includes(index));
  const preferred = isPreferred(index);
  const tier = labelAt(LISTS.tier, bestTier(claim));
  const rows = [
    ["value", (claim.m || []).map(rangeWords).join(", ")],
    ["when", whenOf(claim)],
    ["attestation", labelAt(LISTS.attestation, claim.a)?.label],
    ["stage", labelAt(LISTS.stage, claim.s)?.label],
    ["best source", tier && tier.label],
    ["preferred", preferred ? reasons.join(", ") : ""],
    ["editors", favoured ? "hold it to be best supported" : ""],
  ];
  return el(
    "li",
    { class: preferred ? "version preferred" : "version" },
    el("h4", {}, `${String.fromCharCode(65 + number)}`, preferred && pill("preferred", "strong")),
    el("p", {}, number === 0 ? claim.l : button(claim.l, () => selectClaim(index), { class: "text" })),
    el(
      "dl",
      {},
      rows.filter(([, value]) => value).map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]),
    ),
  );
}

function contest(index) {
  const { versions, disputes } = versionsOf(index);
  if (versions.length < 2) return null;
  return [
    el("h3", {}, "Contested: versions side by side"),
    disputes.map((dispute) =>
      el(
        "p",
        { class: "dispute" },
        el("b", {}, dispute.q),
        dispute.nature && ` (${dispute.nature})`,
        dispute.note && el("span", { class: "facts" }, dispute.note),
      ),
    ),
    el(
      "ul",
      { class: "versions" },
      versions.map((version, at) => versionCard(version, at, versions, disputes)),
    ),
  ];
}
